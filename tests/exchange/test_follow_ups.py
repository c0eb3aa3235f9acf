"""Follow-ups between two nodes: nothing is told before two persons agree and an owner releases."""

import asyncio
import base64
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asking_nodes import NAME_TOLD, Pair, asking_pair, details_agreement, purpose, wanted
from invented import EVIDENCE, NOW
from morina.accountability.approvals import RefusedApprovalError
from morina.exchange import Because, Draft, Item, Kind, NotAgreedError, Why
from morina.exchange.follow_up_clocks import Hours, dues, escalations, in_order
from morina.exchange.follow_up_steps import (
    BY_NODE,
    OPEN,
    SENT_AS,
    TAKEN_AT,
    TRANSITIONS,
    after,
    allowed,
    diagram,
)
from morina.exchange.follow_ups import (
    Clock,
    FollowUp,
    Grant,
    Handling,
    NoSuchFollowUpError,
    RefusedBecause,
    RefusedFollowUpError,
    Side,
    Stage,
    Step,
    Urgency,
)
from morina.exchange.register import Named
from morina.exchange.sighting_messages import image_of
from seen_passages import JPEG

GRANT = Grant(
    fields={"holder_name": NAME_TOLD}, handling=Handling.POLICE_USE,
    forget_at=NOW + timedelta(days=9),
)  # fmt: skip
REQUEST = {"about": str(uuid.uuid4()), "urgency": "routine", "wanted": ["holder_name"]}


@pytest.fixture
async def pair(engines: Any) -> AsyncIterator[Pair]:
    async with asking_pair(engines.postgres) as made:
        yield made


async def kinds_sent(pair: Pair) -> list[str]:
    sent = [*await pair.gb.node.posted(), *await pair.al.node.posted()]
    return [one.kind.value for one in sent if one.kind.value.startswith("follow_up")]


async def granted(pair: Pair) -> FollowUp:
    one = await pair.standing()
    await pair.al.follow_ups.acknowledge(one.follow_up_id, "al.rel", NOW)
    await pair.al.follow_ups.grant(one.follow_up_id, "al.rel", GRANT, NOW)
    await pair.talk()
    return one


async def test_an_approved_follow_up_is_released_to_officers_of_the_case_only(pair: Pair) -> None:
    one = await granted(pair)
    for officer in ("ian", "ana"):
        seen = await pair.gb.follow_ups.follow_up(one.follow_up_id, officer, releases=False)
        assert seen.stage is Stage.GRANTED and seen.granted == GRANT
    approver = await pair.gb.follow_ups.follow_up(one.follow_up_id, "sup", releases=False)
    assert approver.granted is None and approver.approver == "sup"
    for stranger, releases in (("eve", False), ("gb.rel", True)):
        with pytest.raises(NoSuchFollowUpError):
            await pair.gb.follow_ups.follow_up(one.follow_up_id, stranger, releases=releases)
    own = await pair.al.follow_ups.follow_up(one.follow_up_id, "al.rel", releases=True)
    assert own.granted is None and own.did[-1].words == "holder_name"


PICTURED = replace(GRANT, fields=GRANT.fields | {"picture": True})


async def pictured(pair: Pair, **fields: object) -> FollowUp:
    """A follow-up to a sighting, where pictures are agreed, that AL looks into."""
    agreed = pair.agreements.known[-1]
    pair.agreements.change(agreed, fields=agreed.fields | {"picture"}, **fields)
    one = await pair.standing()
    await pair.al.saw("AA111BB", "GB", one.about)
    await pair.al.follow_ups.acknowledge(one.follow_up_id, "al.rel", NOW)
    return one


async def test_the_picture_told_of_is_released_by_one_word(pair: Pair) -> None:
    pair.al.images.kept[EVIDENCE.overview] = JPEG
    one = await pictured(pair, camera_groups=frozenset({"border"}))
    await pair.al.follow_ups.grant(one.follow_up_id, "al.rel", PICTURED, NOW)
    await pair.talk()
    seen = await pair.gb.follow_ups.follow_up(one.follow_up_id, "ana", releases=False)
    assert seen.granted and image_of(seen.granted.fields) == (JPEG, "image/jpeg")
    own = await pair.al.follow_ups.follow_up(one.follow_up_id, "al.rel", releases=True)
    assert own.granted is None and own.did[-1].words == "holder_name, picture"
    await pair.gb.follow_ups.look(NOW + timedelta(days=10))
    gone = await pair.gb.follow_ups.follow_up(one.follow_up_id, "ana", releases=False)
    assert gone.stage is Stage.FORGOTTEN and gone.granted is None


