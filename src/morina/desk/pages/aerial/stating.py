"""The form by which a person states what a flight's telemetry lacks."""

from collections.abc import Awaitable, Callable

from morina.accountability import Action
from morina.desk.aerial import AerialServices
from morina.desk.pages.aerial.anew import REASON, reason_asked
from morina.desk.pages.aerial.words import FILMS, HEIGHTS, ORDERS
from morina.desk.pages.markup import Fields, button, choice, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import Words
from morina.sense.aerial import RefusedSortieError, Sortie, SortieState
from morina.sense.aerial.reviewing import SpokenOfError
from morina.sense.aerial.stated import NOTHING, Stated, StatedError, Value

NUMBERS = ("video_begins_s", "takeoff_m", "view_across_deg", "view_down_deg")
WORDS = ("heights_from", "film", "order")
WORKED = (SortieState.READY, SortieState.FAILED)
NOW = (SortieState.CLEARED, SortieState.FLYING, SortieState.WAITING, *WORKED)
"""When something may be stated; before its files are here, it may come with them too."""


def show_stating(
    visit: Visit, aerial: AerialServices, sortie: Sortie, again: Callable[[], Awaitable[None]]
) -> None:
    """Folded; what is sent stands in the place of what was stated before, and the flight is worked
    through again where its files are here."""
    t = visit.t
    if sortie.state not in NOW:
        return

    async def put(stated: Stated, reason: str = "") -> None:
        visit.must(Action.FLY)
        kept = aerial.sorties.because(reason)
        try:
            await kept.state(sortie.sortie_id, stated, visit.user.name, now())
        except RefusedSortieError as refused:
            asked.set_visibility(asked.visible or isinstance(refused, SpokenOfError))
            say(wrong, translated(str(refused), t))
            return
        await again()

    async def send(fields: Fields) -> None:
        try:
            stated = stated_of(fields)
        except StatedError as error:
            say(wrong, translated(str(error), t))
            return
        await put(stated, fields.get(REASON, ""))

    with tag("details", "", "state-what-lacks"):
        tag("summary", t("State what lacks"))
        wrong = tag("p", "", "wrong", role="alert")
        with form(send, "stack"):
            show_fields(t, sortie.stated)
            asked = reason_asked(t)
            with tag("div", "", "actions"):
                again_too = t("State it, and work it through again")
                words = again_too if sortie.state in WORKED else t("State it")
                tag("button", words, "first", type="submit")
                if sortie.stated != NOTHING:
                    button(t("State nothing"), lambda: put(NOTHING))


def show_fields(t: Words, stated: Stated) -> None:
    """Of a form, filled with what is stated."""
    said = stated.said()

    def number(label: str, name: str, hint: str = "") -> None:
        value = said.get(name)
        typed = f"{value:g}" if isinstance(value, int | float) else ""
        field(label, name, hint, inputmode="decimal", maxlength=12, value=typed)

    def one_of(label: str, name: str, options: dict[str, str]) -> None:
        choice(label, name, {"": t("not stated"), **options}, str(said.get(name, "")))

    with tag("div", "", "fields"):
        number(
            t("The video begins at this second of the telemetry"), "video_begins_s",
            t("0: it begins with the telemetry."),
        )  # fmt: skip
        one_of(t("Heights count from"), "heights_from", {k: t(v) for k, v in HEIGHTS.items()})
        number(t("Take-off above the sea, m"), "takeoff_m")
        _tick(t("It took off from the ground at its first position"), stated.takeoff_here)
        number(
            t("Field of view across, degrees"), "view_across_deg",
            t("Down follows from the picture's shape."),
        )  # fmt: skip
        number(t("Field of view down, degrees"), "view_down_deg")
        one_of(t("Filmed by"), "film", {k: t(v) for k, v in FILMS.items()})
        one_of(t("Order of a place in a .SRT"), "order", {k: t(v) for k, v in ORDERS.items()})


def stated_of(fields: Fields) -> Stated:
    """Of what was typed; StatedError."""
    said: dict[str, Value] = {name: _number(fields[name]) for name in NUMBERS if fields.get(name)}
    said |= {name: fields[name] for name in WORDS if fields.get(name)}
    return Stated.of(said | {"takeoff_here": "takeoff_here" in fields})


def _number(typed: str) -> float:
    try:
        return float(typed.strip().replace(",", "."))
    except ValueError:
        raise StatedError(f"{typed[:20]} is no number; write one such as 12.5") from None


def _tick(label: str, on: bool) -> None:
    ticked = {"checked": True} if on else {}
    with tag("label", "", "tick"):
        tag("input", name="takeoff_here", type="checkbox", value="true", **ticked)
        tag("span", label)
