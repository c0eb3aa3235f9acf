"""A partner that names another partner's conversation, message, list, hit, follow-up or task.

XK knows every id that AL and GB use, and says each of them to GB, in every kind of message. GB
refuses it just as an id nobody uses, nothing of AL's changes, and nothing is told to XK or AL.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from psycopg.types.json import Jsonb

from exchanging import Agreed, Known, draft_to, new_database
from guards import clearing_of, four_eyes_of, overseer_of
from morina.accountability import PurposeCode
from morina.accountability.signing import Signer
from morina.engines import Home
from morina.exchange import Agreement, Category, Item, Kind, Message, Party, Why
from morina.exchange.fields import FIELDS
from morina.exchange.message import NOTHING_BEFORE
from morina.exchange.sealing import Keys, seal
from morina.settings import Settings
from morina.watch import id_here
from morina.wiring.database import Database
from morina.wiring.exchange.conversations import (
    Scene,
    agreements,
    asking,
    joint_operations,
    lists_and_sightings,
)
from morina.wiring.exchange.delivery import Delivery, delivery_of
from morina.wiring.exchange.evidence_commands import Wanted, evidence_of
from morina.wiring.exchange.ground import Ground
from morina.wiring.guarding import Guard

NOW = datetime.now(UTC)
OFTEN = {"officer_cap": 1000, "node_cap": 1000}
CASE = {
    "name": "Crossings", "purpose": "stolen cars", "purpose_code": "stolen_vehicle",
    "case_number": "C-7", "legal_basis": "l", "authorities": ["AL"],
    "begins_at": NOW.isoformat(), "ends_at": (NOW + timedelta(days=2)).isoformat(),
}  # fmt: skip
TABLES = (
    "partner_question", "partner_answer", "answer_given", "follow_up", "follow_up_step",
    "list_share", "partner_list", "partner_staged", "sighting", "sighting_told",
    "operation_item", "agreement_version",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Ids:
    """What AL and GB call things; made anew they are ids of nothing."""

    asked: UUID = field(default_factory=uuid4)
    """GB asked AL this question."""
    answered: UUID = field(default_factory=uuid4)
    """AL asked GB this one, and had an answer."""
    asking: UUID = field(default_factory=uuid4)
    """A follow-up GB asked of AL."""
    owning: UUID = field(default_factory=uuid4)
    """A follow-up AL asked of GB."""
    hotlist: UUID = field(default_factory=uuid4)
    """A list of GB's that AL is told, and an entry of it."""
    listing: UUID = field(default_factory=uuid4)
    share: UUID = field(default_factory=uuid4)
    theirs: UUID = field(default_factory=uuid4)
    """A list of AL's, by the id AL has for it, and the copy of it that comes in."""
    copy: UUID = field(default_factory=uuid4)
    sighting: UUID = field(default_factory=uuid4)
    """AL told GB of it."""
    told: UUID = field(default_factory=uuid4)
    """GB told AL of it."""
    case: UUID = field(default_factory=uuid4)
    """An operation GB leads, AL takes part, and its task for AL."""
    task: UUID = field(default_factory=uuid4)
    note: UUID = field(default_factory=uuid4)
    """AL's own item in it."""
    agreement: UUID = field(default_factory=uuid4)
    message: UUID = field(default_factory=uuid4)
    """A message GB sent AL, and its hash."""
    digest: str = "ab" * 32


@dataclass
class Said:
    """What XK says, but for what is the same in all messages."""

    kind: Kind
    said: dict[str, Any] = field(default_factory=dict)
    items: tuple[dict[str, Any], ...] = ()
    conversation: UUID = field(default_factory=uuid4)
    in_reply_to: UUID | None = None
    request_hash: str = ""
    giver: str = "XK"


def sighting(ids: Ids, state: int, sighting_id: UUID) -> dict[str, Any]:
    return {"sighting_id": str(sighting_id), "list_id": str(ids.hotlist),
            "listing_id": str(ids.listing), "state": state}  # fmt: skip


def part(ids: Ids, **changed: Any) -> dict[str, Any]:
    return {
        "list_id": str(ids.theirs), "name": f"Stolen {ids.theirs}", "owner": "AL",
        "purpose": "stolen", "review_at": "2099-01-01", "version": 2, "base": 0, "part": 2,
        "copy_id": str(ids.copy), "entries": [], "withdrawn": [], "digest": "",
    } | changed  # fmt: skip


