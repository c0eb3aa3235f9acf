"""What was looked at of an area, as layers of the map: by age, by chance, with gaps to fly."""

import asyncio
import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from morina.desk.aerial import AerialServices
from morina.sense.aerial.coverage.asked import around, covered_by, covered_in
from morina.sense.aerial.coverage.chance import ASSUMED
from morina.sense.aerial.coverage.grid import CELL_M, Covered, Grid
from morina.sense.aerial.coverage.shown import age_png, corners, gaps_geojson, pod_png
from morina.sense.aerial.detection import ObjectKind
from morina.sense.aerial.terrain.earth import metres_per_degree

KINDS = (ObjectKind.PERSON, ObjectKind.BICYCLE, ObjectKind.VEHICLE)
"""What a chance of finding is known of."""

LEAST_CELL_M, CELLS_ACROSS = 5.0, 100
"""Of a flight that saw little, cells are smaller than those of many together."""

Period = tuple[datetime | None, datetime]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The chance that a thing of this kind was found; what lies under ``least`` is a gap."""

    kind: ObjectKind = ObjectKind.PERSON
    least: float = 0.5


@dataclass(frozen=True, slots=True)
class Layers:
    """``age_png`` and ``chance_png`` are base64, north up, over ``bounds``: west, south, east,
    north. ``gaps`` is GeoJSON, ``mean`` the mean chance, ``assumed`` what it assumes."""

    bounds: tuple[float, float, float, float]
    age_png: str
    chance_png: str
    gaps: dict[str, Any]
    mean: float
    assumed: Sequence[str] = field(default=ASSUMED)


async def of_flight(aerial: AerialServices, sortie_id: UUID, wanted: Wanted) -> Layers:
    """Of one flight. RefusedAreaError where it saw nothing of the ground."""
    grid = await area_of(aerial, sortie_id)
    covered = await covered_by(aerial.sorties, sortie_id, grid.cell_m)
    return await asyncio.to_thread(_drawn, covered, wanted)


async def of_area(aerial: AerialServices, grid: Grid, period: Period, wanted: Wanted) -> Layers:
    """Of all flights kept that began within a period."""
    covered = await covered_in(aerial.sorties, grid, period)
    return await asyncio.to_thread(_drawn, covered, wanted)


async def area_of(aerial: AerialServices, sortie_id: UUID) -> Grid:
    """What one flight saw, with a little room around, in cells that suit it. RefusedAreaError."""
    moments = await aerial.sorties.moments(sortie_id)
    cell_m = CELL_M * max(around(moments, CELL_M).shape) / CELLS_ACROSS
    return around(moments, min(max(cell_m, LEAST_CELL_M), CELL_M))


def area_around(latitude: float, longitude: float, reach_m: float) -> Grid:
    """A square around a place, in cells that suit it. RefusedAreaError."""
    north, east = metres_per_degree(latitude)
    up, across = reach_m / north, reach_m / east
    return Grid(
        west=longitude - across, south=latitude - up, east=longitude + across,
        north=latitude + up, cell_m=min(max(2 * reach_m / CELLS_ACROSS, LEAST_CELL_M), CELL_M),
    )  # fmt: skip


def _drawn(covered: Covered, wanted: Wanted) -> Layers:
    gaps = json.loads(gaps_geojson(covered, wanted.kind, wanted.least))
    chance = pod_png(covered, wanted.kind)
    mean = covered.share(wanted.kind)
    return Layers(corners(covered.grid), _text(age_png(covered)), _text(chance), gaps, mean)


def _text(png: bytes) -> str:
    return base64.b64encode(png).decode()
