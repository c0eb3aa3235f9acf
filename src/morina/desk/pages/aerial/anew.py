"""What a person confirms: that a flight people spoke of is done anew, or forgotten early."""

from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.element import Element

from morina.accountability import Action
from morina.desk.aerial import AerialServices
from morina.desk.pages.markup import Fields, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import Words
from morina.sense.aerial import STEPS, RefusedSortieError, Sortie, SortieStep
from morina.sense.aerial.roles import UnknownSortieError

_REFUSED = (RefusedSortieError, UnknownSortieError, ConnectionError, TimeoutError)
MOST_TYPED = 200
REASON = "reason"


def reason_asked(t: Words) -> Element:
    """Within a form: what may be lost, and why it is done all the same; hidden until shown."""
    with tag("div", "", "stack confirms", data_confirms="") as asked:
        lost = t(
            "People named tracks of this flight, or made tasks of it. Done anew, its path, its"
            " footprints and the tracks nobody spoke of are replaced, and so are its files where"
            " others are handed in. A track found again at the same time and place keeps what was"
            " said of it; one that is not found again stays as it was. Rescues and patrols go on."
        )
        tag("p", lost, "note")
        field(t("Why it is done all the same"), REASON, maxlength=MOST_TYPED)
    asked.set_visibility(False)
    return asked


def show_again(
    visit: Visit, aerial: AerialServices, sortie: Sortie, after: Callable[[], Awaitable[None]]
) -> None:
    """The form that confirms that it is worked through again."""
    t = visit.t

    async def send(fields: Fields) -> None:
        if await _did(visit, aerial, sortie, (SortieStep.RECEIVE, fields.get(REASON, "")), wrong):
            await after()

    with form(send, "stack"):
        wrong = tag("p", "", "wrong", role="alert")
        reason_asked(t).set_visibility(True)
        with tag("div", "", "actions"):
            tag("button", t("Work it through again all the same"), "stern", type="submit")


def show_forgetting(visit: Visit, aerial: AerialServices, sortie: Sortie) -> None:
    """Folded; where its state allows it to be forgotten before its time."""
    t = visit.t
    if (sortie.state, SortieStep.FORGET) not in STEPS:
        return

    async def send(fields: Fields) -> None:
        if await _did(visit, aerial, sortie, (SortieStep.FORGET, fields.get(REASON, "")), wrong):
            ui.navigate.to("/sorties")

    with tag("details", "", "forgets"):
        tag("summary", t("Forget it now"))
        with form(send, "stack"):
            wrong = tag("p", "", "wrong", role="alert")
            lost = t(
                "Video, telemetry, path, tracks, what people said of them and finished tasks are"
                " gone for good. Open tasks stay until they are finished."
            )
            tag("p", lost, "note")
            field(t("Why it is forgotten before its time"), REASON, required=True,
                  maxlength=MOST_TYPED)  # fmt: skip
            with tag("div", "", "actions"):
                tag("button", t("Forget it"), "stern", type="submit")


async def _did(
    visit: Visit, aerial: AerialServices, sortie: Sortie, what: tuple[SortieStep, str],
    wrong: Element,
) -> bool:  # fmt: skip
    """Whether the step was taken for that reason; else ``wrong`` says why not."""
    visit.must(Action.FLY)
    step, reason = what
    kept = aerial.sorties.because(reason)
    try:
        await kept.step(sortie.sortie_id, step, visit.user.name, now())
    except _REFUSED as refused:
        say(wrong, translated(str(refused), visit.t))
        return False
    return True
