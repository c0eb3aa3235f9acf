"""How every route of the API behaves: JSON in, one officer known, problems out."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, ClassVar

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.exceptions import HTTPException

from morina.accountability import RefusedPurposeError, User
from morina.accountability.approvals import (
    ApprovalNeededError,
    NoSuchApprovalError,
    RefusedApprovalError,
)
from morina.accountability.clearing import NotClearedError
from morina.accountability.overseeing import NoSuchReviewError, RefusedReviewError
from morina.accountability.watched import OwnHouseholdError, RefusedWatchError
from morina.alerts import NoSuchAlertError, RefusedStepError
from morina.desk import sessions
from morina.desk.guarded import approval_asked, refused
from morina.desk.pictures import PictureCheck
from morina.desk.problems import MEDIA_TYPE, SCHEMA, Fault, ProblemError
from morina.desk.services import Services
from morina.exchange import NotAgreedError, UnknownNodeError
from morina.exchange.agreeing import NoSuchAgreementError, RefusedAgreementError
from morina.exchange.lists import NoSuchShareError, RefusedShareError
from morina.exchange.sightings import NoSuchSightingError
from morina.records import NoSuchImageError
from morina.records.asking import NoSuchQuestionError, TooManyQuestionsError
from morina.records.audit import NoSuchAuditError, RefusedVerdictError
from morina.records.kinds import RefusedQuestionError
from morina.sense.cameras import NoSuchCameraError
from morina.sense.cameras.notices import NoSuchNoticeError
from morina.sense.cameras.pushing import NoSuchKnockError
from morina.watch import (
    AlreadyListedError,
    NoSuchHotlistError,
    NoSuchLabelError,
    NoSuchListingError,
    NotOurListError,
    RefusedLabelError,
)

PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "Refused", "content": {MEDIA_TYPE: {"schema": SCHEMA}}}
}
"""What every route may answer besides its own, for the OpenAPI description."""

_ANSWERED: dict[type[Exception], tuple[int, str, str]] = {
    NoSuchAlertError: (404, "alert_id", "use an id that GET /api/v1/alerts lists"),
    NoSuchCameraError: (404, "camera_id", "use an id that GET /api/v1/cameras lists, or add it"),
    NoSuchKnockError: (404, "knock_id", "use an id that GET /api/v1/knocks lists"),
    NoSuchHotlistError: (404, "hotlist_id", "use an id that GET /api/v1/hotlists lists"),
    NoSuchSightingError: (404, "sighting_id", "use one that GET /api/v1/sightings lists"),
    NoSuchShareError: (404, "partner", "use one that GET /api/v1/exchange/lists names"),
    RefusedShareError: (409, "agreement_id", "do what the message says"),
    NotOurListError: (409, "hotlist_id", "ask the partner whose list it is"),
    NoSuchListingError: (404, "listing_id", "use an id that GET /api/v1/hotlists/{id} lists"),
    AlreadyListedError: (409, "plate", "withdraw the listing there is, then add the new one"),
    NoSuchAuditError: (404, "audit", "use an id that GET /api/v1/cameras/{id}/audits lists"),
    NoSuchNoticeError: (404, "notice_id", "use an id that GET /api/v1/cameras/{id}/health lists"),
    NoSuchQuestionError: (404, "question_id", "ask again: answers are kept for a few minutes"),
    TooManyQuestionsError: (429, "questions", "wait for one of them, or cancel one"),
    RefusedVerdictError: (422, "verdict", "send what the message asks for"),
    NoSuchImageError: (404, "sha256", "use an image name as a read or an alert gives it"),
    NoSuchLabelError: (404, "label_id", "use an id that GET /api/v1/suspected-clones lists"),
    RefusedLabelError: (422, "label", "send what the message asks for"),
    NoSuchApprovalError: (404, "approval_id", "use an id that GET /api/v1/approvals lists"),
    RefusedApprovalError: (409, "approval_id", "do what the message says"),
    NoSuchReviewError: (404, "path", "use what GET /api/v1/oversight/alarms or /sample lists"),
    RefusedReviewError: (409, "review", "do what the message says"),
    OwnHouseholdError: (403, "officer", "have another person do it"),
    RefusedWatchError: (422, "note", "send what the message asks for"),
    UnknownNodeError: (404, "node_id", "use one that GET /api/v1/exchange/partners lists"),
    NoSuchAgreementError: (404, "agreement_id", "use one GET /api/v1/exchange/agreements lists"),
    RefusedAgreementError: (409, "agreement", "do what the message says"),
    NotAgreedError: (409, "agreement", "have an agreement made with that partner"),
    RefusedStepError: (409, "step", "do what the message names first, then send this again"),
    TimeoutError: (503, "node", "wait a moment and send the same again; see GET /api/v1/health"),
    ConnectionError: (503, "node", "wait a moment and send the same again; see GET /api/v1/health"),
}

_bearer = HTTPBearer(auto_error=False, description="an API token of one officer")
_cookie = APIKeyCookie(name=sessions.COOKIE, auto_error=False, description="the desk's session")


def _officer(
    request: Request,
    _by_token: Annotated[object, Depends(_bearer)],
    _by_cookie: Annotated[object, Depends(_cookie)],
) -> User:
    return sessions.current_user(request)


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def _pictures(request: Request) -> PictureCheck:
    pictures: PictureCheck = request.app.state.pictures
    return pictures


Officer = Annotated[User, Depends(_officer)]
"""Who asks; found by the gate, 401 without."""

Desk = Annotated[Services, Depends(_services)]
"""What the routes work with."""

Pictures = Annotated[PictureCheck, Depends(_pictures)]
"""Judges uploaded pictures."""


class Route(APIRoute):
    """A route whose every refusal is a problem that names the place and the mend."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's own work, its refusals turned into problems."""
        work = super().get_route_handler()
        takes_json = self.body_field is not None

        async def answer(request: Request) -> Response:
            try:
                if takes_json:
                    _refuse_other_than_json(request)
                return await work(request)
            except tuple(_ANSWERED) as error:
                return _problem_of(error).response()
            except ApprovalNeededError as needed:
                return (await approval_asked(request.app.state.services, needed.request)).response()
            except (RefusedQuestionError, RefusedPurposeError, NotClearedError) as error:
                return refused(error).response()
            except RequestValidationError as error:
                return _invalid(error).response()
            except ProblemError as problem:
                return problem.response()
            except HTTPException as error:
                return _unreadable(error).response()

        return answer


