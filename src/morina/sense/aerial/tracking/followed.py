"""One thing that is followed, or may be: a candidate until enough pictures agree."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID, uuid4

import numpy as np

from morina.sense.aerial.detection import Detection, ObjectKind
from morina.sense.aerial.ground import Place
from morina.sense.aerial.track import Track
from morina.sense.aerial.tracking.motion import Covariance, Motion, begun, later, seen_at, square
from morina.sense.aerial.tracking.path import Path, Votes
from morina.sense.aerial.tracking.plane import Plane
from morina.sense.aerial.tracking.written import InPicture, Verdict, Writing


@dataclass(frozen=True, slots=True)
class Gait:
    """How a kind moves: speed each way when it is first seen (standard deviation, m/s), and the
    spectral density of its acceleration (m2/s3). Chosen, not measured."""

    speed_ms: float
    restless: float


GAITS: Mapping[ObjectKind, Gait] = {
    ObjectKind.PERSON: Gait(1.5, 0.3),
    ObjectKind.BICYCLE: Gait(5.0, 1.0),
    ObjectKind.VEHICLE: Gait(10.0, 2.0),
    ObjectKind.MOVING: Gait(8.0, 0.7),
}


WRITING = Writing()

BEGINS = frozenset(ObjectKind) - {ObjectKind.BICYCLE}
"""Of five bicycles the detector says, one is right (its card), most of the others stand parked; who
rides one is seen as a person too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """How things are followed; decision 0028 says why.

    A candidate becomes a track when ``agreeing`` of its last ``within`` pictures saw it. A track
    ends when for ``coast_s`` no more than ``agreeing`` less two of them did, and is then what it
    was before: a false alarm on its way does not prolong it. What the moving cue alone sees must go
    as well, for houses that lean over stay where they are: its speed is not none (``moves``:
    squared Mahalanobis distance, 99.9 %), or it went ``moved_m``. ``gate``: squared Mahalanobis
    distance (9.21 holds 99 % in two dimensions). ``disagree``: what another kind adds to it.
    ``shaking``: the part of the pose's variance that is new in each picture; the rest is common to
    all and is never averaged away. ``writing``: what stays where it is in the picture while the
    ground goes by is no thing. ``begins``: kinds a candidate begins with; what is not among
    them only joins one that is there.
    """

    agreeing: int = 4
    within: int = 6
    coast_s: float = 5.0
    moved_m: float = 12.0
    moves: float = 13.8
    gate: float = 9.21
    disagree: float = 3.0
    shaking: float = 0.1
    most_points: int = 1000
    most_open: int = 300
    begins: frozenset[ObjectKind] = BEGINS
    writing: Writing = WRITING

    def __post_init__(self) -> None:
        if not 1 <= self.agreeing <= self.within <= 32:
            raise ValueError(
                f"agreeing {self.agreeing} within {self.within}: give 1 <= agreeing <= within <= 32"
            )


@dataclass(frozen=True, slots=True)
class Seen:
    """A detection, where it stands, and the error of its own: of the box, not of the pose."""

    detection: Detection
    place: Place
    own: Covariance

    def shaken(self, share: float) -> Covariance:
        """What differs from picture to picture: the box, and a share of the pose's variance."""
        (ee, en, nn), pose = self.own, self.place.covariance
        return ee + share * pose[0], en + share * pose[1], nn + share * pose[2]


