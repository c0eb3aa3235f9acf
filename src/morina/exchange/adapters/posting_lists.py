"""Posts shared lists: first copies part by part, then every version as its changes.

How far a copy is stands in the row of its share and moves on in the transaction that posts the
part, so a restart goes on where it was. Parts are posted one transaction each: whoever enters
the trail waits for one part at most.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from morina.exchange.adapters import sql_lists as sql
from morina.exchange.adapters.postgres_lists import in_force, why_for
from morina.exchange.agreement import Agreement, Agreements
from morina.exchange.deciding import NotAgreedError
from morina.exchange.kinds import Kind
from morina.exchange.list_copying import MOST_CHANGES, Copying, Slice, Telling, after_part
from morina.exchange.list_messages import ENTRIES, PartHead, head_for, running
from morina.exchange.listing_fields import lacking
from morina.exchange.message import Draft, Item, Why
from morina.exchange.parties import UnknownNodeError
from morina.exchange.roles import Outbox
from morina.watch import ListCopies

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Share:
    hotlist_id: UUID
    partner: str
    agreement: Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPosting:
    """Follows the lists that are shared. ``here`` is this node's name."""

    pool: AsyncConnectionPool
    outbox: Outbox[AsyncConnection]
    copies: ListCopies[AsyncConnection]
    agreements: Agreements
    here: str
    as_known: Callable[[str], str]

    async def once(self, now: datetime) -> int:
        """Post at most one part of every share that has something to tell; how many it posted."""
        async with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            going = await (await cursor.execute(sql.GOING)).fetchall()
        return sum([await self._share(row, now) for row in going])

    async def _share(self, row: Row, now: datetime) -> bool:
        """Whether a part of this share was posted; what hinders it is written on the share."""
        hotlist_id, partner = row["hotlist_id"], row["partner"]
        way = (self.here, partner)
        agreement = await in_force(self.agreements, way, row["agreement_id"], now)
        said = _hindered(agreement)
        if agreement and not said:
            try:
                return await self._post(_Share(hotlist_id, partner, agreement), now)
            except (NotAgreedError, UnknownNodeError, ValueError) as refused:
                said = str(refused)
        async with self.pool.connection() as connection:
            await connection.execute(sql.SAY, (said, hotlist_id, partner, said))
        return False

    async def _post(self, share: _Share, now: datetime) -> bool:
        async with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            key = (share.hotlist_id, share.partner)
            row = await (await cursor.execute(sql.LOCK, key)).fetchone()
            copying = await self._copying(connection, share, row) if row else None
            if row is None or copying is None:
                return False
            await self._part(connection, share, row, (copying, now))
            return True

    async def _copying(
        self, connection: AsyncConnection, share: _Share, row: Row
    ) -> Copying | None:
        """The copy that is to be gone on with; None where all is posted."""
        is_same = row["agreement_version"] == share.agreement.version
        if row["copy"] is not None and is_same:
            return Copying.of(row["copy"])
        hotlist, revision = await self.copies.latest(connection, share.hotlist_id)
        latest = (hotlist.version, revision)
        if not (row["posted_revision"] and is_same):
            return Copying.begun(latest)
        if revision <= row["posted_revision"]:
            return None
        since = row["posted_revision"]
        many = await self.copies.count_changes(connection, share.hotlist_id, since, revision)
        if many > MOST_CHANGES:
            return Copying.begun(latest)
        return Copying.begun(latest, (row["posted_version"], since), row["entries"])

    async def _part(
        self, connection: AsyncConnection, share: _Share, row: Row, doing: tuple[Copying, datetime]
    ) -> None:
        copying, now = doing
        part = await self._slice(connection, share, copying, now)
        hotlist, _ = await self.copies.latest(connection, share.hotlist_id)
        head = head_for(
            hotlist, copy_id=copying.copy_id, part=copying.part + 1, base=copying.base,
            version=copying.version,
        )  # fmt: skip
        head = replace(head, entries=part.entries, withdrawn=part.withdrawn)
        digest = running(copying.digest, head, part.items)
        copying = after_part(copying, part, digest)
        await connection.execute(sql.GO_ON, _moved(share, row, copying, (part, now)))
        head = replace(head, digest=digest if part.is_last else "")
        draft = _draft(row, head, part.items, why_for(row, self.as_known))
        await self.outbox.post(connection, draft, now)

    async def _slice(
        self, connection: AsyncConnection, share: _Share, copying: Copying, now: datetime
    ) -> Slice:
        telling = Telling(share.agreement, now)
        if copying.base:
            changes = await self.copies.changes(
                connection, share.hotlist_id, copying.since, copying.revision
            )
            return telling.changed(changes, copying.after)
        page = await self.copies.page(
            connection, share.hotlist_id, copying.revision, copying.after, ENTRIES
        )
        return telling.whole(page, ENTRIES)


def _hindered(agreement: Agreement | None) -> str:
    if agreement is None:
        return "the agreement it is shared under is not in force; the partner takes the list out"
    if missing := lacking(agreement):
        return (
            f"the agreement no longer names {', '.join(missing)}; have a version signed that does"
        )
    return ""


def _draft(row: Row, head: PartHead, items: tuple[Item, ...], why: Why) -> Draft:
    kind = Kind.HOTLIST_DELTA if head.base else Kind.HOTLIST_PART
    return Draft(
        to=row["partner"], kind=kind, said=head.said(), items=items, why=why,
        conversation=row["conversation"],
    )  # fmt: skip


def _moved(
    share: _Share, row: Row, copying: Copying, doing: tuple[Slice, datetime]
) -> dict[str, object]:
    """The row of the share once the part is posted."""
    part, now = doing
    posted = {
        "posted_revision": copying.revision, "posted_version": copying.version,
        "entries": copying.entries,
    }  # fmt: skip
    if not part.is_last:
        posted = {name: row[name] for name in posted}
    return {
        "hotlist_id": share.hotlist_id, "partner": share.partner, "now": now,
        "agreement_version": share.agreement.version,
        "copy": None if part.is_last else Jsonb(copying.kept()), **posted,
    }  # fmt: skip
