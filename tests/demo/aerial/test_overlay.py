"""Letters a recorder burns into its picture, over the demo's film: no things on the ground."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from morina.demo.aerial import Actor, Scene, demo_scene, filmed, judged
from morina.sense.aerial import Flight, ObjectKind, Track
from morina.sense.aerial.adapters.terrain_folder import TerrainFolder
from morina.sense.aerial.looking.pictures import Picture
from morina.sense.aerial.looking.through import Batch, Sight, look_through
from morina.sense.aerial.terrain.terrain_ground import TerrainGround
from morina.sense.aerial.tracking.tracker import Tracker
from morina.settings import Settings
from morina.wiring.aerial.working import eyes_of
from morina.wiring.demonstrating.flying import FPS, ORIGIN, REACH_M, take_terrain, the_scene

BEGINS = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
Image = NDArray[np.uint8]
BRIGHT = (235, 235, 235)


def lettered(image: Image, at_s: float) -> Image:
    """A clock, a heading and a cross, as bright as people are."""
    font, smooth = cv2.FONT_HERSHEY_SIMPLEX, cv2.LINE_AA
    shown = image.copy()
    cv2.putText(shown, f"00:{int(at_s):02} REC", (400, 60), font, 1.4, BRIGHT, 3, smooth)
    cv2.putText(shown, "1 H I", (30, 200), font, 0.6, BRIGHT, 2)
    cv2.line(shown, (310, 256), (330, 256), BRIGHT, 2)
    cv2.line(shown, (320, 246), (320, 266), BRIGHT, 2)
    return shown


class Kept:
    """The role Sink."""

    def __init__(self) -> None:
        self.tracks: dict[object, Track] = {}

    def begin(self) -> None:
        pass

    def take(self, batch: Batch) -> None:
        self.tracks |= {one.track_id: one for one in (*batch.ended, *batch.going)}
        for name in batch.gone:
            self.tracks.pop(name, None)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> TerrainGround:
    terrain = take_terrain(Settings(home=tmp_path_factory.mktemp("home")))
    return TerrainGround(TerrainFolder(Path(terrain)), reach_m=REACH_M)


def tracks(
    scene: Scene, ground: TerrainGround, drawn: Callable[[Image, float], Image]
) -> list[Track]:
    """What the detector and the tracker make of the scene."""
    films = list(filmed(scene, ground, ground.height, BEGINS, FPS))
    flight = Flight(source="rendered", telemetry=[one.said for one in films])

    def pictures() -> Iterator[Picture]:
        for number, one in enumerate(films):
            colour = cv2.cvtColor(one.image, cv2.COLOR_GRAY2BGR)
            yield Picture(number, number / FPS, drawn(np.asarray(colour, np.uint8), number / FPS))

    kept = Kept()
    sight = Sight(flight=flight, ground=ground, eyes=eyes_of(Settings()))
    look_through(pictures(), sight, Tracker(uuid4()), kept)
    return list(kept.tracks.values())


def test_letters_over_the_film_make_no_tracks_beside_those_of_what_moves(
    ground: TerrainGround,
) -> None:
    scene = replace(the_scene(), seconds=12.0)
    found = judged(scene, tracks(scene, ground, lettered))
    things = [one.name for one in found if one.name]
    assert sorted(things) == ["car ahead", "walker 1", "walker 2", "walker 3"]
    false = [one for one in found if not one.name]
    assert len(false) <= 1, "letters of a clock, as they change, may be taken for a thing that goes"


def test_one_who_stands_under_a_drone_that_hovers_is_a_track(ground: TerrainGround) -> None:
    there = Actor(name="stands", kind=ObjectKind.PERSON, path=[(50, 10), (51, 10)], speed_ms=0)
    hovers = replace(demo_scene(*ORIGIN), actors=(there,), seconds=10.0, speed_ms=0.0)
    found = judged(hovers, tracks(hovers, ground, lambda image, _: image))
    assert [one.name for one in found] == ["stands"]
