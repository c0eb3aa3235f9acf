"""A sortie is looked through: each picture's pose, footprint, what is in it and where, and tracks.

Three things go on at once: the next pictures are decoded, the eyes look at this one, each in a
thread of its own; what they use lets go of Python's lock. All of it is bounded, by time and count.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from morina.sense.aerial.ground import Footprint, Ground, NoPlaceError, Pose
from morina.sense.aerial.looking.eyes import Eye
from morina.sense.aerial.looking.look import Looks
from morina.sense.aerial.looking.pictures import Due, Picture, VideoError, ahead
from morina.sense.aerial.looking.times import Timeline
from morina.sense.aerial.roles import Moment
from morina.sense.aerial.telemetry import Flight, Telemetry
from morina.sense.aerial.track import Track
from morina.sense.aerial.tracking.tracker import Tracker


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often, a second of video: pictures looked at by the eyes, and moments with footprints.

    A batch is given on every ``batch_s`` of video. Between sayings of the aircraft further than
    ``most_gap_s`` apart nothing is plotted. ``ahead``: pictures decoded before they are needed.
    """

    detections_per_s: float = 5.0
    footprints_per_s: float = 2.0
    batch_s: float = 5.0
    most_gap_s: float = 2.0
    ahead: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a sortie is looked through with."""

    flight: Flight
    ground: Ground
    eyes: Sequence[Eye]
    pace: Pace = Pace()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is new since the last one: moments, and tracks that ended; ``going`` are those that go
    on, as they are known now, under names they keep, and ``gone`` the names of earlier ones that
    turned out to be no thing. ``at_s``: worked through until then."""

    at_s: float
    moments: Sequence[Moment]
    ended: Sequence[Track]
    going: Sequence[Track]
    gone: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``looked``: pictures the eyes saw. ``fault``: why it broke off, empty where it did not; what
    was given on before is kept. ``notes``: in words, what could not be done in part."""

    pictures: int
    looked: int
    tracks: int
    seconds: float
    fault: str = ""
    notes: tuple[str, ...] = ()


class Sink(Protocol):
    """Where it is kept."""

    def begin(self) -> None:
        """What an earlier run left of this sortie goes; so a run again replaces it."""

    def take(self, batch: Batch) -> None:
        """One more batch; the last has no tracks that go on."""


def look_through(
    pictures: Iterable[Picture], sight: Sight, tracker: Tracker, sink: Sink
) -> Outcome:
    """From the first picture to the last, or to where the video breaks off."""
    sink.begin()
    fault = ""
    with ThreadPoolExecutor(max(1, len(sight.eyes)), thread_name_prefix="eyes") as pool:
        looking = _Looking(sight, tracker, sink, pool)
        try:
            for picture in ahead(pictures, sight.pace.ahead):
                looking.at(picture)
        except VideoError as error:
            fault = str(error)
        return looking.over(fault)


class _Looking:
    """One run: what is due, what waits to be given on, what is counted."""

    def __init__(
        self, sight: Sight, tracker: Tracker, sink: Sink, pool: ThreadPoolExecutor
    ) -> None:
        self._sight, self._tracker, self._sink = sight, tracker, sink
        self._looks = Looks(sight.ground, sight.eyes, pool)
        pace = sight.pace
        self._timeline = Timeline(sight.flight, pace.most_gap_s)
        self._detection, self._footprint = Due(pace.detections_per_s), Due(pace.footprints_per_s)
        self._batch = Due(1 / pace.batch_s)
        self._moments: list[Moment] = []
        self._ended: list[Track] = []
        self._pictures = self._looked = self._tracks = self._nowhere = 0
        self._at_s = 0.0
        self._notes: dict[str, None] = {}

    def at(self, picture: Picture) -> None:
        """One picture."""
        self._pictures += 1
        self._at_s = picture.at_s
        told = self._timeline.at(picture.at_s)
        footprint, detection = self._footprint.at(picture.at_s), self._detection.at(picture.at_s)
        if told is None:
            self._nowhere += 1
        elif footprint or detection:
            pose = self._pose(told)
            if footprint:
                self._moment(picture, told, pose)
            if detection and pose is not None and self._sight.eyes:
                self._look(picture, pose)
        if self._batch.at(picture.at_s):
            self._give_on(self._tracker.open())

    def over(self, fault: str) -> Outcome:
        """Tracks end with the sortie."""
        self._keep(self._tracker.end())
        self._give_on(())
        if self._nowhere:
            self._note(f"{self._nowhere} pictures at whose time the telemetry says nothing")
        return Outcome(
            pictures=self._pictures, looked=self._looked, tracks=self._tracks, seconds=self._at_s,
            fault=fault, notes=tuple(self._notes),
        )  # fmt: skip

    def _pose(self, told: Telemetry) -> Pose | None:
        try:
            return self._sight.ground.pose(self._sight.flight, told)
        except NoPlaceError as error:
            self._note(str(error))
            return None

    def _moment(self, picture: Picture, told: Telemetry, pose: Pose | None) -> None:
        self._moments.append(
            Moment(
                frame=picture.frame, at_s=picture.at_s, latitude=told.latitude,
                longitude=told.longitude, height_m=pose.height_m if pose else None, pose=pose,
                footprint=self._footprint_of(pose, picture.at_s),
            )
        )  # fmt: skip

    def _footprint_of(self, pose: Pose | None, at_s: float) -> Footprint | None:
        if pose is None:
            return None
        try:
            return self._sight.ground.footprint(pose, at_s)
        except NoPlaceError as error:
            self._note(str(error))
            return None

    def _look(self, picture: Picture, pose: Pose) -> None:
        try:
            seen = self._looks.seen(picture, pose)
        except NoPlaceError as error:
            self._note(str(error))
            return
        if seen is not None:
            self._looked += 1
            self._keep(self._tracker.look(picture.at_s, seen))

    def _keep(self, ended: Sequence[Track]) -> None:
        self._tracks += len(ended)
        self._ended += ended

    def _give_on(self, going: Sequence[Track]) -> None:
        gone = self._tracker.withdrawn()
        ended = [one for one in self._ended if one.track_id not in gone]
        batch = Batch(
            at_s=self._at_s, moments=self._moments, ended=ended, going=going, gone=gone
        )  # fmt: skip
        self._moments, self._ended = [], []
        self._sink.take(batch)

    def _note(self, said: str) -> None:
        """Each once, and no more than a page of them."""
        if len(self._notes) < 20:
            self._notes[said] = None
