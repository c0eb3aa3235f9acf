"""Plates on screen: the picture, the text, the country's sign."""

from nicegui.element import Element

from morina.desk.pages.markup import tag
from morina.desk.words import Words
from morina.plates import sign_of
from morina.sense import Read


def picture(sha256: str) -> str:
    """Where the desk serves a kept picture."""
    return f"/api/v1/images/{sha256}"


def patch(read: Read, t: Words, classes: str = "patch") -> Element:
    """The plate patch, or a note in its place when the read came without evidence."""
    if read.evidence is None:
        return tag("div", t("no evidence frame"), f"{classes} no-patch")
    return tag("img", "", classes, src=picture(read.evidence.patch), alt=t("plate patch"))


def plate(read: Read, t: Words) -> None:
    """The text read and the sign of its country; an unread passage says so."""
    if read.plate is None:
        tag("span", t("no plate read"), "muted")
        return
    sign(read.plate.country, t)
    tag("span", f" {read.plate.text}", "text")


def sign(country: str | None, t: Words) -> None:
    """The sign of a country as on its plates; ``?`` when no country was read."""
    if country is None:
        tag("span", "?", "sign", title=t("country not read"))
    else:
        tag("span", sign_of(country), "sign", title=country)
