"""Signing in and out: by password and code, by passkey, by the OpenID provider."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from morina.accountability import SignInRefusedError
from morina.accountability.own_sessions import OwnSession, Stage
from morina.desk.pages.frame import STATIC
from morina.desk.pages.sign_in_markup import Shown, code_page, password_page
from morina.desk.said import translated
from morina.desk.services import Services
from morina.desk.sessions import know_again, local_path, sign_in, sign_in_by_code, sign_out
from morina.desk.words import Words, mark, preferred

_CODE_PATH = "/sign-in/code"
WHY = {
    "ended": mark("You were signed out: the session has ended. Sign in again."),
    "password": mark("The password is changed. Sign in with the new one."),
    "enrolled": mark("Sign in with what you have added."),
    "again": mark("For this you sign in again first."),
}
"""What a link to the page may give as the reason to be there."""

Wanted = Annotated[str, Query(alias="next")]
WantedField = Annotated[str, Form(max_length=500, alias="next")]


def words_of(request: Request, language: str = "") -> Words:
    """The words of somebody nobody knows yet."""
    return Words(language or preferred(request.headers.get("accept-language", "")))


def router(services: Services) -> APIRouter:
    """``/sign-in`` with the code after it, and ``/sign-out``."""
    routes = APIRouter(include_in_schema=False)
    provider = services.doors.provider
    shown_provider = provider.client.shown if provider else ""

    def again(request: Request, refused: SignInRefusedError, name: str, wanted: str) -> Response:
        t = words_of(request)
        shown = Shown(
            wanted=local_path(wanted), name=name, wrong=translated(str(refused), t),
            provider=shown_provider,
        )  # fmt: skip
        return HTMLResponse(password_page(t, shown), 401)

    @routes.get("/sign-in")
    async def ask(
        request: Request, language: str = "", wanted: Wanted = "/", why: str = ""
    ) -> HTMLResponse:
        t = words_of(request, language)
        wrong = t(WHY[why]) if why in WHY else ""
        shown = Shown(wanted=local_path(wanted), wrong=wrong, provider=shown_provider)
        return HTMLResponse(password_page(t, shown))

    @routes.post("/sign-in")
    async def enter(
        request: Request,
        name: Annotated[str, Form(max_length=200)],
        password: Annotated[str, Form(max_length=1000)],
        wanted: WantedField = "/",
    ) -> Response:
        try:
            session = await sign_in(request, name.strip(), password)
        except SignInRefusedError as refused:
            return again(request, refused, name, wanted)
        return await onward(request, session, wanted)

    @routes.post("/sign-out")
    async def leave(request: Request) -> Response:
        await sign_out(request)
        return RedirectResponse("/sign-in", 303)

    @routes.get("/sign-in/passkey.js")
    async def script() -> Response:
        return FileResponse(STATIC / "passkey.js", media_type="text/javascript")

    _add_code(routes)
    return routes


def _add_code(routes: APIRouter) -> None:
    """The second factor, after the password."""

    @routes.get(_CODE_PATH)
    async def ask_code(request: Request, wanted: Wanted = "/") -> Response:
        session: OwnSession | None = request.state.session
        if session is None or session.stage is not Stage.SECOND:
            return RedirectResponse("/sign-in", 303)
        return HTMLResponse(code_page(words_of(request), Shown(wanted=local_path(wanted))))

    @routes.post(_CODE_PATH)
    async def enter_code(
        request: Request,
        code: Annotated[str, Form(max_length=100)],
        wanted: WantedField = "/",
    ) -> Response:
        t = words_of(request)
        try:
            session = await sign_in_by_code(request, code)
        except SignInRefusedError as refused:
            shown = Shown(wanted=local_path(wanted), wrong=translated(str(refused), t))
            return HTMLResponse(code_page(t, shown), 401)
        return await onward(request, session, wanted)


async def onward(request: Request, session: OwnSession, wanted: str) -> Response:
    """Where a sign-in leads: the page wanted, the second factor, or adding one."""
    if session.stage is Stage.SECOND:
        asked = quote(local_path(wanted), safe="")
        return RedirectResponse(f"{_CODE_PATH}?next={asked}", 303)
    leads = local_path(wanted) if session.stage is Stage.FULL else "/account"
    response = RedirectResponse(leads, 303)
    await know_again(request, response, session)
    return response
