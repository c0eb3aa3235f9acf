"""Two nodes that exchange lists and sightings, each with its own database, without a network.

The way between them is honest about what counts: what no agreement allows is not posted, a
transaction that rolls back posts nothing, messages come in order, and a refusal is told.
"""

import json
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from databases import databases_of
from invented import NOW
from list_changes import changes_since
from morina.accountability import PurposeCode
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.exchange import (
    RULES,
    Agreement,
    Category,
    Draft,
    Item,
    Kind,
    Message,
    NotAgreedError,
    RefusedMessageError,
    Signed,
    Takes,
    Told,
    Why,
    denial,
    pseudonym,
)
from morina.exchange.adapters.keeping_lists import ListKeeping
from morina.exchange.adapters.postgres_lists import PostgresSharedLists
from morina.exchange.adapters.posting_lists import ListPosting
from morina.exchange.adapters.taking_lists import ListAnswers, PartnerLists
from morina.exchange.listing_fields import TELLABLE
from morina.exchange.lists import ListShare
from morina.watch import Hotlists
from morina.watch.adapters.postgres import PostgresHotlists
from morina.watch.adapters.postgres_copies import PostgresListCopies

_POSTED = """
CREATE TABLE posted (seq bigint GENERATED ALWAYS AS IDENTITY, draft jsonb, carried boolean)"""


def hotlist_agreement(**fields: object) -> Agreement:
    """GB tells AL every field of its lists."""
    usual: dict[str, object] = {
        "agreement_id": uuid.uuid4(), "version": 1, "giver": "GB", "receiver": "AL",
        "category": Category.HOTLIST, "purposes": frozenset({PurposeCode.STOLEN_VEHICLE}),
        "fields": frozenset(TELLABLE), "legal_basis": "Invented treaty, article 4",
        "valid_from": NOW - timedelta(days=10), "valid_to": NOW + timedelta(days=20),
        "keep_days": 30,
    }  # fmt: skip
    return Agreement(**(usual | fields))  # type: ignore[arg-type]  # the names are checked


def sighting_agreement(**fields: object) -> Agreement:
    """AL tells GB what its cameras at the border saw."""
    usual: dict[str, object] = {
        "giver": "AL", "receiver": "GB", "category": Category.SIGHTING,
        "fields": frozenset({"plate", "country", "place", "latitude_e6", "longitude_e6"}),
        "camera_groups": frozenset({"border"}),
    }  # fmt: skip
    return hotlist_agreement(**(usual | fields))


@dataclass
class PlainAgreements:
    """The role Agreements over a list that a test changes; all of them signed by both."""

    known: list[Agreement] = field(default_factory=list)

    async def versions(self, agreement_id: uuid.UUID) -> Sequence[Signed]:
        found = [one for one in self.known if one.agreement_id == agreement_id]
        return [Signed(one) for one in sorted(found, key=lambda one: -one.version)]

    async def in_force(self, giver: str, receiver: str, now: datetime) -> Sequence[Agreement]:
        newest = {one.agreement_id: one for one in sorted(self.known, key=lambda one: one.version)}
        return [
            one
            for one in newest.values()
            if (one.giver, one.receiver) == (giver, receiver)
            and not one.ended
            and one.valid_from <= now < one.valid_to
        ]

    async def of_this_node(self) -> Sequence[Signed]:
        return [Signed(one) for one in self.known]

    def change(self, agreement: Agreement, **fields: object) -> Agreement:
        """A further version of it, in force at once."""
        changed = replace(agreement, version=agreement.version + 1, **fields)  # type: ignore[arg-type]
        self.known.append(changed)
        return changed


@dataclass
class PlainOutbox:
    """The role Outbox: asks the agreements, and keeps what is posted in the database it is in."""

    here: str
    agreements: PlainAgreements

    async def post(self, connection: AsyncConnection, draft: Draft, now: datetime) -> Message:
        agreement = None
        if RULES[draft.kind].category is not None and draft.why is not None:
            way = (self.here, draft.to)
            for giver, receiver in (way, way[::-1]):
                for one in await self.agreements.in_force(giver, receiver, now):
                    agreement = one if one.agreement_id == draft.why.agreement_id else agreement
            told = Told(sender=self.here, to=draft.to, kind=draft.kind, why=draft.why,
                        items=draft.items, at=now)  # fmt: skip
            if denied := denial(agreement, told):
                raise NotAgreedError(denied)
        said = json.dumps(_plain(draft, now))
        cursor = await connection.execute(
            "INSERT INTO posted (draft, carried) VALUES (%s, false) RETURNING seq", (said,)
        )
        [(seq,)] = await cursor.fetchall()
        return _message(json.loads(said), self.here, seq)


