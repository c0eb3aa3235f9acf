"""One alert in a line: how urgent, the patch, why, how well it agrees, where, how long ago."""

from collections.abc import Awaitable, Callable

from morina.accountability import Action
from morina.alerts import PICTURE, Alert, State
from morina.desk.pages.cloned import short_warning
from morina.desk.pages.labels import label
from morina.desk.pages.markup import button, say, tag
from morina.desk.pages.passing import clock_words, passed_at
from morina.desk.pages.plates import patch
from morina.desk.pages.visit import Visit
from morina.sense import Read
from morina.watch import Differs, Likeness

URGENT = 80
"""From this priority on an alert is marked as urgent."""


def grade(alert: Alert, visit: Visit) -> str:
    """How well the read agrees with the listing, without telling what is listed."""
    words = [label(alert.likeness, visit.t)]
    characters = sum(d.differs is Differs.CHARACTER for d in alert.differences)
    if characters:
        words.append(visit.t.many("{n} character differs", "{n} characters differ", characters))
    countries = any(d.differs is Differs.COUNTRY for d in alert.differences)
    if countries and alert.likeness is Likeness.LOOK_ALIKE:
        words.append(visit.t("the country differs or was not read"))
    return ", ".join(words)


class Row:
    """One alert on the board. What can change is redrawn in place, so the keyboard stays in it."""

    def __init__(
        self, visit: Visit, alert: Alert, place: str, acknowledge: Callable[[], Awaitable[None]]
    ) -> None:
        self._visit = visit
        self._acknowledge = acknowledge
        listing, read = alert.listed.listing, alert.read
        with tag("li", "", data_row="") as self.element:
            with tag("div", "", "priority"):
                tag("b", str(listing.priority))
                tag("small", visit.t("priority"))
            self._patch = patch(read, visit.t)
            self._evidence = read.evidence
            with tag("div", "", "what"):
                tag("a", headline(alert, visit), "row-link", href=f"/alerts/{alert.alert_id}")
                tag("div", grade(alert, visit), "muted")
                tag("div", place, "muted")
                self._clone = tag("strong", "", "clock-wrong")
                if wrong := clock_words(read, visit):
                    tag("div", wrong, "clock-wrong")
            with tag("div", "", "age"):
                passed = passed_at(read, visit)
                at = passed.isoformat()
                tag("time", "", data_since=at, datetime=at, title=visit.local(passed))
                self._repeats = tag("small")
            self._doing = tag("div", "", "doing")
        self.draw(alert)

    def draw(self, alert: Alert) -> None:
        """Show what may have changed: state, repeats, who works on it."""
        t = self._visit.t
        urgent = " urgent" if alert.listed.listing.priority >= URGENT else ""
        self.element.classes(replace=f"row {alert.state}{urgent}")
        seen = t.many("seen {n} more time", "seen {n} more times", alert.repeats)
        say(self._repeats, seen if alert.repeats else "")
        say(self._clone, short_warning(alert, self._visit))
        self._take_picture(alert.read)
        self._doing.clear()
        with self._doing:
            if alert.state is State.RAISED and self._visit.may(Action.HANDLE_ALERTS):
                button(t("Acknowledge"), self._acknowledge, data_key="a")
            else:
                people = [act.by for act in alert.acts if act.kind != PICTURE]
                by = t("by {name}", name=people[-1]) if people else ""
                tag("div", f"{label(alert.state, t)} {by}")

    def _take_picture(self, read: Read) -> None:
        """The picture may come after the alert."""
        if read.evidence == self._evidence:
            return
        place = self.element.default_slot.children.index(self._patch)
        self._patch.delete()
        with self.element:
            self._patch = patch(read, self._visit.t)
        self._patch.move(self.element, place)
        self._evidence = read.evidence


def headline(alert: Alert, visit: Visit) -> str:
    """Why the vehicle is listed, as the title of the alert."""
    return label(alert.listed.listing.reason_code, visit.t).capitalize()
