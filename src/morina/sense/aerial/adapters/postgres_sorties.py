"""Sorties in PostgreSQL, their files in the home. The role Sorties."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.purpose import Purpose
from morina.accountability.trail import Act, Deed, Trail, What
from morina.sense.aerial.adapters.postgres_sorties_forgetting import SortieForgetting
from morina.sense.aerial.adapters.postgres_sorties_looked import PostgresLooked
from morina.sense.aerial.adapters.shown_lately import ShownLately
from morina.sense.aerial.adapters.sortie_folder import KeptFile, SortieFolder
from morina.sense.aerial.adapters.sortie_rows import (
    MOMENT_AT,
    MOMENTS,
    SORTIE,
    TRACKS,
    apart,
    moment_of,
    sortie_of,
    track_of,
)
from morina.sense.aerial.adapters.sortie_stated import put_down
from morina.sense.aerial.adapters.sortie_steps import (
    AGAIN,
    KIND,
    entered,
    locked,
    received,
    step_on,
)
from morina.sense.aerial.adapters.sortie_ways import ways
from morina.sense.aerial.adapters.spoken_of import refuse_unconfirmed
from morina.sense.aerial.adapters.video_pictures import VideoPictures
from morina.sense.aerial.roles import Looked, Moment, NewSortie, UnknownSortieError, WaysWanted
from morina.sense.aerial.sortie import (
    RefusedSortieError,
    Sortie,
    SortieState,
    SortieStep,
    moved,
)
from morina.sense.aerial.sources.told import Handed, ReadTelemetry, Told
from morina.sense.aerial.stated import Stated
from morina.sense.aerial.track import Track

_PLAN = """
INSERT INTO sortie (sortie_id, name, case_number, task, officer, airframe, pilot, rendered, state,
    made_at, forget_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_FILES = "SELECT kind, name, kept_as, bytes, sha256 FROM sortie_file WHERE sortie_id = %s"
_FILE = """
INSERT INTO sortie_file (sortie_id, kind, name, kept_as, bytes, sha256)
VALUES (%s, %s, %s, %s, %s, %s)"""
VIDEO, TELEMETRY = "video", "telemetry"
UNCHECKED = "cleared without a fleet check"
"""What the trail says where no fleet was asked; with one, Fleet.clear clears."""

MOST_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SortieParts:
    """What sorties are kept with. ``keep_days`` counts from the end of a flight."""

    files: SortieFolder
    read: ReadTelemetry
    pictures: VideoPictures
    looked: PostgresLooked
    forgetting: SortieForgetting
    keep_days: int = 30


class PostgresSorties:
    """The role Sorties. ``pool`` and ``parts`` are opened and closed by the caller."""

    def __init__(
        self, pool: AsyncConnectionPool, trail: Trail[AsyncConnection], parts: SortieParts
    ) -> None:
        self._pool, self._trail, self._parts = pool, trail, parts
        self._keep = timedelta(days=parts.keep_days)
        self._shown = defaultdict[str, ShownLately](ShownLately)
        self._reason = ""

    def because(self, reason: str) -> "PostgresSorties":
        """See Sorties."""
        other = copy(self)
        other._reason = " ".join(reason.split())[:MOST_REASON]
        return other

    async def plan(self, wanted: NewSortie, now: datetime) -> Sortie:
        """See Sorties."""
        for name in ("name", "case_number", "task"):
            if not getattr(wanted, name).strip():
                raise RefusedSortieError(f"{name} is empty; every sortie needs it")
        sortie_id, state = uuid4(), SortieState.PLANNED
        values = (
            sortie_id, wanted.name, wanted.case_number, wanted.task, wanted.officer,
            wanted.airframe, wanted.pilot, wanted.rendered, state.value, now, now + self._keep,
        )  # fmt: skip
        what = What(KIND, (str(sortie_id),), "planned")
        why = {"case_number": wanted.case_number}
        deed = Deed(act=Act.ALTERATION, what=what, who=wanted.officer, at=now, why=why)
        async with self._pool.connection() as connection:
            await connection.execute(_PLAN, values)
            await self._trail.append(connection, deed)
        return await self.sortie(sortie_id)

    async def step(self, sortie_id: UUID, step: SortieStep, by: str, now: datetime) -> Sortie:
        """See Sorties. RECEIVE works it through again; FORGET removes all there is of it."""
        if step is SortieStep.FORGET:
            return await self._forget(sortie_id, by, now)
        async with self._pool.connection() as connection:
            before = await locked(connection, sortie_id)
            moved(before.state, step)
            sets: dict[str, Any] = {}
            said = step.value
            if step is SortieStep.FLY and before.fleet_checked:
                raise RefusedSortieError("its fleet is checked again first; let Fleet.fly do it")
            if step is SortieStep.CLEAR:
                sets, said = {"cleared_by": by, "fleet_checked": False}, UNCHECKED
            if step is SortieStep.RECEIVE:
                await self._refuse_without_files(connection, sortie_id)
                await refuse_unconfirmed(connection, before, self._reason)
                sets = {**AGAIN, "received_at": now}
            await step_on(connection, before, step, sets)
            what = What(KIND, (str(sortie_id),), said)
            await entered(self._trail, connection, what, step, (by, now, self._reason))
        return await self.sortie(sortie_id)

    async def state(
        self, sortie_id: UUID, stated: Stated, by: str, now: datetime, again: bool = True
    ) -> Sortie:
        """See Sorties."""
        async with self._pool.connection() as connection:
            before = await locked(connection, sortie_id)
            await put_down(self._trail, connection, before, stated, (by, now))
            if again and before.state in (SortieState.READY, SortieState.FAILED):
                step, here = SortieStep.RECEIVE, await connection.execute(_FILES, (sortie_id,))
                if await here.fetchall():
                    await refuse_unconfirmed(connection, before, self._reason)
                    await step_on(connection, before, step, {**AGAIN, "received_at": now})
                    what = What(KIND, (str(sortie_id),), step.value)
                    await entered(self._trail, connection, what, step, (by, now, self._reason))
        return await self.sortie(sortie_id)

    async def sorties(self, most: int = 200) -> Sequence[Sortie]:
        """See Sorties."""
        rows = await self._rows(
            f"{SORTIE} WHERE state <> 'forgotten' ORDER BY made_at DESC, sortie_id LIMIT %s",
            (most,),
        )
        return [sortie_of(row) for row in rows]

    async def ways(self, wanted: WaysWanted) -> tuple[Sequence[Sortie], int]:
        """See Sorties."""
        async with self._pool.connection() as connection:
            return await ways(connection, wanted)

    async def sortie(self, sortie_id: UUID) -> Sortie:
        """See Sorties."""
        there = f"{SORTIE} WHERE sortie_id = %s AND state <> 'forgotten'"
        if rows := await self._rows(there, (sortie_id,)):
            return sortie_of(rows[0])
        raise UnknownSortieError(f"there is no sortie {sortie_id}, or it is forgotten")

    async def take_in(
        self, sortie_id: UUID, video: AsyncIterator[bytes] | None, telemetry: AsyncIterator[bytes],
        names: tuple[str, str], by: str,
    ) -> Sortie:  # fmt: skip
        """See Sorties. Files that came before are removed once the new ones are kept."""
        before = await self.sortie(sortie_id)
        self._refuse_now(before)
        async with self._pool.connection() as connection:
            await refuse_unconfirmed(connection, before, self._reason)
        taken: dict[str, KeptFile] = {}
        files = self._parts.files
        try:
            taken[TELEMETRY] = await files.take(sortie_id, names[1], telemetry)
            lies = files.file(sortie_id, taken[TELEMETRY].kept_as)
            handed = Handed(
                name=names[1], airframe=before.airframe, stated=before.stated, filmed=bool(names[0])
            )
            told = await self._parts.read(lies, handed)
            if video is not None:
                taken[VIDEO] = await files.take(sortie_id, names[0], video)
            elif names[0]:
                taken[VIDEO] = taken[TELEMETRY]
            await self._keep_files(sortie_id, taken, told, by)
        except BaseException:  # cancelled too: nothing of a file is left half kept
            for one in taken.values():
                files.file(sortie_id, one.kept_as).unlink(missing_ok=True)
            raise
        await files.keep_only(sortie_id, {one.kept_as for one in taken.values()})
        return await self.sortie(sortie_id)

    async def moments(self, sortie_id: UUID, every_s: float = 0.0) -> Sequence[Moment]:
        """See Sorties."""
        await self._say_shown(sortie_id, "pictures shown")
        rows = await self._rows(MOMENTS, (sortie_id,))
        return apart([moment_of(row) for row in rows], every_s)

    async def moment_at(self, sortie_id: UUID, at_s: float, within_s: float) -> Moment | None:
        """See Sorties."""
        await self._say_shown(sortie_id, "pictures shown")
        asked = {"id": sortie_id, "at_s": at_s, "within": within_s}
        rows = await self._rows(MOMENT_AT, asked)
        return moment_of(rows[0]) if rows else None

    async def tracks(self, sortie_id: UUID) -> Sequence[Track]:
        """See Sorties. Entered in the trail before it is answered, once an hour for each person."""
        await self._say_shown(sortie_id, "tracks shown")
        return [track_of(row) for row in await self._rows(TRACKS, (sortie_id,))]

    async def picture(self, sortie_id: UUID, at_s: float, across: int = 1280) -> bytes:
        """See Sorties; UnknownSortieError where it has no video, or none then."""
        await self._say_shown(sortie_id, "pictures shown")
        kept = [one for one in await self._rows(_FILES, (sortie_id,)) if one["kind"] == VIDEO]
        file = kept and self._parts.files.file(sortie_id, kept[0]["kept_as"])
        if not file or not file.exists():
            raise UnknownSortieError(f"sortie {sortie_id} has no video here; take it in again")
        return await self._parts.pictures.picture(file, at_s, across)

    async def looked(
        self, latitude: float, longitude: float, since: datetime | None, purpose: Purpose
    ) -> Sequence[Looked]:
        """See Sorties."""
        return await self._parts.looked.looked((latitude, longitude), since, purpose)

    async def forget_due(self, now: datetime) -> int:
        """See Sorties."""
        return (await self._parts.forgetting.forget(now))["sorties"]

    async def _forget(self, sortie_id: UUID, by: str, now: datetime) -> Sortie:
        before = await self.sortie(sortie_id)
        moved(before.state, SortieStep.FORGET)
        if not self._reason:
            raise RefusedSortieError("it would be forgotten before its time; say why")
        await self._parts.forgetting.forget_these([sortie_id], by, now, self._reason)
        return replace(before, state=SortieState.FORGOTTEN, name="", case_number="", task="")

    async def _keep_files(
        self, sortie_id: UUID, taken: dict[str, KeptFile], told: Told, by: str
    ) -> None:
        """Write down what was taken in, and queue it, in one transaction."""
        now, step = datetime.now(UTC), SortieStep.RECEIVE
        rows = [
            (sortie_id, kind, one.name, one.kept_as, one.bytes, one.sha256)
            for kind, one in taken.items()
        ]
        async with self._pool.connection() as connection:
            before = await locked(connection, sortie_id)
            self._refuse_now(before)
            await refuse_unconfirmed(connection, before, self._reason)
            await step_on(connection, before, step, received(before, told, now, self._keep))
            await connection.execute("DELETE FROM sortie_file WHERE sortie_id = %s", (sortie_id,))
            await connection.cursor().executemany(_FILE, rows)
            digest = taken.get(VIDEO, taken[TELEMETRY]).sha256
            what = What(KIND, (str(sortie_id),), "received", digest=digest)
            await entered(self._trail, connection, what, step, (by, now, self._reason))

    @staticmethod
    def _refuse_now(sortie: Sortie) -> None:
        moved(sortie.state, SortieStep.RECEIVE)
        if sortie.state is SortieState.WORKING:
            raise RefusedSortieError("it is being worked through; wait until it is done")

    @staticmethod
    async def _refuse_without_files(connection: AsyncConnection, sortie_id: UUID) -> None:
        if not await (await connection.execute(_FILES, (sortie_id,))).fetchall():
            raise RefusedSortieError("its files are not here; take in its video and telemetry")

    async def _say_shown(self, sortie_id: UUID, said: str) -> None:
        """UnknownSortieError where there is none; else entered, unless it was within the hour."""
        sortie = await self.sortie(sortie_id)
        why = {"case_number": sortie.case_number}
        what = What(KIND, (str(sortie_id),), said)
        deed = Deed(act=Act.CONSULTATION, what=what, why=why)
        shown, ids = self._shown[said], [sortie_id]
        if not shown.new(deed.who, ids, deed.at):
            return
        async with self._pool.connection() as connection:
            await self._trail.append(connection, deed)
        shown.note(deed.who, ids, deed.at)

    async def _rows(
        self, query: str, values: tuple[object, ...] | dict[str, object]
    ) -> list[dict[str, Any]]:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            return await (await cursor.execute(query, values)).fetchall()