async def test_a_picture_of_cameras_that_are_not_agreed_stays(pair: Pair) -> None:
    pair.al.images.kept[EVIDENCE.overview] = JPEG
    one = await pictured(pair, camera_groups=frozenset({"town"}))
    with pytest.raises(NotAgreedError):
        await pair.al.follow_ups.grant(one.follow_up_id, "al.rel", PICTURED, NOW)
    posing = replace(PICTURED, camera_group="town")
    with pytest.raises(RefusedFollowUpError, match="of the cameras of border"):
        await pair.al.follow_ups.grant(one.follow_up_id, "al.rel", posing, NOW)


async def test_a_picture_that_is_not_kept_or_is_written_by_hand_is_refused(pair: Pair) -> None:
    one = await pictured(pair)
    with pytest.raises(RefusedFollowUpError, match="none of that passage is kept here"):
        await pair.al.follow_ups.grant(one.follow_up_id, "al.rel", PICTURED, NOW)
    by_hand = replace(PICTURED, fields={"picture": base64.b64encode(JPEG).decode()})
    with pytest.raises(RefusedFollowUpError, match="write true"):
        await pair.al.follow_ups.grant(one.follow_up_id, "al.rel", by_hand, NOW)
    without = replace(PICTURED, fields=PICTURED.fields | {"picture": False})
    await pair.al.follow_ups.grant(one.follow_up_id, "al.rel", without, NOW)
    await pair.talk()
    seen = await pair.gb.follow_ups.follow_up(one.follow_up_id, "ana", releases=False)
    assert seen.granted and seen.granted.fields == GRANT.fields


async def test_what_a_partner_releases_as_a_picture_is_one(pair: Pair) -> None:
    pair.al.images.kept[EVIDENCE.overview] = b"<svg onload=alert(1)>"
    one = await pictured(pair, camera_groups=frozenset({"border"}))
    await pair.al.follow_ups.grant(one.follow_up_id, "al.rel", PICTURED, NOW)
    await pair.talk()
    seen = await pair.gb.follow_ups.follow_up(one.follow_up_id, "ana", releases=False)
    assert seen.granted is None and seen.stage is not Stage.GRANTED


async def test_each_look_at_what_was_released_enters_the_trail(pair: Pair) -> None:
    one = await granted(pair)
    await pair.gb.follow_ups.follow_up(one.follow_up_id, "ana", releases=False)
    async with pair.gb.node.pool.connection() as connection:
        rows = await connection.execute(
            "SELECT who, what ->> 'step' FROM trail WHERE what -> 'ids' ? %s ORDER BY number",
            (str(one.follow_up_id),),
        )
        found = await rows.fetchall()
    assert found == [("ian", "written"), ("ian", "send"), ("ana", "released fields shown")]


async def test_nothing_is_sent_before_a_second_person_approves(pair: Pair) -> None:
    one = await pair.written()
    with pytest.raises(RefusedApprovalError, match="nobody decided"):
        await pair.gb.follow_ups.send(one.follow_up_id, "ian", NOW)
    await pair.approved(one, approved=False)
    with pytest.raises(RefusedApprovalError, match="it was refused"):
        await pair.gb.follow_ups.send(one.follow_up_id, "ian", NOW)
    assert await kinds_sent(pair) == []
    still = await pair.gb.follow_ups.follow_up(one.follow_up_id, "ian", releases=False)
    assert still.stage is Stage.WRITTEN


async def test_an_approval_serves_one_follow_up_and_one_officer(pair: Pair) -> None:
    one = await pair.written()
    other = await pair.gb.follow_ups.write(wanted(one.about, offence="fraud"), NOW)
    await pair.approved(one)
    with pytest.raises(RefusedApprovalError):
        await pair.gb.follow_ups.send(other.follow_up_id, "ian", NOW)
    with pytest.raises(NoSuchFollowUpError):
        await pair.gb.follow_ups.send(one.follow_up_id, "ana", NOW)
    await pair.gb.follow_ups.send(one.follow_up_id, "ian", NOW)
    with pytest.raises(RefusedFollowUpError, match="it is asked"):
        await pair.gb.follow_ups.send(one.follow_up_id, "ian", NOW)