def item(ids: Ids, kind: str, item_id: UUID) -> dict[str, Any]:
    return {"item": str(item_id), "operation": f"GB.{ids.case}", "kind": kind, "revision": 9,
            "addressed": ["GB"], "made_at": NOW.isoformat()}  # fmt: skip


SAYS: dict[str, Callable[[Ids], Said]] = {
    "answer": lambda ids: Said(Kind.ANSWER, {"result": "no_hit"}, conversation=ids.asked),
    "answer to a message": lambda ids: Said(
        Kind.ANSWER, {"result": "no_hit"}, conversation=ids.asked, in_reply_to=ids.message,
        request_hash=ids.digest,
    ),
    "acknowledge": lambda ids: Said(Kind.FOLLOW_UP_ACKNOWLEDGE, conversation=ids.asking),
    "acknowledge theirs": lambda ids: Said(Kind.FOLLOW_UP_ACKNOWLEDGE, conversation=ids.owning),
    "clarify": lambda ids: Said(
        Kind.FOLLOW_UP_CLARIFY, {"words": "which day was it"}, conversation=ids.asking
    ),
    "clarified": lambda ids: Said(
        Kind.FOLLOW_UP_CLARIFIED, {"words": "it was on Monday"}, conversation=ids.owning, giver="GB"
    ),
    "grant": lambda ids: Said(
        Kind.FOLLOW_UP_GRANT, {"forget_at": NOW.isoformat(), "handling": "police_use"},
        ({"holder_name": "of XK's choice"},), conversation=ids.asking,
    ),
    "refuse": lambda ids: Said(
        Kind.FOLLOW_UP_REFUSE, {"because": "not_allowed"}, conversation=ids.asking
    ),
    "request about another's hit": lambda ids: Said(
        Kind.FOLLOW_UP_REQUEST,
        {"about": str(ids.answered), "urgency": "routine", "wanted": ["holder_name"]},
        ({"plate": "AA123BB", "country": "AL"},), giver="GB",
    ),
    "request about another's sighting": lambda ids: Said(
        Kind.FOLLOW_UP_REQUEST,
        {"about": str(ids.told), "urgency": "routine", "wanted": ["holder_name"]},
        ({"plate": "AA123BB", "country": "AL"},), giver="GB",
    ),
    "sighting": lambda ids: Said(
        Kind.SIGHTING, sighting(ids, 3, uuid4()), ({"plate": "AA123BB"},)
    ),
    "sighting of that id": lambda ids: Said(
        Kind.SIGHTING, sighting(ids, 3, ids.sighting), ({"plate": "AA123BB"},)
    ),
    "correction": lambda ids: Said(Kind.SIGHTING_CORRECTION, sighting(ids, 1, ids.sighting)),
    "whole list": lambda ids: Said(Kind.HOTLIST_PART, part(ids)),
    "first part of that copy": lambda ids: Said(Kind.HOTLIST_PART, part(ids, part=1)),
    "change of a list": lambda ids: Said(Kind.HOTLIST_DELTA, part(ids, part=1, base=1)),
    "withdrawal": lambda ids: Said(Kind.HOTLIST_WITHDRAW, {"list_id": str(ids.theirs)}),
    "step of a task": lambda ids: Said(
        Kind.OPERATION_ITEM, item(ids, "step", uuid4()),
        ({"task": f"GB.{ids.task}", "step": "take"},),
    ),
    "step of another's item": lambda ids: Said(
        Kind.OPERATION_ITEM, item(ids, "step", uuid4()),
        ({"task": f"AL.{ids.note}", "step": "take"},),
    ),
    "case": lambda ids: Said(
        Kind.OPERATION_ITEM, item(ids, "case", ids.case), (CASE,)
    ),
    "item": lambda ids: Said(
        Kind.OPERATION_ITEM, item(ids, "note", ids.note), ({"words": "we were here"},)
    ),
    "item taken back": lambda ids: Said(
        Kind.OPERATION_WITHDRAW, {"item": str(ids.note), "operation": f"GB.{ids.case}"},
        conversation=ids.case,
    ),
    "refused": lambda ids: Said(
        Kind.REFUSED, {"code": "base", "said": "tell it anew"}, conversation=ids.share
    ),
    "refused message": lambda ids: Said(
        Kind.REFUSED, {"code": "base", "said": "tell it anew"}, conversation=ids.share,
        in_reply_to=ids.message, request_hash=ids.digest,
    ),
    "refused sighting": lambda ids: Said(
        Kind.REFUSED, {"code": "listing", "said": "no"}, conversation=ids.told
    ),
    "checkpoint to a message": lambda ids: Said(
        Kind.CHECKPOINT, {"again": [1]}, in_reply_to=ids.message, request_hash=ids.digest
    ),
    "another's agreement": lambda ids: Said(
        Kind.AGREEMENT, conversation=ids.agreement,
        said={"agreement": agreed_between("AL", ids.agreement).said(), "officers": {},
              "signatures": {}},
    ),
}  # fmt: skip
"""Each names an id of AL's where nobody but AL may."""

