"""What the browser's passkey script asks and sends: signing in, and adding a passkey."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from morina.accountability import SignInRefusedError
from morina.accountability.own_sessions import OwnSession, Stage
from morina.accountability.passkeys import (
    Answer,
    Registering,
    asked_to_register,
    asked_to_sign_in,
    registered,
)
from morina.desk.asked import AskedCookie
from morina.desk.problems import ProblemError
from morina.desk.services import Doors, Services
from morina.desk.sessions import begin, current_user, know_again, local_path, own_session
from morina.desk.whence import place_of, whence_of

FRESH = timedelta(minutes=15)
"""Factors and tokens are changed only so soon after signing in, so that a screen left open, or a
copied session, gains no way in that outlasts it."""


class Signed(BaseModel):
    """A passkey's answer, and the page wanted after it."""

    answer: Annotated[str, Field(max_length=20_000)]
    next: Annotated[str, Field(max_length=500)] = "/"


class Added(BaseModel):
    """A new passkey, and what its owner calls it."""

    answer: Annotated[str, Field(max_length=40_000)]
    label: Annotated[str, Field(min_length=1, max_length=64)]


def is_fresh(session: OwnSession, now: datetime) -> bool:
    """Whether its owner has just signed in, or is here to add a factor and nothing else."""
    return session.stage is Stage.ENROL or now - session.begun_at < FRESH


def router(services: Services) -> APIRouter:
    """The routes of both."""
    routes = APIRouter(include_in_schema=False)
    _add_signing_in(routes, services.doors)
    _add_adding(routes, services.doors)
    return routes


def _add_signing_in(routes: APIRouter, doors: Doors) -> None:
    cookie = AskedCookie(doors.sealing, "passkey", "/sign-in")

    @routes.post("/sign-in/passkey/options")
    async def options(request: Request) -> Response:
        text, challenge = asked_to_sign_in(place_of(request, doors.address))
        response = Response(text, media_type="application/json")
        cookie.ask(request, response, {"challenge": b64encode(challenge).decode()})
        return response

    @routes.post("/sign-in/passkey")
    async def enter(request: Request, signed: Annotated[Signed, Body()]) -> Response:
        place, whence = place_of(request, doors.address), whence_of(request)
        now = datetime.now(UTC)
        try:
            answer = Answer.of(signed.answer, _challenge(cookie.asked(request)))
            beginning = doors.signing.by_passkey(answer, place, whence, now)
            session = await begin(request, beginning)
        except SignInRefusedError as refused:
            raise ProblemError(401, str(refused), place="passkey", mend="try again") from None
        response = JSONResponse({"go": local_path(signed.next)})
        cookie.forget(response)
        await know_again(request, response, session)
        return response


def _add_adding(routes: APIRouter, doors: Doors) -> None:
    cookie = AskedCookie(doors.sealing, "new-passkey", "/account")

    @routes.post("/account/passkeys/options")
    async def options(request: Request) -> Response:
        user, session = current_user(request), _fresh(request)
        owned = await doors.signing.factors.of(user.name)
        text, challenge = asked_to_register(user, owned, place_of(request, doors.address))
        response = Response(text, media_type="application/json")
        asked = {"challenge": b64encode(challenge).decode()}
        cookie.ask(request, response, asked, session.key)
        return response

    @routes.post("/account/passkeys")
    async def add(request: Request, added: Annotated[Added, Body()]) -> Response:
        user, session = current_user(request), _fresh(request)
        place, now = place_of(request, doors.address), datetime.now(UTC)
        try:
            challenge = _challenge(cookie.asked(request, session.key))
            asked = Registering(user, _plain(added.label), challenge)
            passkey = registered(added.answer, asked, place, now)
            codes = await doors.signing.factors.add_passkey(passkey)
        except (SignInRefusedError, ValueError) as refused:
            raise ProblemError(400, str(refused), place="passkey", mend="try again") from None
        response = JSONResponse({"codes": codes})
        cookie.forget(response)
        return response


def _fresh(request: Request) -> OwnSession:
    session = own_session(request)
    if not is_fresh(session, datetime.now(UTC)):
        raise ProblemError(
            403, "you signed in too long ago for this", place="session", mend="sign in again first"
        )
    return session


def _challenge(asked: dict[str, Any] | None) -> bytes:
    if asked is None:
        raise SignInRefusedError("that took too long; try again")
    return b64decode(asked["challenge"])


def _plain(label: str) -> str:
    plain = "".join(filter(str.isprintable, label)).strip()
    if not plain:
        raise ValueError("a passkey needs a name; write one")
    return plain
