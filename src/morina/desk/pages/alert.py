"""The page of one alert."""

from collections.abc import Mapping
from uuid import UUID

from nicegui.client import Client

from morina.accountability.looking import Shown
from morina.alerts import Act, Alert, NoSuchAlertError, revealed_to
from morina.alerts.lifecycle import MORINA
from morina.desk.live import AlertChanged, Event
from morina.desk.map import Mark, show_map
from morina.desk.pages.ahead import AheadPart
from morina.desk.pages.alert_giving import GivingPart
from morina.desk.pages.alert_row import grade, headline
from morina.desk.pages.asking.register_part import RegisterPart
from morina.desk.pages.cloned import show_clone
from morina.desk.pages.evidence import show_evidence
from morina.desk.pages.following import follow
from morina.desk.pages.frame import focus, frame
from morina.desk.pages.labels import ACTS, label, rejection
from morina.desk.pages.listing import show_listing
from morina.desk.pages.markup import tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.partner_entry import PartnerEntryPart
from morina.desk.pages.passing import clock_words, passed_at
from morina.desk.pages.stepper import Stepper, where_next
from morina.desk.pages.visit import Visit
from morina.desk.words import Words
from morina.sense import Read, Said
from morina.sense.cameras import Camera


async def alert_page(visit: Visit, client: Client, alert_id: str) -> None:
    """Build the page and follow the alert while the page is open."""
    t = visit.t
    try:
        alert = await visit.services.alerts.alert(UUID(alert_id))
    except (NoSuchAlertError, ValueError):
        show_missing(
            visit, t("There is no such alert. It may have been erased when its time came.")
        )
        return
    await visit.services.looks.shown(visit.user.name, Shown.ALERT, [str(alert.alert_id)])
    cameras = {camera.camera_id: camera for camera in await visit.services.cameras.cameras()}
    with frame(visit, headline(alert, visit), "/"):
        view = AlertView(visit, cameras, alert)

    def on_event(event: Event) -> None:
        if isinstance(event, AlertChanged) and event.alert.alert_id == alert.alert_id:
            view.draw(event.alert)

    follow(visit, client, on_event)
    await client.connected()
    focus(client.layout, where_next(alert, visit.user.name))