@dataclass(slots=True)
class Followed:
    """``pattern``: one bit a picture of the last ones, lowest the newest, set where it was seen;
    ``held_s``: when it was last seen by nearly as many as it takes to agree. ``written``: it is
    over the picture, and no thing."""

    rules: Tracking
    motion: Motion
    at_s: float
    held_s: float
    pose: Covariance
    path: Path
    first_at: tuple[float, float]
    votes: Votes = field(default_factory=Votes)
    track_id: UUID = field(default_factory=uuid4)
    pattern: int = 0
    agreed: int = 0
    written: bool = False
    in_picture: InPicture = field(init=False)

    def __post_init__(self) -> None:
        self.in_picture = InPicture(self.rules.writing)

    @classmethod
    def first(cls, rules: Tracking, at_s: float, seen: Seen, at: tuple[float, float]) -> Self:
        """A candidate, seen once."""
        own = square(seen.shaken(rules.shaking))
        motion = begun(at, own, GAITS[seen.detection.kind].speed_ms)
        path = Path(rules.most_points)
        made = cls(rules, motion, at_s, at_s, seen.place.covariance, path, at)
        made._note(seen, at)
        return made

    @property
    def sure(self) -> bool:
        """Whether it is a track."""
        return self.agreed > 0 and not self.written

    @property
    def rank(self) -> int:
        """Who chooses first: tracks in sight, then those out of sight, then candidates."""
        return (0 if self.pattern else 1) if self.sure else 2

    def on(self, at_s: float) -> None:
        """Where it should be now."""
        restless = GAITS[self.votes.kind].restless
        self.motion = later(self.motion, at_s - self.at_s, restless)
        self.at_s = at_s
        self.pattern = self.pattern << 1 & (1 << self.rules.within) - 1

    def seen(self, seen: Seen, at: tuple[float, float]) -> None:
        """It was seen now; it may become a track by this."""
        self.motion = seen_at(self.motion, at, square(seen.shaken(self.rules.shaking)))
        self.pose = seen.place.covariance
        self._note(seen, at)

    def missed(self) -> None:
        """It was not seen now."""
        self._keep(None)

    def over(self) -> bool:
        """Whether it has ended: unseen too long, or it can agree no more."""
        if self.sure:
            return self.at_s - self.held_s > self.rules.coast_s
        span = self.rules.within - self.rules.agreeing
        return self.pattern & (1 << span + 1) - 1 == 0

    def track(self, sortie_id: UUID, plane: Plane) -> Track:
        """As it is known now. What was foretold after it was last held is not part of it."""
        points = [point for point in self.path.points(plane) if point.at_s <= self.held_s]
        return Track(
            track_id=self.track_id, sortie_id=sortie_id, kind=self.votes.kind, points=points,
            agreeing=self.agreed, share=self.votes.share, hint=self.votes.hint,
        )  # fmt: skip

    def _note(self, seen: Seen, at: tuple[float, float]) -> None:
        self.pattern |= 1
        verdict = self.in_picture.seen(self.at_s, seen.detection.box, at, self.pose)
        self.written = self.written or verdict is Verdict.WRITTEN
        self.votes.add(seen.detection.kind, seen.detection.confidence)
        agreeing = self.pattern.bit_count()
        agrees = agreeing >= self.rules.agreeing and verdict is Verdict.THING
        if not self.sure and agrees and self._moved():
            self.agreed = agreeing
        if agreeing >= self.rules.agreeing - 1 or not self.sure:
            self.held_s = self.at_s
        self._keep(seen)

    def _moved(self) -> bool:
        """Whether it need not have moved, or has."""
        if not self.votes.hint:
            return True
        speed, spread = self.motion.mean[2:], self.motion.covariance[2:, 2:]
        if float(speed @ np.linalg.solve(spread, speed)) > self.rules.moves:
            return True
        return math.dist(self.first_at, self.motion.mean[:2]) > self.rules.moved_m

    def _keep(self, seen: Seen | None) -> None:
        """A point; its covariance is the filter's and the pose's, which all points share."""
        spread = self.motion.covariance
        covariance = (
            float(spread[0, 0]) + self.pose[0], float(spread[0, 1]) + self.pose[1],
            float(spread[1, 1]) + self.pose[2],
        )  # fmt: skip
        box = seen.detection.box if seen else None
        self.path.add(self.at_s, self.motion, covariance, box)
