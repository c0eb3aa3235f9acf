"""Signing in and out: plain HTML, so that nobody unknown opens a live connection."""

from html import escape
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from morina.accountability import SignInRefusedError
from morina.desk.pages.frame import STATIC
from morina.desk.said import translated
from morina.desk.sessions import local_path, sign_in, sign_out
from morina.desk.words import LANGUAGES, Words, preferred

_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} | Morina</title><link rel="icon" href="{icon}"><style>{css}</style></head>
<body class="sign-in"><main><section class="part">
<h1>Morina</h1>
<p class="wrong" role="alert">{wrong}</p>
<form method="post" action="/sign-in">
<input type="hidden" name="next" value="{wanted}">
<label class="field"><span class="field-label">{name_label}</span>
<input name="name" value="{name}" autocomplete="username" required {focus_name}></label>
<label class="field"><span class="field-label">{password_label}</span>
<input name="password" type="password" autocomplete="current-password" required {focus_password}>
</label>
<button type="submit" class="first">{title}</button>
</form></section>
<nav class="languages" aria-label="{languages_label}">{languages}</nav></main></body></html>
"""


_CSS = (STATIC / "desk.css").read_text()
_ICON = "data:image/svg+xml," + quote((STATIC / "icon.svg").read_text())
"""In the page itself: nothing else is given to whoever is not signed in. A browser that had to ask
for an icon might get its answer, with a cookie of nobody's, after that of signing in."""


def _page(t: Words, wanted: str, name: str = "", wrong: str = "") -> str:
    languages = "".join(
        f'<a href="/sign-in?language={code}&amp;next={quote(wanted)}" lang="{code}">{own}</a>'
        for code, own in LANGUAGES.items()
    )
    return _PAGE.format(
        language=t.language, title=escape(t("Sign in")), css=_CSS, icon=_ICON,
        wrong=escape(wrong), wanted=escape(wanted), name=escape(name), languages=languages,
        name_label=escape(t("User name")), password_label=escape(t("Password")),
        languages_label=escape(t("Language")),
        focus_name="" if name else "autofocus", focus_password="autofocus" if name else "",
    )  # fmt: skip


def router() -> APIRouter:
    """``/sign-in`` and ``/sign-out``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/sign-in")
    async def ask(
        request: Request,
        language: str = "",
        wanted: Annotated[str, Query(alias="next")] = "/",
    ) -> HTMLResponse:
        wished = language or preferred(request.headers.get("accept-language", ""))
        return HTMLResponse(_page(Words(wished), local_path(wanted)))

    @routes.post("/sign-in")
    async def enter(
        request: Request,
        name: Annotated[str, Form(max_length=200)],
        password: Annotated[str, Form(max_length=1000)],
        wanted: Annotated[str, Form(max_length=500, alias="next")] = "/",
    ) -> Response:
        t = Words(preferred(request.headers.get("accept-language", "")))
        try:
            await sign_in(request, name.strip(), password)
        except SignInRefusedError as refused:
            return HTMLResponse(
                _page(t, local_path(wanted), name, translated(str(refused), t)), 401
            )
        return RedirectResponse(local_path(wanted), 303)

    @routes.post("/sign-out")
    async def leave(request: Request) -> Response:
        await sign_out(request)
        return RedirectResponse("/sign-in", 303)

    return routes
