"""Takes partners' lists in, and what partners answer to ours.

A copy is put aside part by part and applied at once with its last; a change of a version that is
not here is refused with the code ``base``, and its owner posts the whole list anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from morina.accountability.trail import Act, Deed, Trail, What
from morina.exchange.adapters import sql_lists as sql
from morina.exchange.adapters.postgres_lists import in_force
from morina.exchange.agreement import Agreement, Agreements
from morina.exchange.kinds import Kind
from morina.exchange.list_messages import PartHead, head_of, list_of, running
from morina.exchange.listing_fields import heard_entry, lacking
from morina.exchange.message import Item, Message
from morina.exchange.roles import RefusedMessageError
from morina.watch import AlreadyListedError, CopyPart, Hotlist, ListCopies, id_here

BASE = "base"
"""Code of a refusal that asks for the whole list anew."""

WITHDRAWN = "withdrawn by its owner"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PartnerLists:
    """The role Takes for lists. ``here`` is this node's name."""

    copies: ListCopies[AsyncConnection]
    agreements: Agreements
    trail: Trail[AsyncConnection]
    here: str

    @property
    def kinds(self) -> Sequence[Kind]:
        """See Takes."""
        return (Kind.HOTLIST_PART, Kind.HOTLIST_DELTA, Kind.HOTLIST_WITHDRAW)

    async def take(self, connection: AsyncConnection, message: Message, now: datetime) -> None:
        """See Takes."""
        if message.kind is Kind.HOTLIST_WITHDRAW:
            await self._withdraw(connection, message, now)
            return
        head = _own_copy(head_of(message.said, message.items), message.sender)
        agreement = await self._agreement(message, now)
        hotlist = _hotlist(head, message.sender, agreement)
        row = await _row(connection, hotlist.hotlist_id)
        if message.kind is Kind.HOTLIST_DELTA and _is_known(head, row):
            return
        if (message.kind is Kind.HOTLIST_PART) == bool(head.base):
            raise RefusedMessageError("form", "a whole list changes no version, and a change does")
        if row is None or head.part == 1:
            await self.copies.make(connection, hotlist)
            await connection.execute(sql.HEAR, _heard(head, hotlist, agreement, message))
            row = await _row(connection, hotlist.hotlist_id)
        if row is not None:
            await self._part(connection, row, (head, message, agreement), now)

    async def _agreement(self, message: Message, now: datetime) -> Agreement:
        found = None
        if message.why is not None:
            way = (message.sender, self.here)
            found = await in_force(self.agreements, way, message.why.agreement_id, now)
        if found is None:
            raise RefusedMessageError("no_agreement", "no agreement about hotlists is in force")
        if missing := lacking(found):
            raise RefusedMessageError("field", f"the agreement does not name {', '.join(missing)}")
        return found

    async def _part(
        self, connection: AsyncConnection, row: Row, came: tuple[PartHead, Message, Agreement],
        now: datetime,
    ) -> None:  # fmt: skip
        head, message, agreement = came
        await self._refuse_out_of_order(connection, row, head)
        digest = running(row["copy_digest"] if head.part > 1 else "", head, message.items)
        if head.digest not in ("", digest):
            raise RefusedMessageError(BASE, "the parts are not those their owner counted together")
        hotlist_id: UUID = row["hotlist_id"]
        try:
            await self.copies.stage(connection, _copy_part(head, message.items, agreement))
            if not head.last:
                await connection.execute(sql.STAGED, (head.copy_id, head.part, digest, hotlist_id))
                return
            count = row["entries"] + await self.copies.apply(
                connection, hotlist_id, head.copy_id, whole=not head.base
            )
        except AlreadyListedError as twice:
            raise RefusedMessageError("twice", str(twice)) from twice
        await connection.execute(sql.APPLIED, (head.version, count, now, hotlist_id))
        step = f"version {head.version} of {message.sender}: {count} entries"
        await self._enter(connection, hotlist_id, step, message)

    async def _refuse_out_of_order(
        self, connection: AsyncConnection, row: Row, head: PartHead
    ) -> None:
        """A first part begins anew; any other must follow the one before."""
        if head.part == 1:
            if row["copy_id"] is not None:
                await self.copies.drop(connection, row["copy_id"])
        elif row["copy_id"] != head.copy_id or row["copy_part"] + 1 != head.part:
            raise RefusedMessageError("part", f"part {head.part} follows no part that is here")

    async def _withdraw(self, connection: AsyncConnection, message: Message, now: datetime) -> None:
        hotlist_id = id_here(message.sender, list_of(message.said))
        row = await _row(connection, hotlist_id)
        if row is not None and not (row["ended"] and row["copy_id"] is None):
            await end_list(connection, self.copies, row, (WITHDRAWN, now))
            await self._enter(connection, hotlist_id, WITHDRAWN, message)

    async def _enter(
        self, connection: AsyncConnection, hotlist_id: UUID, step: str, message: Message
    ) -> None:
        deed = Deed(
            act=Act.ALTERATION, what=What("hotlist", (str(hotlist_id),), step),
            with_whom=message.sender,
        )  # fmt: skip
        await self.trail.append(connection, deed)


