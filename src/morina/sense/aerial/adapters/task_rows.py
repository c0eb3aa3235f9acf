"""Tasks as rows and back, and a new one put beside what else its transaction does."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from morina.accountability.purpose import Purpose
from morina.accountability.trail import Act, Deed, What, why_of
from morina.sense.aerial.adapters.packing import points_of
from morina.sense.aerial.detection import ObjectKind
from morina.sense.aerial.ground import ellipse_of
from morina.sense.aerial.reviewing import AerialTask, Named, PlacedBy, TaskKind, TaskState
from morina.sense.aerial.roles import UnknownSortieError
from morina.sense.aerial.track import TrackPoint

KIND = "aerial_task"
"""What the trail calls it."""

TASK = """
SELECT task_id, kind, state, sortie_id, track_id, latitude, longitude, ce90_m, height_m, said,
    officer, made_at, case_number, named, seen_at, taken_by, outcome, le90_m, placed
FROM aerial_task"""

_NEW = """
INSERT INTO aerial_task (task_id, kind, state, sortie_id, track_id, latitude, longitude, ce90_m,
    height_m, said, officer, made_at, case_number, named, seen_at, why, le90_m, placed)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (track_id, kind) WHERE track_id IS NOT NULL AND state NOT IN ('done', 'cancelled')
DO NOTHING"""

_SORTIE = """
SELECT case_number, began_at, clocked FROM sortie
WHERE sortie_id = %s AND state <> 'forgotten' FOR KEY SHARE"""
_TRACK = "SELECT kind, share, points FROM sortie_track WHERE sortie_id = %s AND track_id = %s"

TO_WHOM = {TaskKind.RESCUE: "mountain rescue", TaskKind.PATROL: "patrol"}
"""Whom the trail says it was told."""


class Spot(NamedTuple):
    """Where a task leads to; ``seen_at`` None without a clock."""

    latitude: float
    longitude: float
    ce90_m: float
    height_m: float | None
    seen_at: datetime | None
    le90_m: float | None = None
    placed: PlacedBy = PlacedBy.COMPUTED


class FoundTrack(NamedTuple):
    """A track of a sortie that is not forgotten: the machine's word, its share, its points."""

    kind: ObjectKind
    share: float
    points: Sequence[TrackPoint]

    @property
    def last(self) -> TrackPoint:
        """Where it was last."""
        return self.points[-1]


class OfSortie(NamedTuple):
    """What a task takes from its sortie."""

    case_number: str
    began_at: datetime | None

    def at(self, at_s: float | None) -> datetime | None:
        """The time of a moment of it; None without a clock."""
        if self.began_at is None or at_s is None:
            return None
        return self.began_at + timedelta(seconds=at_s)


async def sortie_held(connection: AsyncConnection, sortie_id: UUID) -> OfSortie:
    """A sortie that is not forgotten before the transaction ends; UnknownSortieError."""
    row = await (await connection.execute(_SORTIE, (sortie_id,))).fetchone()
    if row is None:
        raise UnknownSortieError(f"there is no sortie {sortie_id}, or it is forgotten")
    return OfSortie(row[0], row[1] if row[2] else None)


async def track_found(connection: AsyncConnection, sortie_id: UUID, track_id: UUID) -> FoundTrack:
    """UnknownSortieError where the sortie has no such track."""
    row = await (await connection.execute(_TRACK, (sortie_id, track_id))).fetchone()
    if row is None:
        raise UnknownSortieError(f"the sortie has no track {track_id}; reload the page")
    return FoundTrack(ObjectKind(row[0]), row[1], points_of(row[2]))


async def put(
    connection: AsyncConnection, task: AerialTask, purpose: Purpose
) -> tuple[AerialTask, Deed] | None:
    """Keep a new task; the deed to enter last in the transaction. None where its track is handed
    over already."""
    values = (
        task.task_id, task.kind.value, task.state.value, task.sortie_id, task.track_id,
        task.latitude, task.longitude, task.ce90_m, task.height_m, task.said, task.officer,
        task.made_at, task.case_number, task.named.value, task.seen_at, Jsonb(why_of(purpose)),
        task.le90_m, task.placed.value,
    )  # fmt: skip
    if not (await connection.execute(_NEW, values)).rowcount:
        return None
    ids = tuple(str(one) for one in (task.task_id, task.sortie_id, task.track_id) if one)
    deed = Deed(
        act=Act.DISCLOSURE, what=What(KIND, ids, f"{task.kind.value} handed over"),
        who=task.officer, why=why_of(purpose), with_whom=TO_WHOM[task.kind],
    )  # fmt: skip
    return task, deed


def new_task(
    kind: TaskKind, of: tuple[UUID, UUID | None, Named], where: Spot, why: tuple[Purpose, str, str]
) -> AerialTask:
    """An open one. ``of``: sortie, track, what it was named; ``why``: purpose, words for whoever
    goes there, case number of the sortie."""
    purpose, said, case_number = why
    return AerialTask(
        task_id=uuid4(), kind=kind, state=TaskState.OPEN, sortie_id=of[0], track_id=of[1],
        latitude=where.latitude, longitude=where.longitude, ce90_m=where.ce90_m,
        height_m=where.height_m, said=said, officer=purpose.officer,
        made_at=datetime.now(UTC), case_number=case_number, named=of[2],
        seen_at=where.seen_at, le90_m=where.le90_m, placed=where.placed,
    )  # fmt: skip


def ce90_of(point: TrackPoint) -> float:
    """The longer semi-axis of the ellipse of 90 %: a circle around the ellipse, so never less than
    90 % lies in it."""
    return ellipse_of(point.covariance).major_m


def task_of(row: dict[str, Any]) -> AerialTask:
    """A row of ``TASK``."""
    words = {
        "kind": TaskKind(row["kind"]), "state": TaskState(row["state"]),
        "named": Named(row["named"]), "placed": PlacedBy(row["placed"]),
    }  # fmt: skip
    return AerialTask(**row | words)


async def rows_of(
    connection: AsyncConnection, query: str, values: dict[str, Any]
) -> list[dict[str, Any]]:
    """Rows by the names of their columns."""
    cursor = connection.cursor(row_factory=dict_row)
    return await (await cursor.execute(query, values)).fetchall()
