"""On the page of a confirmed alert: the cameras its vehicle may pass next."""

from collections.abc import Mapping

from nicegui.element import Element

from morina.accountability import Action
from morina.alerts import Alert, RefusedStepError, State
from morina.alerts.ahead import Ahead
from morina.desk.ahead import SENTENCE, Told, told_ahead
from morina.desk.pages.frame import focus
from morina.desk.pages.markup import button, say, tag
from morina.desk.pages.visit import Visit
from morina.sense.cameras import Camera


class AheadPart:
    """Nothing until the alert is confirmed; then a button, for every look is written down."""

    def __init__(self, visit: Visit, cameras: Mapping[str, Camera]) -> None:
        self._visit = visit
        self._cameras = cameras
        self._alert: Alert | None = None
        self._place = tag("div")

    def draw(self, alert: Alert) -> None:
        """Offer it, or take it away; what was told stays while the alert is open."""
        before, self._alert = self._alert, alert
        shown = before is not None and _is_open(before)
        if shown and _is_open(alert):
            return
        self._place.clear()
        if not (_is_open(alert) and self._visit.may(Action.HANDLE_ALERTS)):
            return
        t = self._visit.t
        with self._place, tag("section", "", "part", aria_labelledby="ahead"):
            tag("h2", t("Cameras it may pass next"), id="ahead", tabindex=-1)
            self._wrong = tag("p", "", "wrong", role="alert")
            self._told = tag("div")
            with self._told:
                tag("p", t("The look is written down under your name."), "muted")
                with tag("div", "", "actions"):
                    button(t("Show them"), self._ask)

    async def _ask(self) -> None:
        if self._alert is None:
            return
        self._visit.must(Action.HANDLE_ALERTS)
        t = self._visit.t
        say(self._wrong, "")
        try:
            told = await told_ahead(self._visit.services.search, self._alert, self._visit.user.name)
        except (ConnectionError, TimeoutError, RefusedStepError):
            say(self._wrong, t("That cannot be told now. Try again."))
            return
        self._told.clear()
        with self._told:
            show_ahead(told, self._cameras, self._visit)
        focus(self._place, "#ahead")


def show_ahead(told: Told, cameras: Mapping[str, Camera], visit: Visit) -> Element:
    """Each camera with when and how often; "not known" where too little was seen."""
    t, way = visit.t, told.way
    with tag("div") as shown:
        if not way.known:
            tag("p", t("Not known: too little was seen at this camera."))
        elif not way.cameras:
            tag("p", t("Not known: no camera follows this one often enough."))
        else:
            with tag("ol", "", "acts"):
                for one in way.cameras:
                    _camera(one, cameras, visit)
        tag("p", t(SENTENCE))
        tag("p", t("Consultation no. {number}", number=told.number), "muted")
    return shown


def _camera(one: Ahead, cameras: Mapping[str, Camera], visit: Visit) -> None:
    t, known = visit.t, cameras.get(one.camera_id)
    with tag("li"):
        tag("time", f"{visit.here(one.usual_at):%H:%M}", datetime=one.usual_at.isoformat())
        with tag("div"):
            tag("strong", f"{known.name}, {known.site}" if known else one.camera_id)
            tag("div", often_words(one, visit))
            if one.over:
                tag("div", t("By now nine of ten had passed there."), "muted")


def often_words(one: Ahead, visit: Visit) -> str:
    """How often of how many, and when half and nine of ten of them were read there."""
    return visit.t(
        "{share} were read there next: {travels} of {passed} vehicles. Half of them by {usual},"
        " nine of ten by {slow}.",
        share=f"{one.share:.0%}",
        travels=f"{one.travels:,}",
        passed=f"{one.passed:,}",
        usual=visit.time_only(one.usual_at),
        slow=visit.time_only(one.slow_at),
    )


def _is_open(alert: Alert) -> bool:
    return alert.state in (State.CONFIRMED, State.DISPATCHED)
