"""Impossible journeys: one plate at two places, too fast for one vehicle. Pure.

The definition and its figures are this project's own (docs/records.md). A machine finds them and
says why; whether a plate is cloned is for a person to say.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from morina.plates import Plate
from morina.records.ways import km_between
from morina.sense.cameras.camera import Camera

FAULT_PLATES = 5
FAULT_WITHIN = timedelta(hours=1)
"""So many plates too fast between the same two cameras within so long before or after: no five
plates are cloned at once on one road, so a clock or a place is wrong. Own choice."""

Cameras = Mapping[str, Camera]
"""By id."""


@dataclass(frozen=True, slots=True)
class Corridor:
    """Two sites joined by ferry, tunnel or train: the most one can do between them, each way."""

    one: str
    other: str
    most_kmh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CloneRules:
    """What counts as too fast; every one is a setting under ``[clones]``.

    ``clock_error_s`` is of both clocks together, ``place_error_km`` of one camera's place.
    """

    most_kmh: float = 180.0
    clock_error_s: float = 10.0
    place_error_km: float = 0.25
    least_confidence: float = 0.9
    corridors: tuple[Corridor, ...] = ()

    def allowed_kmh(self, one: Camera, other: Camera) -> float:
        """The most possible between two cameras."""
        for corridor in self.corridors:
            if {corridor.one, corridor.other} == {one.site, other.site}:
                return corridor.most_kmh
        return self.most_kmh


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One passage of a journey. ``verified``: a person said what the plate is; ``make`` and
    ``colour`` are as the camera said them, empty where it said nothing."""

    read_id: UUID
    camera_id: str
    at: datetime
    confidence: float
    verified: bool = False
    clock_wrong: bool = False
    make: str = ""
    colour: str = ""

    def counts(self, rules: CloneRules) -> bool:
        """Whether its text is sure enough to build on."""
        return self.verified or self.confidence >= rules.least_confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFast:
    """Two passages of one plate that no vehicle can make. ``speed_kmh`` allows for the clocks."""

    plate: Plate
    first: Passage
    second: Passage
    distance_km: float
    gap_s: float
    speed_kmh: float
    allowed_kmh: float

    @property
    def cameras(self) -> frozenset[str]:
        """The two."""
        return frozenset((self.first.camera_id, self.second.camera_id))

    @property
    def clock_wrong(self) -> bool:
        """Whether a clock is known to be wrong already."""
        return self.first.clock_wrong or self.second.clock_wrong


class Judgement(StrEnum):
    """What a machine makes of an impossible journey; a person decides."""

    CLONE = "suspected clone"
    MISREAD = "likely misread"
    FAULT = "clock or place fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpossibleJourney:
    """One plate, two places, too fast, what it is likely to be, and ``why`` in words.

    ``misread_of`` and ``misread_at`` are the other text and the camera that took it for this
    plate, empty where no misread is likely.
    """

    plate: Plate
    first: Passage
    second: Passage
    distance_km: float
    gap_s: float
    speed_kmh: float
    judgement: Judgement
    why: str
    misread_of: str = ""
    misread_at: str = ""