async def test_both_sides_clarify_and_the_clock_goes_on(pair: Pair) -> None:
    one = await pair.standing()
    al, gb = pair.al.follow_ups, pair.gb.follow_ups
    await al.acknowledge(one.follow_up_id, "al.rel", NOW)
    await al.clarify(one.follow_up_id, "al.rel", "which day was it", NOW)
    await pair.talk()
    with pytest.raises(NoSuchFollowUpError):
        await gb.clarified(one.follow_up_id, "ana", "it was last Monday", NOW)
    await gb.clarified(one.follow_up_id, "ian", "it was last Monday", NOW)
    await pair.talk()
    seen = await al.follow_up(one.follow_up_id, "al.rel", releases=True)
    assert seen.stage is Stage.ACKNOWLEDGED
    assert [did.words for did in seen.did if did.words] == [
        "which day was it",
        "it was last Monday",
    ]


async def test_a_refusal_says_why_by_a_code_on_both_sides(pair: Pair) -> None:
    one = await pair.standing()
    await pair.al.follow_ups.acknowledge(one.follow_up_id, "al.rel", NOW)
    await pair.al.follow_ups.refuse(one.follow_up_id, "al.rel", RefusedBecause.COURT_NEEDED, NOW)
    await pair.talk()
    for side, officer in ((pair.gb, "ian"), (pair.al, "al.rel")):
        seen = await side.follow_ups.follow_up(one.follow_up_id, officer, releases=True)
        assert seen.stage is Stage.REFUSED and seen.refused is RefusedBecause.COURT_NEEDED


@pytest.mark.parametrize("stage", [Stage.ASKED, Stage.ACKNOWLEDGED, Stage.CLARIFYING])
async def test_it_is_refused_though_the_agreement_ended_meanwhile(pair: Pair, stage: Stage) -> None:
    one, al = await pair.standing(), pair.al.follow_ups
    if stage is not Stage.ASKED:
        await al.acknowledge(one.follow_up_id, "al.rel", NOW)
    if stage is Stage.CLARIFYING:
        await al.clarify(one.follow_up_id, "al.rel", "which day was it", NOW)
    await pair.talk()
    pair.agreements.known.clear()
    await al.refuse(one.follow_up_id, "al.rel", RefusedBecause.NOT_HELD, NOW)
    await pair.talk()
    for side, officer in ((pair.gb, "ian"), (pair.al, "al.rel")):
        seen = await side.follow_ups.follow_up(one.follow_up_id, officer, releases=True)
        assert seen.stage is Stage.REFUSED and seen.refused is RefusedBecause.NOT_HELD


async def test_only_agreed_fields_are_asked_for_and_released(pair: Pair) -> None:
    with pytest.raises(RefusedFollowUpError, match="wanted: owner_name is not agreed"):
        await pair.written(wanted=("owner_name",))
    one = await pair.standing()
    await pair.al.follow_ups.acknowledge(one.follow_up_id, "al.rel", NOW)
    for grant, place in (
        (Grant(fields={}, handling=GRANT.handling, forget_at=GRANT.forget_at), "fields"),
        (Grant(fields={"owner_name": "B"}, handling=GRANT.handling, forget_at=GRANT.forget_at),
         "fields"),
        (Grant(fields=GRANT.fields, handling=GRANT.handling, forget_at=NOW + timedelta(31)),
         "forget_at"),
    ):  # fmt: skip
        with pytest.raises(RefusedFollowUpError) as refused:
            await pair.al.follow_ups.grant(one.follow_up_id, "al.rel", grant, NOW)
        assert refused.value.place == place
    pair.agreements.known[1:] = []
    with pytest.raises(NotAgreedError, match="in force no more"):
        await pair.al.follow_ups.grant(one.follow_up_id, "al.rel", GRANT, NOW)


async def test_what_is_released_says_how_old_it_is_and_which_cameras_it_comes_from(
    pair: Pair,
) -> None:
    names = frozenset({"holder_name", "place"})
    changed = {"max_age_days": 5, "camera_groups": frozenset({"border"}), "fields": names}
    pair.agreements.known[1] = replace(pair.agreements.known[1], **changed)
    one = await pair.standing()
    await pair.al.follow_ups.acknowledge(one.follow_up_id, "al.rel", NOW)
    good = replace(GRANT, at=NOW - timedelta(days=4))
    seen = replace(good, fields={"place": "Bridge"}, camera_group="border")
    for grant, because in (
        (GRANT, Because.AGE),
        (replace(good, at=NOW - timedelta(days=6)), Because.AGE),
        (replace(seen, camera_group=""), Because.CAMERA_GROUP),
        (replace(seen, camera_group="town"), Because.CAMERA_GROUP),
    ):
        with pytest.raises(NotAgreedError) as refused:
            await pair.al.follow_ups.grant(one.follow_up_id, "al.rel", grant, NOW)
        assert refused.value.denial.because is because
    with pytest.raises(RefusedFollowUpError, match="at: "):
        ahead = replace(good, at=NOW + timedelta(days=1))
        await pair.al.follow_ups.grant(one.follow_up_id, "al.rel", ahead, NOW)
    await pair.al.follow_ups.grant(one.follow_up_id, "al.rel", seen, NOW)
    await pair.talk()
    got = await pair.gb.follow_ups.follow_up(one.follow_up_id, "ian", releases=False)
    assert got.granted is not None and got.granted.fields == {"place": "Bridge"}