class RefusingRoute(Route):
    """A route with refusals of its own besides those of every route; a subclass names both."""

    refusals: ClassVar[tuple[type[Exception], ...]]

    @staticmethod
    def problem(error: Exception) -> ProblemError:
        """What one of ``refusals`` becomes."""
        raise NotImplementedError

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's own work, its refusals turned into problems."""
        work = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await work(request)
            except self.refusals as error:
                return self.problem(error).response()

        return answer


def _refuse_other_than_json(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ProblemError(
            415,
            f"the body is {kind[:60] or 'of no stated type'}, not JSON",
            place="header Content-Type",
            mend="send JSON with Content-Type: application/json",
        )


def _problem_of(error: Exception) -> ProblemError:
    kind = next(kind for kind in type(error).__mro__ if kind in _ANSWERED)
    status, place, mend = _ANSWERED[kind]
    said = "an engine does not answer" if status == 503 else str(error)
    return ProblemError(status, said or (kind.__doc__ or ""), place=place, mend=mend)


def _invalid(error: RequestValidationError) -> ProblemError:
    faults = [
        Fault(
            field=".".join(map(str, fault["loc"])),
            value=repr(fault.get("input"))[:100],
            mend=str(fault["msg"]),
        )
        for fault in error.errors()[:100]
    ]
    first = faults[0]
    return ProblemError(
        422, f"{first.field}: {first.mend}", place=first.field, mend=first.mend, faults=faults
    )


def _unreadable(error: HTTPException) -> ProblemError:
    return ProblemError(
        error.status_code,
        "the body is not JSON in UTF-8, or is nested too deeply",
        place="body",
        mend="send JSON in UTF-8 as /api/v1/openapi.json describes it",
    )
