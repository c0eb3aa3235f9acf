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
from morina.desk.pages.visit import Visit, now
from morina.desk.words import Words, mark

STATIC = Path(__file__).parent.parent / "static"
VERSION = sha256(b"".join(p.read_bytes() for p in sorted(STATIC.iterdir()))).hexdigest()[:12]
"""Changes when any asset does, so that browsers may keep them for ever."""

PLACES = (
    ("/", mark("Live")),
    ("/search", mark("Search")),
    ("/hotlists", mark("Hotlists")),
    ("/cameras", mark("Cameras")),
    ("/sites", mark("Sites")),
    ("/account", mark("Account")),
)

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
    ("Esc", mark("leave the field; back to the live page")),
    ("M", mark("sound on or off")),
    ("?", mark("this list")),
)


def head(language: str) -> str:
    """The assets and language of a page, for its ``<head>``."""
    return (
        f"<script>document.documentElement.lang={dumps(language)}</script>"
        f'<script src="/static/desk.js?v={VERSION}"></script>'
        f'<link rel="stylesheet" href="/static/desk.css?v={VERSION}">'
    )


@contextmanager
def frame(visit: Visit, title: str, here: str) -> Iterator[None]:
    """A page titled ``title`` in the section ``here`` (its path)."""
    t = visit.t
    ui.add_head_html(head(t.language))
    ui.page_title(f"{title} | Morina")
    failed = t("That did not work, and the failure was logged. Try again, or reload the page.")
    layout = context.client.layout
    ui.on_exception(lambda: toast(layout, failed))
    with layout:
        _header(visit, here).move(target_index=0)
    with tag("div", "", "page") as page:  # within the <main> that every NiceGUI page has
        yield
    SkipLink(t("Skip to the page"), target=page)
    with layout:
        tag("div", "", "toast", id="toast", role="status")
        tag("div", "", "unseen", id="announce", aria_live="assertive")
        _shortcuts(visit)


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
            for path, name in PLACES:
                current = {"aria-current": "page"} if path == here else {}
                tag("a", t(name), href=path, **current)
        with tag("div", "", "bar-end"):
            tag("time", "", "clock", data_zone=visit.user.time_zone, data_now=now().isoformat())
            _switches(t)
            with tag("form", method="post", action="/sign-out"):
                tag("button", t("Sign out {name}", name=visit.user.name), "quiet", type="submit")
    return header


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