@dataclass(frozen=True, slots=True)
class Mistaken:
    """One of the two passages is likely another plate's: ``text``. ``because`` says why."""

    passage: Passage
    text: str
    because: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Many plates too fast between the same cameras; ``suspect`` is the one that is so against
    more cameras than the other, empty where both are alike."""

    plates: int
    suspect: str = ""


def kmh(distance_km: float, seconds: float) -> float:
    """A speed; without time, without end."""
    return distance_km / (seconds / 3600) if seconds > 0 else float("inf")


def possible(
    one: tuple[Camera, datetime], other: tuple[Camera, datetime], rules: CloneRules
) -> bool:
    """Whether one vehicle can have been at both cameras at these times."""
    distance_km = km_between(one[0], other[0])
    gap_s = abs((other[1] - one[1]).total_seconds())
    too_far = distance_km > 2 * rules.place_error_km
    speed = kmh(distance_km, gap_s + rules.clock_error_s)
    return not (too_far and speed > rules.allowed_kmh(one[0], other[0]))


def too_fast(
    plate: Plate, first: Passage, second: Passage, cameras: Cameras, rules: CloneRules
) -> TooFast | None:
    """The journey, None where a vehicle can make it. Both cameras must be known."""
    one, other = cameras[first.camera_id], cameras[second.camera_id]
    if possible((one, first.at), (other, second.at), rules):
        return None
    distance_km = km_between(one, other)
    gap_s = abs((second.at - first.at).total_seconds())
    return TooFast(
        plate=plate,
        first=first,
        second=second,
        distance_km=distance_km,
        gap_s=gap_s,
        speed_kmh=kmh(distance_km, gap_s + rules.clock_error_s),
        allowed_kmh=rules.allowed_kmh(one, other),
    )


def faults(found: Sequence[TooFast]) -> dict[TooFast, Fault]:
    """Those that stand among so many others between the same cameras that a camera is wrong."""
    by_cameras: dict[frozenset[str], list[TooFast]] = defaultdict(list)
    for one in found:
        by_cameras[one.cameras].append(one)
    plates = {one: many for these in by_cameras.values() for one, many in _at_once(these)}
    wrong = {one for one, many in plates.items() if many >= FAULT_PLATES}
    against = Counter(camera for pair in {one.cameras for one in wrong} for camera in pair)
    return {one: Fault(plates[one], _suspect(one.cameras, against)) for one in wrong}


def _at_once(these: Iterable[TooFast]) -> Iterable[tuple[TooFast, int]]:
    """With each, how many plates were too fast between its cameras at about that time."""
    ordered = sorted(these, key=lambda one: one.second.at)
    times = [one.second.at for one in ordered]
    for one in ordered:
        low = bisect_left(times, one.second.at - FAULT_WITHIN)
        high = bisect_right(times, one.second.at + FAULT_WITHIN)
        yield one, len({other.plate for other in ordered[low:high]})


def _suspect(pair: frozenset[str], against: Mapping[str, int]) -> str:
    most = max(against[camera] for camera in pair)
    worst = [camera for camera in pair if against[camera] == most]
    return worst[0] if len(worst) == 1 else ""


def judged(
    found: TooFast, fault: Fault | None = None, mistaken: Mistaken | None = None
) -> ImpossibleJourney:
    """The journey with what it is likely to be: a clone only where nothing simpler explains it."""
    misread_of = misread_at = ""
    if found.clock_wrong or fault is not None:
        judgement, because = Judgement.FAULT, _fault_words(found, fault)
    elif mistaken is not None:
        judgement, because = Judgement.MISREAD, mistaken.because
        misread_of, misread_at = mistaken.text, mistaken.passage.camera_id
    else:
        judgement, because = Judgement.CLONE, _clone_words(found)
    return ImpossibleJourney(
        plate=found.plate, first=found.first, second=found.second,
        distance_km=found.distance_km, gap_s=found.gap_s, speed_kmh=found.speed_kmh,
        judgement=judgement, why=f"{_journey_words(found)} {because}",
        misread_of=misread_of, misread_at=misread_at,
    )  # fmt: skip


def span_words(seconds: float) -> str:
    """A time span, such as ``2 h 5 min``, ``4 min`` or ``12 s``."""
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    hours, minutes = divmod(round(whole / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _journey_words(found: TooFast) -> str:
    return (
        f"Read at camera {found.first.camera_id} and {span_words(found.gap_s)} later at camera "
        f"{found.second.camera_id}, {found.distance_km:.1f} km away: {found.speed_kmh:.0f} km/h, "
        f"and {found.allowed_kmh:.0f} km/h is the most taken as possible there."
    )


def _fault_words(found: TooFast, fault: Fault | None) -> str:
    if fault is None:
        wrong = [one.camera_id for one in (found.first, found.second) if one.clock_wrong]
        return f"The clock of {' and of '.join(wrong)} was wrong, so the times say nothing."
    look = fault.suspect or "both"
    return (
        f"{fault.plates} plates were too fast between these cameras at about that time: the clock "
        f"or the place of a camera is wrong. Look at {look} first."
    )


def _clone_words(found: TooFast) -> str:
    words = ["No other plate that could be taken for this one fits either place."]
    if found.plate.country is None:
        words.append("The country was not read: two countries may have issued this text.")
    for name in ("make", "colour"):
        one, other = getattr(found.first, name), getattr(found.second, name)
        if one and other:
            same = one.casefold() == other.casefold()
            words.append(f"The {name} {'agrees' if same else 'differs'}: {one}, {other}.")
    words.append("Two vehicles may bear this plate, and its keeper may be innocent.")
    return " ".join(words)
