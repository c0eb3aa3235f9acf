"""Tasks handed to mountain rescue and patrols, in PostgreSQL. The role Tasks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.purpose import Purpose
from morina.accountability.trail import Act, Deed, Trail, What
from morina.sense.aerial.adapters.postgres_reviews import (
    HeightAt,
    no_height,
    refuse_machine,
    spot_of,
)
from morina.sense.aerial.adapters.shown_lately import ShownLately
from morina.sense.aerial.adapters.task_rows import (
    KIND,
    TASK,
    FoundTrack,
    OfSortie,
    Spot,
    new_task,
    put,
    rows_of,
    sortie_held,
    task_of,
    track_found,
)
from morina.sense.aerial.rescue_first import Awaited, waits_there
from morina.sense.aerial.reviewing import (
    TELLS,
    AerialTask,
    CalledTo,
    Named,
    PlacedBy,
    TaskKind,
    TaskState,
    TaskStep,
    task_moved,
)
from morina.sense.aerial.roles import UnknownSortieError
from morina.sense.aerial.sortie import RefusedSortieError

_NEWEST = """
SELECT named FROM sortie_review WHERE sortie_id = %(sortie)s AND track_id = %(track)s
ORDER BY review_id DESC LIMIT 1"""
_RESCUES = """
SELECT track_id, latitude, longitude, ce90_m FROM aerial_task
WHERE sortie_id = %(sortie)s AND kind = 'rescue' AND state NOT IN ('done', 'cancelled')"""
_LIST = f"""{TASK} WHERE kind = ANY(%(kinds)s) AND state = ANY(%(states)s)
ORDER BY kind = 'rescue' DESC, made_at, task_id"""
_ONE = f"{TASK} WHERE task_id = %(task)s"
_MOVE = """
UPDATE aerial_task SET state = %(state)s, taken_by = %(taken_by)s, outcome = %(outcome)s
WHERE task_id = %(task)s"""
_WAITING = """
SELECT made_at FROM aerial_task WHERE kind = 'rescue' AND state IN ('open', 'given_back')
ORDER BY made_at"""


@dataclass(frozen=True, slots=True)
class PostgresTasks:
    """``pool`` is opened and closed by the caller."""

    pool: AsyncConnectionPool
    trail: Trail[AsyncConnection]
    height_at: HeightAt = no_height
    shown: ShownLately = field(default_factory=ShownLately)

    async def hand_over(
        self, kind: TaskKind, sortie_id: UUID, track_id: UUID, purpose: Purpose, said: str
    ) -> AerialTask:
        """See Tasks."""
        refuse_machine(purpose.officer)
        async with self.pool.connection() as connection:
            sortie = await sortie_held(connection, sortie_id)
            track = await track_found(connection, sortie_id, track_id)
            named = await _named(connection, sortie_id, track_id)
            if kind is TaskKind.PATROL:
                await _refuse_before_rescue(connection, (sortie_id, track_id), track)
            spot = await spot_of(track, sortie, self.height_at)
            why = (purpose, said, sortie.case_number)
            task = new_task(kind, (sortie_id, track_id, named), spot, why)
            return await self._put(connection, task, purpose)

    async def at_place(
        self, sortie_id: UUID, place: CalledTo, purpose: Purpose, said: str
    ) -> AerialTask:
        """See Tasks."""
        refuse_machine(purpose.officer)
        async with self.pool.connection() as connection:
            sortie = await sortie_held(connection, sortie_id)
            spot = await self._spot(place, sortie)
            of, why = (sortie_id, None, Named.IN_TROUBLE), (purpose, said, sortie.case_number)
            task = new_task(TaskKind.RESCUE, of, spot, why)
            return await self._put(connection, task, purpose)

    async def task(self, task_id: UUID) -> AerialTask:
        """See Tasks."""
        async with self.pool.connection() as connection:
            return await _one(connection, task_id)

    async def tasks(
        self, kinds: frozenset[TaskKind], states: frozenset[TaskState]
    ) -> Sequence[AerialTask]:
        """See Tasks."""
        asked = {"kinds": [one.value for one in kinds], "states": [one.value for one in states]}
        async with self.pool.connection() as connection:
            found = [task_of(row) for row in await rows_of(connection, _LIST, asked)]
            deed = Deed(act=Act.CONSULTATION, what=What(KIND, (), "shown"))
            new = self.shown.new(deed.who, [one.task_id for one in found], deed.at)
            if new:
                what = What(KIND, tuple(map(str, new)), "shown")
                await self.trail.append(connection, Deed(act=deed.act, what=what, at=deed.at))
        self.shown.note(deed.who, new, deed.at)
        return found

    async def waiting(self) -> Sequence[datetime]:
        """See Tasks."""
        async with self.pool.connection() as connection:
            return [row["made_at"] for row in await rows_of(connection, _WAITING, {})]

    async def step(
        self, task_id: UUID, step: TaskStep, by: str, now: datetime, outcome: str = ""
    ) -> AerialTask:
        """See Tasks. Some steps need ``outcome``; two who step at once are put in order."""
        refuse_machine(by)
        if step in TELLS and not outcome.strip():
            raise RefusedSortieError(
                f"{step.value} says nothing; say in words what was found or why"
            )
        async with self.pool.connection() as connection:
            before = await _one(connection, task_id, " FOR UPDATE")
            state = task_moved(before.state, step)
            moved = {
                "task": task_id, "state": state.value, "outcome": outcome.strip(),
                "taken_by": by if step is TaskStep.TAKE else before.taken_by,
            }  # fmt: skip
            await connection.execute(_MOVE, moved)
            after = await _one(connection, task_id)
            what = What(KIND, (str(task_id),), step.value)
            why = {"case_number": before.case_number}
            deed = Deed(act=Act.ALTERATION, what=what, who=by, at=now.astimezone(UTC), why=why)
            await self.trail.append(connection, deed)
        return after

    async def _spot(self, place: CalledTo, sortie: OfSortie) -> Spot:
        where, height = (place.latitude, place.longitude, place.ce90_m), None
        if place.placed is PlacedBy.SAID:
            height = await self.height_at(*where)
        known = height or (place.height_m, place.le90_m)
        return Spot(*where, known[0], sortie.at(place.at_s), known[1], place.placed)

    async def _put(
        self, connection: AsyncConnection, task: AerialTask, purpose: Purpose
    ) -> AerialTask:
        made = await put(connection, task, purpose)
        if made is None:
            raise RefusedSortieError(
                f"the track is handed over as a {task.kind.value} already; see its task"
            )
        await self.trail.append(connection, made[1])
        return task


async def _named(connection: AsyncConnection, sortie_id: UUID, track_id: UUID) -> Named:
    """What a person last said of the track; RefusedSortieError where that sends nobody."""
    asked = {"sortie": sortie_id, "track": track_id}
    found = await rows_of(connection, _NEWEST, asked)
    if not found:
        raise RefusedSortieError("nobody has said what the track is; name it first")
    named = Named(found[0]["named"])
    if named is Named.NOTHING:
        raise RefusedSortieError("a person said that the track is nothing; name it anew first")
    return named


async def _refuse_before_rescue(
    connection: AsyncConnection, of: tuple[UUID, UUID], track: FoundTrack
) -> None:
    """``of``: sortie and track."""
    found = await rows_of(connection, _RESCUES, {"sortie": of[0]})
    if waits_there(of[1], track.points, (Awaited(**row) for row in found)):
        raise RefusedSortieError(
            "somebody in trouble there waits for a rescue; a patrol is sent once that is finished"
        )


async def _one(connection: AsyncConnection, task_id: UUID, lock: str = "") -> AerialTask:
    values: dict[str, Any] = {"task": task_id}
    if found := await rows_of(connection, _ONE + lock, values):
        return task_of(found[0])
    raise UnknownSortieError(f"there is no task {task_id}, or it is forgotten")
