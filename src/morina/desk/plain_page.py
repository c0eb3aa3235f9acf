"""Pages without a live connection that say why somebody is not where they wanted to be."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from starlette.responses import HTMLResponse

from morina.accountability import User
from morina.accountability.policy import Refusal
from morina.desk.places import Place
from morina.desk.role_words import ROLES
from morina.desk.words import Words

_CSS = (Path(__file__).parent / "static" / "desk.css").read_text()
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} | Morina</title><style>{css}</style></head>
<body><header class="bar"><a class="brand" href="/">Morina</a>
<nav aria-label="{sections}">{places}</nav>
<div class="bar-end"><form method="post" action="/sign-out">
<button type="submit" class="quiet">{leave}</button></form></div></header>
<main class="page"><h1>{title}</h1>{said}</main></body></html>
"""
_STRANGERS = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} | Morina</title><style>{css}</style></head>
<body class="sign-in"><main><section class="part"><h1>{title}</h1>
<p class="wrong" role="alert">{said}</p><p><a class="button" href="{path}">{again}</a></p>
</section></main></body></html>
"""


def too_often(language: str, seconds: int, path: str) -> HTMLResponse:
    """Too many tries from one address or account: how long to wait, and the way back to ``path``.

    Whoever is told so need not be signed in.
    """
    t = Words(language)
    said = t(
        "Too many tries came from this address or account. Wait {seconds} s, then try again.",
        seconds=seconds,
    )
    content = _STRANGERS.format(
        language=t.language, title=escape(t("Too many tries")), css=_CSS, said=escape(said),
        path=escape(path), again=escape(t("Try again")),
    )  # fmt: skip
    return HTMLResponse(content, 429)


def not_for_you(user: User, why: Refusal, places: Sequence[Place]) -> HTMLResponse:
    """Who may open this page, and ``places``, which ``user`` may open."""
    t = Words(user.language)
    may = ", ".join(t(ROLES[role]) for role in sorted(why.roles)) or t("nobody")
    yours = ", ".join(t(ROLES[role]) for role in sorted(user.roles)) or t("none")
    said = [
        t("This page is for: {roles}.", roles=may),
        t("Your roles: {roles}. An administrator gives roles.", roles=yours),
    ]
    return _page((user, 403), t("This page is not for your roles"), said, places)


def nothing_here(user: User, places: Sequence[Place]) -> HTMLResponse:
    """There is no such page."""
    t = Words(user.language)
    return _page((user, 404), t("Not found"), [t("There is no such page.")], places)


def _page(
    to: tuple[User, int], title: str, said: list[str], places: Sequence[Place]
) -> HTMLResponse:
    user, status = to
    t = Words(user.language)
    named = "".join(f'<a href="{path}">{escape(t(name))}</a>' for path, name in places)
    content = _PAGE.format(
        language=t.language, title=escape(title), css=_CSS, places=named,
        sections=escape(t("Sections")), leave=escape(t("Sign out {name}", name=user.name)),
        said="".join(f"<p>{escape(one)}</p>" for one in said),
    )  # fmt: skip
    return HTMLResponse(content, status)
