"""Duties: breaches with their clock, requests of persons, what is due, papers to be shown."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from morina.accountability.duties import (
    Concern,
    Matter,
    NoSuchMatterError,
    RefusedMatterError,
    requests,
)
from morina.accountability.trail import acts_as
from morina.desk.api.duties_sent import (
    BreachIn,
    DueOut,
    DutiesOut,
    MatterOut,
    PaperName,
    PassageOut,
    PreparedOut,
    RecipientOut,
    RequestIn,
    StepIn,
)
from morina.desk.api.oversight import Seen
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.duties.answering import prepared, recipients
from morina.desk.duties.keeping import open_breach, open_request, step_of
from morina.desk.duties.papers import Paper
from morina.desk.duties.printed import PAPERS
from morina.desk.duties.reviews import due_by
from morina.desk.duties.standing import standing_of
from morina.desk.oversight import Oversight
from morina.desk.problems import ProblemError
from morina.records.running import StoppedError

routes = APIRouter(prefix="/duties", tags=["duties"], route_class=Route)


@routes.get("", summary="What is open and what is due")
async def duties(desk: Desk, seen: Seen, _officer: Officer) -> DutiesOut:
    """Breaches and requests not closed, with their clocks; reviews due within the days ahead."""
    until = datetime.now(UTC).date() + timedelta(days=seen.authority.review_ahead_days)
    opened = {
        concern: [
            MatterOut.of(one, seen)
            for one in await seen.matters.matters(concern)
            if not one.is_closed
        ]
        for concern in Concern
    }
    return DutiesOut(
        breaches=opened[Concern.BREACH], requests=opened[Concern.REQUEST],
        reviews=[
            DueOut(day=one.day, kind=one.kind, name=one.name, count=one.count)
            for one in await due_by(desk, seen.reviews, until)
        ],
    )  # fmt: skip


@routes.get("/breaches", summary="Breaches")
async def list_breaches(seen: Seen, _officer: Officer) -> list[MatterOut]:
    """Newest first, each with its clock (Directive (EU) 2016/680, article 30)."""
    return [MatterOut.of(one, seen) for one in await seen.matters.matters(Concern.BREACH)]


@routes.post("/breaches", status_code=201, summary="Record a breach")
async def add_breach(sent: BreachIn, seen: Seen, officer: Officer) -> MatterOut:
    """The clock runs from ``noticed_at``."""
    acts_as(officer.name)
    with _refusals():
        made = await open_breach(seen, sent.said, sent.noticed_at.astimezone(UTC), officer.name)
    return MatterOut.of(made, seen)


@routes.post("/breaches/{matter_id}/steps", summary="Take a step of a breach")
async def step_breach(
    matter_id: UUID, sent: StepIn, seen: Seen, officer: Officer
) -> MatterOut:  # fmt: skip
    """add, report, no_report, tell_persons, no_telling, close; none is changed afterwards."""
    return await _take(seen, Concern.BREACH, matter_id, (sent, officer.name))


@routes.get("/requests", summary="Requests of persons")
async def list_requests(seen: Seen, _officer: Officer) -> list[MatterOut]:
    """Newest first, each with its last day."""
    return [MatterOut.of(one, seen) for one in await seen.matters.matters(Concern.REQUEST)]


@routes.post("/requests", status_code=201, summary="Record a request of a person")
async def add_request(sent: RequestIn, seen: Seen, officer: Officer) -> MatterOut:
    """Access, rectification, erasure or restriction (articles 14 and 16)."""
    acts_as(officer.name)
    with _refusals():
        made = await open_request(seen, sent.said, sent.received_at.astimezone(UTC), officer.name)
    return MatterOut.of(made, seen)


@routes.post("/requests/{matter_id}/steps", summary="Take a step of a request")
async def step_request(
    matter_id: UUID, sent: StepIn, seen: Seen, officer: Officer
) -> MatterOut:  # fmt: skip
    """identity, search, rectify, restrict, notify, answer, close; none is changed afterwards."""
    return await _take(seen, Concern.REQUEST, matter_id, (sent, officer.name))


@routes.post("/requests/{matter_id}/search", summary="Prepare the answer to a request")
async def search_request(
    matter_id: UUID, desk: Desk, seen: Seen, officer: Officer
) -> PreparedOut:  # fmt: skip
    """Passages of its plate, looked for under the purpose of oversight and written down. Refused
    until it is recorded how the person's identity was checked."""
    acts_as(officer.name)
    request = await _matter(seen, Concern.REQUEST, matter_id)
    with _refusals():
        requests.step(request, "search", {"consultation": "0"}, officer.name, datetime.now(UTC))
    try:
        found = await prepared(desk, request, officer.name)
    except StoppedError:
        mend = "try again when the node is less busy"
        raise ProblemError(503, "it took too long", place="records", mend=mend) from None
    said = {"consultation": str(found.number), "passages": str(len(found.found))}
    with _refusals():
        await step_of(seen, request, ("search", said, len(request.steps)), officer.name)
    passages = [
        PassageOut(read_id=one.read.read_id, captured_at=one.read.captured_at,
                   camera_id=one.read.camera_id, text=one.text)
        for one in found.found
    ]  # fmt: skip
    return PreparedOut(consultation=found.number, more=found.more, passages=passages)


@routes.get("/requests/{matter_id}/recipients", summary="Who was given the plate's data")
async def request_recipients(
    matter_id: UUID, seen: Seen, desk: Desk, _officer: Officer
) -> list[RecipientOut]:
    """By the trail, and partners: those to be told of what was put right."""
    request = await _matter(seen, Concern.REQUEST, matter_id)
    found = await recipients(seen, request.said["plate"], desk.exchange)
    return [RecipientOut.model_validate(one, from_attributes=True) for one in found]


@routes.get("/papers/{name}", summary="A paper to be shown")
async def paper(name: PaperName, desk: Desk, seen: Seen, _officer: Officer) -> dict[str, Any]:
    """processing (article 24), assessment (27) or controls (29), each line with its source."""
    made: Paper = PAPERS[name](seen.authority, await standing_of(desk))
    return made.said()


class _Refusals:
    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _at: object) -> None:
        if isinstance(error, RefusedMatterError):
            raise ProblemError(422, str(error), place=error.field, mend=error.mend) from None


def _refusals() -> _Refusals:
    return _Refusals()


async def _matter(seen: Oversight, concern: Concern, matter_id: UUID) -> Matter:
    with suppress(NoSuchMatterError):
        found = await seen.matters.matter(matter_id)
        if found.concern is concern:
            return found
    mend = "use an id that the list of them gives"
    raise ProblemError(404, f"no {concern} has that id", place="matter_id", mend=mend)


async def _take(
    seen: Oversight, concern: Concern, matter_id: UUID, of: tuple[StepIn, str]
) -> MatterOut:
    sent, officer = of
    acts_as(officer)
    found = await _matter(seen, concern, matter_id)
    with _refusals():
        taken = await step_of(seen, found, (sent.kind, sent.said, sent.after), officer)
    return MatterOut.of(taken, seen)