async def test_what_was_released_is_forgotten_at_its_date(pair: Pair) -> None:
    one = await granted(pair)
    await pair.gb.follow_ups.look(GRANT.forget_at - timedelta(seconds=1))
    seen = await pair.gb.follow_ups.follow_up(one.follow_up_id, "ian", releases=False)
    assert seen.granted is not None
    await pair.gb.follow_ups.look(GRANT.forget_at)
    seen = await pair.gb.follow_ups.follow_up(one.follow_up_id, "ian", releases=False)
    assert seen.granted is None and seen.stage is Stage.FORGOTTEN
    async with pair.gb.node.pool.connection() as connection:
        rows = await connection.execute("SELECT what -> 'ids' FROM trail WHERE act = 'erasure'")
        assert await rows.fetchall() == [([str(one.follow_up_id)],)]
        left = await connection.execute(
            "SELECT count(*) FROM follow_up WHERE granted::text LIKE %s", (f"%{NAME_TOLD}%",)
        )
        assert await left.fetchone() == (0,)


async def test_a_supervisor_is_told_once_at_half_and_at_the_end_of_each_clock(pair: Pair) -> None:
    one = await pair.standing()
    look = pair.al.follow_ups.look
    assert await look(NOW + timedelta(minutes=29)) == []
    [half] = await look(NOW + timedelta(minutes=31))
    assert half.clock is Clock.ACKNOWLEDGE and not half.is_due
    assert await look(NOW + timedelta(minutes=32)) == []
    [due] = await look(NOW + timedelta(hours=2))
    assert due.clock is Clock.ACKNOWLEDGE and due.is_due
    await pair.al.follow_ups.acknowledge(one.follow_up_id, "al.rel", NOW)
    found = await look(NOW + timedelta(days=5))
    assert [(each.clock, each.is_due) for each in found] == [
        (Clock.ANSWER, False), (Clock.ANSWER, True),
    ]  # fmt: skip
    assert len(await pair.al.follow_ups.escalations()) == 4
    assert await pair.gb.follow_ups.look(NOW + timedelta(days=5)) == []


async def test_a_follow_up_rests_on_a_hit_that_partner_told(pair: Pair) -> None:
    nothing = await pair.asked(Named.of("ZZ999ZZ", "AL"))
    for about in (nothing.question_id, uuid.uuid4()):
        with pytest.raises(RefusedFollowUpError, match="about: AL told this node no hit"):
            await pair.gb.follow_ups.write(wanted(about), NOW)


async def test_a_thin_justification_is_refused(pair: Pair) -> None:
    with pytest.raises(RefusedFollowUpError, match="40 or more"):
        await pair.written(purpose=purpose(justification="grey van without any papers"))


def forged(pair: Pair, about: uuid.UUID, /, **fields: Any) -> Draft:
    """A request a node made by other software."""
    why = {"approver": "GB:2", "offence": "theft"} | fields.pop("why", {})
    return Draft(
        to="AL", kind=Kind.FOLLOW_UP_REQUEST, said=REQUEST | {"about": str(about)} | fields,
        items=(Item(fields={"plate": "AA111BB", "country": "AL"}),),
        why=Why(
            agreement_id=pair.agreements.known[1].agreement_id, purpose=purpose().code,
            case_number="C-1", justification="forged by other software", officer="GB:1", **why,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"why": {"approver": ""}}, "approver"),
        ({"why": {"approver": "GB:1"}}, "approver"),
        ({"about": str(uuid.uuid4())}, "about"),
        ({"about": "nonsense"}, "said"),
        ({"wanted": ["owner_name"]}, "wanted"),
        ({"urgency": "now"}, "said"),
    ],
)
async def test_a_request_without_a_hit_or_a_second_person_is_refused(
    pair: Pair, fields: dict[str, Any], code: str
) -> None:
    hit = await pair.written()
    async with pair.gb.node.pool.connection() as connection:
        await pair.gb.node.outbox.post(connection, forged(pair, hit.about, **fields), NOW)
    await pair.talk()
    assert [one.code for one in pair.al.node.refused] == [code]
    assert await pair.al.follow_ups.all_of("al.rel", releases=True) == []