@dataclass(frozen=True, slots=True)
class ListAnswers:
    """The role Takes for refusals of lists we told: asked for the whole anew, it is posted anew."""

    @property
    def kinds(self) -> Sequence[Kind]:
        """See Takes."""
        return (Kind.REFUSED,)

    async def take(self, connection: AsyncConnection, message: Message, now: datetime) -> None:
        """See Takes; a refusal of anything else is nobody's here."""
        code, words = str(message.said.get("code", "")), str(message.said.get("said", ""))
        said = f"{message.sender} did not take it on {now:%Y-%m-%d %H:%M} UTC: {words[:300]}"
        statement = sql.ANEW if code == BASE else sql.REFUSED
        await connection.execute(statement, (said, message.conversation, message.sender))


async def end_list(
    connection: AsyncConnection, copies: ListCopies[AsyncConnection], row: Row,
    why: tuple[str, datetime],
) -> int:  # fmt: skip
    """Take a partner's list out; how many entries it had."""
    if row["copy_id"] is not None:
        await copies.drop(connection, row["copy_id"])
    await copies.take_out(connection, row["hotlist_id"])
    await connection.execute(sql.ENDED, (*why, row["hotlist_id"]))
    return int(row["entries"])


async def _row(connection: AsyncConnection, hotlist_id: UUID) -> Row | None:
    cursor = connection.cursor(row_factory=dict_row)
    return await (await cursor.execute(sql.LOCK_HEARD, (hotlist_id,))).fetchone()


def _is_known(head: PartHead, row: Row | None) -> bool:
    """Whether the version a change leads to is here; RefusedMessageError where its base is not."""
    if row is None or row["ended"] or not row["version"]:
        raise RefusedMessageError(BASE, "this list is not here; tell the whole of it")
    if head.version <= row["version"]:
        return True
    if head.base != row["version"]:
        raise RefusedMessageError(
            BASE, f"version {row['version']} is here and {head.base} is changed; tell the whole"
        )
    return False


def _hotlist(head: PartHead, owner: str, agreement: Agreement) -> Hotlist:
    return Hotlist(
        hotlist_id=id_here(owner, head.list_id), name=f"{owner}: {head.name}", owner=head.owner,
        purpose=head.purpose, legal_basis=agreement.legal_basis, review_at=head.review_at,
        owner_node=owner,
    )  # fmt: skip


def _own_copy(head: PartHead, owner: str) -> PartHead:
    """With an id of its copy that no other partner can name."""
    return replace(head, copy_id=id_here(owner, head.copy_id))


def _heard(
    head: PartHead, hotlist: Hotlist, agreement: Agreement, message: Message
) -> dict[str, object]:
    return {
        "hotlist_id": hotlist.hotlist_id, "owner_node": message.sender,
        "owner_list_id": head.list_id, "agreement_id": agreement.agreement_id,
        "valid_to": agreement.valid_to, "keep_days": agreement.keep_days,
        "heard_at": message.created_at,
    }  # fmt: skip


def _copy_part(head: PartHead, items: Sequence[Item], agreement: Agreement) -> CopyPart:
    owner = agreement.giver
    entries = []
    for owner_id, item in zip(head.entries, items, strict=True):
        try:
            entry = heard_entry(item.fields, id_here(owner, owner_id), agreement)
        except ValueError as wrong:
            raise RefusedMessageError("entry", f"entry {owner_id}: {wrong}") from wrong
        entries.append((owner_id, entry))
    withdrawn = [(id_here(owner, one), one) for one in head.withdrawn]
    return CopyPart(head.copy_id, head.part * 100_000, entries, withdrawn)
