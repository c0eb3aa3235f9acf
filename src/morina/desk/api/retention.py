"""What is kept for how long: policies, statements of erasure, pinned reads, one plate erased."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from morina.accountability import Asked, Outcome, Purpose
from morina.desk.api.asked import PurposeIn
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import Day, Instant, Named
from morina.desk.problems import ProblemError
from morina.desk.services import Forgotten, Services
from morina.plates import NotAPlateError, plate_text
from morina.records import Period
from morina.records.erasing import Erased, NoSuchErasureError, RefusedErasureError, Request
from morina.records.pins import CaseOfPins, Pin, Pinned, RefusedPinError, Wanted
from morina.records.statements import Statement

routes = APIRouter(prefix="/records", tags=["retention"], route_class=Route)

QUICK_S = 20.0


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PinIn(_Sent):
    """Which reads of one plate are kept for the case of the purpose, and until when at least."""

    purpose: PurposeIn
    plate: Named = Field(examples=["AB12CDE"])
    begins_at: Instant
    ends_at: Instant
    read_ids: frozenset[UUID] = Field(default=frozenset(), max_length=10_000)
    review_at: Day | None = Field(default=None, description="left out: as the settings say")


class PinnedIn(_Sent):
    """Look at pinned reads of a plate, or of the purpose's own case where none is named."""

    purpose: PurposeIn
    plate: Named | None = None


class UnpinIn(_Sent):
    """The purpose's case needs its reads no longer: all, or those of one plate."""

    purpose: PurposeIn
    plate: Named | None = None


class ReviewIn(_Sent):
    """Somebody looked: the reads of the purpose's case are needed until that day."""

    purpose: PurposeIn
    review_at: Day


class ErasureIn(_Sent):
    """One plate to be erased. Only the plate itself may name it: all else stays."""

    purpose: PurposeIn
    plate: Named
    reference: Named = Field(examples=["ER-2026-3"], description="of the request")


class PoliciesOut(BaseModel):
    """How long reads are kept, what is kept now, and when the next are due."""

    policies: dict[str, Any]
    remains: dict[str, Any]
    due_next: date | None
    newest_statement: int | None
    newest_sha256: str


class StatementOut(BaseModel):
    """One statement of erasure; ``file`` is what is signed and chained, as kept."""

    number: int
    sha256: str
    said: dict[str, Any]
    file: str

    @classmethod
    def of(cls, one: Statement) -> "StatementOut":
        """As kept."""
        return cls(number=one.number, sha256=one.sha256, said=one.said, file=one.raw.decode())


class CountOut(BaseModel):
    """How many reads it concerned."""

    reads: int


class ErasureOut(BaseModel):
    """``erased`` is null while files are still being removed: ask again for the id."""

    erasure_id: UUID
    erased: dict[str, Any] | None

    @classmethod
    def of(cls, erasure_id: UUID, erased: Erased | None) -> "ErasureOut":
        """As far as it is."""
        if erased is None:
            return cls(erasure_id=erasure_id, erased=None)
        names = [name for name in Erased.__slots__ if name != "statement"]
        said = {name: getattr(erased, name) for name in names}
        said |= {"all_gone": erased.all_gone, "statement": erased.statement.number}
        return cls(erasure_id=erasure_id, erased=said)


def _forgotten(desk: Desk) -> Forgotten:
    if desk.forgotten is None:
        raise ProblemError(503, "this node keeps no records", place="node", mend="ask another")
    return desk.forgotten


Kept = Annotated[Forgotten, Depends(_forgotten)]


@routes.get("/retention", summary="How long reads are kept")
async def retention(kept: Kept, _officer: Officer) -> PoliciesOut:
    """The policies, and the counter of what there is."""
    statements, now = kept.statements.all(), datetime.now(UTC)
    remains = await kept.forgetting.remains(now.date())
    rules = kept.policies
    due = await kept.forgetting.records.next_due()
    return PoliciesOut(
        policies={
            "days": rules.days, "alert_days": rules.alert_days, "lists": dict(rules.lists),
            "groups": [
                {"name": one.name, "owner": one.owner, "policy": one.policy, "days": one.days,
                 "cameras": sorted(one.cameras), "sites": sorted(one.sites),
                 "match_and_forget": one.match_and_forget}
                for one in rules.groups
            ],
        },
        remains=remains,
        due_next=due,
        newest_statement=statements[-1].number if statements else None,
        newest_sha256=statements[-1].sha256 if statements else "",
    )  # fmt: skip


