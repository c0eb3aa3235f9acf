"""When a place was in view: boxes in PostgreSQL, then rings, then whether terrain hid it."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.consultations import Consultations
from morina.accountability.purpose import Asked, Outcome, Purpose
from morina.sense.aerial.adapters.packing import pose_of, ring_of
from morina.sense.aerial.coverage.rings import holds
from morina.sense.aerial.ground import Ground, NoPlaceError
from morina.sense.aerial.roles import Looked

ONE_LOOK_S = 5.0
"""Pictures with the place in them that are no further apart are one look."""

MOST_TRIED = 40
"""Pictures of one look in which it is asked whether terrain hides the place: the sharpest."""

_SEEN = """
SELECT m.sortie_id, s.name, s.began_at, s.made_at, s.clocked, m.frame, m.at_s, m.pose, m.ring,
    m.metres_per_pixel
FROM sortie_moment m JOIN sortie s USING (sortie_id)
WHERE m.extent @> box(point(%(east)s, %(north)s), point(%(east)s, %(north)s))
    AND s.state <> 'forgotten'
    AND (%(since)s::timestamptz IS NULL
         OR coalesce(s.began_at, s.made_at) + m.at_s * interval '1 second' >= %(since)s)
ORDER BY m.sortie_id, m.at_s"""

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PostgresLooked:
    """``ground`` None: no terrain is here, and so no footprint either."""

    pool: AsyncConnectionPool
    log: Consultations
    ground: Ground | None

    async def looked(
        self, place: tuple[float, float], since: datetime | None, purpose: Purpose
    ) -> Sequence[Looked]:
        """See Sorties. A place is in view where some of the sharpest pictures of a look show it and
        no terrain stands before it."""
        asked = _asked(place, since, purpose)
        number = await self.log.begin(asked)
        try:
            found = await self._found(place, since)
        except (ConnectionError, NoPlaceError) as fault:
            await self.log.end(number, Outcome(at=datetime.now(UTC), failed=str(fault)[:200]))
            raise
        covered = "all sorties kept" if since is None else f"sorties since {since.isoformat()}"
        outcome = Outcome(at=datetime.now(UTC), shown=len(found), covered=covered)
        await self.log.end(number, outcome)
        return found

    async def _found(self, place: tuple[float, float], since: datetime | None) -> list[Looked]:
        values = {"north": place[0], "east": place[1], "since": since}
        async with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = await (await cursor.execute(_SEEN, values)).fetchall()
        return await asyncio.to_thread(self._looks, rows, place)

    def _looks(self, rows: Rows, place: tuple[float, float]) -> list[Looked]:
        latitude, longitude = place
        seen = [row for row in rows if holds(ring_of(row["ring"]), longitude, latitude)]
        looks = [look for run in _runs(seen) if (look := self._look(run, place))]
        newest = sorted(looks, key=lambda one: one[0], reverse=True)
        return [look for _, look in newest]

    def _look(self, run: Rows, place: tuple[float, float]) -> tuple[datetime, Looked] | None:
        """None where terrain hides it in every picture asked."""
        for row in sorted(run, key=lambda one: one["metres_per_pixel"])[:MOST_TRIED]:
            at = self.ground and self.ground.pixel(pose_of(row["pose"]), *place)
            if at:
                return _when(row), _looked(run, row, at)
        return None


def _runs(rows: Rows) -> Iterator[Rows]:
    """Pictures of one sortie, one after the other, with the place in them."""
    for _, of_one in groupby(rows, key=lambda row: UUID(str(row["sortie_id"]))):
        run: Rows = []
        for row in of_one:
            if run and row["at_s"] - run[-1]["at_s"] > ONE_LOOK_S:
                yield run
                run = []
            run.append(row)
        yield run


def _looked(run: Rows, best: dict[str, Any], at: tuple[float, float]) -> Looked:
    return Looked(
        sortie_id=best["sortie_id"],
        name=best["name"],
        from_s=run[0]["at_s"],
        to_s=run[-1]["at_s"],
        best_s=best["at_s"],
        best_at=_when(best) if best["clocked"] else None,
        across=at[0],
        down=at[1],
        metres_per_pixel=best["metres_per_pixel"],
    )


def _when(row: dict[str, Any]) -> datetime:
    began: datetime = row["began_at"] or row["made_at"]
    return began + timedelta(seconds=row["at_s"])


def _asked(place: tuple[float, float], since: datetime | None, purpose: Purpose) -> Asked:
    question = f"when drones looked at {place[0]:.5f}, {place[1]:.5f}"
    if since:
        question += f" since {since.isoformat()}"
    return Asked(at=datetime.now(UTC), purpose=purpose, question=question)
