"""Coverage for the map: small GeoJSON, and a picture to lay over it."""

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.coverage.chance import ASSUMED
from morina.sense.aerial.coverage.gaps import Polygon, polygons
from morina.sense.aerial.coverage.grid import Covered, Grid
from morina.sense.aerial.detection import ObjectKind

Colour = tuple[int, int, int, int]

AGES: Mapping[float, Colour] = {
    3_600.0: (0, 109, 44, 150), 21_600.0: (49, 163, 84, 140), 86_400.0: (116, 196, 118, 130),
    604_800.0: (186, 228, 179, 120), float("inf"): (0, 0, 0, 0),
}  # fmt: skip
"""Up to an hour, six, a day, a week; older and never is left clear."""

CHANCES: Mapping[float, Colour] = {
    0.05: (0, 0, 0, 0), 0.25: (255, 247, 188, 130), 0.5: (254, 196, 79, 140),
    0.75: (236, 112, 20, 145), 1.0: (140, 45, 4, 150),
}  # fmt: skip
"""Up to these chances; darker is surer."""


def gaps_geojson(covered: Covered, kind: ObjectKind, wanted: float, least_cells: int = 2) -> str:
    """Areas to fly again, the largest first, with what the chance assumes: a FeatureCollection."""
    found = polygons(covered.grid, covered.gaps(kind, wanted), least_cells)
    cell_m2 = covered.grid.cell_m**2
    features = [
        _feature(one, {"kind": kind.value, "under": wanted, "number": number})
        for number, one in enumerate(found, 1)
    ]
    said = {
        "type": "FeatureCollection", "features": features, "assumed": list(ASSUMED),
        "mean_pod": round(covered.share(kind), 3), "cell_m2": cell_m2,
    }  # fmt: skip
    return json.dumps(said, separators=(",", ":"))


def age_png(covered: Covered) -> bytes:
    """How long ago each cell was in view, north up, one pixel a cell; seen through where never or
    more than a week ago."""
    return png(_coloured(covered.age_s, AGES))


def pod_png(covered: Covered, kind: ObjectKind) -> bytes:
    """The chance that a thing of this kind was found, north up, one pixel a cell."""
    return png(_coloured(covered.pod[kind], CHANCES))


def corners(grid: Grid) -> tuple[float, float, float, float]:
    """West, south, east and north of the picture: whole cells, so a little past the area."""
    rows, columns = grid.shape
    east, north = grid.steps
    return grid.west, grid.south, grid.west + columns * east, grid.south + rows * north


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Of (height, width, 4), the first row on top. PNG, second edition, clause 11."""
    height, width = pixels.shape[:2]
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _coloured(values: NDArray[np.float64], steps: Mapping[float, Colour]) -> NDArray[np.uint8]:
    """The colour of the first step that is not under the value."""
    limits, colours = np.array(list(steps)), np.array(list(steps.values()), np.uint8)
    chosen = np.searchsorted(limits, values, side="left")
    return np.asarray(colours[np.minimum(chosen, len(limits) - 1)][::-1], np.uint8)


def _feature(polygon: Polygon, said: dict[str, Any]) -> dict[str, Any]:
    rings = [[[round(east, 6), round(north, 6)] for east, north in ring] for ring in polygon]
    return {
        "type": "Feature", "properties": said,
        "geometry": {"type": "Polygon", "coordinates": rings},
    }  # fmt: skip
