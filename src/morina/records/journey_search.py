"""The question for journeys of one plate, answered page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from morina.records.clones import Passage
from morina.records.figures import Period
from morina.records.journeys import (
    LAST,
    MUCH_LONGER,
    PAUSE_S,
    FindJourneys,
    Travelled,
    Trip,
    slow_s,
    trips,
)
from morina.records.pages import instant_of
from morina.records.questions import Answer, Coverage, Stop
from morina.records.roads import Roads
from morina.records.running import Running, StoppedError
from morina.sense.cameras import Camera, CameraRegistry

LATER = "what passed later is in the answer before"
LEARNING = (
    "what is usual between cameras is still being learned; where it is not known yet, journeys "
    "end as the straight way says"
)
TORN = "the oldest journey has more passages than are shown at once: it may have begun earlier"
TICK = timedelta(milliseconds=1)
"""Times of passages are kept so finely."""


@dataclass(frozen=True, slots=True)
class JourneySearch:
    """Finds the trips of a plate."""

    travelled: Travelled
    registry: CameraRegistry

    async def answer(self, asked: FindJourneys, running: Running) -> Answer[Trip]:
        """Trips of each country's plate of that text, the last one first."""
        cameras = {one.camera_id: one for one in await self.registry.cameras()}
        roads = await self._roads(running)
        notes = (LEARNING,) if roads.still_learning else ()
        most = running.limits.rows
        seen = await self.travelled.passages(_before(asked), most + 1, running)
        running.share = 1.0
        found = [
            trip
            for plate in dict.fromkeys(plate for plate, _ in seen)
            for trip in trips(plate, [one for of, one in seen if of == plate], roads, cameras)
        ]
        found.sort(key=lambda one: one.passages[-1].at, reverse=True)
        if asked.after:
            found = [replace(one, ended=LATER) if one.ended == LAST else one for one in found]
        period = asked.scope.period
        if len(seen) <= most:
            coverage = Coverage(asked=period, covered=period)
            return Answer(found=tuple(found), coverage=coverage, notes=notes)
        shown, reached = whole_trips(found, roads, cameras)
        coverage = Coverage(
            asked=period, covered=Period(reached, period.ends_at), stopped=Stop.ROWS
        )
        notes = notes if len(shown) < len(found) else (*notes, TORN)
        return Answer(found=tuple(shown), coverage=coverage, more=reached.isoformat(), notes=notes)

    async def _roads(self, running: Running) -> Roads:
        try:
            return await self.travelled.roads(running)
        except StoppedError:
            return Roads({}, {}, still_learning=True)


def _before(asked: FindJourneys) -> FindJourneys:
    """The question about what passed before an answer ended."""
    if not asked.after:
        return asked
    begins_at, ends_at = asked.scope.period.begins_at, instant_of(asked.after)
    ends_at = min(max(ends_at, begins_at + TICK), asked.scope.period.ends_at)
    return replace(asked, scope=replace(asked.scope, period=Period(begins_at, ends_at)))


def whole_trips(
    found: Sequence[Trip], roads: Roads, cameras: Mapping[str, Camera]
) -> tuple[Sequence[Trip], datetime]:
    """Of trips made of the newest passages only, those that surely began with a passage that was
    looked at, and from when on these are all; all of them where none did."""
    oldest = until = min(one.passages[0].at for one in found)
    first = {one.plate: one for one in found}
    while True:
        torn = [
            one
            for one in found
            if one.passages[0].at <= until
            or (
                one is first[one.plate]
                and one.passages[0].at - oldest <= _longest(one.passages[0], roads, cameras)
            )
        ]
        last = max(one.passages[-1].at for one in torn)
        if last <= until:
            break
        until = last
    whole = [one for one in found if one not in torn]
    return (whole, until + TICK) if whole else (found, oldest)


def _longest(second: Passage, roads: Roads, cameras: Mapping[str, Camera]) -> timedelta:
    """The longest gap before a passage that is not between two trips."""
    slowest = (
        slow_s(replace(second, camera_id=one), second, roads, cameras)
        for one in (*cameras, second.camera_id)
    )
    return timedelta(seconds=MUCH_LONGER * max(slowest) + PAUSE_S)
