"""Coverage of one sortie or of all in a period, from what is kept of them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from morina.sense.aerial.coverage.grid import Covered, Covering, Grid, RefusedAreaError
from morina.sense.aerial.roles import Moment, Sorties
from morina.sense.aerial.sortie import Sortie

EVERY_S = 1.0
MOST_SORTIES = 500
AROUND = 0.0005
"""Degrees of room around what was seen of one sortie."""


async def covered_in(
    sorties: Sorties, grid: Grid, period: tuple[datetime | None, datetime]
) -> Covered:
    """Of all sorties that began in a period, as old as it was at the period's end."""
    since, until = period
    covering = Covering(grid)
    for one in await sorties.sorties(MOST_SORTIES):
        began = one.began_at
        if began is None or began > until or (since and began < since):
            continue
        moments = await sorties.moments(one.sortie_id, EVERY_S)
        await asyncio.to_thread(covering.flight, moments, began.timestamp())
    return covering.covered(until.timestamp())


async def covered_by(sorties: Sorties, sortie_id: UUID, cell_m: float = 30.0) -> Covered:
    """Of what one sortie saw. RefusedAreaError where it saw nothing of the ground."""
    one = await sorties.sortie(sortie_id)
    moments = await sorties.moments(sortie_id, EVERY_S)
    covering = Covering(around(moments, cell_m))
    await asyncio.to_thread(covering.flight, moments, _began(one).timestamp())
    ended = one.ended_at or _began(one) + timedelta(seconds=one.seconds)
    return covering.covered(max(ended, _began(one)).timestamp())


def around(moments: Sequence[Moment], cell_m: float) -> Grid:
    """The area about all footprints."""
    corners = [corner for one in moments if one.footprint for corner in one.footprint.ring]
    if not corners:
        raise RefusedAreaError("it saw nothing of the ground; what it lacks is said beside it")
    east, north = [one[0] for one in corners], [one[1] for one in corners]
    return Grid(
        west=min(east) - AROUND, south=min(north) - AROUND, east=max(east) + AROUND,
        north=max(north) + AROUND, cell_m=cell_m,
    )  # fmt: skip


def _began(one: Sortie) -> datetime:
    return one.began_at or one.made_at or datetime.now(UTC)
