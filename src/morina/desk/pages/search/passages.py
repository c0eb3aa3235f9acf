"""The passages found: on the map and, newest first, as a time line by day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from nicegui.element import Element

from morina.desk.pages.markup import button, tag
from morina.desk.pages.passing import clock_words, passed_at
from morina.desk.pages.plates import patch, picture, sign
from morina.desk.pages.search.answered import Asked, Desk, asks, goes_on
from morina.desk.pages.search.correcting import show_correcting
from morina.desk.pages.search.fields import VEHICLES
from morina.desk.pages.search.grades import show_grades
from morina.desk.pages.search.marked import difference_words, show_marked
from morina.desk.pages.search.track import Stop, show_track
from morina.desk.pages.search.warned import show_label
from morina.records.clone_search import FindImpossible
from morina.records.convoy import Convoy
from morina.records.finding import Found
from morina.records.habits import FindHabits
from morina.records.journeys import FindJourneys
from morina.records.questions import Scope
from morina.records.texts import Exact, LookAlikes, Unread
from morina.sense import Read

AT_ONCE = 50
"""Passages drawn at once; the others of the answer follow at the press of a button."""


def passages_title(desk: Desk, asked: Asked) -> str:
    """How many there are of what was asked for."""
    t, n, text = desk.visit.t, len(asked.answer.found), asked.question.text
    name = text.asked or t("All plates")
    if isinstance(text, LookAlikes):
        name = t("{plate} and its look-alikes", plate=name)
    if isinstance(text, Unread):
        name = t("Without a plate")
    return f"{name}: " + t.many("{n} passage", "{n} passages", n)


def passages_next(desk: Desk, asked: Asked) -> None:
    """What may be asked next of one plate."""
    t, question = desk.visit.t, asked.question
    text = question.text
    if not isinstance(text, Exact | LookAlikes):
        return
    if asked.answer.found:
        scope, seen = Scope(period=question.scope.period), where_seen(asked)
        asks(desk, t("Who travelled with it"), Convoy(plate=text.text, scope=seen))
        asks(desk, t("Journeys"), FindJourneys(plate=text.text, scope=scope))
        moved = where_moved(asked)
        asks(desk, t("Impossible journeys"), FindImpossible(plate=text.text, scope=moved))
    zone = ZoneInfo(desk.visit.user.time_zone)
    asks(desk, t("Usual times"), FindHabits(scope=question.scope, text=text, zone=zone))
    if isinstance(text, Exact):
        wider = replace(question, text=LookAlikes(text.text), after="")
        asks(desk, t("With look-alikes"), wider)


def where_seen(asked: Asked) -> Scope:
    """The period and place asked for; where none was, the cameras it was found at.

    Questions about patterns need a place, and of a whole answer nothing is lost: it passed no other
    camera.
    """
    scope: Scope = asked.question.scope
    cameras = scope.cameras
    if cameras is None and scope.place is None:
        cameras = frozenset(one.read.camera_id for one in asked.answer.found)
    return Scope(period=scope.period, cameras=cameras, place=scope.place)


def where_moved(asked: Asked) -> Scope:
    """The same; where the answer was cut, only what was asked for: of one plate no place is
    needed, and it may have passed cameras that were not found."""
    if asked.answer.coverage.stopped is None:
        return where_seen(asked)
    scope: Scope = asked.question.scope
    return Scope(period=scope.period, cameras=scope.cameras, place=scope.place)


def show_passages(desk: Desk, asked: Asked) -> None:
    """Map and time line side by side."""
    found: Sequence[Found] = asked.answer.found
    if not found:
        tag("p", desk.visit.t("Nothing was found."), "part")
        goes_on(desk, asked, desk.visit.t("Older passages"))
        return
    if isinstance(asked.question.text, LookAlikes):
        show_grades(desk, asked)
    with tag("div", "", "found"):
        stops = [
            Stop(number, one.read.camera_id, passed_at(one.read, desk.visit))
            for number, one in enumerate(reversed(found), 1)
        ]
        show_track(desk, stops, line=isinstance(asked.question.text, Exact))
        with tag("section", "", "part flush", aria_labelledby="time-line"):
            tag("h2", desk.visit.t("Time line, newest first, your time"), id="time-line")
            TimeLine(desk, asked)
            goes_on(desk, asked, desk.visit.t("Older passages"))


class TimeLine:
    """Passages by day; those not drawn yet follow when asked for."""

    def __init__(self, desk: Desk, asked: Asked) -> None:
        self._desk = desk
        self._asked = asked
        self._found: Sequence[Found] = asked.answer.found
        self._drawn = 0
        self._days: dict[date, Element] = {}
        self._all = tag("div")
        self._foot = tag("div", "", "actions more")
        self._draw()

    async def _more(self) -> None:
        self._draw()

    def _draw(self) -> None:
        """The next ones, and how many are left."""
        n = len(self._found)
        until = min(n, self._drawn + AT_ONCE)
        numbered = [(n - at, self._found[at]) for at in range(self._drawn, until)]
        for day, group in groupby(numbered, lambda pair: self._day_of(pair[1].read)):
            with self._list(day):
                for number, one in group:
                    show_passage(self._desk, self._asked, number, one)
        self._drawn = until
        self._foot.clear()
        if until < n:
            t = self._desk.visit.t
            with self._foot:
                tag("span", t("{shown} of {n}", shown=until, n=n), "muted")
                button(t("More"), self._more)

    def _day_of(self, read: Read) -> date:
        return self._desk.visit.here(passed_at(read, self._desk.visit)).date()

    def _list(self, day: date) -> Element:
        if day not in self._days:
            with self._all:
                tag("h3", self._desk.visit.day(day), "day")
                self._days[day] = tag("ol", "", "passages")
        return self._days[day]


def show_passage(desk: Desk, asked: Asked, number: int, one: Found) -> None:
    """One passage: when, where, what was read, its picture, and a way to put the read right."""
    read, visit = one.read, desk.visit
    t, at = visit.t, passed_at(one.read, visit)
    with tag("li", "", "passage"):
        tag("span", str(number), "number")
        image = patch(read, t, "patch small")
        if read.evidence is not None:
            image.props["loading"] = "lazy"
        with tag("div", "", "what"):
            with tag("div", "", "read-text"):
                _texts(desk, one)
                show_label(desk, asked.beside.clones, read.plate)
            with tag("div"):
                tag("span", desk.camera(read.camera_id))
                if camera := desk.cameras.get(read.camera_id):
                    tag("span", f" {camera.site}", "muted")
            with tag("div", "", "muted"):
                tag("span", _details(read, desk))
                if read.evidence is not None:
                    tag("span", " ")
                    overview = picture(read.evidence.overview)
                    tag("a", t("overview image"), href=overview, target="_blank", rel="noopener")
            if wrong := clock_words(read, visit):
                tag("div", wrong, "clock-wrong")
            show_correcting(desk, read, asked.purpose)
        tag("time", visit.time_only(at), "when", datetime=at.isoformat(), title=visit.local(at))


def _texts(desk: Desk, one: Found) -> None:
    """The text that stands, what differs from the one asked for, and what a person corrected."""
    t, read = desk.visit.t, one.read
    stands = read.plate.text if read.plate else ""
    if read.plate is None:
        tag("span", t("no plate read"), "muted")
    else:
        sign(read.plate.country, t)
        tag("span", " ")
        show_marked(stands, one.differences if one.text == stands else ())
    if words := difference_words(one.differences, t):
        tag("div", words, "differing")
    if read.correction is not None:
        with tag("div", "", "corrected"):
            tag("span", t("read as") + " ")
            was = read.correction.from_text
            if was is None:
                tag("span", t("no plate read"))
            else:
                show_marked(was, one.differences if one.text != stands else ())
            tag("span", " " + t("and corrected by {who}", who=read.correction.by))


def _details(read: Read, desk: Desk) -> str:
    t, vehicle = desk.visit.t, read.vehicle
    parts = []
    if read.plate is not None:
        parts.append(t("confidence {share}", share=f"{read.confidence:.0%}"))
    if vehicle is not None:
        kind = vehicle.vehicle_class or ""
        kind = t(VEHICLES[kind]) if kind in VEHICLES else kind
        said = (vehicle.colour, vehicle.make, vehicle.model, kind)
        parts.append(" ".join(word for word in said if word))
    return ", ".join(part for part in parts if part)
