"""Convoy: vehicles that travelled with this one, each with what speaks for chance and against."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from morina.records.camera_places import Places
from morina.records.convoy_chance import Flow, Scene, chance
from morina.records.convoy_companion import Companion, Counts, companion
from morina.records.convoy_meetings import (
    Meeting,
    Passed,
    Rule,
    Track,
    Window,
    follow_shares,
    meetings,
    places_by_journey,
)
from morina.records.figures import Period
from morina.records.kinds import RefusedQuestionError
from morina.records.patterns import plain_text
from morina.records.questions import Answer, Coverage, Scope, Stop
from morina.records.running import Running, StoppedError
from morina.records.wording import scope_in_words
from morina.sense.cameras.camera import Camera

PASSAGES = 200
"""The target's newest, that are looked at."""

SCORED = 500
"""Vehicles met on most journeys, whose own passages are looked up."""

AT_ONCE = 50
"""Windows of one statement."""

JOURNEYS = 2
"""One journey shared is never a convoy, however long: that is what traffic does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Convoy:
    """Who travelled with ``plate``. ``chance_too`` also tells those whom chance explains.

    ``scope`` is where and when the target is looked for; its looks and country are the target's.
    """

    plate: str
    scope: Scope
    rule: Rule = field(default_factory=Rule)
    chance_too: bool = False
    after: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "plate", plain_text(self.plate, "plate"))
        if not 1 <= self.rule.within_s <= 1800:
            raise RefusedQuestionError("within_s", "is out of reach", "give 1 to 1800 seconds")
        if not 2 <= self.rule.sites <= 50:
            raise RefusedQuestionError("sites", "is out of reach", "give 2 to 50")
        if not 0 < self.rule.apart_km <= 500:
            raise RefusedQuestionError("apart_km", "is out of reach", "give up to 500 km")
        if self.after and not self.after.isdecimal():
            raise RefusedQuestionError("after", "is not of an answer", "give its more, or nothing")

    @property
    def plates(self) -> tuple[str, ...]:
        """See Question."""
        return (self.plate,)

    def words(self) -> str:
        """See Question."""
        rule = self.rule
        return (
            f"what travelled with {self.plate}, within {rule.within_s} s at {rule.sites} places "
            f"or more, {rule.apart_km:g} km apart; {scope_in_words(self.scope)}"
        )


class Passing(Protocol):
    """What passed cameras, for the question of convoys."""

    async def target(self, asked: Convoy, most: int, running: Running) -> Sequence[Passed]:
        """The newest passages of the vehicle asked for, at most so many, newest first."""

    async def through(self, windows: Sequence[Window], running: Running) -> Sequence[Passed]:
        """All that passed in any of the windows, the unread too; some perhaps twice."""

    async def own(
        self, plates: Collection[str], cameras: Collection[str], period: Period, running: Running
    ) -> Sequence[Passed]:
        """The passages of these vehicles at these cameras, each once."""

    async def flows(
        self, cameras: Collection[str], period: Period, running: Running
    ) -> Mapping[str, Flow]:
        """By camera what passed in all; cameras that nothing passed are absent."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """The windows that were looked at, newest first, and why not the others."""

    passed: list[Passed]
    windows: int
    stopped: Stop | None


async def travelled_with(
    passing: Passing, cameras: Sequence[Camera], asked: Convoy, running: Running
) -> Answer[Companion]:
    """Convoys by how seldom chance makes them; StoppedError where nothing could be looked at."""
    newest = await passing.target(asked, PASSAGES + 1, running)
    places = Places.of(_in(asked.scope, cameras), asked.rule.apart_km)
    known = [one for one in newest[:PASSAGES] if one.camera_id in places.near]
    track = Track.of(known, asked.rule)
    looked = await _look(passing, track.windows(places, asked.rule), running)
    if looked.stopped:
        first = len(track.passages) - looked.windows
        track = Track.of(track.passages[first:], asked.rule)
    windows = track.windows(places, asked.rule)
    met = meetings(track, windows, looked.passed, asked.plate)
    scene = Scene(track, windows, met, {}, follow_shares(track, met, places), asked.rule)
    found, left = await _found(passing, scene, places, asked, running)
    notes = (*_notes(newest, known, scene, asked), *left.notes())
    covered = _covered(asked, newest, track, looked.stopped or left.stopped)
    return _page(found, asked, running, Answer(found=(), coverage=covered, notes=notes))


def _in(scope: Scope, cameras: Sequence[Camera]) -> list[Camera]:
    return [one for one in cameras if scope.cameras is None or one.camera_id in scope.cameras]


async def _look(passing: Passing, windows: Sequence[Window], running: Running) -> _Looked:
    """Newest first, until all is looked at or it must stop."""
    passed: list[Passed] = []
    done = 0
    newest = windows[::-1]
    while done < len(newest):
        try:
            passed += await passing.through(newest[done : done + AT_ONCE], running)
        except StoppedError as stopped:
            if not done:
                raise
            return _Looked(passed, done, stopped.why)
        done = min(done + AT_ONCE, len(newest))
        running.share = 0.7 * done / len(newest)
    return _Looked(passed, done, None)


@dataclass(frozen=True, slots=True)
class _Left:
    """How many of those met at enough places were not scored, and why it had to stop."""

    vehicles: int
    stopped: Stop | None = None

    def notes(self) -> tuple[str, ...]:
        """What is to be said of it."""
        if not self.vehicles:
            return ()
        return (f"{self.vehicles:,} more were met at enough places, and were not scored",)


async def _found(
    passing: Passing, scene: Scene, places: Places, asked: Convoy, running: Running
) -> tuple[list[Companion], _Left]:
    """Those met at enough places, best first."""
    counts = {plate: _counts(scene, places, met) for plate, met in scene.met.by_plate.items()}
    enough = {plate: one for plate, one in counts.items() if one.places >= asked.rule.sites}
    often = [plate for plate, one in enough.items() if len(one.by_journey) >= JOURNEYS]
    often.sort(key=lambda plate: enough[plate].rank, reverse=True)
    own: dict[str, list[Passed]] = {plate: [] for plate in often[:SCORED]}
    stopped = None
    try:
        scene = await _with_own(passing, scene, own, asked, running)
    except StoppedError as error:
        own, stopped = {}, error.why
    found = []
    for plate, one in enough.items():
        scored = chance(scene, own[plate], one.by_journey) if plate in own else None
        found.append(companion(scene, plate, one, scored, asked.plate))
    found.sort(key=lambda one: (one.perhaps_itself, one.chance.corrected, one.plate))
    return found, _Left(len(often) - len(own), stopped)


async def _with_own(
    passing: Passing, scene: Scene, own: dict[str, list[Passed]], asked: Convoy, running: Running
) -> Scene:
    """Looks up the passages of those to be scored, and the flow of the sites."""
    if not own:
        return scene
    there = {camera for window in scene.windows for camera in window.cameras}
    for one in await passing.own(own, there, asked.scope.period, running):
        own[one.plate].append(one)
    running.share = 0.85
    used = {one.camera_id for several in own.values() for one in several}
    sites = {one for w in scene.windows if not used.isdisjoint(w.cameras) for one in w.cameras}
    flows = await passing.flows(sites, asked.scope.period, running)
    return replace(scene, flows=flows)


def _counts(scene: Scene, places: Places, met: Sequence[Meeting]) -> Counts:
    """At how many places and on which journeys one vehicle met the target."""
    by_journey = places_by_journey(scene.track, met, places)
    cameras = (scene.track.passages[one.of].camera_id for one in met)
    of_places = len(places.apart(one.camera_id for one in scene.track.passages))
    return Counts(
        places=len(places.apart(cameras)),
        of_places=of_places,
        by_journey={journey: len(there) for journey, there in by_journey.items()},
        meetings=len(met),
    )


def _covered(
    asked: Convoy, newest: Sequence[Passed], track: Track, stopped: Stop | None
) -> Coverage:
    """All of the period, or what follows the oldest passage that was looked at."""
    period = asked.scope.period
    if stopped is None and len(newest) <= PASSAGES:
        return Coverage(asked=period, covered=period)
    covered = None
    if track.passages:
        oldest = datetime.fromtimestamp(track.passages[0].second, UTC)
        covered = Period(max(oldest, period.begins_at), period.ends_at)
    return Coverage(asked=period, covered=covered, stopped=stopped or Stop.ROWS)


def _notes(
    newest: Sequence[Passed], known: Sequence[Passed], scene: Scene, asked: Convoy
) -> tuple[str, ...]:
    """What was compared, and what was left out."""
    track = scene.track
    notes = [
        f"{len(track.passages)} passages of {asked.plate} on {track.journeys} journeys; "
        f"{scene.compared:,} other vehicles passed within {asked.rule.within_s} s of one"
    ]
    if len(newest) > PASSAGES:
        notes.append(f"only its newest {PASSAGES} passages were looked at; ask for less time")
    lost = min(len(newest), PASSAGES) - len(known)
    if lost:
        notes.append(f"{lost} passages at cameras whose place is not known were left out")
    return tuple(notes)


def _page(
    found: Iterable[Companion], asked: Convoy, running: Running, answer: Answer[Companion]
) -> Answer[Companion]:
    """So many as may be shown, from where the answer before ended."""
    shown = [one for one in found if asked.chance_too or one.convoy or one.perhaps_itself]
    begins = int(asked.after or 0)
    ends = begins + running.limits.rows
    more = str(ends) if ends < len(shown) else ""
    running.share = 1.0
    return replace(answer, found=tuple(shown[begins:ends]), more=more)
