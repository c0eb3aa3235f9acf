"""Whether an agreement allows a message, held against a table written by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morina.accountability import PurposeCode
from morina.exchange import (
    Agreement,
    Because,
    Category,
    Item,
    Kind,
    Told,
    Used,
    Why,
    denial,
)

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
ID = UUID(int=7)

# kind: category, who may send it (g: giver, r: receiver), whether it counts against the caps,
# whether its fields are held against the agreement
ORACLE = {
    "hotlist.part": ("hotlist", "g", False, True),
    "hotlist.delta": ("hotlist", "g", False, True),
    "sighting": ("sighting", "g", False, True),
    "query": ("vehicle", "r", True, False),
    "answer": ("vehicle", "g", False, True),
    "follow_up.request": ("follow_up", "r", True, False),
    "follow_up.acknowledge": ("follow_up", "g", False, True),
    "follow_up.clarify": ("follow_up", "g", False, True),
    "follow_up.clarified": ("follow_up", "r", False, False),
    "follow_up.grant": ("follow_up", "g", False, True),
    "operation.item": ("operation", "g", False, True),
}
NODES = ("AL", "GB", "XK")
GROUPS = ("north", "south")
NAMES = ("plate", "country", "note", "place")


def oracle(agreement: Agreement, told: Told, used: Used) -> bool:
    """Whether it is allowed, said without a word of the product's."""
    category, side, counted, held = ORACLE[told.kind.value]
    both = (agreement.giver, agreement.receiver)
    way = both if side == "g" else (both[1], both[0])
    whole = "*" in agreement.camera_groups
    sighting = category == "sighting"
    dated = category in ("hotlist", "sighting", "follow_up") and side == "g"
    good = [
        not agreement.ended,
        agreement.valid_from <= told.at,
        told.at < agreement.valid_to,
        category == agreement.category.value,
        (told.sender, told.to) == way,
        told.why.purpose in agreement.purposes,
        not counted or used.by_officer < agreement.officer_cap,
        not counted or used.by_node < agreement.node_cap,
    ]
    for item in told.items:
        good.append(not held or all(name in agreement.fields for name in item.fields))
        if agreement.max_age_days:
            when = told.made_at if category == "hotlist" and told.made_at else told.at
            least = when.timestamp() - 86_400 * agreement.max_age_days
            good.append(item.at.timestamp() >= least if item.at else not dated)
        grouped = item.camera_group in agreement.camera_groups
        seen = category == "follow_up" and side == "g" and "place" in item.fields
        good.append(whole or grouped or (item.camera_group == "" and not sighting and not seen))
    return all(good)


some_time = st.integers(-10 * 24, 10 * 24).map(lambda hours: NOW + timedelta(hours=hours))
cap = st.integers(0, 2)


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    giver, receiver = draw(st.permutations(NODES))[:2]
    begins = draw(some_time)
    return Agreement(
        agreement_id=ID, version=1, giver=giver, receiver=receiver,
        category=draw(st.sampled_from(Category)),
        purposes=frozenset(draw(st.sets(st.sampled_from(list(PurposeCode)[:3])))),
        fields=frozenset(draw(st.sets(st.sampled_from(NAMES)))),
        legal_basis="an act", valid_from=begins,
        valid_to=begins + timedelta(hours=draw(st.integers(1, 480))), keep_days=3,
        max_age_days=draw(st.integers(0, 3)),
        camera_groups=frozenset(draw(st.sets(st.sampled_from((*GROUPS, "*"))))),
        officer_cap=draw(cap), node_cap=draw(cap), ended=draw(st.integers(0, 9)) == 0,
    )  # fmt: skip


@st.composite
def items(draw: st.DrawFn) -> Item:
    return Item(
        fields=dict.fromkeys(draw(st.sets(st.sampled_from(NAMES))), "x"),
        at=draw(st.none() | some_time),
        camera_group=draw(st.sampled_from((*GROUPS, ""))),
    )


