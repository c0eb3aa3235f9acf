"""Forgetting sorties on time: files first, then rows, so that what is cut off in between is due
again. No case and no pin keeps a sortie longer."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import NODE, Trail, What
from morina.sense.aerial.adapters.sortie_folder import SortieFolder
from morina.sense.aerial.adapters.sortie_steps import KIND, By, entered, locked, step_on
from morina.sense.aerial.roles import UnknownSortieError
from morina.sense.aerial.sortie import STEPS, SortieState, SortieStep

_DUE = "SELECT sortie_id FROM sortie WHERE state <> 'forgotten' AND forget_at <= %s ORDER BY 1"
_EMPTIED = "SELECT sortie_id FROM sortie WHERE state = 'forgotten' ORDER BY 1"
_WRITTEN = "SELECT sortie_id, kept_as FROM sortie_file"
_GONE = "DELETE FROM sortie WHERE sortie_id = %s"
_REMOVE = {
    "tracks": "DELETE FROM sortie_track WHERE sortie_id = %s",
    "moments": "DELETE FROM sortie_moment WHERE sortie_id = %s",
    "files": "DELETE FROM sortie_file WHERE sortie_id = %s",
    "clearances": "DELETE FROM fleet_clearance WHERE sortie_id = %s",
}
_EMPTY: dict[str, Any] = {
    "name": "", "case_number": "", "task": "", "officer": "", "airframe": "", "pilot": "",
    "source": "", "fault": "", "lacks": [], "notes": [], "stated": Jsonb({}),
    "began_at": None, "ended_at": None, "received_at": None, "width": 0, "height": 0,
    "frames": 0, "seconds": 0.0, "frames_per_s": 0.0, "done": 0.0, "looked": 0, "skipped": 0,
    "cleared_by": "",
}  # fmt: skip
"""What is left of one while a task that came of it is open: its id, and when it was made."""


class Beside(Protocol):
    """What is kept of sorties elsewhere in the database: reviews, tasks."""

    async def forget(self, connection: AsyncConnection, sortie_id: UUID) -> bool:
        """Remove it, but for open tasks, within the caller's transaction; whether none is left."""


class SortieForgetting:
    """``pool`` is opened and closed by the caller."""

    def __init__(
        self, pool: AsyncConnectionPool, trail: Trail[AsyncConnection], files: SortieFolder,
        beside: Sequence[Beside] = (),
    ) -> None:  # fmt: skip
        self._pool, self._trail, self._files, self._beside = pool, trail, files, beside

    async def forget(self, now: datetime) -> dict[str, int]:
        """Forget all that is due, and what nobody wrote down; counts of what went."""
        counts = await self.forget_these(await self._ids(_DUE, (now,)), NODE, now)
        for sortie_id in await self._ids(_EMPTIED, ()):
            async with self._pool.connection() as connection:
                await self._let_go(connection, sortie_id)
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_WRITTEN)).fetchall()
        counts["stray_files"] = await self._files.sweep([(row[0], row[1]) for row in rows])
        return counts

    async def forget_these(
        self, ids: Sequence[UUID], by: str, now: datetime, reason: str = ""
    ) -> dict[str, int]:
        """Forget those, due or not; one that went meanwhile is passed over."""
        counts = Counter[str]()
        for sortie_id in ids:
            await self._files.keep_only(sortie_id, ())
            try:
                counts.update(await self._forget(sortie_id, (by, now, reason)))
            except UnknownSortieError:
                continue
        return {name: counts[name] for name in ("sorties", *_REMOVE)}

    async def _forget(self, sortie_id: UUID, by: By) -> Counter[str]:
        counts: Counter[str] = Counter(sorties=1)
        async with self._pool.connection() as connection:
            sortie = await locked(connection, sortie_id)
            for name, remove in _REMOVE.items():
                counts[name] = (await connection.execute(remove, (sortie_id,))).rowcount
            steps = steps_to_forgotten(sortie.state)
            for step in steps:
                sets = _EMPTY if step is SortieStep.FORGET else {}
                sortie = replace(sortie, state=await step_on(connection, sortie, step, sets))
            await self._let_go(connection, sortie_id)
            for step in steps:
                said = "forgotten" if step is SortieStep.FORGET else step.value
                what = What(KIND, (str(sortie_id),), said)
                await entered(self._trail, connection, what, step, by)
        return counts

    async def _let_go(self, connection: AsyncConnection, sortie_id: UUID) -> None:
        """Remove what is left of an emptied one, unless something open hangs on it."""
        if all([await one.forget(connection, sortie_id) for one in self._beside]):
            await connection.execute(_GONE, (sortie_id,))

    async def _ids(self, query: str, values: tuple[object, ...]) -> list[UUID]:
        async with self._pool.connection() as connection:
            rows = await connection.execute(query, values)
            return [row[0] for row in await rows.fetchall()]


def steps_to_forgotten(state: SortieState) -> tuple[SortieStep, ...]:
    """By which steps one is forgotten, whatever it is at: what runs is ended first."""
    if (state, SortieStep.FORGET) in STEPS:
        return (SortieStep.FORGET,)
    end = next(one for one in (SortieStep.CANCEL, SortieStep.FAIL) if (state, one) in STEPS)
    return (end, SortieStep.FORGET)