@routes.get("/statements", summary="Statements of erasure")
async def statements(
    kept: Kept, _officer: Officer, after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[StatementOut]:  # fmt: skip
    """Oldest first, those numbered above ``after``."""
    found = [one for one in kept.statements.all() if one.number > after]
    return [StatementOut.of(one) for one in found[:limit]]


@routes.post("/pins", status_code=201, summary="Keep reads for a case")
async def pin(sent: PinIn, desk: Desk, kept: Kept, officer: Officer) -> CountOut:
    """Keep reads of a plate beyond their time, with their pictures, until they are unpinned."""
    purpose, now = sent.purpose.purpose(officer.name), datetime.now(UTC)
    plate = _plate(sent.plate)
    try:
        period = Period(sent.begins_at.astimezone(UTC), sent.ends_at.astimezone(UTC))
        wanted = Wanted(plate=plate, period=period, read_ids=sent.read_ids)
        made = Pin(
            case_number=purpose.case_number, by=officer.name, at=now,
            review_at=sent.review_at or now.date() + timedelta(days=kept.review_days),
            reason=purpose.justification,
        )  # fmt: skip
    except (RefusedPinError, ValueError) as error:
        raise ProblemError(422, str(error), place="pin", mend="send what is named") from None
    async with _written(
        desk, purpose, f"reads of {plate} pinned to the case", plate, act="alteration"
    ) as done:
        done["reads"] = await kept.pins.pin(wanted, made)
    return CountOut(**done)


@routes.post("/pins/removal", summary="A case needs its reads no longer")
async def unpin(sent: UnpinIn, desk: Desk, kept: Kept, officer: Officer) -> CountOut:
    """Reads past their time are gone with that; their pictures within days."""
    purpose, plate = sent.purpose.purpose(officer.name), _plate(sent.plate) if sent.plate else ""
    words = "reads pinned to the case are let go"
    async with _written(desk, purpose, words, plate, act="alteration") as done:
        done["reads"] = await kept.pins.unpin(purpose.case_number, plate)
    return CountOut(**done)


@routes.post("/pins/review", summary="A case still needs its reads")
async def review(sent: ReviewIn, desk: Desk, kept: Kept, officer: Officer) -> CountOut:
    """Put the next review off to a day to come."""
    purpose = sent.purpose.purpose(officer.name)
    if sent.review_at <= datetime.now(UTC).date():
        mend = "choose a day to come"
        raise ProblemError(422, "review_at is over", place="review_at", mend=mend)
    words = f"reads pinned to the case are kept until a review on {sent.review_at}"
    async with _written(desk, purpose, words, act="alteration") as done:
        done["reads"] = await kept.pins.review(purpose.case_number, sent.review_at)
    return CountOut(**done)


@routes.get("/pins", summary="Cases that keep reads")
async def cases(kept: Kept, _officer: Officer, until: Day | None = None) -> list[CaseOfPins]:
    """The next review first; with ``until`` those to be reviewed by that day. No plate is shown."""
    return await kept.pins.cases(until)


@routes.post("/pinned", summary="Look at pinned reads")
async def pinned(sent: PinnedIn, desk: Desk, kept: Kept, officer: Officer) -> list[Pinned]:
    """Those of a plate, or of the purpose's case; written down as any other look."""
    purpose, plate = sent.purpose.purpose(officer.name), _plate(sent.plate) if sent.plate else ""
    words = f"pinned reads of {plate}" if plate else "the reads pinned to the case"
    async with _written(desk, purpose, words, plate) as done:
        found = (
            await kept.pins.of_plate(plate)
            if plate
            else await kept.pins.of_case(purpose.case_number)
        )
        done["reads"] = len(found)
    return found


@routes.post("/erasures", status_code=202, summary="Erase one plate")
async def erase(sent: ErasureIn, desk: Desk, kept: Kept, officer: Officer) -> ErasureOut:
    """Reads, passages, texts, pictures and decided alerts of the very text; look-alikes stay.

    Gone for every question at once, from the disk within minutes.
    """
    purpose, now = sent.purpose.purpose(officer.name), datetime.now(UTC)
    try:
        request = Request(
            plate=_plate(sent.plate), by=officer.name, reference=sent.reference,
            reason=purpose.justification,
        )  # fmt: skip
    except RefusedErasureError as error:
        raise ProblemError(422, str(error), place="reference", mend="leave it out") from None
    words = f"erasure of one plate, request {sent.reference}"
    async with _written(desk, purpose, words, act="erasure") as done:
        erasure_id = kept.erasures.begin(request, now)
        erased = await kept.erasures.done(erasure_id, QUICK_S)
        done["reads"] = erased.reads if erased else 0
    return ErasureOut.of(erasure_id, erased)


@routes.get("/erasures/{erasure_id}", summary="How far an erasure is")
async def erasure(erasure_id: UUID, kept: Kept, _officer: Officer) -> ErasureOut:
    """What was removed and what stays, once all files are gone."""
    try:
        return ErasureOut.of(erasure_id, await kept.erasures.done(erasure_id, QUICK_S))
    except NoSuchErasureError as error:
        mend = "look among the statements"
        raise ProblemError(404, str(error), place="erasure_id", mend=mend) from None


@asynccontextmanager
async def _written(
    desk: Services, purpose: Purpose, words: str, plate: str = "", act: str = "consultation"
) -> AsyncIterator[dict[str, int]]:
    """Write down what is about to be done and what became of it, ``reads`` of what is yielded."""
    log = desk.search.asking.consultations
    plates = (plate,) if plate else ()
    now = datetime.now(UTC)
    asked = Asked(at=now, purpose=purpose, question=words, plates=plates, act=act)
    number = await log.begin(asked)
    done: dict[str, int] = {}
    try:
        yield done
    finally:
        failed = "" if "reads" in done else "it failed"
        outcome = Outcome(at=datetime.now(UTC), shown=done.get("reads"), failed=failed)
        await log.end(number, outcome)


def _plate(text: str) -> str:
    try:
        return plate_text(text)
    except NotAPlateError as error:
        raise ProblemError(422, str(error), place="plate", mend="send a plate") from None