@st.composite
def messages(draw: st.DrawFn, agreement: Agreement) -> Told:
    """Messages near the agreement, so that many are allowed and many fail for one reason."""
    kinds = [name for name, row in ORACLE.items() if row[0] == agreement.category.value]
    near = draw(st.integers(0, 4)) > 0
    kind = draw(st.sampled_from(kinds if near else list(ORACLE)))
    way = (agreement.giver, agreement.receiver)
    sender, to = way if ORACLE[kind][1] == "g" else way[::-1]
    if not near:
        sender, to = draw(st.permutations(NODES))[:2]
    purposes = sorted(agreement.purposes) if near and agreement.purposes else list(PurposeCode)[:3]
    why = Why(agreement_id=ID, purpose=draw(st.sampled_from(purposes)), case_number="1",
              justification="for a test", officer="GB:0123456789abcdef")  # fmt: skip
    told = draw(st.lists(items(), max_size=2))
    return Told(sender=sender, to=to, kind=Kind(kind), why=why, items=told,
                at=draw(some_time), made_at=draw(st.none() | some_time))  # fmt: skip


@given(st.data())
@settings(max_examples=1500, deadline=None)
def test_it_allows_what_the_table_allows_and_nothing_else(data: st.DataObject) -> None:
    agreement = data.draw(agreements())
    told = data.draw(messages(agreement))
    used = data.draw(st.builds(Used, cap, cap))
    assert (denial(agreement, told, used) is None) == oracle(agreement, told, used)


def test_every_kind_that_tells_data_is_in_the_table() -> None:
    beside = {"refused", "checkpoint", "agreement", "directory", "operation.withdraw",
              "hotlist.withdraw", "sighting.correction", "follow_up.refuse"}  # fmt: skip
    assert {kind.value for kind in Kind} == ORACLE.keys() | beside


GOOD = Agreement(
    agreement_id=uuid4(), version=1, giver="AL", receiver="GB", category=Category.SIGHTING,
    purposes=frozenset({PurposeCode.CRIME}), fields=frozenset({"plate"}), legal_basis="an act",
    valid_from=NOW, valid_to=NOW + timedelta(days=9), keep_days=3, max_age_days=1,
    camera_groups=frozenset({"north"}),
)  # fmt: skip
TOLD = Told(
    sender="AL", to="GB", kind=Kind.SIGHTING, at=NOW,
    why=Why(agreement_id=GOOD.agreement_id, purpose=PurposeCode.CRIME, case_number="1",
            justification="for a test", officer="AL:0123456789abcdef"),
    items=[Item(fields={"plate": "AA 001 BB"}, at=NOW, camera_group="north")],
)  # fmt: skip


def test_the_good_one_is_allowed() -> None:
    assert denial(GOOD, TOLD) is None


@pytest.mark.parametrize(
    ("agreement", "told", "because"),
    [
        (None, TOLD, Because.NO_AGREEMENT),
        (replace(GOOD, ended=True), TOLD, Because.NOT_IN_FORCE),
        (GOOD, replace(TOLD, at=GOOD.valid_to), Because.NOT_IN_FORCE),
        (GOOD, replace(TOLD, at=NOW - timedelta(microseconds=1)), Because.NOT_IN_FORCE),
        (GOOD, replace(TOLD, sender="GB", to="AL"), Because.PARTIES),
        (GOOD, replace(TOLD, to="XK"), Because.PARTIES),
        (GOOD, replace(TOLD, kind=Kind.ANSWER), Because.CATEGORY),
        (replace(GOOD, purposes=frozenset()), TOLD, Because.PURPOSE),
        (replace(GOOD, fields=frozenset()), TOLD, Because.FIELD),
        (GOOD, replace(TOLD, items=[replace(TOLD.items[0], at=NOW - timedelta(days=2))]),
         Because.AGE),
        (GOOD, replace(TOLD, items=[replace(TOLD.items[0], at=None)]), Because.AGE),
        (GOOD, replace(TOLD, items=[replace(TOLD.items[0], camera_group="")]),
         Because.CAMERA_GROUP),
        (GOOD, replace(TOLD, items=[*TOLD.items, replace(TOLD.items[0], camera_group="south")]),
         Because.CAMERA_GROUP),
    ],
)  # fmt: skip
def test_a_denial_says_why(agreement: Agreement | None, told: Told, because: Because) -> None:
    denied = denial(agreement, told)
    assert denied is not None
    assert denied.because is because
    assert len(denied.said.split()) > 3
