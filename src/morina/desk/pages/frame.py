"""What surrounds every page: head, navigation, clock, sound, theme, shortcuts."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from json import dumps
from pathlib import Path

from nicegui import ui
from nicegui.context import context
from nicegui.element import Element
from nicegui.elements.skip_link import SkipLink

from morina.desk.pages.markup import tag
from morina.desk.pages.rescues_waiting import show_waiting
from morina.desk.pages.visit import NotPermittedError, Visit, now
from morina.desk.pages.waiting_count import PLACE, counted
from morina.desk.places import Place, places_of
from morina.desk.role_words import ROLES
from morina.desk.words import Words, mark

STATIC = Path(__file__).parent.parent / "static"
VERSION = sha256(b"".join(p.read_bytes() for p in sorted(STATIC.iterdir()))).hexdigest()[:12]
"""Changes when any asset does, so that browsers may keep them for ever."""

SHORTCUTS = (
    ("J / ↓", mark("next alert in the list")),
    ("K / ↑", mark("previous alert in the list")),
    ("Enter", mark("open the alert; send what you typed")),
    ("A", mark("acknowledge the alert")),
    ("T", mark("type the plate again")),
    ("C", mark("confirm the alert")),
    ("R", mark("reject the alert")),
    ("D", mark("dispatch")),
    ("X", mark("close the alert")),
    ("P", mark("play or pause the video of a flight")),
    (", / .", mark("picture before, next picture")),
    ("[ / ]", mark("ten seconds back, ten seconds ahead")),
    ("V G A N T", mark("name the chosen track of a drone flight")),
    ("Esc", mark("leave the field; back to the live page")),
    ("M", mark("sound on or off")),
    ("?", mark("this list")),
)


def head(language: str) -> str:
    """The assets and language of a page, for its ``<head>``."""
    return (
        f"<script>document.documentElement.lang={dumps(language)}</script>"
        f'<script src="/static/desk.js?v={VERSION}"></script>'
        f'<script src="/static/session.js?v={VERSION}"></script>'
        f'<link rel="stylesheet" href="/static/desk.css?v={VERSION}">'
    )


@contextmanager
def frame(visit: Visit, title: str, here: str) -> Iterator[None]:
    """A page titled ``title`` in the section ``here`` (its path)."""
    t = visit.t
    ui.add_head_html(head(t.language))
    ui.page_title(f"{title} | Morina")
    layout = context.client.layout
    ui.on_exception(lambda error: toast(layout, _failed(visit, error)))
    with layout:
        _header(visit, here).move(target_index=0)
    with tag("div", "", "page") as page:  # within the <main> that every NiceGUI page has
        look = show_waiting(visit, here)
        yield
        look()
    SkipLink(t("Skip to the page"), target=page)
    with layout:
        tag("div", "", "toast", id="toast", role="status")
        tag("div", "", "unseen", id="announce", aria_live="assertive")
        _leaving(visit.t)
        _shortcuts(visit)


def _failed(visit: Visit, error: Exception) -> str:
    t = visit.t
    if isinstance(error, NotPermittedError):
        may = ", ".join(t(ROLES[role]) for role in sorted(error.why.roles)) or t("nobody")
        return t("Your roles do not allow that. It is for: {roles}.", roles=may)
    return t("That did not work, and the failure was logged. Try again, or reload the page.")


def _header(visit: Visit, here: str) -> Element:
    t = visit.t
    said = {
        "data-lost": t("The connection to the node is lost."),
        "data-trying": t("Trying to connect again; what you see may be old."),
        "data-stale": t("This page is no longer up to date. Reload it."),
    }
    with tag("header", "", "bar", **said) as header:
        tag("a", "Morina", "brand", href="/")
        with tag("nav", aria_label=t("Sections")):
            for path, name in _sections(visit):
                current = {"aria-current": "page"} if path == here else {}
                with tag("a", t(name), href=path, **current):
                    if path == PLACE:
                        counted(visit)
        with tag("div", "", "bar-end"):
            tag("time", "", "clock", data_zone=visit.user.time_zone, data_now=now().isoformat())
            _switches(t)
            with tag("form", method="post", action="/sign-out"):
                tag("button", t("Sign out {name}", name=visit.user.name), "quiet", type="submit")
    return header


def _sections(visit: Visit) -> Iterator[Place]:
    services = visit.services
    return places_of(visit.user, services.exchange is not None, services.aerial is not None)


def _switches(t: Words) -> None:
    """What the browser does by itself (static/desk.js); it changes the texts as they are used."""
    sounds = {
        "data-on": t("Sound on"),
        "data-off": t("Sound off"),
        "data-blocked": t("Allow sound"),
    }
    themes = {
        "data-system": t("Theme: system"),
        "data-light": t("Theme: light"),
        "data-dark": t("Theme: dark"),
    }
    button = {"type": "button"}
    tag("button", t("Sound"), "quiet", data_does="sound", data_key="m", **button, **sounds)
    tag("button", t("Theme"), "quiet", data_does="theme", **button, **themes)
    keys = t("Keyboard shortcuts")
    tag("button", "?", "quiet", data_does="help", data_key="?", aria_label=keys, **button)


def _leaving(t: Words) -> None:
    """What static/session.js shows before somebody is signed out."""
    idle = t("Nobody has done anything here for a while: you are signed out within two minutes.")
    over = t("Your session ends within two minutes, however busy you are; then sign in again.")
    with tag("div", "", "leaving", id="leaving", role="alert", hidden=True,
             data_idle=idle, data_over=over):  # fmt: skip
        tag("span")
        tag("button", t("I am here"), type="button")


def _shortcuts(visit: Visit) -> None:
    t = visit.t
    with tag("dialog", "", "help", id="help", aria_labelledby="help-title"):
        tag("h2", t("Keyboard shortcuts"), id="help-title")
        with tag("dl", "", "keys"):
            for key, does in SHORTCUTS:
                with tag("dt"):
                    tag("kbd", key)
                tag("dd", t(does))
        with tag("form", method="dialog"):
            tag("button", t("Close this list"), type="submit")


def toast(on: Element, text: str) -> None:
    """Say something once at the foot of the page that ``on`` is part of."""
    on.client.run_javascript(f"desk.toast({dumps(text)})")


def focus(on: Element, selector: str) -> None:
    """Move the keyboard to the first element that fits, once it is on screen."""
    on.client.run_javascript(f"desk.focus({dumps(selector)})")
