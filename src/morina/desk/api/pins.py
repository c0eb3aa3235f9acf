"""Reads that a case needs longer than they are kept."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from morina.accountability import Asked, Purpose
from morina.accountability.clearing import noted
from morina.desk.api.asked import PurposeIn
from morina.desk.api.kept import Kept, plate_of
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import Day, Instant, Named, Sent
from morina.desk.entering import Done, entered, written
from morina.desk.problems import ProblemError
from morina.desk.services import Forgotten, Services
from morina.records import Period
from morina.records.leave import Cleared
from morina.records.pin_leave import PinLeave, cleared_to_look, cleared_to_pin
from morina.records.pins import CaseOfPins, Pin, Pinned, RefusedPinError, Wanted

routes = APIRouter(prefix="/records", tags=["retention"], route_class=Route)


class PinIn(Sent):
    """Which reads of one plate are kept for the case of the purpose, and until when at least."""

    purpose: PurposeIn
    plate: Named = Field(examples=["AB12CDE"])
    begins_at: Instant
    ends_at: Instant
    read_ids: frozenset[UUID] = Field(default=frozenset(), max_length=10_000)
    review_at: Day | None = Field(default=None, description="left out: as the settings say")
    approval_id: UUID | None = None


class PinnedIn(Sent):
    """Look at pinned reads of a plate, or of the purpose's own case where none is named."""

    purpose: PurposeIn
    plate: Named | None = None
    approval_id: UUID | None = None


class UnpinIn(Sent):
    """The purpose's case needs its reads no longer: all, or those of one plate."""

    purpose: PurposeIn
    plate: Named | None = None


class ReviewIn(Sent):
    """Somebody looked: the reads of the purpose's case are needed until that day."""

    purpose: PurposeIn
    review_at: Day


class CountOut(BaseModel):
    """How many reads it concerned."""

    reads: int

    @classmethod
    def of(cls, done: Done) -> "CountOut":
        """As done."""
        return cls(reads=done.reads or 0)


@routes.post("/pins", status_code=201, summary="Keep reads for a case")
async def pin(sent: PinIn, desk: Desk, kept: Kept, officer: Officer) -> CountOut:
    """Keep reads of a plate beyond their time, with their pictures, until they are unpinned.

    Whoever may ask for reads of that age may pin them; 409 where a second person has to agree.
    """
    purpose, now = sent.purpose.purpose(officer.name), datetime.now(UTC)
    wanted, made = _wanted(sent), _pin(sent, purpose, kept, now)
    words = f"reads of {wanted.plate} of {_days(wanted.period)} pinned to the case"
    leave = await _leave(desk, purpose, words, sent.approval_id)
    clearance = desk.search.asking.rules.clearance
    under = await cleared_to_pin(clearance, leave, wanted, now)
    asked = _asked(leave, under, {wanted.plate}, act="alteration")
    async with entered(desk, asked) as done:
        await clearance.shown(done.number, officer.name, {wanted.plate})
        done.reads = await kept.pins.pin(wanted, made)
    return CountOut.of(done)


@routes.post("/pins/removal", summary="A case needs its reads no longer")
async def unpin(sent: UnpinIn, desk: Desk, kept: Kept, officer: Officer) -> CountOut:
    """Reads past their time are gone with that; their pictures within days."""
    purpose, plate = sent.purpose.purpose(officer.name), plate_of(sent.plate) if sent.plate else ""
    words = "reads pinned to the case are let go"
    async with written(desk, purpose, words, {plate} - {""}, act="alteration") as done:
        done.reads = await kept.pins.unpin(purpose.case_number, plate)
    return CountOut.of(done)


@routes.post("/pins/review", summary="A case still needs its reads")
async def review(sent: ReviewIn, desk: Desk, kept: Kept, officer: Officer) -> CountOut:
    """Put the next review off to a day to come."""
    purpose = sent.purpose.purpose(officer.name)
    if sent.review_at <= datetime.now(UTC).date():
        mend = "choose a day to come"
        raise ProblemError(422, "review_at is over", place="review_at", mend=mend)
    words = f"reads pinned to the case are kept until a review on {sent.review_at}"
    async with written(desk, purpose, words, act="alteration") as done:
        done.reads = await kept.pins.review(purpose.case_number, sent.review_at)
    return CountOut.of(done)


@routes.get("/pins", summary="Cases that keep reads")
async def cases(kept: Kept, _officer: Officer, until: Day | None = None) -> list[CaseOfPins]:
    """The next review first; with ``until`` those to be reviewed by that day. No plate is shown."""
    return await kept.pins.cases(until)


@routes.post("/pinned", summary="Look at pinned reads")
async def pinned(sent: PinnedIn, desk: Desk, kept: Kept, officer: Officer) -> list[Pinned]:
    """Those of a plate, or of the purpose's case; written down as any other look.

    403 where they are too old for this person and purpose, 409 where a second person has to agree.
    """
    purpose, plate = sent.purpose.purpose(officer.name), plate_of(sent.plate) if sent.plate else ""
    words = f"pinned reads of {plate}" if plate else "the reads pinned to the case"
    leave = await _leave(desk, purpose, words, sent.approval_id)
    pins, clearance = kept.pins, desk.search.asking.rules.clearance
    found = await (pins.of_plate(plate) if plate else pins.of_case(purpose.case_number))
    under = await cleared_to_look(clearance, leave, found, datetime.now(UTC))
    plates = {one.read.plate.text for one in found if one.read.plate} | ({plate} - {""})
    async with entered(desk, _asked(leave, under, {plate} - {""})) as done:
        await clearance.shown(done.number, officer.name, plates)
        done.reads = len(found)
    return found


async def _leave(
    desk: Services, purpose: Purpose, words: str, approval_id: UUID | None
) -> PinLeave:
    unchecked = await desk.search.asking.rules.clearance.check(purpose)
    return PinLeave(
        purpose=purpose, words=noted(words, unchecked), unchecked=unchecked,
        approval_id=approval_id,
    )  # fmt: skip


def _asked(leave: PinLeave, under: Cleared, plates: set[str], act: str = "consultation") -> Asked:
    return Asked(
        at=datetime.now(UTC), purpose=leave.purpose, question=leave.words, plates=tuple(plates),
        act=act, approval_id=under.approval_id, approval_digest=under.digest,
    )  # fmt: skip


def _wanted(sent: PinIn) -> Wanted:
    plate = plate_of(sent.plate)
    try:
        period = Period(sent.begins_at.astimezone(UTC), sent.ends_at.astimezone(UTC))
        return Wanted(plate=plate, period=period, read_ids=sent.read_ids)
    except ValueError as error:
        raise _unpinnable(error) from None


def _pin(sent: PinIn, purpose: Purpose, kept: Forgotten, now: datetime) -> Pin:
    try:
        return Pin(
            case_number=purpose.case_number, by=purpose.officer, at=now,
            review_at=sent.review_at or now.date() + timedelta(days=kept.review_days),
            reason=purpose.justification,
        )  # fmt: skip
    except RefusedPinError as error:
        raise _unpinnable(error) from None


def _unpinnable(error: ValueError) -> ProblemError:
    return ProblemError(422, str(error), place="pin", mend="send what is named")


def _days(period: Period) -> str:
    return f"{period.begins_at:%Y-%m-%d %H:%M} to {period.ends_at:%Y-%m-%d %H:%M} UTC"
