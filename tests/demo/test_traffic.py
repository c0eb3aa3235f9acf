"""Traffic, its videos, and the demo's script."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from morina.demo import (
    DEMO_LISTINGS,
    CameraScript,
    Case,
    Heading,
    Passing,
    Scene,
    VideoWriteError,
    demo_script,
    write_video,
    write_videos,
)
from morina.demo.traffic import READABLE_PX, distance_at, what_is_seen
from morina.plates import Plate, readings_of, skeleton
from morina.sense.cameras import Camera


def camera(heading: Heading, *passings: Passing) -> CameraScript:
    return CameraScript(
        camera_id="test",
        name="Test",
        site="Test",
        latitude=42.12,
        longitude=20.54,
        bearing=0.0,
        heading=heading,
        scene=Scene(),
        passings=passings,
    )


CAR = Passing(plate=Plate("LN67KTE", "GB"), at_s=3.0)


def test_a_video_has_the_frames_and_rate_asked_for(tmp_path: Path) -> None:
    clip = write_video(tmp_path / "a.avi", camera(Heading.APPROACHING, CAR), fps=4, seconds=4)
    video = cv2.VideoCapture(str(clip.path))
    try:
        assert video.get(cv2.CAP_PROP_FPS) == pytest.approx(4.0)
        pictures = []
        while (answer := video.read())[0]:
            pictures.append(answer[1])
    finally:
        video.release()
    assert len(pictures) == clip.frames == 16
    assert pictures[0].shape == (720, 1280, 3)
    [seen] = clip.seen
    empty, best = pictures[0], pictures[round(seen.best_s * 4)]
    x, y = np.array(seen.corners).mean(axis=0).astype(int)
    patch = (slice(y - 12, y + 12), slice(x - 60, x + 60))
    assert np.abs(best[patch].astype(int) - empty[patch]).mean() > 30


def test_a_folder_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(VideoWriteError, match="is the folder there"):
        write_video(tmp_path / "none" / "a.avi", camera(Heading.APPROACHING, CAR), 4, 1)


def test_an_approaching_plate_grows_and_a_leaving_one_shrinks() -> None:
    [coming] = what_is_seen(camera(Heading.APPROACHING, CAR), 8, 64)
    [going] = what_is_seen(camera(Heading.LEAVING, CAR), 8, 64)
    assert coming.best_s == coming.last_seen_s == pytest.approx(3.0)
    assert going.best_s == going.first_seen_s == pytest.approx(3.0, abs=0.3)
    assert coming.first_seen_s < coming.last_seen_s
    assert coming.corners[1][0] - coming.corners[0][0] >= READABLE_PX


def test_a_vehicle_too_late_for_the_clip_is_not_seen() -> None:
    assert what_is_seen(camera(Heading.APPROACHING, replace(CAR, at_s=30.0)), 8, 64) == ()


def test_vehicles_move_at_their_speed() -> None:
    script = camera(Heading.APPROACHING, CAR)
    assert distance_at(script, CAR, 1.0) - distance_at(script, CAR, 2.0) == pytest.approx(5.0)


def test_several_cameras_are_written_side_by_side(tmp_path: Path) -> None:
    scripts = {name: camera(Heading.APPROACHING) for name in ("one", "two")}
    clips = write_videos(tmp_path, scripts, fps=2, seconds=1)
    assert {name: clip.path.name for name, clip in clips.items()} == {
        "one": "one.avi",
        "two": "two.avi",
    }
    assert all(clip.path.stat().st_size > 10_000 for clip in clips.values())


def passing_plates() -> set[Plate]:
    return {p.plate for script in demo_script().values() for p in script.passings}


def test_every_case_of_the_demo_has_a_listing_whose_vehicle_passes() -> None:
    assert {listing.case for listing in DEMO_LISTINGS} == set(Case)
    assert {listing.passes for listing in DEMO_LISTINGS} <= passing_plates()


def test_each_listing_is_what_its_case_says() -> None:
    for listing in DEMO_LISTINGS:
        listed, passes = listing.listed, listing.passes
        if listing.case is Case.LOOK_ALIKE:
            swaps = {
                frozenset(p) for p in zip(listed.text, passes.text, strict=True) if len(set(p)) > 1
            }
            assert swaps <= {frozenset("O0"), frozenset("B8")} and len(swaps) == 1
            assert listed.country == passes.country
            assert skeleton(listed.text) == skeleton(passes.text)
        elif listing.case is Case.OTHER_COUNTRY:
            assert listed.text == passes.text and listed.country != passes.country
        else:
            assert listed == passes
        for plate in (listed, passes):
            assert plate.country in {
                fit.series.country for fit in readings_of(plate.text) if fit.strict
            }
        assert listing.in_force == (listing.case is not Case.EXPIRED)


def test_a_listed_british_car_passes_the_first_camera_within_eight_seconds() -> None:
    script = demo_script()["morine-in"]
    british = {
        listing.passes
        for listing in DEMO_LISTINGS
        if listing.case is Case.LISTED and listing.listed.country == "GB"
    }
    seen = [s for s in what_is_seen(script, 8, 480) if s.passing.plate in british]
    assert 6.0 <= seen[0].best_s <= 8.0


def test_one_vehicle_is_unreadable_and_ordinary_ones_come_from_all_partners() -> None:
    passings = [p for script in demo_script().values() for p in script.passings]
    assert sum(p.unreadable for p in passings) == 1
    assert {"GB", "AL", "XK", "MK", "ME"} <= {p.plate.country for p in passings}


@pytest.mark.parametrize("camera_id", ["morine-in", "morine-out", "kukes-a1"])
def test_each_passing_is_seen_and_none_runs_into_another(camera_id: str) -> None:
    script = demo_script()[camera_id]
    seen = what_is_seen(script, 8, 480)
    assert len(seen) == len(script.passings) >= 8
    times = [s.best_s for s in seen]
    assert min(b - a for a, b in pairwise(times)) > 2.5
    assert all(s.corners[1][0] - s.corners[0][0] >= 120 for s in seen)
    assert all(s.passing.look.rear == (script.heading is Heading.LEAVING) for s in seen)


def test_the_demo_cameras_can_be_registered_and_stand_near_the_crossing() -> None:
    for camera_id, script in demo_script().items():
        placed = Camera(
            camera_id=script.camera_id,
            name=script.name,
            site=script.site,
            latitude=script.latitude,
            longitude=script.longitude,
            bearing=script.bearing,
        )
        assert placed.camera_id == camera_id
        assert abs(placed.latitude - 42.12) < 0.1 and abs(placed.longitude - 20.53) < 0.15


def test_the_script_is_the_same_every_time() -> None:
    assert demo_script() == demo_script()
