"""Agreements: signed by both or not in force; versions follow one another; either side ends."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg_pool import AsyncConnectionPool

from authorities import Authority, first_directory, five, root_file, signed_by
from morina.accountability import PurposeCode
from morina.accountability.adapters.postgres_approvals import PostgresApprovals, use_approval
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.approvals import (
    ApprovalNeededError,
    RefusedApprovalError,
    Verdict,
)
from morina.exchange import (
    Agreement,
    Category,
    Item,
    Kind,
    Message,
    Onward,
    RefusedMessageError,
    Signed,
    Told,
    Why,
    denial,
)
from morina.exchange.adapters.agreement_takes import AgreementTakes, DirectoryTakes
from morina.exchange.adapters.postgres_agreeing import PostgresAgreeing
from morina.exchange.adapters.postgres_agreements import PostgresAgreements
from morina.exchange.adapters.tuf_directory import TufDirectory
from morina.exchange.agreeing import NoSuchAgreementError, RefusedAgreementError, Signing
from morina.exchange.agreement_rules import agreement_of, in_force_of, refuse_unfit
from morina.exchange.directory import DirectoryError
from morina.exchange.directory_making import AgreementHash, Change, changed
from morina.exchange.fields import FIELDS, known_fields
from morina.exchange.preview import TELLS, preview
from morina.exchange.sealing import Keys
from morina.migrations import upgrade
from posted import Posted

NOW = datetime.now(UTC)
A = five()
FIRST = first_directory(A)


@dataclass
class Node:
    """One authority's node, as far as agreements go."""

    name: str
    agreeing: PostgresAgreeing
    takes: AgreementTakes
    directory: TufDirectory
    posted: Posted

    @property
    def agreements(self) -> PostgresAgreements:
        return self.agreeing.agreements

    async def approved(self, agreement: Agreement, reason: str = "so we agreed") -> Signing:
        request = await self.agreeing.to_approve(agreement, "anna", reason)
        approvals = PostgresApprovals(self.directory.pool)
        asked = await approvals.ask(request, NOW)
        await approvals.decide(asked.approval_id, Verdict("ben", True, "read and compared"), NOW)
        return Signing(officer="anna", reason=reason, approval_id=asked.approval_id, at=NOW)

    async def sign(self, agreement: Agreement) -> Signed:
        return await self.agreeing.sign(agreement, await self.approved(agreement))

    async def take(self, message: Message) -> None:
        async with self.directory.pool.connection() as connection:
            await self.takes.take(connection, message, NOW)

    async def in_force(self, now: datetime = NOW) -> list[Agreement]:
        return [*await self.agreements.in_force("GB", "AL", now)]

    async def steps(self) -> list[str]:
        async with self.directory.pool.connection() as connection:
            query = (
                "SELECT what ->> 'step' FROM trail WHERE what ->> 'kind' = 'agreements'"
                " ORDER BY number"
            )
            return [row[0] for row in await (await connection.execute(query)).fetchall()]


async def node_of(authority: Authority, pool: AsyncConnectionPool, folder: Path) -> Node:
    directory = TufDirectory(pool, root_file(folder, FIRST), PostgresTrail())
    async with pool.connection() as connection:
        await directory.take(connection, FIRST, "an officer", NOW)
    posted = Posted(authority.name, directory)
    keys = Keys(authority.name, authority.signing, authority.sealing)
    agreeing = PostgresAgreeing(
        agreements=PostgresAgreements(pool, directory), witness=directory, keys=keys,
        outbox=posted, trail=PostgresTrail(), use_approval=use_approval, secret="a secret",
    )  # fmt: skip
    takes = AgreementTakes(authority.name, directory, PostgresTrail())
    return Node(authority.name, agreeing, takes, directory, posted)


