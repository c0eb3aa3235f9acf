import math
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest
from numpy.typing import NDArray

from flat_ground import FlatGround
from morina.sense.aerial import (
    Angles,
    Detection,
    Flight,
    Height,
    HeightDatum,
    MissingTerrainError,
    ObjectKind,
    Place,
    Pose,
    Spread,
    Telemetry,
)
from morina.sense.aerial.looking.pictures import Picture, VideoError, ahead
from morina.sense.aerial.looking.through import Batch, Pace, Sight, look_through
from morina.sense.aerial.tracking.tracker import Plane, Tracker

SPREAD = Spread(horizontal_m=3, vertical_m=3, yaw_deg=1, pitch_deg=1, roll_deg=1)
DOWNWARD = Angles(30, -50)
HOME = Plane.around(42.0, 20.0)
SIZE = (192, 108)
WALKER, CAR = 90, 200
"""Each is drawn in its own grey."""


def _flight(for_s: float, camera: Angles | None = DOWNWARD) -> Flight:
    """East at 5 m/s, 100 m up, a saying a second."""
    said = []
    for second in range(int(for_s) + 2):
        latitude, longitude = HOME.place(5.0 * second, 0)
        said.append(
            Telemetry(
                at_s=float(second), latitude=latitude, longitude=longitude, spread=SPREAD,
                height=Height(100, HeightDatum.ELLIPSOID), camera=camera, view=(60.0, 36.0),
            )
        )  # fmt: skip
    return Flight(source="invented", telemetry=said)


def _true(at_s: float) -> dict[int, tuple[float, float]]:
    return {WALKER: (40 + 1.4 * at_s, 70.0), CAR: (20.0 + 7 * at_s, 60 + 2 * at_s)}


def _pictures(flight: Flight, for_s: float, per_s: float = 10) -> Iterator[Picture]:
    """Dots where walker and car are in the picture."""
    ground = FlatGround()
    for frame in range(int(for_s * per_s)):
        at_s = frame / per_s
        image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
        latitude, longitude = HOME.place(5.0 * at_s, 0)
        there = replace(
            flight.telemetry[0], latitude=latitude, longitude=longitude, camera=DOWNWARD
        )
        pose = ground.pose(flight, there)
        for grey, at in _true(at_s).items():
            pixel = ground.pixel(pose, *HOME.place(*at))
            if pixel and 0 < pixel[0] < 1 and 0 < pixel[1] < 1:
                image[int(pixel[1] * SIZE[1]), int(pixel[0] * SIZE[0])] = grey
        yield Picture(frame, at_s, image)


class Dots:
    """An eye that sees each dot. The role Eye."""

    def __init__(self) -> None:
        self.metres: list[float] = []

    def see(self, image: NDArray[np.uint8], metres_per_pixel: float) -> Sequence[Detection]:
        self.metres.append(metres_per_pixel)
        found = []
        for down, across in np.argwhere(image[:, :, 0]):
            kind = ObjectKind.PERSON if image[down, across, 0] == WALKER else ObjectKind.VEHICLE
            box = (float(across), float(down), across + 1.0, down + 1.0)
            found.append(Detection(kind, box, 0.8))
        return found


class Kept:
    """What was given on. The role Sink."""

    def __init__(self) -> None:
        self.begun = 0
        self.batches: list[Batch] = []

    def begin(self) -> None:
        self.begun += 1
        self.batches = []

    def take(self, batch: Batch) -> None:
        self.batches.append(batch)


def _sight(flight: Flight, pace: Pace | None = None) -> Sight:
    return Sight(flight=flight, ground=FlatGround(), eyes=(Dots(),), pace=pace or Pace())


def test_a_walker_and_a_car_become_two_tracks_at_their_places() -> None:
    flight, kept = _flight(14), Kept()
    outcome = look_through(_pictures(flight, 14), _sight(flight), Tracker(uuid4()), kept)
    tracks = {track.kind: track for batch in kept.batches for track in batch.ended}
    assert set(tracks) == {ObjectKind.PERSON, ObjectKind.VEHICLE}
    assert (outcome.tracks, outcome.fault, outcome.notes) == (2, "", ())
    for grey, kind in ((WALKER, ObjectKind.PERSON), (CAR, ObjectKind.VEHICLE)):
        last = tracks[kind].points[-1]
        at = HOME.metres(last.latitude, last.longitude)
        assert math.dist(at, _true(last.at_s)[grey]) < 2.5
    assert tracks[ObjectKind.PERSON].points[-1].speed_ms == pytest.approx(1.4, abs=0.8)
    assert tracks[ObjectKind.VEHICLE].points[-1].speed_ms == pytest.approx(
        math.hypot(7, 2), abs=1.5
    )


