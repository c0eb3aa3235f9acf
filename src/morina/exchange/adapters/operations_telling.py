"""Telling addressees of an item, within the transaction that changes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from psycopg import AsyncConnection

from morina.accountability import PurposeCode
from morina.accountability.trail import Trail
from morina.exchange.agreement import Agreement, Agreements
from morina.exchange.deciding import Because, Denial, NotAgreedError, Told, denial
from morina.exchange.kinds import Category, Kind
from morina.exchange.message import Value, Why
from morina.exchange.operations.files import LARGEST
from morina.exchange.operations.item import ItemKind, OperationItem
from morina.exchange.operations.telling import telling, withdrawing
from morina.exchange.parties import UnknownNodeError
from morina.exchange.pseudonyms import pseudonym
from morina.exchange.roles import Outbox

_NOT_YET = UUID(int=0)
_NONE = "there is no agreement about operations with it; have one made with that partner"


class Files(Protocol):
    """Where attachments are, by the SHA-256 of their bytes; apart from pictures of passages."""

    async def put(self, image: bytes) -> str:
        """Keep bytes, return their SHA-256."""

    async def get(self, sha256: str) -> bytes:
        """Bytes kept under it; LookupError."""

    async def remove(self, names: frozenset[str]) -> int:
        """Forget bytes; how many there were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What operations are kept and told with. ``secret`` makes pseudonyms of officers and stays
    here; ``keep_days`` is how long own items stay after their operation ended."""

    node_id: str
    secret: str
    outbox: Outbox[AsyncConnection]
    agreements: Agreements
    trail: Trail[AsyncConnection]
    files: Files
    largest: int = LARGEST
    keep_days: int = 365


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells of own items, each addressee under an agreement of its own."""

    ways: Ways

    async def all(
        self, connection: AsyncConnection, item: OperationItem, case: Mapping[str, Value]
    ) -> OperationItem:
        """The item, told to every addressee; NotAgreedError where one may not be told."""
        content = await self._content(item)
        for to in item.addressed:
            await self._one(connection, item, (to, case, content))
        return replace(item, told={**item.told, **dict.fromkeys(item.addressed, _told(item))})

    async def as_far_as_agreed(
        self, connection: AsyncConnection, item: OperationItem, case: Mapping[str, Value]
    ) -> OperationItem:
        """The same, where a machine tells: who may not be told is left out, and that is kept."""
        content, told = await self._content(item), dict(item.told)
        for to in item.addressed:
            try:
                async with connection.transaction():
                    await self._one(connection, item, (to, case, content))
                told[to] = _told(item)
            except (NotAgreedError, UnknownNodeError) as refused:
                told[to] = f"not told of revision {item.revision}: {refused}"
        return replace(item, told=told)

    async def take_back(
        self, connection: AsyncConnection, item: OperationItem, nodes: Iterable[str]
    ) -> OperationItem:
        """The item, with ``nodes`` told that it is withdrawn."""
        told = dict(item.told)
        for to in sorted(nodes):
            try:
                async with connection.transaction():
                    await self.ways.outbox.post(connection, withdrawing(item, to), item.changed_at)
                told[to] = "withdrawn"
            except UnknownNodeError as gone:
                told[to] = f"not told that it is withdrawn: {gone}"
        return replace(item, told=told)

    async def _one(
        self, connection: AsyncConnection, item: OperationItem,
        of: tuple[str, Mapping[str, Value], bytes],
    ) -> None:  # fmt: skip
        to, case, content = of
        outside = self._outside(item)
        why = self._why(outside, case)
        draft = telling(outside, to, why, content)
        told = Told(
            sender=self.ways.node_id, to=to, kind=Kind.OPERATION_ITEM, why=why,
            items=draft.items, at=item.changed_at,
        )  # fmt: skip
        agreement = await self._agreement(told)
        under = replace(draft, why=replace(why, agreement_id=agreement.agreement_id))
        await self.ways.outbox.post(connection, under, item.changed_at)

    async def _agreement(self, told: Told) -> Agreement:
        """One in force that allows it; NotAgreedError with what stands against the first."""
        found = await self.ways.agreements.in_force(told.sender, told.to, told.at)
        against: Denial | None = None
        for agreement in found:
            if agreement.category is Category.OPERATION:
                denied = denial(agreement, told)
                if denied is None:
                    return agreement
                against = against or denied
        against = against or Denial(Because.NO_AGREEMENT, _NONE)
        raise NotAgreedError(Denial(against.because, f"{told.to}: {against.said}"))

    def _why(self, item: OperationItem, case: Mapping[str, Value]) -> Why:
        """For what, under an agreement yet to be found."""
        return Why(
            agreement_id=_NOT_YET,
            purpose=PurposeCode(str(case["purpose_code"])), case_number=str(case["case_number"]),
            justification=str(case["purpose"]), officer=item.by,
        )  # fmt: skip

    def _outside(self, item: OperationItem) -> OperationItem:
        """The item with pseudonyms in place of names."""
        fields = dict(item.fields)
        if item.kind is ItemKind.OFFICER:
            fields["officer"] = self.pseudonym(item.text("officer"))
        return replace(item, fields=fields, by=self.pseudonym(item.by))

    def pseudonym(self, name: str) -> str:
        """An officer of this node, or a liaison officer here, as partners know them."""
        return pseudonym(self.ways.secret, self.ways.node_id, name)

    async def _content(self, item: OperationItem) -> bytes:
        if item.kind is not ItemKind.ATTACHMENT or not item.addressed:
            return b""
        return await self.ways.files.get(item.text("sha256"))


def _told(item: OperationItem) -> str:
    return f"revision {item.revision}"
