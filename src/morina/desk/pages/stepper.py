"""The officer's way through one alert."""

from collections.abc import Awaitable, Callable

from morina.accountability import Action
from morina.alerts import Alert, AlertStore, RefusedStepError, Step, revealed_to
from morina.desk.pages.comparison import differing, show_comparison
from morina.desk.pages.frame import focus
from morina.desk.pages.labels import REJECTIONS, label, rejection
from morina.desk.pages.markup import Fields, button, choice, field, form, say, tag
from morina.desk.pages.steps import STAGES, Stage, Standing, current, standings
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.plates import NotAPlateError, plate_text


def where_next(alert: Alert, officer: str) -> str:
    """Where the keyboard goes: the field to type in, the heading of the step, or the end state.

    Never a button: an Enter too many must not decide anything.
    """
    match current(alert, officer):
        case Stage.LOOK:
            return "#typed"
        case None:
            return "#state"
        case _:
            return "#now"


_PLATE_FIELD = {
    "id": "typed",
    "class": "typed",
    "autocapitalize": "characters",
    "spellcheck": "false",
    "maxlength": "20",
    "required": True,
}


class Stepper:
    """The list of steps of one alert, the present one with its controls.

    ``changed`` is called with the alert after each step taken here.
    """

    def __init__(self, visit: Visit, changed: Callable[[Alert], None]) -> None:
        self._visit = visit
        self._changed = changed
        self._store: AlertStore = visit.services.alerts
        self._typing_again = False
        with tag("section", "", "part", aria_labelledby="steps"):
            tag("h2", visit.t("Steps"), id="steps")
            self._wrong = tag("p", "", "wrong", role="alert")
            self._list = tag("ol", "", "steps")

    def draw(self, alert: Alert) -> None:
        """Show the steps as they stand for this officer."""
        self._alert = alert
        self._list.clear()
        with self._list:
            for stage, standing in standings(alert, self._visit.user.name).items():
                self._stage(stage, standing)

    def _stage(self, stage: Stage, standing: Standing) -> None:
        is_now = standing is Standing.NOW
        step = {"aria-current": "step"} if is_now else {}
        with tag("li", "", str(standing), **step):
            heading = tag("h3", self._visit.t(STAGES[stage]))
            if is_now:
                heading.props.update(tabindex="-1", id="now")
                if self._visit.may(Action.HANDLE_ALERTS):
                    self._controls(stage)
            elif stage is Stage.DECIDE and standing is Standing.DONE:
                self._decided()

    def _controls(self, stage: Stage) -> None:
        t = self._visit.t
        match stage:
            case Stage.ACKNOWLEDGE:
                tag("p", t("Say that you take this alert on."), "muted")
                button(t("Acknowledge"), self._step(Step.ACKNOWLEDGE), "first", data_key="a")
            case Stage.LOOK:
                self._typing()
            case Stage.DECIDE:
                self._deciding()
            case Stage.DISPATCH:
                tag("p", t("Send a unit, then record it here."), "muted")
                with tag("div", "", "actions"):
                    button(t("Dispatch"), self._step(Step.DISPATCH), "first", data_key="d")
                    button(t("Close without dispatch"), self._step(Step.CLOSE), data_key="x")
            case Stage.CLOSE:
                if self._alert.late:
                    tag("p", t("The vehicle passed too long ago to send anybody."), "note")
                button(t("Close"), self._step(Step.CLOSE), "first", data_key="x")

    def _typing(self) -> None:
        t = self._visit.t
        tag("p", t("The listing is shown after that, so that it does not lead your eye."), "muted")
        with form(self._typed):
            hint = t("Letters and digits; spaces do not matter.")
            field(t("Characters on the plate"), "typed", hint, **_PLATE_FIELD)
            with tag("div", "", "actions"):
                tag("button", t("Show the listing"), "first", type="submit")

    def _deciding(self) -> None:
        t = self._visit.t
        alert = self._alert
        typed = alert.transcription_by(self._visit.user.name)
        if alert.read.evidence is None:
            tag(
                "p",
                t("Without its evidence frame this read cannot be confirmed. Reject it."),
                "note",
            )
        else:
            show_comparison(alert, typed, t)
        agrees = typed is not None and not differing(typed, alert.listed.listing.plate.text)
        if typed is not None and not agrees:
            tag(
                "p",
                t(
                    "What you typed is not what is listed. Type it again if you mistyped, else"
                    " reject."
                ),
                "note",
            )
        with tag("div", "", "actions"):
            if agrees:
                button(t("Confirm"), self._step(Step.CONFIRM), "first", data_key="c")
            button(t("Reject"), self._ask_reason, "stern", data_key="r")
            if typed is not None:
                button(t("Type again"), self._type_again, "quiet", data_key="t")
        self._reason = tag("div")

    def _decided(self) -> None:
        t = self._visit.t
        act = next(a for a in reversed(self._alert.acts) if a.kind in (Step.CONFIRM, Step.REJECT))
        words = label(Step(act.kind), t) if not act.text else rejection(act.text, t)
        done = t("confirmed") if act.kind == Step.CONFIRM else t("rejected")
        tag("p", f"{done}: {words}" if act.text else done, "muted")
        typed = self._alert.transcription_by(act.by)
        if self._alert.read.evidence is not None and revealed_to(
            self._alert, self._visit.user.name
        ):
            show_comparison(self._alert, typed, t)

    async def _ask_reason(self) -> None:
        t = self._visit.t
        self._reason.clear()
        with self._reason, form(self._reject, "fields"):
            choice(
                t("Reason"), "reason", {code: t(text) for code, text in REJECTIONS.items()}
            ).props["id"] = "reason"
            field(t("Note"), "note", maxlength="300")
            with tag("div", "", "actions wide"):
                tag("button", t("Reject the alert"), "stern", type="submit")
        focus(self._list, "#reason")

    async def _reject(self, fields: Fields) -> None:
        note = fields.get("note", "").strip()
        code = fields.get("reason", "other")
        await self._take(Step.REJECT, f"{code}: {note}" if note else code)

    async def _typed(self, fields: Fields) -> None:
        self._visit.must(Action.HANDLE_ALERTS)
        officer = self._visit.user.name
        try:
            typed = plate_text(fields.get("typed", ""))
            alert = await self._store.transcribe(self._alert.alert_id, officer, typed, now())
        except NotAPlateError:
            self._refuse(self._visit.t("Use the letters and digits of the plate, at most 12."))
        except RefusedStepError as refused:
            self._refuse(translated(str(refused), self._visit.t))
        else:
            self._done(alert)

    async def _type_again(self) -> None:
        self._list.clear()
        with self._list, tag("li", "", "now"):
            tag("h3", self._visit.t(STAGES[Stage.LOOK]))
            self._typing()
        focus(self._list, "#typed")

    def _step(self, step: Step) -> Callable[[], Awaitable[None]]:
        return lambda: self._take(step)

    async def _take(self, step: Step, reason: str = "") -> None:
        self._visit.must(Action.HANDLE_ALERTS)
        try:
            alert = await self._store.take(
                self._alert.alert_id, step, self._visit.user.name, now(), reason
            )
        except RefusedStepError as refused:
            self._refuse(translated(str(refused), self._visit.t))
        else:
            self._done(alert)

    def _done(self, alert: Alert) -> None:
        say(self._wrong, "")
        self._changed(alert)
        focus(self._list, where_next(alert, self._visit.user.name))

    def _refuse(self, why: str) -> None:
        say(self._wrong, why)
