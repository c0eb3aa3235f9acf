"""The records asked: purpose and question in, progress and findings out, the log of one's own."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic_core import to_jsonable_python

from morina.desk.api.asked import (
    AnswerOut,
    AskIn,
    ConsultationOut,
    QuestionOut,
    findings,
    question_body,
)
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import Line
from morina.desk.beside import beside
from morina.desk.past_reads import ask_of_past
from morina.desk.permits import must_ask
from morina.desk.problems import ProblemError
from morina.desk.services import Services
from morina.records.asking import Stage, State
from morina.records.kinds import AnyKind
from morina.records.leave import Leave

QUICK_S = 1.0
"""How long a new question is waited for before its id alone is answered."""

LONGEST_WAIT_S = 20.0

Wait = Annotated[float, Query(ge=0, le=LONGEST_WAIT_S, description="seconds to wait for its end")]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Limit = Annotated[int, Query(ge=1, le=1000)]


def routes(kinds: Sequence[AnyKind]) -> APIRouter:
    """The routes under /records; the body that asks is made of ``kinds``."""
    made = APIRouter(tags=["records"], route_class=Route)
    body = question_body(kinds)

    async def ask(sent: Any, desk: Desk, officer: Officer) -> QuestionOut:
        """Written down, then begun; answered at once where that takes under a second. 409 where
        another person has to agree first: once they do, send the same with the ``approval_id``."""
        asked: AskIn = sent
        must_ask(officer, sent.kind)
        purpose = asked.purpose.purpose(officer.name)
        question_id = await desk.search.asking.ask(
            purpose, asked.asked(), Leave(approval_id=asked.approval_id)
        )
        return await _settled(desk, question_id, officer.name, QUICK_S)

    ask.__annotations__["sent"] = body
    made.post("/records/questions", status_code=201, summary="Ask the records")(ask)
    made.get(
        "/records/questions/{question_id}/answer",
        summary="A page of an answer",
        responses={200: {"model": findings(kinds)}},
        response_model=None,
    )(_answer)
    made.include_router(_routes)
    return made


_routes = APIRouter(route_class=Route)


async def _answer(
    question_id: UUID, desk: Desk, officer: Officer, offset: Offset = 0, limit: Limit = 100
) -> JSONResponse:
    """Findings from ``offset`` on. 409 while there is no answer, and where there will be none."""
    asking = desk.search.asking
    state = asking.state(question_id, officer.name)
    page = _page(state, offset, limit)
    case = asking.purpose_of(question_id, officer.name).case_number
    told = await beside(desk, state.question, page.found, case)
    return JSONResponse(to_jsonable_python(page.with_beside(told)))


@_routes.get("/records/questions", summary="Your questions")
async def questions(desk: Desk, officer: Officer) -> list[QuestionOut]:
    """Those whose answers are still kept, newest first; nobody else's."""
    return [QuestionOut.of(one) for one in desk.search.asking.asked_by(officer.name)]


@_routes.get("/records/questions/{question_id}", summary="How far a question is")
async def question(
    question_id: UUID, desk: Desk, officer: Officer, wait_s: Wait = 0.0
) -> QuestionOut:
    """As it is now, or once it has ended if that is sooner than ``wait_s``."""
    return await _settled(desk, question_id, officer.name, wait_s)


@_routes.delete("/records/questions/{question_id}", summary="Cancel a question")
async def cancel(question_id: UUID, desk: Desk, officer: Officer) -> QuestionOut:
    """It ends within a second; one that was answered already stays as it is."""
    return QuestionOut.of(desk.search.asking.cancel(question_id, officer.name))


@_routes.post("/records/questions/{question_id}/more", status_code=201, summary="Go on asking")
async def more(question_id: UUID, desk: Desk, officer: Officer) -> QuestionOut:
    """Where the limit of rows ended an answer: the next findings, as a question of its own."""
    must_ask(officer, desk.search.asking.state(question_id, officer.name).kind)
    next_id = await desk.search.asking.more(question_id, officer.name)
    return await _settled(desk, next_id, officer.name, QUICK_S)


@_routes.get("/records/consultations", summary="What you asked")
async def consultations(
    desk: Desk,
    officer: Officer,
    plate: Annotated[Line, Query(description="only those that asked for it")] = "",
    before: Annotated[int | None, Query(ge=1, le=2**62, description="numbered below")] = None,
    limit: Limit = 100,
) -> list[ConsultationOut]:
    """Your questions as they were written down, newest first."""
    found = await desk.search.asking.consultations.newest(
        officer=officer.name, plate=plate.strip().upper(), before=before, limit=limit
    )
    return [ConsultationOut.of(one) for one in found]


@_routes.post(
    "/hotlists/{hotlist_id}/listings/{listing_id}/past-reads",
    status_code=201,
    summary="Look for a listing among past reads",
)
async def past_reads(
    hotlist_id: UUID, listing_id: UUID, desk: Desk, officer: Officer
) -> QuestionOut:
    """Its plate and look-alikes, under a purpose taken from the listing; raises no alert."""
    question_id = await ask_of_past(desk, hotlist_id, listing_id, officer.name)
    return await _settled(desk, question_id, officer.name, QUICK_S)


async def _settled(desk: Services, question_id: UUID, officer: str, within_s: float) -> QuestionOut:
    return QuestionOut.of(await desk.search.asking.settled(question_id, officer, within_s))


def _page(state: State, offset: int, limit: int) -> AnswerOut:
    """A page of an answer; ProblemError (409) where there is none."""
    answer = state.answer
    if answer is None:
        waits = state.stage in (Stage.WAITING, Stage.RUNNING)
        mend = "wait for its end, or cancel it" if waits else "ask again"
        said = state.failed or f"the question is {state.stage}"
        raise ProblemError(409, said, place="question_id", mend=mend)
    return AnswerOut(
        question=QuestionOut.of(state),
        count=len(answer.found),
        offset=offset,
        found=list(answer.found[offset : offset + limit]),
        coverage=answer.coverage,
        has_more=bool(answer.more),
        notes=answer.notes,
    )
