"""GDAL's ogrinfo and ogr2ogr, as real consumers of what we write for maps."""

import asyncio
import json
import os
import re
import shutil
from typing import Any

NEEDED = "{} is not here; as root: apt-get install gdal-bin (tools/ensure-gdal does it)"


async def layers(source: str, headers: str = "") -> list[str]:
    """Names of the layers ogrinfo finds in ``source``."""
    said = await asked("ogrinfo", "-ro", source, headers=headers)
    return re.findall(r"^\d+: (\S+)", said, re.MULTILINE)


async def summary(source: str, layer: str, headers: str = "") -> str:
    """What ogrinfo says of one layer: geometry, count, extent, fields."""
    return await asked("ogrinfo", "-ro", "-so", source, layer, headers=headers)


async def features(
    source: str, layer: str, *options: str, headers: str = ""
) -> list[dict[str, Any]]:
    """All features of one layer as GDAL understood them; ``options`` are ogr2ogr's own."""
    made = await asked(
        "ogr2ogr", *options, "-f", "GeoJSON", "/vsistdout/", source, layer, headers=headers
    )
    found: list[dict[str, Any]] = json.loads(made)["features"]
    return found


async def asked(program: str, *options: str, headers: str = "") -> str:
    """What it prints; AssertionError with what it complains of."""
    assert shutil.which(program), NEEDED.format(program)
    process = await asyncio.create_subprocess_exec(
        program, *options, env=os.environ | {"GDAL_HTTP_HEADERS": headers},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, said = await process.communicate()
    assert process.returncode == 0 and b"ERROR" not in said, (out + said).decode()
    return out.decode()