class AlertView:
    """Everything about one alert; redrawn only where it changed, so typing is never disturbed."""

    def __init__(self, visit: Visit, cameras: Mapping[str, Camera], alert: Alert) -> None:
        self._visit = visit
        camera = cameras.get(alert.read.camera_id)
        self._drawn: tuple[object, ...] = ()
        t = visit.t
        with tag("div", "", "head"):
            tag("h1", headline(alert, visit))
            tag("span", grade(alert, visit))
            self._state = tag("div", "", "state-line", id="state", tabindex="-1")
            with tag("div", "", "actions"):
                tag("a", t("Back to the live page"), href="/", data_key="Escape")
        self._clone = tag("div")
        with tag("div", "", "alert work"):
            with tag("div"):
                self._evidence = tag("div")
                self._facts(alert, camera)
                show_place(camera, visit)
            with tag("div"):
                self._stepper = Stepper(visit, self.draw)
                self._ahead = AheadPart(visit, cameras)
                self._listing = tag("div")
                self._partner = PartnerEntryPart(visit, alert)
                self._register = RegisterPart(visit, alert)
                self._giving = GivingPart(visit)
                self._acts = tag("section", "", "part", aria_labelledby="acts")
        self.draw(alert)

    def draw(self, alert: Alert) -> None:
        """Show the alert as it is now."""
        officer = self._visit.user.name
        evidence = alert.read.evidence
        stands = (
            evidence,
            alert.state,
            alert.transcription_by(officer),
            len(alert.acts),
            alert.clone,
        )
        if stands == self._drawn:
            return
        if stands[:1] != self._drawn[:1]:
            self._evidence.clear()
            with self._evidence:
                show_evidence(evidence, self._visit.t)
        if stands[:3] != self._drawn[:3]:
            self._stepper.draw(alert)
            self._listing.clear()
            if revealed_to(alert, officer):
                with self._listing:
                    show_listing(alert.listed, self._visit)
                    show_words(alert.read, self._visit.t)
        self._drawn = stands
        self._partner.draw(alert)
        self._register.draw(alert)
        self._giving.draw(alert)
        self._clone.clear()
        with self._clone:
            show_clone(alert, self._visit)
        self._ahead.draw(alert)
        self._draw_state(alert)
        self._draw_acts(alert)

    def _draw_state(self, alert: Alert) -> None:
        t = self._visit.t
        self._state.clear()
        with self._state:
            tag("strong", label(alert.state, t), f"state {alert.state}")
            if alert.late:
                tag("strong", t("late"), "state late")
            if alert.read.clock_wrong:
                tag("strong", t("clock wrong"), "state late")

    def _draw_acts(self, alert: Alert) -> None:
        t = self._visit.t
        self._acts.clear()
        with self._acts:
            tag("h2", t("Who did what"), id="acts")
            with tag("ol", "", "acts"):
                for act in alert.acts:
                    with tag("li"):
                        tag("time", self._visit.local(act.at), datetime=act.at.isoformat())
                        tag("span", self._deed(act, alert))

    def _deed(self, act: Act, alert: Alert) -> str:
        """One act in words; what others typed stays hidden until this officer has typed."""
        t = self._visit.t
        who = "Morina" if act.by == MORINA else act.by
        words = t(ACTS[act.kind], who=who)
        if act.kind == "transcribe" and not revealed_to(alert, self._visit.user.name):
            return words
        return f"{words}: {rejection(act.text, t)}" if act.text else words

    def _facts(self, alert: Alert, camera: Camera | None) -> None:
        t = self._visit.t
        read, at = alert.read, passed_at(alert.read, self._visit)
        with tag("section", "", "part after", aria_labelledby="facts"):
            tag("h2", t("The passage"), id="facts")
            with tag("dl", "", "facts"):
                _fact(t("Camera"), f"{camera.name}, {camera.site}" if camera else read.camera_id)
                tag("dt", t("Passed at"))
                with tag("dd"):
                    tag("span", self._visit.local(at))
                    if wrong := clock_words(read, self._visit):
                        tag("div", wrong, "clock-wrong")
                tag("dt", t("Age"))
                with tag("dd"):
                    tag("time", "", data_since=at.isoformat())
                _fact(t("Priority"), str(alert.listed.listing.priority))
                _fact(t("Asked for"), label(alert.listed.listing.action, t))
                _fact(t("Match"), grade(alert, self._visit))
                _fact(t("Confidence"), f"{read.confidence:.0%}")
                if alert.repeats:
                    last = self._visit.local(alert.last_seen_at)
                    _fact(
                        t("Seen again"),
                        t.many(
                            "{n} time, last {at}", "{n} times, last {at}", alert.repeats, at=last
                        ),
                    )


def _fact(name: str, value: str) -> None:
    tag("dt", name)
    tag("dd", value)


def show_words(read: Read, t: Words) -> None:
    """What the camera read and what Morina read in its picture, where both are known."""
    if read.said is None:
        return
    with tag("section", "", "part", aria_labelledby="words"):
        tag("h2", t("Two readings"), id="words")
        with tag("dl", "", "facts"):
            _fact(t("The camera read"), _word(read.said, t))
            _fact(t("Morina read"), _word(read.own, t) if read.own else t("no picture was read"))
        if read.disputed:
            tag("p", t("They differ, so the confidence is lowered."), "wrong")


def _word(said: Said, t: Words) -> str:
    if said.text is None:
        return t("no plate read")
    sure = "" if said.confidence is None else f" ({said.confidence:.0%})"
    return f"{said.country or '?'} {said.text}{sure}"


def show_place(camera: Camera | None, visit: Visit) -> None:
    if camera is None:
        return
    with tag("section", "", "part flush after", aria_labelledby="place"):
        tag("h2", f"{camera.name}, {camera.site}", id="place")
        place = (camera.latitude, camera.longitude)
        mark = Mark(camera.name, *place, camera.bearing, highlighted=True)
        show_map([mark], centre=place, zoom=12, height="240px", translate=visit.t)
