"""Journeys of a plate: trips, their legs with what is usual there, and where each was heading."""

from collections.abc import Sequence

from morina.desk.pages.markup import button, tag
from morina.desk.pages.plates import sign
from morina.desk.pages.search.answered import Asked, Desk, asks, goes_on
from morina.desk.pages.search.track import PickedTrack, Stop
from morina.desk.pages.search.warned import show_label
from morina.desk.said import translated_parts
from morina.desk.spans import span
from morina.desk.words import Words, mark
from morina.records.finding import FindPassages
from morina.records.journeys import Leg, Trip
from morina.records.questions import Scope
from morina.records.texts import Exact
from morina.watch import SuspectedClone

TOWARDS = (
    mark("towards the north"), mark("towards the north-east"), mark("towards the east"),
    mark("towards the south-east"), mark("towards the south"), mark("towards the south-west"),
    mark("towards the west"), mark("towards the north-west"),
)  # fmt: skip
"""Eight directions, clockwise from north."""


def trips_title(desk: Desk, asked: Asked) -> str:
    """Whose journeys, and how many."""
    n = len(asked.answer.found)
    name = desk.visit.t("Journeys of {plate}", plate=asked.question.plate)
    return f"{name}: " + desk.visit.t.many("{n} journey", "{n} journeys", n)


def trips_next(desk: Desk, asked: Asked) -> None:
    """The passages they were made of."""
    scope = Scope(period=asked.question.scope.period)
    asks(
        desk,
        desk.visit.t("Its passages"),
        FindPassages(scope=scope, text=Exact(asked.question.plate)),
    )


def show_trips(desk: Desk, asked: Asked) -> None:
    """Each trip with its legs, beside the map of the one chosen."""
    t, found = desk.visit.t, asked.answer.found
    if not found:
        tag("p", t("Nothing was found."), "part")
        return
    with tag("div", "", "found picked"):
        with tag("section", "", "part flush", aria_labelledby="trips"):
            tag("h2", t("Journeys, newest first"), id="trips")
            rule = t(
                "Passages belong to one journey where no gap is much longer than is usual between"
                " the two cameras. A direction is that from camera to camera, in a straight line."
            )
            tag("p", rule, "empty")
            trips = tag("ol", "", "companions")
            goes_on(desk, asked, t("Older journeys"))
        picked = PickedTrack(desk, tag("div", "", "", aria_live="polite"))
        with trips:
            for number, one in enumerate(found, 1):
                _trip(desk, number, one, picked, asked.beside.clones)
    picked.draw(stops_of(found[0]))


def stops_of(trip: Trip) -> list[Stop]:
    """Its passages for the map, the first as 1."""
    return [Stop(n, each.camera_id, each.at) for n, each in enumerate(trip.passages, 1)]


def towards(heading: float, t: Words) -> str:
    """A direction in degrees from north, as one of eight in words."""
    return t(TOWARDS[round(heading / 45) % len(TOWARDS)])


def _trip(
    desk: Desk, number: int, one: Trip, picked: PickedTrack, clones: Sequence[SuspectedClone]
) -> None:
    t = desk.visit.t
    with tag("li"):
        with tag("div", "", "who"):
            sign(one.plate.country, t)
            tag("span", one.plate.text, "text")
            tag("span", _about(one, desk))
            show_label(desk, clones, one.plate)
        with tag("ol", "", "meetings"):
            for place, each in enumerate(one.passages):
                legs = one.legs[place - 1 : place] if place else ()
                _stop(desk, place + 1, each.camera_id, desk.second(each.at), legs)
        tag("p", translated_parts(one.ended, t), "muted")
        if len(one.passages) > 1:
            with tag("div", "", "actions"):
                label = t("On the map: journey {number}", number=number)
                button(t("On the map"), picked.choose(stops_of(one)), aria_label=label)


def _stop(desk: Desk, number: int, camera_id: str, at: str, legs: Sequence[Leg]) -> None:
    with tag("li"):
        tag("span", str(number), "number")
        with tag("div"):
            tag("span", desk.camera(camera_id))
            for leg in legs:
                tag("div", leg_words(leg, desk.visit.t), "muted")
        tag("time", at)


def _about(one: Trip, desk: Desk) -> str:
    t = desk.visit.t
    parts = [t.many("{n} passage", "{n} passages", len(one.passages))]
    if len(one.passages) > 1:
        parts.append(span(one.took_s, t))
    if one.heading is not None:
        parts.append(towards(one.heading, t))
    return ", ".join(parts)


def leg_words(leg: Leg, t: Words) -> str:
    """How long it took, what is usual there, how far and in which direction."""
    parts = [t("{span} after the one before", span=span(leg.took_s, t))]
    if leg.usual is None:
        parts.append(t("too little is known of what is usual there"))
    else:
        usual, slow = span(leg.usual.usual_s, t), span(leg.usual.slow_s, t)
        parts.append(t("usual is {usual}, nine of ten within {slow}", usual=usual, slow=slow))
    if leg.distance_km is not None:
        parts.append(t("{km} km away", km=f"{leg.distance_km:.1f}"))
    if leg.heading is not None:
        parts.append(towards(leg.heading, t))
    return ", ".join(parts)
