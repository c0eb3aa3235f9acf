"""Call rescue from a flight, without a track: whoever flies may, too, while it flies as well."""

import re

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from morina.desk.aerial import AerialServices
from morina.desk.called import SAID_WITHIN_M, Called, called_to
from morina.desk.pages.aerial.player import Player
from morina.desk.pages.aerial.review_purpose import MOST_TYPED
from morina.desk.pages.aerial.tasks_words import called_said
from morina.desk.pages.markup import Fields, field, form, say, tag
from morina.desk.pages.visit import Visit
from morina.desk.rescue import RAISES, distress
from morina.desk.said import translated
from morina.desk.typed_places import typed_place
from morina.sense.aerial import NoPlaceError, RefusedSortieError, Sortie, SortieState
from morina.sense.aerial.roles import UnknownSortieError

_REFUSED = (
    RefusedSortieError, UnknownSortieError, NoPlaceError, ConnectionError, TimeoutError,
)  # fmt: skip
_SENT = (
    "(e) => { e.preventDefault(); const clock = document.getElementById('clock');"
    " emit({...Object.fromEntries(new FormData(e.target)), clock: clock?.textContent ?? ''}) }"
)
_CLICKED = (
    "(e) => { const f = document.getElementById('rescue-place');"
    " if (f?.closest('details').open)"
    " f.value = `${e.detail.latitude.toFixed(6)}, ${e.detail.longitude.toFixed(6)}` }"
)
"""A click on the map counts only while somebody is calling: one from before is of something else.
"""


def may_call(visit: Visit, aerial: AerialServices, sortie: Sortie) -> bool:
    """Whether rescue can be called from it at all: always, but where it never flew."""
    is_off = sortie.state is SortieState.CANCELLED
    return aerial.tasks is not None and visit.may(*RAISES) and not is_off


class Calling:
    """At the head of a flight's page, whatever is known of it: a few words, and a place if one is
    known."""

    def __init__(self, visit: Visit, aerial: AerialServices, sortie: Sortie) -> None:
        self._visit, self._aerial, self._sortie = visit, aerial, sortie
        if not may_call(visit, aerial, sortie):
            return
        t = visit.t
        with tag("section", "", "calling", aria_label=t("Call rescue")):
            with tag("details", "", "telling"):
                tag("summary", t("Someone in trouble: call rescue"), "button stern")
                self._form()
            self._told = tag("p", "", "note", role="status")
            self._told.set_visibility(False)

    def follow(self, player: Player) -> None:
        """A click on the map fills the place in."""
        player.screen.on("spot", js_handler=_CLICKED)

    def _form(self) -> None:
        t = self._visit.t

        async def send(event: GenericEventArguments) -> None:
            await self._send({str(k): str(v) for k, v in dict(event.args).items()})

        sent = tag("form", "", "stack part").on("submit", send, js_handler=_SENT)
        with sent:
            self._wrong = tag("p", "", "wrong", role="alert")
            with tag("div", "", "fields"):
                field(t("What is seen, in a few words"), "said", required=True,
                      maxlength=MOST_TYPED)  # fmt: skip
                hint = t(
                    "Click on the map, or write degrees such as 42.15, 20.42. Left empty, rescue"
                    " is sent to where the aircraft is on the map, and is told that it is that."
                )
                field(t("Place, if you know it"), "place", hint, id="rescue-place",
                      maxlength=MOST_TYPED)  # fmt: skip
                field(t("Known to how many metres"), "within", value=f"{SAID_WITHIN_M:.0f}",
                      inputmode="numeric", maxlength=6)  # fmt: skip
            with tag("div", "", "actions"):
                tag("button", t("Call rescue"), "first", type="submit")

    async def _send(self, fields: Fields) -> None:
        visit, t = self._visit, self._visit.t
        try:
            called = _called(fields)
        except ValueError:
            words = t("That is no place; write degrees, such as 42.15, 20.42, and whole metres.")
            say(self._wrong, words)
            return
        try:
            told = await call(visit, self._aerial, self._sortie, called, fields.get("said", ""))
        except _REFUSED as refused:
            say(self._wrong, translated(str(refused), t))
            return
        say(self._wrong, "")
        say(self._told, told)
        self._told.set_visibility(True)


def offer_rescue(visit: Visit, aerial: AerialServices, sortie: Sortie, called: Called) -> None:
    """The same below a point that was clicked: one short text and a button."""
    if not may_call(visit, aerial, sortie):
        return
    t = visit.t

    async def send(fields: Fields) -> None:
        try:
            told = await call(visit, aerial, sortie, called, fields.get("said", ""))
        except _REFUSED as refused:
            say(wrong, translated(str(refused), t))
            return
        asks.clear()
        with asks:
            tag("p", told, "note", role="status")

    asks: Element
    with tag("details", "", "telling") as asks:
        tag("summary", t("Someone in trouble here"), "button")
        wrong = tag("p", "", "wrong", role="alert")
        with form(send, "copying"):
            field(t("What is seen, in a few words"), "said", required=True, maxlength=MOST_TYPED)
            tag("button", t("Call rescue"), "first", type="submit")


async def call(
    visit: Visit, aerial: AerialServices, sortie: Sortie, called: Called, said: str
) -> str:
    """Make the rescue; what was done, in words. One of ``_REFUSED``."""
    visit.must(*RAISES)
    if aerial.tasks is None:
        return ""
    where = await called_to(aerial, sortie.sortie_id, called)
    purpose = distress(sortie, visit.user.name, said.strip())
    made = await aerial.tasks.at_place(sortie.sortie_id, where, purpose, said.strip())
    return called_said(made, visit.t)


def _called(fields: Fields) -> Called:
    """As it was typed; ValueError."""
    at_s = _clock(fields.get("clock", ""))
    if not (typed := fields.get("place", "").strip()):
        return Called(at_s=at_s)
    within_m = float(int(fields.get("within", "") or SAID_WITHIN_M))
    if not 0 < within_m <= 100_000:
        raise ValueError("no radius")
    return Called(at_s=at_s, place=typed_place(typed), within_m=within_m)


def _clock(text: str) -> float | None:
    """Seconds of the video as the page shows them; None where it shows none."""
    found = re.fullmatch(r"(\d{1,5}):(\d\d(?:\.\d)?)", text.strip())
    return 60 * float(found[1]) + float(found[2]) if found else None