async def test_a_partner_cannot_take_the_owners_steps(pair: Pair) -> None:
    one = await pair.standing()
    agreement = details_agreement(
        agreement_id=one.agreement_id, giver="GB", receiver="AL", version=2
    )
    pair.agreements.known[1:] = [agreement]
    why = forged(pair, one.about).why
    draft = Draft(to="AL", kind=Kind.FOLLOW_UP_GRANT, conversation=one.follow_up_id, why=why,
                  said={"handling": "police_use", "forget_at": NOW.isoformat()},
                  items=(Item(fields={"holder_name": "X"}),))  # fmt: skip
    async with pair.gb.node.pool.connection() as connection:
        await pair.gb.node.outbox.post(connection, draft, NOW)
    await pair.talk()
    assert [each.code for each in pair.al.node.refused] == ["unknown_follow_up"]
    seen = await pair.al.follow_ups.follow_up(one.follow_up_id, "al.rel", releases=True)
    assert seen.stage is Stage.ASKED


async def test_a_request_the_partners_node_does_not_take_ends_and_says_why(pair: Pair) -> None:
    one = await pair.written()
    await pair.approved(one)
    await pair.gb.follow_ups.send(one.follow_up_id, "ian", NOW)
    async with pair.al.node.pool.connection() as connection:
        await connection.execute("ALTER TABLE answer_given DISABLE TRIGGER USER")
        await connection.execute("DELETE FROM answer_given")
    await pair.talk()
    seen = await pair.gb.follow_ups.follow_up(one.follow_up_id, "ian", releases=False)
    assert seen.stage is Stage.TURNED_DOWN and not dues(seen, Hours())
    assert (seen.did[-1].by, seen.did[-1].step) == ("AL", Step.TURN_DOWN)
    assert "no such hit was told" in seen.did[-1].words


async def test_a_release_the_partners_node_does_not_take_is_open_again(pair: Pair) -> None:
    one = await pair.standing()
    al = pair.al.follow_ups
    await al.acknowledge(one.follow_up_id, "al.rel", NOW)
    await pair.talk()
    await al.grant(one.follow_up_id, "al.rel", GRANT, NOW)
    kept, pair.agreements.known[:] = list(pair.agreements.known), pair.agreements.known[:1]
    await pair.talk()
    seen = await al.follow_up(one.follow_up_id, "al.rel", releases=True)
    assert seen.stage is Stage.ACKNOWLEDGED and dues(seen, Hours())
    assert (seen.did[-1].by, seen.did[-1].step) == ("GB", Step.UNDO)
    pair.agreements.known[:] = kept
    await al.grant(one.follow_up_id, "al.rel", GRANT, NOW)
    await pair.talk()
    got = await pair.gb.follow_ups.follow_up(one.follow_up_id, "ian", releases=False)
    assert got.granted == GRANT


async def test_another_partners_refusal_and_a_late_one_change_nothing(pair: Pair) -> None:
    one = await granted(pair)
    said = {"code": "about", "said": "forged"}
    draft = Draft(to="AL", kind=Kind.REFUSED, said=said, conversation=one.follow_up_id)
    async with pair.al.node.pool.connection() as connection:
        asked = await pair.al.node.outbox.post(connection, replace(draft, to="GB"), NOW)
    for sender, node in (("XK", pair.gb.node), ("AL", pair.gb.node), ("XK", pair.al.node)):
        await node.take(replace(asked, sender=sender, to=node.here))
    seen = await pair.gb.follow_ups.follow_up(one.follow_up_id, "ian", releases=False)
    own = await pair.al.follow_ups.follow_up(one.follow_up_id, "al.rel", releases=True)
    assert seen.stage is own.stage is Stage.GRANTED and seen.granted == GRANT


async def test_two_officers_cannot_release_at_once(pair: Pair) -> None:
    one = await pair.standing()
    await pair.al.follow_ups.acknowledge(one.follow_up_id, "al.rel", NOW)
    done = await asyncio.gather(
        pair.al.follow_ups.grant(one.follow_up_id, "al.rel", GRANT, NOW),
        pair.al.follow_ups.refuse(one.follow_up_id, "al.two", RefusedBecause.DANGER, NOW),
        return_exceptions=True,
    )
    assert sum(isinstance(each, RefusedFollowUpError) for each in done) == 1
    assert len(await kinds_sent(pair)) == 3


