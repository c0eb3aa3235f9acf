"""Copies of hotlists in PostgreSQL, read and put in within the caller's transaction.

Parts wait in ``partner_staged``; applying them makes one new version of the list, which everybody
who follows the lists takes up as any other. Rows of a whole copy that are there already stay.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row

from morina.watch import (
    AlreadyListedError,
    CopyPart,
    Hotlist,
    ListChanges,
    NoSuchHotlistError,
    Tally,
    VehicleOfInterest,
)
from morina.watch.adapters import sql, sql_copies
from morina.watch.adapters.postgres import WRITERS, entry_text

AT_A_TIME, ALL = 5_000, 2**40
"""Rows of an emptied list that are marked in one transaction; before a list comes anew, all."""

_decode = msgspec.json.Decoder(VehicleOfInterest).decode


class PostgresListCopies:
    """The role ListCopies."""

    async def latest(self, connection: AsyncConnection, hotlist_id: UUID) -> tuple[Hotlist, int]:
        """See ListCopies."""
        hotlist = await _hotlist(connection, hotlist_id)
        rows = await connection.execute(sql_copies.LATEST, (hotlist_id,))
        [(revision,)] = await rows.fetchall()
        return hotlist, int(revision)

    async def page(
        self, connection: AsyncConnection, hotlist_id: UUID, revision: int, after: UUID, limit: int
    ) -> Sequence[VehicleOfInterest]:
        """See ListCopies."""
        asked = {"hotlist": hotlist_id, "revision": revision, "after": after, "limit": limit}
        return await _entries(connection, sql_copies.PAGE, asked)

    async def tally(
        self, connection: AsyncConnection, hotlist_id: UUID, now: datetime, oldest: datetime | None
    ) -> Sequence[Tally]:
        """See ListCopies."""
        cursor = connection.cursor(row_factory=class_row(Tally))
        asked = {"hotlist": hotlist_id, "now": now, "oldest": oldest}
        return await (await cursor.execute(sql_copies.TALLY, asked)).fetchall()

    async def changes(
        self, connection: AsyncConnection, hotlist_id: UUID, since: int, until: int
    ) -> ListChanges:
        """See ListCopies."""
        asked = {"hotlist": hotlist_id, "since": since, "until": until}
        now = await _entries(connection, sql_copies.ADDED_BETWEEN, asked)
        before = await _entries(connection, sql_copies.WITHDRAWN_BETWEEN, asked)
        return ListChanges(tuple(now), tuple(before))

    async def count_changes(
        self, connection: AsyncConnection, hotlist_id: UUID, since: int, until: int
    ) -> int:
        """See ListCopies."""
        asked = {"hotlist": hotlist_id, "since": since, "until": until}
        [(many,)] = await (await connection.execute(sql_copies.COUNT_BETWEEN, asked)).fetchall()
        return int(many)

    async def make(self, connection: AsyncConnection, hotlist: Hotlist) -> None:
        """See ListCopies."""
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (WRITERS,))
        made = await connection.execute(
            sql_copies.MAKE,
            (hotlist.hotlist_id, hotlist.name, hotlist.owner, hotlist.purpose,
             hotlist.legal_basis, hotlist.review_at, hotlist.owner_node),
        )  # fmt: skip
        [(versions,)] = await made.fetchall()
        if not versions:
            await _new_version(connection, replace(hotlist, version=1))

    async def stage(self, connection: AsyncConnection, part: CopyPart) -> None:
        """See ListCopies."""
        try:
            async with connection.cursor().copy(sql_copies.STAGE) as copy:
                for row in _rows(part):
                    await copy.write_row(row)
        except UniqueViolation as twice:
            raise AlreadyListedError("an entry stands in two parts of one copy") from twice

    async def drop(self, connection: AsyncConnection, copy_id: UUID) -> None:
        """See ListCopies."""
        await connection.execute(sql_copies.DROP, (copy_id,))

    async def apply(
        self, connection: AsyncConnection, hotlist_id: UUID, copy_id: UUID, *, whole: bool
    ) -> int:
        """See ListCopies."""
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (WRITERS,))
        await self._sweep(connection, hotlist_id, ALL)
        if whole:
            await connection.execute(sql_copies.ANALYZE_STAGED)
        more = 0
        keys: dict[str, object] = {"hotlist": hotlist_id, "copy": copy_id, "whole": whole}
        differs = await (await connection.execute(sql_copies.DIFFERS, keys)).fetchone()
        if differs == (True,):
            keys["revision"] = await self._next_version(connection, hotlist_id)
            withdraw = sql_copies.WITHDRAW_OTHERS if whole else sql_copies.WITHDRAW_TOLD
            gone = await connection.execute(withdraw, keys)
            try:
                added = await connection.execute(sql_copies.ADD, keys)
            except UniqueViolation as twice:
                where = twice.diag.message_detail
                raise AlreadyListedError(f"one vehicle listed twice: {where}") from twice
            more = added.rowcount - gone.rowcount
            if whole:
                await connection.execute(sql_copies.ANALYZE)
        await self.drop(connection, copy_id)
        return more

    async def take_out(self, connection: AsyncConnection, hotlist_id: UUID) -> None:
        """See ListCopies."""
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (WRITERS,))
        if await (await connection.execute(sql_copies.HAS, (hotlist_id,))).fetchone() == (True,):
            revision = await self._next_version(connection, hotlist_id)
            await connection.execute(sql_copies.TAKE_OUT, (revision, hotlist_id))

    async def emptied(self, connection: AsyncConnection) -> Sequence[UUID]:
        """See ListCopies."""
        rows = await connection.execute(sql_copies.EMPTYING)
        return [row[0] for row in await rows.fetchall()]

    async def sweep(self, connection: AsyncConnection, hotlist_id: UUID) -> int:
        """See ListCopies."""
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (WRITERS,))
        return await self._sweep(connection, hotlist_id, AT_A_TIME)

    async def _sweep(self, connection: AsyncConnection, hotlist_id: UUID, most: int) -> int:
        asked = {"hotlist": hotlist_id, "most": most}
        if hotlist_id not in await self.emptied(connection):
            return 0
        count = (await connection.execute(sql_copies.SWEEP, asked)).rowcount
        if count < most:
            await connection.execute(sql_copies.SWEPT, asked)
        return count

    async def forget(
        self, connection: AsyncConnection, hotlist_id: UUID, withdrawn_before: datetime
    ) -> int:
        """See ListCopies."""
        gone = await connection.execute(sql_copies.FORGET, (hotlist_id, withdrawn_before))
        return gone.rowcount

    async def _next_version(self, connection: AsyncConnection, hotlist_id: UUID) -> int:
        hotlist = await _hotlist(connection, hotlist_id)
        return await _new_version(connection, replace(hotlist, version=hotlist.version + 1))


async def _hotlist(connection: AsyncConnection, hotlist_id: UUID) -> Hotlist:
    cursor = connection.cursor(row_factory=class_row(Hotlist))
    found = await (await cursor.execute(sql.HOTLIST, (hotlist_id,))).fetchone()
    if found is None:
        raise NoSuchHotlistError(f"no hotlist has the id {hotlist_id}")
    return found


async def _new_version(connection: AsyncConnection, hotlist: Hotlist) -> int:
    by = hotlist.owner_node
    rows = await connection.execute(sql.NEW_VERSION, (hotlist.hotlist_id, hotlist.version, by))
    [(revision, _)] = await rows.fetchall()
    return int(revision)


async def _entries(
    connection: AsyncConnection, statement: str, asked: dict[str, object]
) -> list[VehicleOfInterest]:
    rows = await connection.execute(statement, asked)
    return [_decode(row[0]) for row in await rows.fetchall()]


def _rows(part: CopyPart) -> Iterator[tuple[object, ...]]:
    copy = part.copy_id
    for place, (owner_id, listing) in enumerate(part.entries, part.place):
        plate = listing.plate
        entry = entry_text(listing)
        yield copy, place, listing.listing_id, owner_id, plate.country or "", plate.text, entry
    for here, owner_id in part.withdrawn:
        yield copy, 0, here, owner_id, "", "", None
