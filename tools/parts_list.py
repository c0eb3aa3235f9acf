"""Writes the list of parts (SBOM, CycloneDX 1.6, JSON) of what the locked requirements install.

    python tools/parts_list.py requirements.lock FILE

The same lock gives the same file: no time, and a serial number that follows from the lock. Licences
are told where the package is installed beside this program, and left out elsewhere.
"""

import re
import sys
import uuid
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ENTRY = re.compile(r"^([A-Za-z0-9._-]+)==(\S+?)(?: ;[^\\]*)?\s*\\\n((?:\s+--hash=\S+.*\n?)+)", re.M)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
LONGEST_LICENCE = 100


def main(lock: Path, file: Path) -> None:
    """Write the list of ``lock`` to ``file``."""
    content = lock.read_text()
    bom = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_OID, content))
    bom.metadata.timestamp = None  # type: ignore[assignment]  # the same lock, the same file
    bom.metadata.component = Component(
        name="morina", type=ComponentType.APPLICATION, bom_ref="morina"
    )
    for part in parts(content):
        bom.components.add(part)
    bom.register_dependency(bom.metadata.component, bom.components)
    written = JsonV1Dot6(bom).output_as_string(indent=1)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(written + "\n", encoding="utf-8")
    print(f"{len(bom.components)} parts are listed in {file}")


def parts(lock: str) -> Iterator[Component]:
    """Each locked package, with the hashes of every file it may be installed from."""
    for name, version, hashes in ENTRY.findall(lock):
        purl = PackageURL("pypi", name=name, version=version)
        yield Component(
            name=name, version=version, type=ComponentType.LIBRARY, purl=purl, bom_ref=str(purl),
            hashes=[_hash(one) for one in HASH.findall(hashes)],
            licenses=[DisjunctiveLicense(name=one) for one in licences(name)],
        )  # fmt: skip


def _hash(digits: str) -> HashType:
    return HashType(alg=HashAlgorithm.SHA_256, content=digits)


def licences(name: str) -> list[str]:
    """What the installed package says of its licence, if it is installed."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return []
    fields = {key: about[key] for key in ("License-Expression", "License") if key in about}
    stated = fields.get("License-Expression") or fields.get("License", "").split("\n")[0]
    classes = [
        one.split(" :: ")[-1] for one in about.get_all("Classifier") or [] if "License" in one
    ]
    return [one for one in [stated, *classes] if one and len(one) <= LONGEST_LICENCE][:1]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python tools/parts_list.py LOCK FILE")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