TAKEN: dict[str, Callable[[Ids], Said]] = {
    "question": lambda ids: Said(
        Kind.QUERY, {}, ({"plate": "AA987ZZ", "country": "AL"},), ids.answered, giver="GB"
    ),
}  # fmt: skip
"""An id that begins a conversation and is used already is refused, whosever it is."""


def agreed_between(giver: str, agreement_id: UUID, category: Category = Category.VEHICLE,
                   receiver: str = "GB") -> Agreement:  # fmt: skip
    return Agreement(
        agreement_id=agreement_id, version=1, giver=giver, receiver=receiver, category=category,
        purposes=frozenset({PurposeCode.STOLEN_VEHICLE}), fields=frozenset(FIELDS[category]),
        legal_basis="Treaty of the tests", valid_from=NOW - timedelta(days=1),
        valid_to=NOW + timedelta(days=30), keep_days=30, camera_groups=frozenset({"*"}), **OFTEN,
    )  # fmt: skip


@dataclass
class Victim:
    """GB with AL's conversations, and XK that writes to it."""

    dsn: str
    ids: Ids
    ground: Ground
    delivery: Delivery
    agreed: Agreed
    xk: Keys
    gb: Party
    seq: int = 0
    last: str = NOTHING_BEFORE

    async def says(self, one: Said) -> tuple[str, str]:
        """How GB refuses it: code and words; both empty where it does not."""
        self.seq += 1
        message = Message(
            message_id=uuid4(), sender="XK", to="GB", kind=one.kind, seq=self.seq,
            conversation=one.conversation, previous=self.last, created_at=datetime.now(UTC),
            said=one.said, items=tuple(Item(fields=fields, at=NOW) for fields in one.items),
            why=self.why(one), agreement_version=0 if self.why(one) is None else 1,
            in_reply_to=one.in_reply_to, request_hash=one.request_hash,
        )  # fmt: skip
        sealed = seal(message, self.xk, self.gb)
        self.last = sealed.digest
        await self.delivery.inbox.accept(sealed.sealed, "XK", datetime.now(UTC))
        while await self.delivery.handling.one("XK") is not None:
            pass
        [(refused, why)] = await self.rows(
            "SELECT refused, why FROM exchange_message WHERE message_id = %s", message.message_id
        )
        return refused, why

    def why(self, one: Said) -> Why | None:
        category = {"hotlist": Category.HOTLIST, "sighting": Category.SIGHTING,
                    "follow_up": Category.FOLLOW_UP, "operation": Category.OPERATION,
                    "query": Category.VEHICLE, "answer": Category.VEHICLE}  # fmt: skip
        of = category.get(one.kind.value.partition(".")[0])
        found = [o for o in self.agreed.kept if (o.category, o.giver) == (of, one.giver)]
        if not found or one.kind is Kind.OPERATION_WITHDRAW:
            return None
        return Why(
            agreement_id=found[0].agreement_id, purpose=PurposeCode.STOLEN_VEHICLE,
            case_number="X-1", justification="a vehicle taken", officer="XK:1", approver="XK:2",
        )  # fmt: skip

    async def rows(self, query: str, *keys: Any) -> list[tuple[Any, ...]]:
        async with await psycopg.AsyncConnection.connect(self.dsn, autocommit=True) as connection:
            cursor = await connection.execute(query, keys)
            return await cursor.fetchall() if cursor.description else []

    async def of_al(self) -> dict[str, list[Any]]:
        """All that is AL's, and what AL was sent."""
        found = {}
        for table in TABLES:
            query = f"SELECT to_jsonb(t)::text FROM {table} t"
            rows = await self.rows(query)
            found[table] = sorted(row[0] for row in rows if '"XK' not in row[0])
        sent = "SELECT message_id, digest, refused, why, done_at FROM exchange_message"
        found["sent"] = sorted(await self.rows(f"{sent} WHERE partner = 'AL'"))
        return found