def test_eyes_and_footprints_keep_their_own_pace() -> None:
    flight, kept = _flight(10), Kept()
    pace = Pace(detections_per_s=2, footprints_per_s=1, batch_s=2)
    outcome = look_through(_pictures(flight, 10), _sight(flight, pace), Tracker(uuid4()), kept)
    moments = [moment for batch in kept.batches for moment in batch.moments]
    assert (outcome.pictures, outcome.looked) == (100, 20)
    assert [moment.at_s for moment in moments] == [float(second) for second in range(10)]
    assert [moment.frame for moment in moments] == [10 * second for second in range(10)]
    assert all(moment.footprint and len(moment.footprint.ring) == 4 for moment in moments)
    assert len(kept.batches) == 6


def test_tracks_that_go_on_keep_their_names_from_batch_to_batch() -> None:
    flight, kept = _flight(14), Kept()
    look_through(_pictures(flight, 14), _sight(flight, Pace(batch_s=2)), Tracker(uuid4()), kept)
    going = [{one.track_id for one in batch.going} for batch in kept.batches]
    ended = {one.track_id for batch in kept.batches for one in batch.ended}
    assert set.union(*going) == ended
    assert not kept.batches[-1].going


def test_a_video_that_breaks_off_keeps_what_was_seen_and_says_why() -> None:
    flight, kept = _flight(14), Kept()

    def broken() -> Iterator[Picture]:
        yield from _pictures(flight, 8)
        raise VideoError("clip.ts: ends at 0:08.0 of 0:14.0, cut short; copy it again")

    outcome = look_through(broken(), _sight(flight), Tracker(uuid4()), kept)
    assert outcome.fault.startswith("clip.ts: ends at 0:08.0")
    assert outcome.tracks == 2 == sum(len(batch.ended) for batch in kept.batches)


def test_a_run_again_replaces_what_was_there() -> None:
    flight, kept = _flight(8), Kept()
    for _ in range(2):
        look_through(_pictures(flight, 8), _sight(flight), Tracker(uuid4()), kept)
    assert kept.begun == 2
    assert sum(len(batch.moments) for batch in kept.batches) == 16


def test_without_gimbal_angles_there_are_moments_and_no_footprint_and_nothing_is_looked_for() -> (
    None
):
    flight, kept = _flight(6, camera=None), Kept()
    outcome = look_through(_pictures(flight, 6), _sight(flight), Tracker(uuid4()), kept)
    moments = [moment for batch in kept.batches for moment in batch.moments]
    assert len(moments) == 12
    assert all(moment.footprint is None and moment.pose is None for moment in moments)
    assert (outcome.looked, outcome.tracks) == (0, 0)
    assert outcome.notes == ("invented has no gimbal angles; fly with a log that has them",)


def test_pictures_the_telemetry_says_nothing_of_are_counted() -> None:
    flight, kept = _flight(3), Kept()
    outcome = look_through(_pictures(_flight(10), 10), _sight(flight), Tracker(uuid4()), kept)
    assert outcome.notes == ("39 pictures at whose time the telemetry says nothing",)


def test_eyes_are_told_how_large_a_pixel_is_on_the_ground() -> None:
    flight, eye = _flight(3), Dots()
    look_through(
        _pictures(flight, 3), replace(_sight(flight), eyes=(eye,)), Tracker(uuid4()), Kept()
    )
    far = 100 / math.sin(math.radians(50))
    right = 2 * math.tan(math.radians(30)) * far / SIZE[0]
    assert eye.metres == pytest.approx([right] * 15, rel=0.01)


class NoTiles(FlatGround):
    """Ground whose heights nobody imported."""

    def places(self, pose: Pose, at: NDArray[np.float64]) -> Sequence[Place | None]:  # noqa: ARG002
        raise MissingTerrainError("no heights of N42E020; morina aerial terrain import TILE")


def test_missing_heights_are_told_once_and_nothing_is_plotted() -> None:
    flight, kept = _flight(6), Kept()
    sight = replace(_sight(flight), ground=NoTiles())
    outcome = look_through(_pictures(flight, 6), sight, Tracker(uuid4()), kept)
    assert outcome.notes == ("no heights of N42E020; morina aerial terrain import TILE",)
    assert outcome.tracks == 0


def test_a_fault_of_an_eye_is_no_fault_of_the_video() -> None:
    class Blind:
        def see(self, image: NDArray[np.uint8], metres_per_pixel: float) -> Sequence[Detection]:
            raise RuntimeError(f"no net for {image.shape} at {metres_per_pixel}")

    flight = _flight(6)
    before = set(threading.enumerate())
    with pytest.raises(RuntimeError, match="no net"):
        look_through(
            _pictures(flight, 6), replace(_sight(flight), eyes=(Blind(),)), Tracker(uuid4()), Kept()
        )
    assert set(threading.enumerate()) <= before


def test_whoever_stops_taking_pictures_stops_the_reader_and_closes_the_source() -> None:
    closed = []

    def source() -> Iterator[Picture]:
        try:
            yield from (Picture(n, n / 10, np.zeros((2, 2, 3), np.uint8)) for n in range(10_000))
        finally:
            closed.append(threading.current_thread().name)

    before = set(threading.enumerate())
    pictures = ahead(source(), 2)
    assert next(iter(pictures)).frame == 0
    pictures.close()  # type: ignore[attr-defined]
    assert closed == ["pictures"]
    assert set(threading.enumerate()) <= before
