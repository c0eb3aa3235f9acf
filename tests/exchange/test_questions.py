"""Questions to partners and what they answer, between two nodes with their own databases."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from asking_nodes import TOLD, Pair, asking_agreement, asking_pair, purpose, to_ask
from invented import NOW
from morina.accountability import PurposeCode, RefusedPurposeError
from morina.accountability.approvals import ApprovalNeededError
from morina.accountability.clearing import NotClearedError
from morina.exchange import Draft, Item, Kind, NotAgreedError, Why
from morina.exchange.listing_fields import may_know
from morina.exchange.questions import (
    Became,
    NoSuchPartnerQuestionError,
    Question,
    Result,
    State,
)
from morina.exchange.register import Named, RegisteredVehicle
from morina.plates import Plate
from morina.watch import ReasonCode

PLATE = Plate.of("AA111BB", "AL")
NAMED = Named(plate=PLATE)
GOLF = RegisteredVehicle({
    "plate": "AA111BB", "register_country": "AL", "vin": "WVWZZZ1KZAW000001",
    "make": "Volkswagen", "model": "Golf", "colour": "silver", "status": "registered",
    "holder_name": "A. Invented",
})  # fmt: skip
SKODA = RegisteredVehicle({**GOLF.fields, "make": "Skoda", "model": "Fabia", "colour": "red"})


@pytest.fixture
async def pair(engines: Any) -> AsyncIterator[Pair]:
    async with asking_pair(engines.postgres) as made:
        yield made


async def test_a_listed_vehicle_is_a_hit_with_what_the_agreement_tells(pair: Pair) -> None:
    await pair.al.list_vehicle(PLATE)
    one = await pair.asked(NAMED)
    assert one.answer is not None and one.answer.result is Result.HIT
    assert one.answer.found == (
        {"category": "stolen", "reference": "AL-77", "action": "stop",
         "issued_at": (NOW - timedelta(days=5)).isoformat()},
    )  # fmt: skip
    assert one.answer.took_ms == 250 and one.state(NOW) is State.ANSWERED


async def test_a_registered_vehicle_is_told_without_its_holder(pair: Pair) -> None:
    pair.al.register.vehicles.append(GOLF)
    one = await pair.asked(NAMED)
    assert one.answer is not None and one.answer.result is Result.HIT
    [told] = one.answer.found or ()
    assert told["category"] == "registered" and told["colour"] == "silver"
    assert "A. Invented" not in json.dumps([m.said for m in await pair.al.node.posted()])
    assert not [
        m for m in await pair.al.node.posted() for i in m.items if "holder_name" in i.fields
    ]


async def test_of_several_vehicles_only_the_refine_set_is_told(pair: Pair) -> None:
    pair.al.register.vehicles += [GOLF, SKODA]
    one = await pair.asked(NAMED)
    assert one.answer is not None and one.answer.found is not None
    assert [set(told) for told in one.answer.found] == [{"category", "plate", "make", "model"}] * 2


async def test_an_agreement_without_fields_of_the_register_tells_no_registration(
    pair: Pair,
) -> None:
    pair.agreements.known[:] = [asking_agreement(fields=frozenset({"category", "reference"}))]
    pair.al.register.vehicles.append(GOLF)
    one = await pair.asked(NAMED)
    assert one.answer is not None and one.answer.result is Result.NO_HIT


async def test_a_vin_finds_the_listing_of_its_plate(pair: Pair) -> None:
    pair.al.register.vehicles.append(GOLF)
    await pair.al.list_vehicle(PLATE, reason_code=ReasonCode.CLONED_PLATE)
    one = await pair.asked(Named.of(vin="WVWZZZ1KZAW000001"))
    assert one.answer is not None and one.answer.found is not None
    assert {told["category"] for told in one.answer.found} == {"plate_reported_false", "registered"}


@pytest.mark.parametrize("fields", [{"share_scope": "XK, ME"}, {"valid_from": NOW - timedelta(60)}])
async def test_what_may_not_be_told_looks_like_no_hit_byte_for_byte(
    pair: Pair, fields: dict[str, object]
) -> None:
    pair.agreements.known[:] = [asking_agreement(max_age_days=30)]
    nothing = await pair.asked(NAMED)
    await pair.al.list_vehicle(PLATE, **fields)
    held_back = await pair.asked(NAMED)
    assert nothing.answer is not None and held_back.answer is not None
    assert held_back.answer.result is nothing.answer.result is Result.NO_HIT
    first, second = await pair.al.node.posted()
    assert (first.said, first.items) == (second.said, second.items)
    assert pair.al.register.asked == 2
    sample = await pair.al.answers.sample("dpo", open_only=True)
    assert sorted(one.held_back for one in sample) == [False, True]


@pytest.mark.parametrize(("scope", "told"), [
    ("", True), ("gb", True), ("XK GB", True), ("ALL", True), ("*", True), ("XK", False),
    ("nobody but GB", False), ("GB-COAST", False),
])  # fmt: skip
async def test_a_share_scope_is_read_in_answers_as_in_shared_lists(
    pair: Pair, scope: str, told: bool
) -> None:
    await pair.al.list_vehicle(PLATE, share_scope=scope)
    one = await pair.asked(NAMED)
    assert one.answer is not None
    assert (one.answer.result is Result.HIT) is told is may_know(scope, "GB")


async def test_a_refusal_is_told_where_the_agreement_says_so(pair: Pair) -> None:
    pair.agreements.known[:] = [asking_agreement(tells_refusal=True)]
    await pair.al.list_vehicle(PLATE, share_scope="XK")
    one = await pair.asked(NAMED)
    assert one.answer is not None and one.answer.result is Result.REFUSED
    assert one.answer.found == ()


async def test_answers_fill_whole_blocks_whether_hit_or_not(pair: Pair) -> None:
    await pair.asked(NAMED)
    pair.al.register.vehicles.append(GOLF)
    await pair.asked(NAMED)
    sizes = {
        len(json.dumps([{"result": m.said["result"]}, [dict(i.fields) for i in m.items]]))
        + len(m.said["fill"]) for m in await pair.al.node.posted()
    }  # fmt: skip
    assert sizes == {2048}


async def test_a_plate_of_another_country_is_no_hit_and_of_none_undecidable(pair: Pair) -> None:
    await pair.al.list_vehicle(Plate.of("AA111BB", "ME"))
    one = await pair.asked(NAMED)
    assert one.answer is not None and one.answer.result is Result.NO_HIT
    await pair.al.list_vehicle(Plate.of("AA111BB"))
    one = await pair.asked(NAMED)
    assert one.answer is not None and one.answer.result is Result.UNDECIDABLE


async def test_a_silent_register_makes_it_undecidable_but_no_listing_unheard(pair: Pair) -> None:
    pair.al.register_falls_silent()
    one = await pair.asked(NAMED)
    assert one.answer is not None and one.answer.result is Result.UNDECIDABLE
    await pair.al.list_vehicle(PLATE)
    one = await pair.asked(NAMED)
    assert one.answer is not None and one.answer.result is Result.HIT


async def test_a_partners_entry_is_never_told_as_own(pair: Pair) -> None:
    await pair.al.list_vehicle(PLATE)
    async with pair.al.node.pool.connection() as connection:
        await connection.execute("UPDATE hotlist SET owner_node = 'ME'")
    one = await pair.asked(NAMED)
    assert one.answer is not None and one.answer.result is Result.NO_HIT


async def test_a_question_is_a_consultation_and_both_trails_name_it(pair: Pair) -> None:
    one = await pair.asked(NAMED)
    [written] = await pair.gb.questions.consultations.newest(officer="ian")
    assert written.number == one.number and "AL AA111BB, to AL" in written.question
    assert written.plates == ("AA111BB",)
    async with pair.al.node.pool.connection() as connection:
        rows = await connection.execute(
            "SELECT act, with_whom, why ->> 'case_number' FROM trail WHERE what -> 'ids' ? %s",
            (str(one.question_id),),
        )
        assert await rows.fetchall() == [("consultation", "GB", "C-2026-7")]


async def test_what_no_agreement_allows_is_not_asked_and_that_is_written_down(pair: Pair) -> None:
    with pytest.raises(NotAgreedError, match="AL: terrorism is not among its purposes"):
        await pair.gb.questions.ask(to_ask(NAMED, purpose=purpose(code=PurposeCode.TERRORISM)), NOW)
    with pytest.raises(NotAgreedError, match="lets this node ask ME"):
        await pair.gb.questions.ask(to_ask(NAMED, partners=("AL", "ME")), NOW)
    assert await pair.gb.node.posted() == []
    assert await pair.gb.questions.newest("ian") == []


async def test_a_vague_justification_is_refused(pair: Pair) -> None:
    with pytest.raises(RefusedPurposeError, match="justification"):
        asked = to_ask(NAMED, purpose=purpose(justification="police police police police"))
        await pair.gb.questions.ask(asked, NOW)


async def test_an_old_state_of_the_register_needs_the_tier_of_its_age(pair: Pair) -> None:
    old = NOW - timedelta(days=200)
    with pytest.raises(NotClearedError, match="analyst"):
        await pair.gb.questions.ask(to_ask(NAMED, at=old), NOW)
    serious = purpose(officer="ana", code=PurposeCode.SERIOUS_CRIME)
    pair.agreements.known[:] = [asking_agreement(purposes=frozenset(PurposeCode))]
    with pytest.raises(ApprovalNeededError):
        await pair.gb.questions.ask(to_ask(NAMED, at=old, purpose=serious), NOW)


async def test_only_who_asked_sees_the_answer(pair: Pair) -> None:
    one = await pair.asked(NAMED)
    with pytest.raises(NoSuchPartnerQuestionError):
        await pair.gb.questions.question(one.question_id, "ana")
    assert await pair.gb.questions.newest("ana") == []


async def test_answers_are_forgotten_when_the_agreement_says(pair: Pair) -> None:
    await pair.al.list_vehicle(PLATE)
    one = await pair.asked(NAMED)
    assert await pair.gb.questions.forget(NOW + timedelta(days=29)) == 0
    assert await pair.gb.questions.forget(NOW + timedelta(days=30)) == 1
    kept = await pair.gb.questions.question(one.question_id, "ian")
    assert kept.answer is not None and kept.answer.found is None
    assert kept.answer.result is Result.HIT
    async with pair.gb.node.pool.connection() as connection:
        rows = await connection.execute("SELECT what -> 'ids' FROM trail WHERE act = 'erasure'")
        assert await rows.fetchall() == [([str(one.question_id)],)]


@pytest.mark.parametrize(
    "fields",
    [
        {"plate": "AA*", "country": "AL"},
        {"plate": "AA111BB"},
        {"plate": "AA111BB", "country": "AL", "vin": "WVWZZZ1KZAW000001"},
        {"plate": "AA111BB", "country": "AL", "holder_name": "A. Invented"},
        {"vin": "WVWZZZ1KZAW00000"},
    ],
)
async def test_a_node_that_asks_for_more_than_one_full_plate_is_refused(
    pair: Pair, fields: dict[str, str]
) -> None:
    await pair.al.list_vehicle(PLATE)
    agreement = pair.agreements.known[0]
    why = Why(
        agreement_id=agreement.agreement_id, purpose=PurposeCode.STOLEN_VEHICLE,
        case_number="C-1", justification="forged by a node of its own", officer="GB:1",
    )  # fmt: skip
    draft = Draft(to="AL", kind=Kind.QUERY, said={}, items=(Item(fields=fields),), why=why)
    async with pair.gb.node.pool.connection() as connection:
        await pair.gb.node.outbox.post(connection, draft, NOW)
    await pair.talk()
    assert [one.code for one in pair.al.node.refused] == ["vehicle"]
    assert all(one.kind is Kind.REFUSED for one in await pair.al.node.posted())


async def test_an_answer_nobody_asked_for_or_given_twice_is_refused(pair: Pair) -> None:
    one = await pair.asked(NAMED)
    [answer] = [m for m in pair.gb.node.got if m.kind is Kind.ANSWER]
    await pair.gb.node.take(answer)
    assert [refused.code for refused in pair.gb.node.refused] == ["answered"]
    kept = await pair.gb.questions.question(one.question_id, "ian")
    assert kept.answer == one.answer


async def test_a_sampled_answer_is_reviewed_once_in_words(pair: Pair) -> None:
    one = await pair.asked(NAMED)
    [sampled] = await pair.al.answers.sample("dpo", open_only=True)
    assert sampled.named == NAMED and sampled.officer.startswith("GB:")
    with pytest.raises(ValueError, match="3 or more"):
        await pair.al.answers.review(one.question_id, "dpo", "fine", NOW)
    await pair.al.answers.review(one.question_id, "dpo", "it fits its case", NOW)
    with pytest.raises(LookupError):
        await pair.al.answers.review(one.question_id, "dpo", "it fits its case", NOW)
    assert await pair.al.answers.sample("dpo", open_only=True) == []


def test_a_question_says_how_far_it_is() -> None:
    fields = {
        "question_id": asking_agreement().agreement_id, "number": 1, "partner": "AL",
        "agreement_id": asking_agreement().agreement_id, "named": NAMED, "purpose": purpose(),
        "asked_at": NOW, "forget_at": NOW,
    }  # fmt: skip
    waits = Question(**fields)
    assert waits.state(NOW) is State.ASKED
    assert waits.state(NOW + timedelta(seconds=11)) is State.LATE
    assert Question(**fields, became=Became(NOW)).state(NOW) is State.RECEIVED
    assert Question(**fields, became=Became(NOW, "no")).state(NOW) is State.TURNED_DOWN


def test_fields_of_answers_are_those_agreements_name() -> None:
    from morina.exchange.fields import known_fields
    from morina.exchange.kinds import Category
    from morina.exchange.register import PERSONS
    from morina.exchange.register import TOLD as OF_REGISTER

    assert known_fields(Category.VEHICLE) >= TOLD
    assert known_fields(Category.VEHICLE) >= OF_REGISTER
    assert known_fields(Category.FOLLOW_UP) >= PERSONS
