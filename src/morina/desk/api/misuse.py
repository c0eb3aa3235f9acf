"""Overseeing the use: alarms of misuse, sampled questions, plates that are watched over."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from morina.accountability.misuse import Rule
from morina.accountability.overseeing import Finding, Fits, Raised, Review, Sampled
from morina.accountability.watched import Watch, Watched, told_to
from morina.desk.api.asked import ConsultationOut
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import Line, Named, Sent
from morina.desk.guarded import guard_of
from morina.desk.problems import ProblemError
from morina.plates import NotAPlateError, plate_text

routes = APIRouter(prefix="/oversight", tags=["oversight"], route_class=Route)

OpenOnly = Annotated[bool, Query(description="only those nobody reviewed")]
Limit = Annotated[int, Query(ge=1, le=1000)]


class AlarmReviewIn(Sent):
    """What came of an alarm, and why you say so."""

    found: Finding
    words: Line = Field(examples=["asked for a case the officer leads"])


class SampleReviewIn(Sent):
    """Whether purpose, justification and question fit each other, and why you say so."""

    found: Fits
    words: Line = Field(examples=["the case is about this vehicle"])


class WatchIn(Sent):
    """A plate to be watched over; ``officer`` is whose household, and only then named. ``note``
    says why it is on the list and not which it is."""

    watch: Watch
    plate: Named = Field(examples=["AB12CDE"])
    officer: Line = ""
    note: Named = Field(examples=["vehicle of the press"])


class ReviewOut(BaseModel):
    """Who reviewed it, and what they found."""

    by: str
    at: datetime
    found: str
    words: str

    @classmethod
    def of(cls, one: Review | None) -> "ReviewOut | None":
        """None while nobody did."""
        return cls(by=one.by, at=one.at, found=one.found, words=one.words) if one else None


class AlarmOut(BaseModel):
    """An alarm, a question and never a finding: ``said`` explains it, ``consultations`` are the
    numbers of the questions it rests on."""

    alarm_id: UUID
    rule: Rule
    officer: str
    said: str
    at: datetime
    consultations: tuple[int, ...]
    review: ReviewOut | None

    @classmethod
    def of(cls, one: Raised) -> "AlarmOut":
        """As it stands."""
        alarm = one.alarm
        return cls(
            alarm_id=one.alarm_id, rule=alarm.rule, officer=alarm.officer, said=alarm.said,
            at=alarm.at, consultations=alarm.numbers, review=ReviewOut.of(one.review),
        )  # fmt: skip


class SampledOut(BaseModel):
    """A question drawn for review."""

    consultation: ConsultationOut
    review: ReviewOut | None

    @classmethod
    def of(cls, one: Sampled) -> "SampledOut":
        """As it stands."""
        return cls(
            consultation=ConsultationOut.of(one.consultation), review=ReviewOut.of(one.review)
        )


class WatchedOut(BaseModel):
    """A plate that is watched over, as ``mark``: nobody can read the plate from it."""

    watch: Watch
    mark: str
    officer: str
    note: str
    by: str
    at: datetime

    @classmethod
    def of(cls, one: Watched) -> "WatchedOut":
        """As kept."""
        return cls(watch=one.watch, mark=one.mark, officer=one.officer, note=one.note, by=one.by,
                   at=one.at)  # fmt: skip


@routes.get("/alarms", summary="Alarms of misuse")
async def alarms(
    desk: Desk, officer: Officer, open_only: OpenOnly = True, limit: Limit = 100
) -> list[AlarmOut]:
    """Newest first; none about yourself."""
    oversight = guard_of(desk).overseer.oversight
    found = await oversight.alarms(by=officer.name, open_only=open_only, limit=limit)
    return [AlarmOut.of(one) for one in found]


@routes.get("/alarms/{alarm_id}/consultations", summary="The questions behind an alarm")
async def behind(alarm_id: UUID, desk: Desk, officer: Officer) -> list[ConsultationOut]:
    """What was asked and why, newest first; that you read it is in the trail."""
    found = await guard_of(desk).overseer.oversight.behind(alarm_id, officer.name)
    return [ConsultationOut.of(one) for one in found]


@routes.post("/alarms/{alarm_id}/review", status_code=204, summary="Close an alarm of misuse")
async def close(alarm_id: UUID, sent: AlarmReviewIn, desk: Desk, officer: Officer) -> None:
    """Once, with a reason, and never one about yourself."""
    review = Review(officer.name, datetime.now(UTC), sent.found, sent.words)
    await guard_of(desk).overseer.oversight.close_alarm(alarm_id, review)


@routes.get("/sample", summary="Questions drawn for review")
async def sample(
    desk: Desk, officer: Officer, open_only: OpenOnly = True, limit: Limit = 100
) -> list[SampledOut]:
    """Newest first; drawn by the number alone, so that nobody chooses. That you read them is in
    the trail."""
    oversight = guard_of(desk).overseer.oversight
    found = await oversight.sample(by=officer.name, open_only=open_only, limit=limit)
    return [SampledOut.of(one) for one in found]


@routes.post("/sample/{number}/review", status_code=204, summary="Judge a sampled question")
async def judge(number: int, sent: SampleReviewIn, desk: Desk, officer: Officer) -> None:
    """Once, with a reason, and never one of your own."""
    if not 0 < number < 2**62:
        raise ProblemError(404, "no question has that number", place="number", mend="see the list")
    review = Review(officer.name, datetime.now(UTC), sent.found, sent.words)
    await guard_of(desk).overseer.oversight.judge(number, review)


@routes.get("/plates", summary="Plates that are watched over")
async def plates(desk: Desk, officer: Officer) -> list[WatchedOut]:
    """As marks with their notes: no plate is shown, and none is kept. Not your own household."""
    listed = await guard_of(desk).overseer.watched.all()
    return [WatchedOut.of(one) for one in told_to(officer.name, listed)]


@routes.post("/plates", status_code=201, summary="Watch over a plate")
async def watch(sent: WatchIn, desk: Desk, officer: Officer) -> WatchedOut:
    """Sensitive plates (own staff, diplomats, press), and those of an officer's household, who is
    another person than you."""
    overseer, plate = guard_of(desk).overseer, _plate(sent.plate)
    if plate in "".join(filter(str.isalnum, sent.note.upper())):
        raise ProblemError(422, "the plate is in the note", place="note", mend="leave it out")
    watched = Watched(
        watch=sent.watch, mark=overseer.marks.of(plate), officer=sent.officer.strip(),
        note=sent.note, by=officer.name, at=datetime.now(UTC),
    )  # fmt: skip
    await overseer.watched.put(watched)
    return WatchedOut.of(watched)


@routes.delete("/plates/{watch}/{mark}", status_code=204, summary="Watch over a plate no longer")
async def unwatch(
    watch: Watch, mark: str, desk: Desk, officer: Officer,
    of: Annotated[Line, Query(description="whose household")] = "",
) -> None:  # fmt: skip
    """By its mark, as GET lists it."""
    if not mark.isalnum() or not await guard_of(desk).overseer.watched.remove(
        watch, mark, of, officer.name
    ):
        raise ProblemError(404, "no such plate is watched over", place="mark", mend="see the list")


def _plate(text: str) -> str:
    try:
        return plate_text(text)
    except NotAPlateError as error:
        raise ProblemError(422, str(error), place="plate", mend="send a plate") from None
