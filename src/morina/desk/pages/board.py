"""The alerts on the live page, in the order they want attention."""

from collections.abc import Iterable, Mapping
from json import dumps
from uuid import UUID

from nicegui.element import Element

from morina.accountability import Action
from morina.alerts import Alert, RefusedStepError, State, Step, revealed_to
from morina.desk.pages.alert_row import Row, headline
from morina.desk.pages.frame import toast
from morina.desk.pages.markup import say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark
from morina.plates import Plate
from morina.sense.cameras import Camera

FINISHED_SHOWN = 10

IN_HAND = (State.ACKNOWLEDGED, State.CONFIRMED, State.DISPATCHED)
SECTIONS = {
    "waiting": (mark("To acknowledge"), mark("No alert waits.")),
    "in-hand": (mark("In hand"), mark("Nobody is working on an alert.")),
    "late": (mark("Late alerts"), mark("No alert came late.")),
    "finished": (mark("Finished"), mark("No alert is finished.")),
}


def section_of(alert: Alert) -> str:
    """Which section of the board an alert belongs to."""
    if alert.state is not State.RAISED and alert.state not in IN_HAND:
        return "finished"
    if alert.late:
        return "late"
    return "waiting" if alert.state is State.RAISED else "in-hand"


def order(alert: Alert) -> tuple[float, ...]:
    """Where an alert stands in its section: most urgent first, newest first among equals."""
    newest_first = -alert.raised_at.timestamp()
    if section_of(alert) == "finished":
        return (newest_first,)
    return (-alert.listed.listing.priority, newest_first)


class Board:
    """Four sections of alerts; a row is moved when its alert goes on."""

    def __init__(self, visit: Visit, cameras: Mapping[str, Camera]) -> None:
        self._visit = visit
        self._cameras = cameras
        self._alerts: dict[UUID, Alert] = {}
        self._rows: dict[UUID, Row] = {}
        self._lists: dict[str, Element] = {}
        self._empty: dict[str, Element] = {}
        self._counts: dict[str, Element] = {}
        for key, (title, nothing) in SECTIONS.items():
            with tag("section", "", "part flush", aria_labelledby=f"{key}-title"):
                with tag("h2", f"{visit.t(title)} ", id=f"{key}-title"):
                    self._counts[key] = tag("span", "", "count")
                self._lists[key] = tag("ul", "", key)
                self._empty[key] = tag("p", visit.t(nothing), "empty")

    def fill(self, alerts: Iterable[Alert]) -> None:
        """Show alerts as they are kept; one already shown as newer stays."""
        for alert in alerts:
            known = self._alerts.get(alert.alert_id)
            if known is None or _progress(known) < _progress(alert):
                self._put(alert)
        self._tidy()

    def show(self, alert: Alert, new: bool) -> None:
        """Show an alert as it is now; a new live one is announced."""
        self._put(alert)
        self._tidy()
        if new and not alert.late:
            self._run(f"desk.alarm({dumps(self._announcement(alert))})")

    def withheld(self) -> frozenset[Plate]:
        """The plates this officer may not be told yet: read, and still to be typed by eye."""
        officer = self._visit.user.name
        return frozenset(
            alert.read.plate
            for alert in self._alerts.values()
            if alert.read.plate and not revealed_to(alert, officer)
        )

    def _put(self, alert: Alert) -> None:
        alert_id = alert.alert_id
        self._alerts[alert_id] = alert
        if alert_id in self._rows:
            self._rows[alert_id].draw(alert)
            return
        with self._lists[section_of(alert)]:
            self._rows[alert_id] = Row(
                self._visit, alert, self._place(alert), lambda: self._acknowledge(alert_id)
            )

    def _place(self, alert: Alert) -> str:
        camera = self._cameras.get(alert.read.camera_id)
        return f"{camera.name}, {camera.site}" if camera else alert.read.camera_id

    def _announcement(self, alert: Alert) -> str:
        return self._visit.t(
            "New alert: {reason}, priority {priority}, {place}",
            reason=headline(alert, self._visit),
            priority=alert.listed.listing.priority,
            place=self._place(alert),
        )

    async def _acknowledge(self, alert_id: UUID) -> None:
        self._visit.must(Action.HANDLE_ALERTS)
        board = self._lists["waiting"]
        try:
            await self._visit.services.alerts.take(
                alert_id, Step.ACKNOWLEDGE, self._visit.user.name, now()
            )
        except RefusedStepError as refused:
            toast(board, translated(str(refused), self._visit.t))
            return
        board.client.open(f"/alerts/{alert_id}")

    def _tidy(self) -> None:
        """Move every row to its place, drop old finished ones, and count."""
        shown = sorted(self._alerts.values(), key=order)
        for key, rows in self._lists.items():
            here = [alert for alert in shown if section_of(alert) == key]
            if key == "finished":
                self._forget(here[FINISHED_SHOWN:])
                here = here[:FINISHED_SHOWN]
            for place, alert in enumerate(here):
                row = self._rows[alert.alert_id].element
                if row not in rows.default_slot.children[place : place + 1]:
                    row.move(rows, place)
            self._empty[key].set_visibility(not here)
            say(self._counts[key], str(len(here)) if here else "")
        waiting = len(self._lists["waiting"].default_slot.children)
        self._run(f"desk.waiting({waiting})")

    def _run(self, javascript: str) -> None:
        self._lists["waiting"].client.run_javascript(javascript)

    def _forget(self, alerts: Iterable[Alert]) -> None:
        for alert in alerts:
            del self._alerts[alert.alert_id]
            self._rows.pop(alert.alert_id).element.delete()


def _progress(alert: Alert) -> tuple[int, int]:
    return len(alert.acts), alert.repeats