steps = st.lists(st.tuples(st.sampled_from(list(Step)), st.sampled_from(list(Side))), max_size=12)


@given(steps)
def test_whatever_is_tried_nothing_is_told_before_sending_and_releasing(
    tried: list[tuple[Step, Side]],
) -> None:
    stage, took = Stage.WRITTEN, []
    for step, side in tried:
        try:
            stage = after(stage, step, side)
        except RefusedFollowUpError:
            continue
        took.append(step)
        assert TAKEN_AT[step] is side
    if Step.GRANT in took:
        assert took.index(Step.SEND) == 0 and Step.ACKNOWLEDGE in took[: took.index(Step.GRANT)]
    if stage is Stage.GRANTED:
        assert took[-1] is Step.GRANT
    assert set(took[:1]) <= {Step.SEND, Step.DROP}
    ends = [step for step in took if step in (Step.GRANT, Step.REFUSE)]
    assert len(ends) <= 1 + took.count(Step.UNDO)


def test_every_step_of_a_person_but_dropping_is_told_to_the_partner() -> None:
    assert set(Step) - set(SENT_AS) == {Step.DROP, *BY_NODE}
    assert {step for _, step in TRANSITIONS} == set(Step) == set(TAKEN_AT)
    assert all(allowed(stage, Side.ASKING) or allowed(stage, Side.OWNING) for stage in OPEN)


def test_the_diagram_in_the_docs_is_that_of_the_table() -> None:
    assert diagram() in Path("docs/exchange-questions.md").read_text()


def a_follow_up(asked_at: datetime, /, **fields: Any) -> FollowUp:
    usual: dict[str, Any] = {
        "follow_up_id": uuid.uuid4(), "side": Side.OWNING, "partner": "GB", "approver": "GB:2",
        "agreement_id": uuid.uuid4(), "about": uuid.uuid4(), "named": Named.of("AA111BB", "AL"),
        "requester": "GB:1", "why": {}, "offence": "theft", "urgency": Urgency.ROUTINE,
        "wanted": (), "officers": (), "stage": Stage.ASKED, "written_at": asked_at,
        "asked_at": asked_at,
    }  # fmt: skip
    return FollowUp(**(usual | fields))


@pytest.mark.parametrize(
    ("asked_at", "hours"),
    [
        (datetime(2026, 11, 2, 9, tzinfo=UTC), 48),  # a Monday
        (datetime(2026, 11, 5, 9, tzinfo=UTC), 72),  # a Thursday: to Saturday
        (datetime(2026, 11, 4, 23, 59, tzinfo=UTC), 48),  # a Wednesday: to Friday
        (datetime(2026, 11, 8, 23, tzinfo=UTC), 72),  # a Sunday
    ],
)
def test_a_weekend_gives_the_owner_longer(asked_at: datetime, hours: int) -> None:
    due = dues(a_follow_up(asked_at), Hours())
    assert due[Clock.ANSWER] - asked_at == timedelta(hours=hours)
    assert due[Clock.ACKNOWLEDGE] - asked_at == timedelta(hours=1)
    without = dues(a_follow_up(asked_at), Hours(weekend=0))
    assert without[Clock.ANSWER] - asked_at == timedelta(hours=48)


def test_no_clock_runs_before_it_is_asked_and_after_it_is_answered() -> None:
    for stage in (Stage.WRITTEN, Stage.GRANTED, Stage.REFUSED, Stage.FORGOTTEN):
        one = a_follow_up(NOW, stage=stage, asked_at=None if stage is Stage.WRITTEN else NOW)
        assert dues(one, Hours()) == {} and not escalations(one, Hours(), NOW + timedelta(9))


def test_what_is_due_first_stands_first_and_danger_to_life_before_all() -> None:
    old = a_follow_up(NOW - timedelta(hours=30), stage=Stage.ACKNOWLEDGED)
    new = a_follow_up(NOW)
    danger = a_follow_up(NOW, urgency=Urgency.DANGER_TO_LIFE)
    closed = a_follow_up(NOW - timedelta(days=9), stage=Stage.REFUSED)
    assert in_order([closed, old, new, danger], Hours(weekend=0)) == [danger, new, old, closed]
