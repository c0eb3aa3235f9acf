"""Tells TAK of each place to go to, and of every step of it, as it happens.

Rescues and patrols are told apart, each at an address of its own: who is sent to look at a vehicle
is not shown where people are who need help.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import Act, Deed, Trail, What
from morina.exchange.adapters.cot_telling import Sends, TrailTelling
from morina.exchange.adapters.trail_following import Happened, next_of, taken_up
from morina.exchange.formats import cot_aerial
from morina.sense.aerial import AerialTask, TaskKind, TaskStep
from morina.sense.aerial.roles import Tasks, UnknownSortieError

KIND = "aerial_task"
TOLD = "told as cursor on target"
_STEPS = frozenset(step.value for step in TaskStep)


class CotTaskTelling(TrailTelling):
    """Tasks of one kind. Follows the trail; what it told is entered as a disclosure in the
    transaction that marks it. Told at least once: a second event of the same uid replaces the
    first."""

    kind: ClassVar[TaskKind]

    def __init__(
        self, pool: AsyncConnectionPool, tasks: Tasks,
        of: tuple[Sends, Trail[AsyncConnection], str],
    ) -> None:  # fmt: skip
        super().__init__(pool)
        self._tasks = tasks
        self._sends, self._trail, self._whom = of

    async def _next(self, now: datetime) -> int | None:
        """Tell of the next one in one transaction; None where nothing is new. The trail is written
        last, for others who write it wait until the transaction ends."""
        async with self._pool.connection() as connection:
            new = await next_of(connection, self.name)
            if not new:
                return None
            one = next((one for one in new if _tells(one)), new[-1])
            task = await self._task(one.ids[0]) if _tells(one) else None
            tells = task is not None and not cot_aerial.is_stale(task, now)
            if task is not None and tells:
                await self._sends.send(cot_aerial.event(task, now))
            await taken_up(connection, self.name, one.number)
            if task is not None and tells:
                what = What(KIND, (str(task.task_id),), TOLD)
                deed = Deed(act=Act.DISCLOSURE, what=what, at=now, with_whom=self._whom)
                await self._trail.append(connection, deed)
        return int(tells)

    async def _task(self, task_id: str) -> AerialTask | None:
        """As it is now; None where it is of another kind, or forgotten."""
        try:
            task = await self._tasks.task(UUID(task_id))
        except UnknownSortieError:
            return None
        return task if task.kind is self.kind else None


class CotRescueTelling(CotTaskTelling):
    """For mountain rescue."""

    name, kind = "cot-rescues", TaskKind.RESCUE


class CotPatrolTelling(CotTaskTelling):
    """For patrols."""

    name, kind = "cot-patrols", TaskKind.PATROL


def _tells(one: Happened) -> bool:
    """Whether a task was made or moved on; not that it was shown or told."""
    moved = one.step in _STEPS or one.step.endswith("handed over")
    return one.kind == KIND and bool(one.ids) and moved