@dataclass
class PairedNode:
    """One node's lists, as far as they are exchanged."""

    here: str
    pool: AsyncConnectionPool
    agreements: PlainAgreements
    takes: list[Takes[AsyncConnection]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.trail = PostgresTrail()
        self.outbox = PlainOutbox(self.here, self.agreements)
        self.copies = PostgresListCopies()
        self.hotlists = PostgresHotlists(self.pool, self.trail)
        parts = {"pool": self.pool, "outbox": self.outbox, "copies": self.copies,
                 "agreements": self.agreements, "here": self.here,
                 "as_known": self.as_known}  # fmt: skip
        self.lists = PostgresSharedLists(trail=self.trail, **parts)
        self.posting = ListPosting(**parts)
        self.keeping = ListKeeping(self.pool, self.copies, self.agreements, self.trail, self.here)
        heard = PartnerLists(self.copies, self.agreements, self.trail, self.here)
        self.takes += [heard, ListAnswers()]
        self.refused: list[RefusedMessageError] = []
        self.got: list[Message] = []

    def as_known(self, officer: str) -> str:
        return pseudonym("s" * 32, self.here, officer)

    async def matched(self) -> Hotlists:
        """What is matched at this node now."""
        hotlists = Hotlists()
        hotlists.apply(await changes_since(self.hotlists, 0))
        return hotlists

    async def post_all(self, now: datetime = NOW) -> int:
        """Post whatever is to be posted; how many parts."""
        posted = 0
        while one := await self.posting.once(now):
            posted += one
        return posted

    async def posted(self) -> list[Message]:
        """All it ever posted, in order."""
        async with self.pool.connection() as connection:
            rows = await connection.execute("SELECT seq, draft FROM posted ORDER BY seq")
            return [_message(draft, self.here, seq) for seq, draft in await rows.fetchall()]

    async def take(self, message: Message, now: datetime = NOW) -> None:
        """Act on one message as a node does: a refusal undoes it and is told."""
        self.got.append(message)
        async with self.pool.connection() as connection:
            try:
                async with connection.transaction():
                    for one in self.takes:
                        if message.kind in one.kinds:
                            await one.take(connection, message, now)
            except RefusedMessageError as refused:
                self.refused.append(refused)
                if message.kind is Kind.REFUSED:
                    return
                said = {"code": refused.code, "said": str(refused)}
                draft = Draft(to=message.sender, kind=Kind.REFUSED, said=said, answers=message,
                              conversation=message.conversation)  # fmt: skip
                await self.outbox.post(connection, draft, now)


async def carry(giver: PairedNode, receiver: PairedNode, now: datetime = NOW) -> int:
    """Take what the giver posted and the receiver has not yet to it, in order; how many."""
    async with giver.pool.connection() as connection:
        rows = await connection.execute(
            "UPDATE posted SET carried = true WHERE NOT carried AND draft ->> 'to' = %s"
            " RETURNING seq, draft", (receiver.here,),
        )  # fmt: skip
        found = sorted(await rows.fetchall())
    for seq, draft in found:
        await receiver.take(_message(draft, giver.here, seq), now)
    return len(found)


@asynccontextmanager
async def paired_node(
    postgres: str, here: str, agreements: PlainAgreements
) -> AsyncIterator[PairedNode]:
    """A node with an empty database on the session's server."""
    databases = databases_of(postgres, _POSTED)
    dsn = databases.take()
    async with AsyncConnectionPool(dsn, min_size=1, max_size=4, open=False) as pool:
        yield PairedNode(here, pool, agreements)
    databases.give_back(dsn)


def sharing(hotlist_id: uuid.UUID, agreement: Agreement, **fields: object) -> ListShare:
    """A share of that list under that agreement."""
    usual: dict[str, object] = {
        "hotlist_id": hotlist_id, "partner": agreement.receiver,
        "agreement_id": agreement.agreement_id, "purpose": PurposeCode.STOLEN_VEHICLE,
        "case_number": "L-7", "justification": "stolen vehicles are taken over the sea",
        "officer": "a.owner",
    }  # fmt: skip
    return ListShare(**(usual | fields))  # type: ignore[arg-type]  # the names are checked


def _plain(draft: Draft, now: datetime) -> dict[str, object]:
    why = draft.why
    return {
        "to": draft.to, "kind": draft.kind.value, "said": dict(draft.said), "at": now.isoformat(),
        "conversation": str(draft.conversation),
        "in_reply_to": str(draft.answers.message_id) if draft.answers else "",
        "items": [
            {"fields": dict(one.fields), "group": one.camera_group,
             "at": one.at.isoformat() if one.at else ""} for one in draft.items
        ],
        "why": why and {
            "agreement_id": str(why.agreement_id), "purpose": why.purpose.value,
            "case_number": why.case_number, "justification": why.justification,
            "officer": why.officer, "approver": why.approver, "offence": why.offence,
        },
    }  # fmt: skip


def _message(said: dict, sender: str, seq: int) -> Message:  # type: ignore[type-arg]
    why = said["why"]
    items = tuple(
        Item(fields=one["fields"], camera_group=one["group"],
             at=datetime.fromisoformat(one["at"]).astimezone(UTC) if one["at"] else None)
        for one in said["items"]
    )  # fmt: skip
    ids = {"agreement_id": uuid.UUID(why["agreement_id"])} if why else {}
    return Message(
        message_id=uuid.uuid5(uuid.NAMESPACE_OID, f"{sender}/{seq}"), sender=sender,
        to=said["to"], kind=Kind(said["kind"]), conversation=uuid.UUID(said["conversation"]),
        seq=seq, previous="0" * 64, created_at=datetime.fromisoformat(said["at"]),
        said=said["said"], items=items,
        why=Why(**why | ids | {"purpose": PurposeCode(why["purpose"])}) if why else None,
        in_reply_to=uuid.UUID(said["in_reply_to"]) if said["in_reply_to"] else None,
    )  # fmt: skip
