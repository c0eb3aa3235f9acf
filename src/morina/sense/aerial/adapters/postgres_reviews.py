"""What people said of tracks, in PostgreSQL. The role Reviews."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from morina.accountability.purpose import Purpose
from morina.accountability.trail import NODE, Act, Deed, Trail, What, why_of
from morina.sense.aerial.adapters.shown_lately import ShownLately
from morina.sense.aerial.adapters.task_rows import (
    FoundTrack,
    OfSortie,
    Spot,
    ce90_of,
    new_task,
    put,
    rows_of,
    sortie_held,
    track_found,
)
from morina.sense.aerial.detection import ObjectKind
from morina.sense.aerial.reviewing import Named, Review, TaskKind
from morina.sense.aerial.sortie import RefusedSortieError


class GroundHeight(NamedTuple):
    """Of the ground above the ellipsoid, and half the interval that holds 90 % of its errors."""

    height_m: float
    le90_m: float


HeightAt = Callable[[float, float, float], Awaitable[GroundHeight | None]]
"""At latitude and longitude, known to so many metres; None where no terrain is."""

_KEEP = """
INSERT INTO sortie_review (sortie_id, track_id, named, officer, at, machine, share, remark, why,
    at_s, latitude, longitude)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_OF_SORTIE = """
SELECT track_id, sortie_id, named, officer, at, machine, share, remark, at_s, latitude, longitude
FROM sortie_review WHERE sortie_id = %(sortie)s ORDER BY review_id DESC"""
_RATES = """
SELECT machine, named, sum(tracks)::bigint AS tracks FROM (
    SELECT machine, named, 1 AS tracks FROM (
        SELECT DISTINCT ON (sortie_id, track_id) machine, named FROM sortie_review
        ORDER BY sortie_id, track_id, review_id DESC) AS newest
    UNION ALL SELECT machine, named, tracks FROM review_count) AS every
GROUP BY machine, named ORDER BY machine, named"""


async def no_height(_latitude: float, _longitude: float, _ce90_m: float) -> GroundHeight | None:
    """Of a node without terrain."""
    return None


async def spot_of(track: FoundTrack, sortie: OfSortie, height_at: HeightAt) -> Spot:
    """Where a track was last."""
    last = track.last
    ce90_m = ce90_of(last)
    height = await height_at(last.latitude, last.longitude, ce90_m)
    known = height or (None, None)
    return Spot(
        last.latitude, last.longitude, ce90_m, known[0], sortie.at(last.at_s), le90_m=known[1]
    )


def refuse_machine(officer: str) -> None:
    """RefusedSortieError unless a person acts: the node itself names nothing and sends nobody."""
    if officer == NODE:
        raise RefusedSortieError("a machine names no track; a person has to")


@dataclass(frozen=True, slots=True)
class PostgresReviews:
    """``pool`` is opened and closed by the caller."""

    pool: AsyncConnectionPool
    trail: Trail[AsyncConnection]
    height_at: HeightAt = no_height
    shown: ShownLately = field(default_factory=ShownLately)

    async def name(
        self, sortie_id: UUID, track_id: UUID, named: Named, purpose: Purpose, remark: str = ""
    ) -> Review:
        """See Reviews. Who is in trouble twice has one rescue."""
        refuse_machine(purpose.officer)
        async with self.pool.connection() as connection:
            sortie = await sortie_held(connection, sortie_id)
            track = await track_found(connection, sortie_id, track_id)
            review = Review(
                track_id=track_id, sortie_id=sortie_id, named=named, officer=purpose.officer,
                at=datetime.now(UTC), machine=track.kind, share=track.share, remark=remark,
                at_s=track.last.at_s, latitude=track.last.latitude, longitude=track.last.longitude,
            )  # fmt: skip
            await connection.execute(_KEEP, _values(review, purpose))
            deeds = [_deed(review, purpose)]
            if named is Named.IN_TROUBLE:
                spot = await spot_of(track, sortie, self.height_at)
                why = (purpose, remark, sortie.case_number)
                task = new_task(TaskKind.RESCUE, (sortie_id, track_id, named), spot, why)
                made = await put(connection, task, purpose)
                deeds += [made[1]] if made else []
            for deed in deeds:
                await self.trail.append(connection, deed)
        return review

    async def of_sortie(self, sortie_id: UUID) -> Sequence[Review]:
        """See Reviews. Entered in the trail before it is answered, once an hour for each person."""
        what = What("sortie", (str(sortie_id),), "reviews shown")
        deed = Deed(act=Act.CONSULTATION, what=what)
        async with self.pool.connection() as connection:
            await sortie_held(connection, sortie_id)
            rows = await rows_of(connection, _OF_SORTIE, {"sortie": sortie_id})
            is_new = rows and self.shown.new(deed.who, [sortie_id], deed.at)
            if is_new:
                await self.trail.append(connection, deed)
        if is_new:
            self.shown.note(deed.who, [sortie_id], deed.at)
        words = ({"named": Named(r["named"]), "machine": ObjectKind(r["machine"])} for r in rows)
        return [Review(**row | said) for row, said in zip(rows, words, strict=True)]

    async def rates(self) -> Sequence[tuple[str, str, int]]:
        """See Reviews."""
        async with self.pool.connection() as connection:
            rows = await rows_of(connection, _RATES, {})
        return [(row["machine"], row["named"], row["tracks"]) for row in rows]


def _values(review: Review, purpose: Purpose) -> tuple[object, ...]:
    return (
        review.sortie_id, review.track_id, review.named.value, review.officer, review.at,
        review.machine.value, review.share, review.remark, Jsonb(why_of(purpose)),
        review.at_s, review.latitude, review.longitude,
    )  # fmt: skip


def _deed(review: Review, purpose: Purpose) -> Deed:
    ids = (str(review.track_id), str(review.sortie_id))
    what = What("track", ids, f"named {review.named.value}")
    return Deed(
        act=Act.ALTERATION, what=what, who=purpose.officer, at=review.at, why=why_of(purpose)
    )
