"""What the page of sites says of each, line by line; no element is made here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from morina.desk.faults import clock_said
from morina.desk.pages.visit import Visit
from morina.desk.spans import span
from morina.desk.words import mark
from morina.sense.site import SiteHeard, SiteState

COLUMNS = (
    mark("Site"),
    mark("Connection"),
    mark("Waiting there"),
    mark("Dropped, ever"),
    mark("Clocks"),
    mark("Alarms there"),
    mark("Refused there"),
)

LEAST_TOLD_S = 0.1
"""Of a clock that is right, the nearest that is told."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a cell; ``since`` is followed by how long ago, ``camera_id`` leads to a page."""

    text: str
    classes: str = ""
    since: datetime | None = None
    camera_id: str = ""


Cell = tuple[Line, ...]


def cells(one: SiteHeard, visit: Visit, now: datetime, clock_s: float) -> tuple[Cell, ...]:
    """A cell for each of COLUMNS; a clock off by more than ``clock_s`` is marked."""
    named = (_named(one, visit), tuple(_connection(one, visit, now)))
    state = one.state
    if state is None:
        return (*named, *[()] * (len(COLUMNS) - len(named)))
    return (
        *named,
        tuple(_waiting(state, visit)),
        _dropped(state, visit),
        tuple(_clocks(state, visit, clock_s)),
        _alarms(state, visit),
        _refused(state, visit),
    )


def refusals(one: SiteHeard, visit: Visit) -> Iterator[Line]:
    """Who knocked at the site, newest first, and what was last wrong with a camera's payload."""
    state, t = one.state, visit.t
    if state is None:
        return
    for who, times in state.knocking.items():
        said = t.many("{who} knocked {n} time", "{who} knocked {n} times", times, who=who)
        yield Line(f"{one.site}: {said}")
    for camera_id, fault in state.bad_payloads.items():
        said = t("payload of {camera} refused: {fault}", camera=camera_id, fault=fault)
        yield Line(f"{one.site}: {said}")


def _named(one: SiteHeard, visit: Visit) -> Cell:
    scope = "; ".join(one.scope) or visit.t("entries for everywhere")
    return Line(one.site), Line(scope, "muted")


def _connection(one: SiteHeard, visit: Visit, now: datetime) -> Iterator[Line]:
    t = visit.t
    if one.heard_at is None:
        yield Line(t("has never connected"), "faulty")
        return
    if one.connected_at(now):
        yield Line(t("connected"))
    else:
        time = visit.local(one.heard_at)
        yield Line(t("not connected since {time}", time=time), "faulty")
        yield Line(t("the rest is what it last told"), "muted")
    yield Line(t("last heard"), "muted", since=one.heard_at)


def _waiting(state: SiteState, visit: Visit) -> Iterator[Line]:
    t = visit.t
    yield Line(t.many("{n} read", "{n} reads", state.reads_waiting))
    if state.oldest_waiting_at:
        oldest = visit.local(state.oldest_waiting_at)
        yield Line(t("the oldest of {time}", time=oldest), "muted")
    if captures := sum(state.captures_waiting.values()):
        yield Line(t.many("{n} capture to be read", "{n} captures to be read", captures))
    yield Line(t.many("{n} picture", "{n} pictures", state.pictures_waiting))


def _dropped(state: SiteState, visit: Visit) -> Cell:
    reads, pictures = state.reads_dropped, state.pictures_dropped
    return (
        Line(visit.t.many("{n} read", "{n} reads", reads), "faulty" if reads else ""),
        Line(visit.t.many("{n} picture", "{n} pictures", pictures), "faulty" if pictures else ""),
    )


def _clocks(state: SiteState, visit: Visit, clock_s: float) -> Iterator[Line]:
    offset_s = state.clock_offset_s
    if offset_s is None:
        yield Line(visit.t("not measured yet"), "muted")
    elif abs(offset_s) > clock_s:
        yield Line(clock_said(offset_s, visit.t), "faulty")
    else:
        within = span(max(abs(offset_s), LEAST_TOLD_S), visit.t)
        yield Line(visit.t("the clock is right within {span}", span=within))
    for camera_id, behind_s in sorted(state.wrong_clocks.items()):
        said = f"{camera_id}: {clock_said(behind_s, visit.t)}"
        yield Line(said, "faulty", camera_id=camera_id)


def _alarms(state: SiteState, visit: Visit) -> Cell:
    t = visit.t
    told = (Line(t("{n} since its start", n=state.alarms)), *_forgotten(state, visit))
    if state.hotlist_entries is None or state.hotlist_until is None:
        return *told, Line(t("no hotlist there"), "muted")
    until = visit.local(state.hotlist_until)
    held = t.many(
        "{n} entry until {time}", "{n} entries until {time}", state.hotlist_entries, time=until
    )
    return *told, Line(held, "muted")


def _forgotten(state: SiteState, visit: Visit) -> Cell:
    """Of cameras of which only hits are kept; nothing where the site has none."""
    if not state.forgotten:
        return ()
    n = sum(state.forgotten.values())
    words = visit.t.many("{n} passage that was no hit, forgotten",
                         "{n} passages that were no hits, forgotten", n)  # fmt: skip
    return (Line(words, "muted"),)


def _refused(state: SiteState, visit: Visit) -> Cell:
    t, cameras = visit.t, len(state.bad_payloads)
    knocks = Line(t.many("{n} knock", "{n} knocks", state.knocks))
    if not cameras:
        return (knocks,)
    payloads = t.many("payloads of {n} camera", "payloads of {n} cameras", cameras)
    return knocks, Line(payloads, "faulty")
