"""Questions are judged before they are written down and run: age, patterns, words, barred codes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from psycopg_pool import AsyncConnectionPool

from asked import PATIENT_S, NothingCounted, Where, nothing_kept, purpose
from case_system import case_system
from guards import MARKS, ROLES, clearing_of, four_eyes_of, overseer_of, roles_from
from morina.accountability import Purpose, PurposeCode, RefusedPurposeError
from morina.accountability.adapters.http_cases import HttpCases
from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.approvals import (
    Approval,
    ApprovalNeededError,
    RefusedApprovalError,
    Verdict,
)
from morina.accountability.clearing import NotClearedError, PurposeRules
from morina.accountability.watched import Watch, Watched
from morina.plates import Plate
from morina.records import Period
from morina.records.asking import Asking, Rules, Stage, State
from morina.records.both_places import Area, BothPlaces
from morina.records.clone_search import FindImpossible
from morina.records.convoy import Convoy
from morina.records.coverage import Coverages, Usuals
from morina.records.finding import FindPassages, FindTexts
from morina.records.habits import FindHabits
from morina.records.journeys import FindJourneys
from morina.records.kept_questions import NotReadableError, asked_in, heard, request_of, said
from morina.records.kinds import AnyKind, Kind, Question, RefusedQuestionError
from morina.records.leave import Leave
from morina.records.place import Place, Spot, Strip
from morina.records.placing import PlacedCameras
from morina.records.questions import Answer, Coverage, Hours, Looks, Scope
from morina.records.retention import Retention
from morina.records.running import Running
from morina.records.texts import AnyText, Exact, LookAlikes, Near, Partial, Unread, Wildcard
from morina.records.weighing import facts_of, plates_in
from morina.sense.cameras.adapters.postgres import PostgresCameras

NOW = datetime.now(UTC)
SERIOUS = replace(purpose(), code=PurposeCode.SERIOUS_CRIME)


def scope(days: float = 1, *, place: bool = False) -> Scope:
    cameras = frozenset({"north-1"}) if place else None
    return Scope(period=Period(NOW - timedelta(days=days), NOW), cameras=cameras)


@dataclass
class World:
    """Asks real kinds of questions; what was run is in ``run``."""

    pool: AsyncConnectionPool
    roles: dict[str, object] = field(default_factory=lambda: dict(ROLES))
    rules: PurposeRules = field(default_factory=PurposeRules)
    found: tuple[object, ...] = ("one",)
    run: list[tuple[Question, int]] = field(default_factory=list)
    cases: HttpCases | None = None

    async def answer(self, asked: Question, running: Running) -> Answer[object]:
        self.run.append((asked, running.limits.rows))
        coverage = Coverage(asked=asked.scope.period, covered=asked.scope.period)
        return Answer(found=self.found, coverage=coverage, more="2")

    def asking(self) -> Asking:
        kinds: list[AnyKind] = [
            Kind("passages", FindPassages, object, self.answer),
            Kind("where", Where, object, self.answer),
            Kind("convoy", Convoy, object, self.answer, pattern=True),
        ]
        roles = roles_from(self.roles)  # type: ignore[arg-type]
        clearing = clearing_of(self.pool, self.rules, roles, cases=self.cases)
        coverages = Coverages(NothingCounted(), lambda: Usuals({}, ZoneInfo("UTC")), nothing_kept)
        placing = PlacedCameras(PostgresCameras(self.pool, PostgresTrail()), Retention())
        log = PostgresConsultations(self.pool)
        return Asking(kinds, log, coverages, Rules(clearance=clearing), placing)

    async def nothing_happened(self) -> bool:
        return not self.run and not await PostgresConsultations(self.pool).newest()


@pytest.fixture
async def world(pool: AsyncConnectionPool) -> AsyncIterator[World]:
    yield World(pool)


async def asked(
    world: World, question: Question, why: Purpose = SERIOUS, leave: Leave | None = None
) -> State:
    asking = world.asking()
    try:
        question_id = await asking.ask(why, question, leave or Leave())
        return await asking.settled(question_id, why.officer, PATIENT_S)
    finally:
        await asking.close()


async def approved(world: World, needed: ApprovalNeededError) -> Approval:
    four_eyes = four_eyes_of(world.pool)
    now = datetime.now(UTC)
    asked_for = await four_eyes.approvals.ask(needed.request, now)
    verdict = Verdict("sup", True, "the case needs it")
    return await four_eyes.decide(asked_for.approval_id, verdict, now)


async def test_a_recent_question_about_one_plate_goes_straight_through(world: World) -> None:
    state = await asked(world, Where(), replace(purpose("ian"), officer="ian"))
    assert (state.stage, len(world.run)) == (Stage.ANSWERED, 1)


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"justification": "ongoing police investigation matter"}, "justification", "could stand"),
        ({"case_number": "7"}, "case_number", "form"),
        ({"code": PurposeCode.OVERSIGHT}, "code", "barred"),
    ],
)
async def test_a_purpose_that_will_not_do_is_refused_before_anything(
    world: World, changed: dict[str, object], field: str, says: str
) -> None:
    barred = frozenset({PurposeCode.OVERSIGHT})
    world.rules = PurposeRules(case_format=r"C-\d+", barred=barred)
    with pytest.raises(RefusedPurposeError, match=says) as refused:
        await asked(world, Where(), replace(SERIOUS, **changed))  # type: ignore[arg-type]
    assert refused.value.field == field
    assert refused.value.mend
    assert await world.nothing_happened()
    await asked(world, Where())


async def test_vague_reasons_cannot_be_copied_from_case_to_case(world: World) -> None:
    await asked(world, Where())
    with pytest.raises(RefusedPurposeError, match="what you wrote for case C-7"):
        await asked(world, Where(), replace(SERIOUS, case_number="C-8"))
    await asked(world, Where(), replace(SERIOUS, case_number="C-8", officer="ian"))
    await asked(world, Where())
    assert len(world.run) == 3


async def test_a_case_no_case_system_knows_is_refused(world: World) -> None:
    class Cases:
        async def exists(self, case_number: str) -> bool:
            return case_number == "C-7"

    asking = world.asking()
    clearing = replace(clearing_of(world.pool), cases=Cases())
    asking.rules = Rules(clearance=clearing)
    with pytest.raises(RefusedPurposeError, match="no case of this authority"):
        await asking.ask(replace(SERIOUS, case_number="C-8"), Where())
    await asking.ask(SERIOUS, Where())
    await asking.close()


async def test_who_has_no_role_to_ask_is_refused(world: World) -> None:
    for officer in ("sup", "dpo", "gone"):
        with pytest.raises(NotClearedError, match="analyst, investigator"):
            await asked(world, Where(), replace(SERIOUS, officer=officer))
    assert await world.nothing_happened()


async def test_old_reads_need_the_role_the_matter_and_a_second_person(world: World) -> None:
    old = Where(scope=scope(100))
    with pytest.raises(NotClearedError, match="are for: analyst"):
        await asked(world, old, replace(SERIOUS, officer="ian"))
    with pytest.raises(NotClearedError, match="are not for crime"):
        await asked(world, old, replace(SERIOUS, code=PurposeCode.CRIME))
    with pytest.raises(ApprovalNeededError, match="ask for the last 90 days") as needed:
        await asked(world, old)
    assert await world.nothing_happened()
    approval = await approved(world, needed.value)
    leave = Leave(approval_id=approval.approval_id)
    with pytest.raises(RefusedApprovalError, match="another request"):
        await asked(world, replace(old, plate="AB12CDE"), SERIOUS, leave)
    with pytest.raises(RefusedApprovalError, match="another request"):
        await asked(world, old, replace(SERIOUS, case_number="C-8",
                    justification="another lorry seen by the harbour"), leave)  # fmt: skip
    assert await world.nothing_happened()
    assert (await asked(world, old, SERIOUS, leave)).stage is Stage.ANSWERED
    with pytest.raises(RefusedApprovalError, match="was used"):
        await asked(world, old, SERIOUS, leave)
    assert len(world.run) == 1


async def test_more_of_an_approved_answer_needs_no_further_approval(world: World) -> None:
    old = Where(scope=scope(100))
    with pytest.raises(ApprovalNeededError) as needed:
        await asked(world, old)
    approval = await approved(world, needed.value)
    asking = world.asking()
    first = await asking.ask(SERIOUS, old, Leave(approval_id=approval.approval_id))
    await asking.settled(first, "ana", PATIENT_S)
    more = await asking.more(first, "ana")
    assert (await asking.settled(more, "ana", PATIENT_S)).stage is Stage.ANSWERED
    await asking.close()


async def test_a_pattern_needs_a_place_and_shows_no_more_than_the_cap(world: World) -> None:
    with pytest.raises(NotClearedError, match="need a stated place"):
        await asked(world, Convoy(plate="AA123BC", scope=scope()))
    convoy = Convoy(plate="AA123BC", scope=scope(place=True))
    with pytest.raises(ApprovalNeededError) as needed:
        await asked(world, convoy)
    assert "north-1" in needed.value.request.words
    assert await world.nothing_happened()
    approval = await approved(world, needed.value)
    state = await asked(world, convoy, SERIOUS, Leave(approval_id=approval.approval_id))
    assert world.run[0][1] == 200
    assert state.answer and not state.answer.more
    assert state.answer.notes == (
        "no more than 200 are shown of such a question; ask for a smaller place or a shorter time",
    )


async def test_nobody_asks_beyond_a_year(world: World) -> None:
    world.rules = PurposeRules()
    asking = world.asking()
    asking.rules = replace(asking.rules, days_back=3000)
    with pytest.raises(NotClearedError, match="too long ago for anybody"):
        await asking.ask(SERIOUS, Where(scope=scope(400)))
    await asking.close()
    assert await world.nothing_happened()


async def test_what_the_node_wrote_itself_is_judged_by_role_and_code_only(world: World) -> None:
    listed = replace(SERIOUS, case_number="listing 7", justification="work work work")
    with pytest.raises(RefusedPurposeError):
        await asked(world, Where(), listed)
    assert (await asked(world, Where(), listed, Leave(by_hand=False))).stage is Stage.ANSWERED
    with pytest.raises(NotClearedError):
        await asked(world, Where(), replace(listed, officer="sup"), Leave(by_hand=False))


async def test_a_case_that_is_none_is_refused_before_anything(world: World) -> None:
    with case_system() as server:
        server.cases = {f"/api/cases/{SERIOUS.case_number}"}
        world.cases = HttpCases(template=server.template, within_s=PATIENT_S)
        with pytest.raises(RefusedPurposeError, match="no case of this authority") as refused:
            await asked(world, Where(), replace(SERIOUS, case_number="C-0"))
        assert refused.value.field == "case_number"
        assert await world.nothing_happened()
        await asked(world, Where())
    [kept] = await PostgresConsultations(world.pool).newest()
    assert kept.question == Where().words()


async def test_a_silent_case_system_stops_nobody_and_is_written_down(world: World) -> None:
    with case_system() as server:
        server.status = 500
        world.cases = HttpCases(template=server.template, within_s=PATIENT_S)
        asking = world.asking()
        first = await asking.ask(SERIOUS, Where())
        assert (await asking.settled(first, "ana", PATIENT_S)).stage is Stage.ANSWERED
        await asking.settled(await asking.more(first, "ana"), "ana", PATIENT_S)
        await asking.close()
        with pytest.raises(ApprovalNeededError) as needed:
            await asked(world, Where(scope=scope(200)))
    kept = await PostgresConsultations(world.pool).newest()
    assert [one.question for one in kept] == [f"{Where().words()} (case not checked)"] * 2
    assert needed.value.request.words.endswith("(case not checked)")


async def test_a_sensitive_plate_among_the_findings_is_noticed_before_it_is_shown(
    world: World,
) -> None:
    overseer = overseer_of(world.pool)
    listed = Watched(
        watch=Watch.SENSITIVE, mark=MARKS.of("AB12CDE"), note="press", by="sup", at=NOW
    )
    await overseer.watched.put(listed)
    world.found = ("one", Plate("AB12CDE", "GB"))
    state = await asked(world, Where())
    assert state.stage is Stage.ANSWERED and state.answer and not state.answer.notes
    [notice] = await overseer.oversight.alarms(by="sup", open_only=True)
    assert (notice.alarm.officer, notice.alarm.numbers) == ("ana", (state.number,))


PASSAGES = Kind("passages", FindPassages, object, World.answer)  # type: ignore[arg-type]
CONVOY = Kind("convoy", Convoy, object, World.answer, pattern=True)  # type: ignore[arg-type]
IS_PATTERN = [
    (PASSAGES, FindPassages(scope=scope(30), text=Exact("AA123BC")), False),
    (PASSAGES, FindPassages(scope=scope(30), text=Wildcard("AA12*")), False),
    (PASSAGES, FindPassages(scope=scope(30), text=Wildcard("AA*")), True),
    (PASSAGES, FindPassages(scope=scope(1), text=AnyText()), True),
    (PASSAGES, FindPassages(scope=scope(1, place=True), text=AnyText()), False),
    (PASSAGES, FindPassages(scope=scope(2, place=True), text=AnyText()), True),
    (CONVOY, Convoy(plate="AA123BC", scope=scope(1, place=True)), True),
    (CONVOY, FindImpossible(scope=scope(1, place=True), plate=""), True),
]


@pytest.mark.parametrize(("kind", "question", "is_pattern"), IS_PATTERN)
def test_what_counts_as_a_pattern(
    kind: Kind[Question, object], question: Question, is_pattern: bool
) -> None:
    assert facts_of(kind, question, NOW).is_pattern is is_pattern


def test_the_oldest_moment_counts() -> None:
    areas = tuple(
        Area(name, frozenset({name}), Period(NOW - timedelta(days=days), NOW))
        for name, days in (("a", 1), ("b", 100))
    )
    facts = facts_of(PASSAGES, BothPlaces(areas=areas), NOW)
    assert (round(facts.age_days), facts.has_place) == (100, True)


def test_plates_are_found_wherever_they_are_in_an_answer() -> None:
    found = ({"x"}, [Plate("AB12CDE", "GB")], Where(plate="AA123BC"), "text", None, 7)
    assert set(plates_in(found)) == {"AB12CDE", "AA123BC"}


WHOLE = replace(
    scope(),
    cameras=frozenset({"a", "b"}),
    hours=Hours(zone=ZoneInfo("Europe/Tirane"), begins=time(22, 30), weekdays=frozenset({0, 6})),
    looks=Looks(make="Fiat"),
    country="AL",
    place=Place(corridor=Strip((Spot(42.0, 20.1), Spot(42.25, 20.5)), 250.0)),
)
PLACED = replace(scope(), place=Place(sites=frozenset({"Bridge", "Mill"})))
AREAS = (Area("A", frozenset({"a"}), scope().period),
         Area("B", frozenset(), scope().period, Place(groups=frozenset({"coast"}))))  # fmt: skip
QUESTIONS: list[Question] = [
    *(FindPassages(scope=WHOLE, text=text) for text in (
        Exact("AA123BC"), LookAlikes("AA123BC"), Near("AA123BC"), Wildcard("AA?2*"), AnyText(),
        Unread(), Partial("123", 7))),
    FindTexts(scope=PLACED, text=Near("AA123BC"), after="x"),
    FindHabits(scope=PLACED, text=Exact("AA123BC"), zone=ZoneInfo("Europe/Tirane")),
    FindImpossible(scope=PLACED),
    FindJourneys(scope=PLACED, plate="AA123BC"),
    Convoy(plate="AA123BC", scope=WHOLE, chance_too=True),
    BothPlaces(areas=AREAS, apart=timedelta(minutes=90), in_order=True),
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: type(one).__name__)
async def test_every_question_comes_back_whole_from_its_approval(
    pool: AsyncConnectionPool, question: Question
) -> None:
    request = request_of(SERIOUS, question, "a second person")
    kept = await four_eyes_of(pool).approvals.ask(request, NOW)
    again = await four_eyes_of(pool).approvals.approval(kept.approval_id)
    assert again.request.digest == request.digest
    assert asked_in(again.request) == (SERIOUS, question)


def test_other_json_is_no_question() -> None:
    for broken in ({"is": "Eval", "of": "1"}, {"is": "Scope", "odd": 1}, {"is": "zone", "of": "X"}):
        with pytest.raises(NotReadableError, match="ask anew"):
            heard(broken)
    with pytest.raises(TypeError):
        said(object())
    with pytest.raises((NotReadableError, RefusedQuestionError)):
        heard(said(Where()))