@asynccontextmanager
async def another_database(dsn: str) -> AsyncIterator[AsyncConnectionPool]:
    """One more fresh database beside that of the test."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        made = dsn.rpartition("/")[0] + "/" + name
        upgrade(made)
        async with AsyncConnectionPool(made, min_size=1, max_size=4, open=False) as pool:
            yield pool
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def gb(pool: AsyncConnectionPool, tmp_path: Path) -> Node:
    return await node_of(A["GB"], pool, tmp_path)


@pytest.fixture
async def al(dsn: str, tmp_path: Path) -> AsyncIterator[Node]:
    async with another_database(dsn) as other:
        yield await node_of(A["AL"], other, tmp_path)


def draft(**more: object) -> Agreement:
    said: dict[str, object] = {
        "agreement_id": uuid.uuid4(), "version": 1, "giver": "GB", "receiver": "AL",
        "category": Category.HOTLIST, "purposes": frozenset({PurposeCode.STOLEN_VEHICLE}),
        "fields": frozenset({"plate", "country", "action"}), "legal_basis": "an act of both",
        "valid_from": NOW - timedelta(days=1), "valid_to": NOW + timedelta(days=90),
        "keep_days": 30,
    }  # fmt: skip
    return Agreement(**{**said, **more})  # type: ignore[arg-type]


async def agreed(gb: Node, al: Node, agreement: Agreement) -> Agreement:
    """Signed by both, each told the other."""
    await gb.sign(agreement)
    await al.take(gb.posted.messages[-1])
    await al.sign(agreement)
    await gb.take(al.posted.messages[-1])
    return agreement


async def test_in_force_once_both_signed_and_not_before(gb: Node, al: Node) -> None:
    one = draft()
    await gb.agreeing.draft(one, "anna", NOW)
    assert list(await gb.agreeing.drafts()) == [one]
    assert await gb.in_force() == []
    await gb.sign(one)
    assert list(await gb.agreeing.drafts()) == []
    assert await gb.in_force() == []
    await al.take(gb.posted.messages[-1])
    assert await al.in_force() == []
    await al.sign(one)
    assert await al.in_force() == [one]
    assert await gb.in_force() == []
    await gb.take(al.posted.messages[-1])
    assert await gb.in_force() == [one]
    assert await gb.agreements.in_force("AL", "GB", NOW) == []
    assert await gb.in_force(one.valid_to) == []
    assert await gb.steps() == ["drafted: version 1", "signed: version 1",
                                "signed by partner: version 1"]  # fmt: skip


async def test_taken_twice_it_is_entered_once(gb: Node, al: Node) -> None:
    await gb.sign(draft())
    for _ in range(2):
        await al.take(gb.posted.messages[-1])
    assert await al.steps() == ["signed by partner: version 1"]


async def test_nobody_signs_alone(gb: Node) -> None:
    one = draft()
    alone = Signing(officer="anna", reason="so we agreed", approval_id=None, at=NOW)
    with pytest.raises(ApprovalNeededError) as needed:
        await gb.agreeing.sign(one, alone)
    assert "GB tells AL" in needed.value.request.words
    other = await gb.approved(replace(one, keep_days=31))
    with pytest.raises(RefusedApprovalError, match="another request"):
        await gb.agreeing.sign(one, other)
    good = await gb.approved(one)
    await gb.agreeing.sign(one, good)
    with pytest.raises(RefusedAgreementError, match="signed it already"):
        await gb.sign(one)
    assert len(gb.posted.messages) == 1


async def test_a_change_is_a_new_version_and_the_old_one_serves_until_then(
    gb: Node, al: Node
) -> None:
    one = await agreed(gb, al, draft())
    two = replace(one, version=2, fields=frozenset({"plate"}))
    await gb.sign(two)
    await al.take(gb.posted.messages[-1])
    assert await al.in_force() == await gb.in_force() == [one]
    await al.sign(two)
    await gb.take(al.posted.messages[-1])
    assert await al.in_force() == await gb.in_force() == [two]
    later = replace(two, version=3, valid_from=NOW + timedelta(days=5))
    await agreed(gb, al, later)
    assert await gb.in_force() == [two]
    assert await gb.in_force(later.valid_from) == [later]
    assert [one.agreement.version for one in await gb.agreements.versions(one.agreement_id)] == [
        3, 2, 1,
    ]  # fmt: skip


async def test_both_may_propose_one_version_and_the_next_settles_it(gb: Node, al: Node) -> None:
    one = await agreed(gb, al, draft())
    await gb.sign(replace(one, version=2, keep_days=5))
    await al.sign(replace(one, version=2, keep_days=6))
    for node, message in ((al, gb.posted.messages[-1]), (gb, al.posted.messages[-1])):
        with pytest.raises(RefusedMessageError) as refused:
            await node.take(message)
        assert refused.value.code == "version"
    three = await agreed(gb, al, replace(one, version=3, keep_days=7))
    assert await al.in_force() == await gb.in_force() == [three]


@pytest.mark.parametrize(("ender", "other"), [("gb", "al"), ("al", "gb")])
async def test_either_side_ends_it_alone(gb: Node, al: Node, ender: str, other: str) -> None:
    one = await agreed(gb, al, draft())
    nodes = {"gb": gb, "al": al}
    now = Signing(officer="anna", reason="it is over", approval_id=None, at=NOW)
    await nodes[ender].agreeing.end(one.agreement_id, now)
    assert await nodes[ender].in_force() == []
    assert await nodes[other].in_force() == [one]
    await nodes[other].take(nodes[ender].posted.messages[-1])
    assert await nodes[other].in_force() == []
    with pytest.raises(RefusedAgreementError, match="was ended"):
        await nodes[other].sign(replace(one, version=9))


async def test_both_may_end_it_at_once_and_an_end_meets_a_change(gb: Node, al: Node) -> None:
    one = await agreed(gb, al, draft())
    await al.sign(replace(one, version=2, keep_days=6))
    now = Signing(officer="anna", reason="it is over", approval_id=None, at=NOW)
    for node in (gb, al):
        await node.agreeing.end(one.agreement_id, now)
    for message in al.posted.messages[-1:]:
        await gb.take(message)
    await al.take(gb.posted.messages[-1])
    assert await gb.in_force() == await al.in_force() == []
    with pytest.raises(NoSuchAgreementError):
        await gb.agreeing.end(uuid.uuid4(), now)


def forged(message: Message, **more: object) -> Message:
    return replace(message, said={**message.said, **more})


async def test_what_does_not_hold_is_not_taken(gb: Node, al: Node) -> None:
    one = draft()
    await gb.sign(one)
    good = gb.posted.messages[-1]
    said = dict(good.said["agreement"])
    mine = A["XK"].signing
    wrong = {
        "signature": [
            forged(good, agreement={**said, "keep_days": 9999}),
            forged(good, signatures={"GB": mine.sign(one.said())}),
            forged(good, signatures={}),
            forged(good, signatures={"AL": good.said["signatures"]["GB"]}),
        ],
        "parties": [forged(good, agreement={**said, "receiver": "XK"}),
                    forged(good, agreement={**said, "giver": "XK"})],
        "unknown_field": [forged(good, agreement={**said, "fields": ["shoe_size"]})],
        "not_an_agreement": [
            forged(good, agreement={}), forged(good, agreement=[]), replace(good, said={}),
            forged(good, agreement={**said, "ended": 0}),
            forged(good, agreement={**said, "valid_to": said["valid_from"]}),
            forged(good, agreement={**said, "more": "x"}),
            forged(good, agreement={**said, "version": "1"}),
        ],
        "number": [forged(good, agreement={**said, "max_age_days": 10**9})],
        "text": [forged(good, agreement={**said, "legal_basis": "nul \x00"})],
        "version": [forged(good, agreement={**said, "version": 2},
                           signatures={"GB": A["GB"].signing.sign({**said, "version": 2})})],
        "unknown": [forged(good, agreement={**said, "ended": True},
                           signatures={"GB": A["GB"].signing.sign({**said, "ended": True})})],
        "officer": [forged(good, officers={"GB": "Anna Smith"})],
    }  # fmt: skip
    for code, messages in wrong.items():
        for message in messages:
            with pytest.raises(RefusedMessageError) as refused:
                await al.take(message)
            assert refused.value.code == code
    assert list(await al.agreements.of_this_node()) == []
    await al.take(good)


async def test_an_id_belongs_to_its_parties_and_category(gb: Node, al: Node) -> None:
    one = await agreed(gb, al, draft())
    for other in (
        replace(one, version=2, giver="AL", receiver="GB"),
        replace(one, version=2, category=Category.SIGHTING, fields=frozenset({"plate"})),
        replace(one, version=2, receiver="XK"),
    ):
        with pytest.raises(RefusedAgreementError) as refused:
            await gb.agreeing.draft(other, "anna", NOW)
        assert refused.value.code == "parties"


@pytest.mark.parametrize(
    ("more", "code"),
    [({"giver": "XK"}, "parties"), ({"receiver": "FR"}, "unknown_node"),
     ({"version": 2}, "version"),
     ({"fields": frozenset({"captured_at"})}, "unknown_field"), ({"ended": True}, "ended"),
     ({"purposes": frozenset()}, "purpose"), ({"officer_cap": -1}, "number"),
     ({"legal_basis": " "}, "text")],
)  # fmt: skip
async def test_what_cannot_be_agreed_is_not_drafted(
    gb: Node, more: dict[str, object], code: str
) -> None:
    with pytest.raises(RefusedAgreementError) as refused:
        await gb.agreeing.draft(draft(**more), "anna", NOW)
    assert refused.value.code == code
    assert await gb.steps() == []


async def test_the_directory_may_not_say_otherwise(gb: Node) -> None:
    one = draft()
    other = AgreementHash.of(replace(one, keep_days=1))
    second = changed(FIRST, Change(agreements=[other]), NOW)
    async with gb.directory.pool.connection() as connection:
        await gb.directory.take(
            connection, signed_by(second, [A["AL"], A["ME"], A["XK"]]), "an officer", NOW
        )
    with pytest.raises(RefusedAgreementError, match="lists another text"):
        await gb.sign(one)
    await gb.agreeing.draft(replace(one, keep_days=1), "anna", NOW)


async def test_agreements_outlive_a_key(gb: Node, al: Node) -> None:
    """A node whose keys were replaced signed its agreements with the old one: they stay in force,
    and one on its way is taken, for the message that brings it is signed with the key of now."""
    one = await agreed(gb, al, draft())
    fresh = A["GB"].with_new_node_keys()
    second = signed_by(
        changed(FIRST, Change(entries=[fresh.entry]), NOW), [A["AL"], A["ME"], A["XK"]]
    )
    async with al.directory.pool.connection() as connection:
        await al.directory.take(connection, second, "an officer", NOW)
    assert await al.in_force() == [one]
    await gb.sign(replace(one, version=2))
    await al.take(gb.posted.messages[-1])
    kept = await al.agreements.versions(one.agreement_id)
    assert [each.agreement.version for each in kept] == [2, 1]


async def test_rows_somebody_altered_are_not_in_force(gb: Node, al: Node, dsn: str) -> None:
    one = await agreed(gb, al, draft())
    with psycopg.connect(dsn) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM agreement_signature")
    with psycopg.connect(dsn) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE agreement_version SET said = jsonb_set(said, '{keep_days}', '9999')"
        )
    assert await gb.in_force() == []
    assert await al.in_force() == [one]


async def test_what_cannot_be_posted_is_not_signed(gb: Node) -> None:
    """Signature, deed, use of the approval and message stand or fall together."""
    one = draft()
    signing = await gb.approved(one)
    broken = replace(
        gb.agreeing, outbox=Posted("GB", TufDirectory(gb.directory.pool, None, PostgresTrail()))
    )

    with pytest.raises(DirectoryError):
        await broken.sign(one, signing)
    assert (await gb.steps(), list(await gb.agreements.of_this_node())) == ([], [])
    await gb.agreeing.sign(one, signing)


async def test_a_newer_directory_is_taken_and_told_to_the_others_once(gb: Node) -> None:
    takes = DirectoryTakes("GB", gb.directory, gb.posted)
    second = signed_by(changed(FIRST, Change(removed=["ME"]), NOW), [A["AL"], A["MK"], A["XK"]])
    message = Message(
        message_id=uuid.uuid4(), sender="AL", to="GB", kind=Kind.DIRECTORY,
        conversation=uuid.uuid4(), seq=1, previous="", created_at=NOW, said=second.said(),
    )  # fmt: skip
    for _ in range(2):
        async with gb.directory.pool.connection() as connection:
            await takes.take(connection, message, NOW)
    assert await gb.directory.version() == 2
    assert [one.to for one in gb.posted.messages] == ["MK", "XK"]
    async with gb.directory.pool.connection() as connection:
        with pytest.raises(RefusedMessageError) as refused:
            await takes.take(connection, replace(message, said=FIRST.said()), NOW)
    assert refused.value.code == "rollback"


def test_every_field_and_term_is_in_the_docs() -> None:
    page = (Path(__file__).parents[2] / "docs" / "exchange-agreements.md").read_text()
    for category, names in FIELDS.items():
        part = page.split(f"### {category}\n")[1].split("###")[0]
        assert all(f"| `{name}` | {said} |" in part for name, said in names.items())
    assert all(name in page for name in draft().said())


some_text = st.text(min_size=1, max_size=20)
days = st.integers(-1, 40_000)


@st.composite
def drafts(draw: st.DrawFn) -> Agreement:
    """Whatever somebody may draft, fit or not."""
    category = draw(st.sampled_from(Category))
    begins = NOW + timedelta(days=draw(st.integers(-5, 5)))
    names = st.sampled_from([*sorted(FIELDS[category]), "shoe_size"])
    return draft(
        category=category, fields=frozenset(draw(st.sets(names, max_size=4))),
        purposes=frozenset(draw(st.sets(st.sampled_from(PurposeCode), max_size=2))),
        legal_basis=draw(some_text), valid_from=begins,
        valid_to=begins + timedelta(days=draw(st.integers(1, 9))),
        keep_days=draw(st.integers(1, 40_000)), max_age_days=draw(days), officer_cap=draw(days),
        node_cap=draw(days), camera_groups=frozenset(draw(st.sets(some_text, max_size=2))),
    )  # fmt: skip


def tells(agreement: Agreement, at: datetime) -> Told:
    purpose = min(agreement.purposes)
    why = Why(agreement_id=agreement.agreement_id, purpose=purpose, case_number="1",
              justification="for a test", officer="GB:0123456789abcdef")  # fmt: skip
    group = min(agreement.camera_groups, default="")
    fields = dict.fromkeys(agreement.fields, "x")
    return Told(
        sender="GB", to="AL", kind=TELLS[agreement.category], why=why, at=at,
        items=[Item(fields=fields, at=at, camera_group=group)] if group else [],
    )  # fmt: skip


@given(drafts(), st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_drafted_allows_nothing_before_both_signed(
    one: Agreement, data: st.DataObject
) -> None:
    """What may be drafted is the same after the wire, allows nothing with one signature, and with
    both what it says while its time runs; with its end signed by one, nothing."""
    try:
        refuse_unfit(one)
    except RefusedAgreementError:
        return
    assert known_fields(one.category) >= one.fields
    assert agreement_of(one.said()) == one
    at = NOW + timedelta(days=data.draw(st.integers(-6, 16)))
    keys = {name: [A[name].signing.public] for name in ("GB", "AL")}
    hands = {name: A[name].signing.sign(one.said()) for name in ("GB", "AL")}
    for signatures in ({}, {"GB": hands["GB"]}, {"AL": hands["AL"]}, {"AL": hands["GB"]}):
        assert denial(in_force_of([Signed(one, signatures)], keys, at), tells(one, at)) is not None
    both = Signed(one, hands)
    allowed = denial(in_force_of([both], keys, at), tells(one, at)) is None
    assert allowed == (one.valid_from <= at < one.valid_to)
    end = replace(one, version=2, ended=True)
    ended = Signed(end, {"AL": A["AL"].signing.sign(end.said())})
    assert in_force_of([ended, both], keys, at) is None
    unsigned = Signed(end, {"AL": hands["AL"]})
    assert (in_force_of([unsigned, both], keys, at) is None) == (not allowed)


def test_telling_others_with_consent_is_drafted_no_more_and_may_still_be_read_and_ended() -> None:
    one = draft(onward=Onward.WITH_CONSENT)
    with pytest.raises(RefusedAgreementError, match="onward"):
        refuse_unfit(one)
    assert agreement_of(one.said()) == one
    refuse_unfit(replace(one, version=2, ended=True))
    assert "It is told to others never." in preview(one).words()
