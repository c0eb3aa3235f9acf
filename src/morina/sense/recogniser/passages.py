"""Passages: what passed a fixed camera, out of the frames it filmed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf

from morina.plates import Plate
from morina.sense.recogniser.lines import Box, Point
from morina.sense.recogniser.motion import Motion
from morina.sense.recogniser.reading import Image, PlateReading, Recogniser
from morina.sense.recogniser.tracks import PlateTrack, VehicleTrack
from morina.sense.recogniser.voting import Sighting

_TEXTS_SHOWN = 3
_PATIENCE = 3
_MARGIN = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """All reads of one vehicle passing once, voted; ``plate`` is None for an unread passage.

    Times are seconds of the video, as given to the follower. ``frames`` counts the frames that
    agree on the text (for an unread passage those that show the vehicle). ``image`` is the frame
    at ``best_frame_s``: the one the voted text was read from, with its ``box`` and ``corners``
    (clockwise from the top left, in its pixels); for an unread passage the frame that shows the
    vehicle largest, its ``box``, and no corners.
    """

    plate: Plate | None
    country_probability: float
    confidence: float
    character_confidences: tuple[float, ...]
    first_seen_s: float
    last_seen_s: float
    best_frame_s: float
    frames: int
    box: Box
    corners: tuple[Point, ...]
    image: Image | None = field(repr=False, compare=False)


@dataclass(slots=True, eq=False)
class _Plate:
    """A plate followed, and for its likeliest texts the reading and frame that show it best."""

    track: PlateTrack
    shown: dict[str, tuple[Sighting, Image]] = field(default_factory=dict)

    def show(self, sighting: Sighting, image: Image) -> None:
        """Keep the frame if none shows this text better; forget texts read worst."""
        kept = self.shown.get(sighting.text)
        if kept is None or sighting.worth > kept[0].worth:
            self.shown[sighting.text] = (sighting, image)
        while len(self.shown) > _TEXTS_SHOWN:
            del self.shown[min(self.shown, key=lambda text: self.shown[text][0].worth)]

    def passage(self) -> Passage:
        """What the frames agree on."""
        vote = self.track.vote()
        best, image = self.shown.get(vote.plate.text, (vote.best, None))
        return Passage(
            plate=vote.plate,
            country_probability=vote.country_probability,
            confidence=vote.confidence,
            character_confidences=vote.character_confidences,
            first_seen_s=self.track.sightings[0].at_s,
            last_seen_s=self.track.last.at_s,
            best_frame_s=best.at_s,
            frames=vote.frames,
            box=best.reading.box,
            corners=best.reading.corners,
            image=image,
        )


@dataclass(slots=True, eq=False)
class _Vehicle:
    """A vehicle followed, and the frame that shows it largest."""

    track: VehicleTrack
    image: Image

    def passage(self) -> Passage:
        """An unread one."""
        return Passage(
            plate=None,
            country_probability=0.0,
            confidence=0.0,
            character_confidences=(),
            first_seen_s=self.track.first_seen_s,
            last_seen_s=self.track.last_seen_s,
            best_frame_s=self.track.largest_at_s,
            frames=self.track.frames,
            box=self.track.largest,
            corners=(),
            image=self.image,
        )


class PassageFollower:
    """Turns the frames of one fixed camera into passages, as they come.

    ``frame(image, at_s)`` takes the next frame, ``at_s`` seconds never falling, and returns the
    passages that ended; ``end()`` returns those still open and makes the follower ready for
    another video. A passage ends ``gap_s`` seconds after its plate was last read, or up to three
    times that while its vehicle is still moving in the picture. Frames in which nothing moves are
    not read. Not thread-safe.
    """

    def __init__(self, recogniser: Recogniser, gap_s: float = 1.0) -> None:
        self._recogniser = recogniser
        self._gap_s = gap_s
        self._motion = Motion()
        self._plates: list[_Plate] = []
        self._vehicles: list[_Vehicle] = []

    def frame(self, image: Image, at_s: float) -> list[Passage]:
        """Take in one frame; the passages that ended before it."""
        moving = self._motion.boxes(image)
        ended = self._ended(at_s)
        if moving is None:
            self._follow_plates(self._recogniser.read([image])[0], image, at_s)
        elif moving:
            self._follow_vehicles(moving, image, at_s)
            self._follow_plates(self._read_within(moving, image), image, at_s)
            self._put_plates_on_vehicles()
        return ended

    def end(self) -> list[Passage]:
        """Every passage still open; what is filmed next is another video."""
        ended = self._ended(inf)
        self._motion = Motion()
        return ended

    def _read_within(self, moving: Sequence[Box], image: Image) -> list[PlateReading]:
        """The readings in the part of the picture where something moves."""
        x0, y0, x1, y1 = _around(moving, image)
        readings = self._recogniser.read([image[y0:y1, x0:x1]])[0]
        return [_shifted(reading, x0, y0) for reading in readings]

    def _follow_plates(self, readings: Sequence[PlateReading], image: Image, at_s: float) -> None:
        """Give each reading to the plate it continues best, or begin a new one."""
        sightings = [Sighting(at_s, reading) for reading in readings]
        claims = [
            (plate.track.claim(sighting), plate, sighting)
            for plate in self._plates
            for sighting in sightings
        ]
        for claim, plate, sighting in sorted(claims, key=lambda c: c[0], reverse=True):
            if claim > 0 and sighting in sightings and plate.track.last.at_s < at_s:
                sightings.remove(sighting)
                plate.track.sightings.append(sighting)
                plate.show(sighting, image)
        for sighting in sightings:
            plate = _Plate(PlateTrack([sighting]))
            plate.show(sighting, image)
            self._plates.append(plate)

    def _put_plates_on_vehicles(self) -> None:
        for vehicle in self._vehicles:
            known = vehicle.track.plates
            tracks = [plate.track for plate in self._plates if plate.track not in known]
            known += [track for track in tracks if vehicle.track.carries(track, self._gap_s)]

    def _follow_vehicles(self, moving: Sequence[Box], image: Image, at_s: float) -> None:
        """Give each vehicle the moving regions where it was; begin new ones with the rest."""
        left = list(moving)
        for vehicle in self._vehicles:
            mine = [box for box in left if vehicle.track.overlaps(box)]
            left = [box for box in left if box not in mine]
            if mine and vehicle.track.go_on(at_s, _union(mine)):
                vehicle.image = image
        self._vehicles += [_Vehicle(VehicleTrack.begin(at_s, box), image) for box in left]
        self._merge_vehicles()

    def _merge_vehicles(self) -> None:
        """Regions that grew together are one vehicle, the one followed longest."""
        apart: list[_Vehicle] = []
        for vehicle in self._vehicles:
            met = [elder for elder in apart if elder.track.overlaps(vehicle.track.box)]
            if not met:
                apart.append(vehicle)
            elif met[0].track.absorb(vehicle.track):
                met[0].image = vehicle.image
        self._vehicles = apart

    def _ended(self, at_s: float) -> list[Passage]:
        """Passages that are over at ``at_s``; they are followed no longer."""
        over = [plate for plate in self._plates if self._is_over(plate, at_s)]
        tracks = [plate.track for plate in self._plates]
        read = [
            plate
            for plate in over
            if plate.track.vote().stands
            and not any(t.shadows(plate.track) for t in tracks if t is not plate.track)
        ]
        gone = [v for v in self._vehicles if v.track.last_seen_s + self._gap_s < at_s]
        unread = [v for v in gone if self._is_unread(v)]
        self._plates = [plate for plate in self._plates if plate not in over]
        self._vehicles = [vehicle for vehicle in self._vehicles if vehicle not in gone]
        passages = [plate.passage() for plate in read] + [v.passage() for v in unread]
        return sorted(passages, key=lambda passage: passage.first_seen_s)

    def _is_over(self, plate: _Plate, at_s: float) -> bool:
        still_there = any(plate.track in vehicle.track.plates for vehicle in self._vehicles)
        patience = self._gap_s * (_PATIENCE if still_there else 1)
        return plate.track.last.at_s + patience < at_s

    def _is_unread(self, vehicle: _Vehicle) -> bool:
        height, width = vehicle.image.shape[:2]
        read = any(track.vote().stands for track in vehicle.track.plates)
        return not read and vehicle.track.is_vehicle(width, height)


def _around(boxes: Sequence[Box], image: Image) -> tuple[int, int, int, int]:
    """Whole pixels around all ``boxes`` with a margin, within the picture."""
    height, width = image.shape[:2]
    x0, y0, x1, y1 = _union(boxes)
    across, down = _MARGIN * (x1 - x0), _MARGIN * (y1 - y0)
    return (
        max(0, int(x0 - across)),
        max(0, int(y0 - down)),
        min(width, int(x1 + across) + 1),
        min(height, int(y1 + down) + 1),
    )


def _union(boxes: Sequence[Box]) -> Box:
    x0s, y0s, x1s, y1s = zip(*boxes, strict=True)
    return min(x0s), min(y0s), max(x1s), max(y1s)


def _shifted(reading: PlateReading, across: int, down: int) -> PlateReading:
    x0, y0, x1, y1 = reading.box
    return replace(
        reading,
        box=(x0 + across, y0 + down, x1 + across, y1 + down),
        corners=tuple((x + across, y + down) for x, y in reading.corners),
    )