@asynccontextmanager
async def victim(postgres: str, folder: Path) -> AsyncIterator[Victim]:
    keys = {
        name: Keys(name, Signer(Ed25519PrivateKey.generate()), X25519PrivateKey.generate())
        for name in ("AL", "GB", "XK")
    }
    known = Known({
        name: Party(node_id=name, name=name, address="", signing=one.signer.public,
                    sealing=one.sealing, tls_root="")
        for name, one in keys.items()
    })  # fmt: skip
    agreed = Agreed([
        agreed_between(*ends, receiver=to)
        for giver, to in (("XK", "GB"), ("GB", "XK"), ("GB", "AL"))
        for ends in ((giver, uuid4(), category) for category in Category)
    ])  # fmt: skip
    dsn = await new_database(postgres)
    settings = Settings(home=folder, exchange={"node_id": "GB"})  # type: ignore[arg-type]
    async with Database(dsn, open=False, min_size=1, max_size=6) as pool:
        ground = Ground(settings=settings, dsn=dsn, pool=pool, keys=keys["GB"], partners=known,
                        agreements=agreed, secret="a secret of the tests")  # fmt: skip
        guard = Guard(clearing_of(pool), four_eyes_of(pool), overseer_of(pool))
        scene = Scene(ground=ground, directory=known, home=Home(folder), guard=guard)  # type: ignore[arg-type]
        begins = (agreements, asking, joint_operations, lists_and_sightings)
        takes = [one for begin in begins for one in begin(scene).takes]
        made = Victim(dsn=dsn, ids=Ids(), ground=ground, delivery=delivery_of(ground, takes),
                      agreed=agreed, xk=keys["XK"], gb=known.by_name["GB"])  # fmt: skip
        await put_down(made)
        yield made
    async with await psycopg.AsyncConnection.connect(postgres, autocommit=True) as connection:
        name = dsn.rpartition("/")[2]
        await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


async def put_down(gb: Victim) -> None:
    """All that AL and GB have with one another."""
    ids = gb.ids
    agreement = next(one for one in gb.agreed.kept if one.receiver == "AL"
                     and one.category is Category.SIGHTING)  # fmt: skip
    async with gb.ground.pool.connection() as connection:
        draft = draft_to("AL", Kind.SIGHTING, agreement, conversation=ids.told)
        sent = await gb.ground.outbox.post(connection, draft, datetime.now(UTC))
    gb.ids = ids = replace(ids, message=sent.message_id, digest=sent.digest)
    plate = ("AL", uuid4(), "AA123BB", "AL", "")
    await gb.rows(
        "INSERT INTO partner_question VALUES (%s, 1, %s, %s, %s, %s, %s, NULL, 'ian', '{}',"
        " now(), now())", ids.asked, *plate,
    )  # fmt: skip
    await gb.rows(
        "INSERT INTO answer_given VALUES (%s, %s, 'AL', 'AL:1', 'AA123BB', 'AL', '', '{}', now(),"
        " 'hit', false, false)", ids.answered, uuid4(),
    )  # fmt: skip
    said = Jsonb({
        "about": str(ids.answered), "named": {"plate": "AA123BB", "country": "AL"},
        "why": {"code": "stolen_vehicle", "case_number": "C", "justification": "a vehicle taken"},
        "offence": "theft", "urgency": "routine", "wanted": ["holder_name"], "officers": [],
    })  # fmt: skip
    for one, side, stage in ((ids.asking, "asking", "asked"), (ids.owning, "owning", "clarifying")):
        await gb.rows(
            "INSERT INTO follow_up (follow_up_id, side, partner, agreement_id, requester, stage,"
            " said, written_at, asked_at) VALUES (%s, %s, 'AL', %s, 'ian', %s, %s, now(), now())",
            one, side, uuid4(), stage, said,
        )  # fmt: skip
    await put_lists(gb, ids)
    await put_operation(gb, ids)


