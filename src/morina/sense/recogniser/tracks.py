"""Follows plates and vehicles from frame to frame. No pictures here, only boxes and texts."""

from dataclasses import dataclass, field
from math import dist

from morina.plates import skeleton
from morina.sense.recogniser.lines import Box
from morina.sense.recogniser.voting import Sighting, Vote, vote

_REACH = 2.5
"""How far a plate may be from where it was expected, in plate widths."""

_ALIKE = 0.6
_ALIKE_SHADOW = 0.5
_SHADOW = 0.4
_SURE = 0.9

_LARGE = 0.02
"""Least share of the picture a vehicle covers at its largest."""

_FAR = 0.15
"""Share of the picture's width a vehicle travels at least, unless it comes nearer."""

_NEARER = 4.0
_LEAST_FRAMES = 3


def centre(box: Box) -> tuple[float, float]:
    """Middle of a box."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def distance(one: Box, other: Box) -> float:
    """Between the middles of two boxes."""
    return dist(centre(one), centre(other))


def area(box: Box) -> float:
    """In square pixels."""
    return (box[2] - box[0]) * (box[3] - box[1])


def likeness(one: str, other: str) -> float:
    """0 to 1: how much of the longer skeleton is found in the same order in the other."""
    a, b = skeleton(one), skeleton(other)
    row = [0] * (len(b) + 1)
    for character in a:
        before = row[:]
        for place, opposite in enumerate(b, 1):
            same = before[place - 1] + 1
            row[place] = same if character == opposite else max(before[place], row[place - 1])
    return row[-1] / max(len(a), len(b))


@dataclass(slots=True, eq=False)
class PlateTrack:
    """The sightings of what is believed to be one plate, oldest first."""

    sightings: list[Sighting]

    @property
    def last(self) -> Sighting:
        """The newest sighting."""
        return self.sightings[-1]

    def vote(self) -> Vote:
        """What the frames so far agree on."""
        return vote(self.sightings)

    def claim(self, sighting: Sighting) -> float:
        """How well ``sighting`` continues this track: 0 not at all, above 1 by text alone."""
        alike = max(likeness(sighting.text, self.last.text), likeness(sighting.text, self._text()))
        reach = _REACH * max(sighting.width, self.last.width)
        off = dist(self._expected(sighting.at_s), centre(sighting.reading.box))
        near = max(0.0, 1 - off / reach)
        if alike >= _ALIKE:
            return 1 + alike + near
        doubtful = min(sighting.reading.confidence, self.last.reading.confidence) < _SURE
        return near if near > 0.5 and (doubtful or alike > 0.3) else 0.0

    def _text(self) -> str:
        return max(self.sightings, key=lambda s: s.worth).text

    def _expected(self, at_s: float) -> tuple[float, float]:
        """Where the plate should be, moving on as between its last two sightings."""
        x, y = centre(self.last.reading.box)
        if len(self.sightings) < 2:
            return x, y
        before = self.sightings[-2]
        past = self.last.at_s - before.at_s
        ahead = min(2.0, (at_s - self.last.at_s) / past) if past > 0 else 0.0
        from_x, from_y = centre(before.reading.box)
        return x + (x - from_x) * ahead, y + (y - from_y) * ahead

    def shadows(self, other: "PlateTrack") -> bool:
        """Whether ``other`` is a poor view of this plate, or other writing on the same car.

        It is when far less was seen of it and its text is alike or it stayed beside this plate.
        """
        if _strength(other) >= _SHADOW * _strength(self):
            return False
        if likeness(self.vote().plate.text, other.vote().plate.text) >= _ALIKE_SHADOW:
            return True
        at_once = [(m, o) for m in self.sightings for o in other.sightings if m.at_s == o.at_s]
        apart = [distance(m.reading.box, o.reading.box) / m.width for m, o in at_once]
        return bool(apart) and max(apart) < _REACH


def _strength(track: PlateTrack) -> float:
    chosen = track.vote()
    return chosen.confidence * chosen.frames


@dataclass(slots=True, eq=False)
class VehicleTrack:
    """A moving region followed from frame to frame, and the plates read in it."""

    first_seen_s: float
    last_seen_s: float
    box: Box
    largest: Box
    largest_at_s: float
    frames: int = 1
    plates: list[PlateTrack] = field(default_factory=list)
    _start: Box = (0.0, 0.0, 0.0, 0.0)
    _travel: float = 0.0
    _smallest: float = 0.0

    @classmethod
    def begin(cls, at_s: float, box: Box) -> "VehicleTrack":
        """A track of one frame."""
        return cls(at_s, at_s, box, box, at_s, _start=box, _smallest=area(box))

    def overlaps(self, box: Box) -> bool:
        """Whether ``box`` covers part of where the vehicle was last."""
        ax0, ay0, ax1, ay1 = self.box
        bx0, by0, bx1, by1 = box
        return min(ax1, bx1) > max(ax0, bx0) and min(ay1, by1) > max(ay0, by0)

    def carries(self, plate: PlateTrack, within_s: float) -> bool:
        """Whether ``plate`` is this vehicle's.

        It is when it was seen on or close by the moving region: in the same frame, or up to
        ``within_s`` apart where one of them is first seen as the other is last.
        """
        apart = abs(plate.last.at_s - self.last_seen_s)
        handed_on = self.frames == 1 or len(plate.sightings) == 1
        if apart > (within_s if handed_on else 0.0):
            return False
        x, y = centre(plate.last.reading.box)
        x0, y0, x1, y1 = self.box
        across, down = x1 - x0, y1 - y0
        return x0 - across <= x <= x1 + across and y0 - down <= y <= y1 + down

    def go_on(self, at_s: float, box: Box) -> bool:
        """Take in the region of a further frame; whether it is the largest so far."""
        self.box, self.last_seen_s, self.frames = box, at_s, self.frames + 1
        self._travel = max(self._travel, distance(box, self._start))
        self._smallest = min(self._smallest, area(box))
        if area(box) <= area(self.largest):
            return False
        self.largest, self.largest_at_s = box, at_s
        return True

    def absorb(self, other: "VehicleTrack") -> bool:
        """Take over what was seen of a part of this vehicle; whether it showed it larger."""
        self.plates += [plate for plate in other.plates if plate not in self.plates]
        self.last_seen_s = max(self.last_seen_s, other.last_seen_s)
        if area(other.largest) <= area(self.largest):
            return False
        self.largest, self.largest_at_s = other.largest, other.largest_at_s
        return True

    def is_vehicle(self, width: int, height: int) -> bool:
        """Whether what moved in a picture of that size was large and passed by or came near."""
        large = area(self.largest) >= _LARGE * width * height
        passed = self._travel >= _FAR * width or area(self.largest) >= _NEARER * self._smallest
        return large and passed and self.frames >= _LEAST_FRAMES