async def put_lists(gb: Victim, ids: Ids) -> None:
    here = id_here("AL", ids.theirs)
    hotlist = "INSERT INTO hotlist VALUES (%s, %s, 'o', 'p', 'l', '2099-01-01', %s)"
    await gb.rows(hotlist, ids.hotlist, "Ours", "")
    await gb.rows(hotlist, here, "Theirs", "AL")
    await gb.rows("INSERT INTO hotlist_version VALUES (1, %s, 1, now(), 'ana')", ids.hotlist)
    await gb.rows(
        "INSERT INTO listing VALUES (1, NULL, %s, %s, 1, 'AA123BB', 'AL', '{}')",
        ids.listing, ids.hotlist,
    )  # fmt: skip
    await gb.rows(
        "INSERT INTO list_share VALUES (%s, 'AL', %s, 'stolen_vehicle', 'C', 'j', 'ana', '', %s,"
        " now())", ids.hotlist, uuid4(), ids.share,
    )  # fmt: skip
    await gb.rows(
        "INSERT INTO partner_list (hotlist_id, owner_node, owner_list_id, agreement_id, valid_to,"
        " keep_days, version, heard_at, copy_id, copy_part)"
        " VALUES (%s, 'AL', %s, %s, now(), 1, 1, now(), %s, 1)",
        here, ids.theirs, uuid4(), id_here("AL", ids.copy),
    )  # fmt: skip
    await gb.rows(
        "INSERT INTO partner_staged VALUES (%s, 1, %s, %s, 'AL', 'AA123BB', '{}')",
        id_here("AL", ids.copy), uuid4(), uuid4(),
    )  # fmt: skip
    await gb.rows(
        "INSERT INTO sighting VALUES ('AL', %s, %s, %s, 3, now(), now(), now(), 'g', '{}', 'AL:1')",
        ids.sighting, ids.hotlist, ids.listing,
    )  # fmt: skip
    await gb.rows(
        "INSERT INTO sighting_told VALUES (%s, 3, 'AL', %s, now())", uuid4(), ids.told
    )  # fmt: skip


async def put_operation(gb: Victim, ids: Ids) -> None:
    task = {"title": "Watch", "state": "open"}
    for owner, item_id, kind, fields in (
        ("GB", ids.case, "case", CASE), ("GB", ids.task, "task", task),
        ("AL", ids.note, "note", {"words": "for GB alone"}),
    ):  # fmt: skip
        await gb.rows(
            "INSERT INTO operation_item VALUES (%s, %s, 'GB', %s, %s, 1, %s, %s, 'ana', '', now(),"
            " now())", owner, item_id, ids.case, kind, Jsonb(fields), ["AL"],
        )  # fmt: skip


@pytest.mark.parametrize("what", SAYS)
async def test_anothers_id_is_an_id_of_nothing(engines: Any, tmp_path: Path, what: str) -> None:
    async with victim(engines.postgres, tmp_path) as gb:
        before = await gb.of_al()
        named = await gb.says(SAYS[what](gb.ids))
        assert named[0] not in ("set_aside", "malformed", "form", "said")
        assert await gb.of_al() == before
        assert named == await gb.says(SAYS[what](Ids(digest=gb.ids.digest)))
        told = await gb.rows("SELECT kind FROM exchange_message WHERE is_ours AND receiver = 'XK'")
        assert {row[0] for row in told} <= {"refused", "checkpoint"}


@pytest.mark.parametrize("what", TAKEN)
async def test_a_conversation_that_is_anothers_is_not_begun_again(
    engines: Any, tmp_path: Path, what: str
) -> None:
    async with victim(engines.postgres, tmp_path) as gb:
        before = await gb.of_al()
        code, _ = await gb.says(TAKEN[what](gb.ids))
        assert code not in ("", "set_aside", "malformed", "form", "said")
        assert await gb.of_al() == before


async def test_what_names_anothers_conversation_is_not_in_its_evidence(
    engines: Any, tmp_path: Path
) -> None:
    async with victim(engines.postgres, tmp_path) as gb:
        await gb.says(Said(Kind.CHECKPOINT, {}, conversation=gb.ids.told))
        await gb.rows("INSERT INTO directory VALUES (1, %s, 'test', now())", EMPTY)
        async with gb.ground.pool.connection() as connection:
            _, ids = await evidence_of(connection, "GB", Wanted(gb.ids.told))
        assert ids == [str(gb.ids.message)]


def test_every_kind_that_names_anything_is_tried() -> None:
    tried = {make(Ids()).kind for make in (*SAYS.values(), *TAKEN.values())}
    assert set(Kind) - tried == {Kind.DIRECTORY}


EMPTY = '{"roots": ["{}"], "targets": "{}", "files": {}}'
