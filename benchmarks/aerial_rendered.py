"""Tracks and the moving cue on the rendered sortie of the demo, whose truth is known.

The detections are made of the truth (one in ten left out, edges wrong by a pixel, false ones), so
that the detector has no part in it; the poses are what the rendered drone says, with its errors.
Prints each track's distance from what it follows and how often its 90 % ellipse holds the truth.

python benchmarks/aerial_rendered.py [--json] [--quick]
"""

import argparse
import json
import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from uuid import uuid4

import numpy as np
from rich.console import Console
from rich.table import Table

from morina.demo.aerial import CLIP, Filmed, Judged, Scene, demo_scene, filmed, judged
from morina.sense.aerial import Box, Detection, Flight, ObjectKind, Track
from morina.sense.aerial.adapters.raster_terrain import Stated, import_terrain
from morina.sense.aerial.adapters.terrain_folder import TerrainFolder
from morina.sense.aerial.looking.moving import MovingCue
from morina.sense.aerial.looking.places import stood_at
from morina.sense.aerial.terrain.terrain_ground import TerrainGround
from morina.sense.aerial.terrain.tiles import TerrainDatum
from morina.sense.aerial.tracking.tracker import Tracker

FPS = 5.0
ORIGIN = (32.44111, -110.88556)
SIZES = {ObjectKind.PERSON: 0.9, ObjectKind.BICYCLE: 1.2, ObjectKind.VEHICLE: 3.0}
"""Half the side of a box, metres."""
LOST, FALSE = 0.1, 0.3
NEAR_PX = 12.0


@dataclass(slots=True)
class Cued:
    """The moving cue: things in view, those shown, hints, those at a thing."""

    things: int = 0
    shown: int = 0
    hints: int = 0
    right: int = 0

    def count(self, hints: Sequence[Box], there: Sequence[Box]) -> None:
        """One picture."""
        near = [[_near(hint, box) for box in there] for hint in hints]
        self.things, self.hints = self.things + len(there), self.hints + len(hints)
        self.right += sum(any(row) for row in near)
        self.shown += sum(any(row[number] for row in near) for number in range(len(there)))


def _near(one: Box, other: Box) -> bool:
    """The middle of a hint lies in a thing's box or a few pixels beside it."""
    across, down = (one[0] + one[2]) / 2, (one[1] + one[3]) / 2
    inside = other[0] - NEAR_PX <= across <= other[2] + NEAR_PX
    return inside and other[1] - NEAR_PX <= down <= other[3] + NEAR_PX


@dataclass(slots=True)
class World:
    """The scene and its ground."""

    scene: Scene
    ground: TerrainGround

    @classmethod
    def made(cls, folder: Path) -> "World":
        """On the clip of terrain that is shipped."""
        import_terrain([CLIP], folder, Stated(TerrainDatum.EGM96, 10.0))
        return cls(demo_scene(*ORIGIN), TerrainGround(TerrainFolder(folder), reach_m=1500.0))

    def films(self, seconds: float) -> Iterator[Filmed]:
        """The sortie's pictures until so late."""
        begins = datetime(2026, 1, 1, tzinfo=UTC)
        for one in filmed(self.scene, self.ground, self.ground.height, begins, FPS):
            if one.said.at_s > seconds:
                return
            yield one

    def there(self, film: Filmed) -> Sequence[Detection]:
        """What is in a picture, by the truth."""
        down, across = film.image.shape[:2]
        focal = across / 2 / math.tan(math.radians(film.pose.view[0] / 2))
        far = self.scene.above_ground_m / math.sin(math.radians(-film.pose.camera.pitch))
        found = []
        for one in self.scene.truth(film.said.at_s):
            at = self.ground.pixel(film.pose, *self.scene.place(one.east, one.north))
            if at and 0.02 < at[0] < 0.98 and 0.02 < at[1] < 0.98:
                x, y, half = at[0] * across, at[1] * down, SIZES[one.actor.kind] * focal / far
                lower = half * math.cos(math.radians(film.pose.camera.pitch))
                box = (x - half, y - lower - half, x + half, y - lower + half)
                found.append(Detection(one.actor.kind, box, 0.8))
        return found


def shaken(there: Sequence[Detection], dice: np.random.Generator) -> Sequence[Detection]:
    """As a detector would see it."""
    seen = []
    for one in there:
        if dice.random() >= LOST:
            left, top, right, bottom = (np.array(one.box) + dice.normal(0, 1, 4)).tolist()
            seen.append(Detection(one.kind, (left, top, right, bottom), one.confidence))
    for x, y in dice.uniform((20, 20), (600, 480), (dice.poisson(FALSE), 2)).tolist():
        seen.append(Detection(ObjectKind.PERSON, (x, y, x + 12, y + 20), 0.4))
    return seen


def flown(world: World, seconds: float) -> tuple[Sequence[Track], Cued]:
    """Tracks of the whole sortie, and what the cue showed."""
    dice, tracker, cue, cued = np.random.default_rng(7), Tracker(uuid4()), MovingCue(), Cued()
    nothing, tracks = Flight(source="rendered", telemetry=()), list[Track]()
    for film in world.films(seconds):
        down, across = film.image.shape[:2]
        there, pose = world.there(film), world.ground.pose(nothing, film.said)
        seen = stood_at(shaken(there, dice), pose, world.ground, (across, down))
        tracks += tracker.look(film.said.at_s, seen)
        middle = world.scene.above_ground_m / math.sin(math.radians(-pose.camera.pitch))
        metres = 2 * math.tan(math.radians(pose.view[0] / 2)) * middle / across
        hints = [one.box for one in cue.see(film.image, metres)]
        cued.count(hints, [one.box for one in there])
    return [*tracks, *tracker.end()], cued


def missed(found: Sequence[Judged], names: int) -> Sequence[str]:
    """Targets of its own: every thing is followed, nothing else is, nine in ten ellipses hold."""
    said = []
    if len({one.name for one in found if one.name}) < names:
        said.append("not everything was followed")
    if any(not one.name for one in found):
        said.append("a track of nothing")
    held = mean(one.held for one in found if one.name)
    if held < 0.85:
        said.append(f"ellipses held {held:.2f}")
    return said


def main() -> None:
    """Measure, print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object; missed: targets")
    parser.add_argument("--quick", action="store_true", help="the first 40 s")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="morina-terrain-") as folder:
        world = World.made(Path(folder))
        seconds = 40.0 if given.quick else world.scene.seconds
        tracks, cued = flown(world, seconds)
    found = judged(world.scene, tracks)
    names = sum(one.from_s < seconds - 15 for one in world.scene.actors)
    short = missed(found, names)
    if given.json:
        print(json.dumps({"tracks": [asdict(one) for one in found], "cue": asdict(cued),
                          "missed": short}))  # fmt: skip
        return
    table = Table("follows", "kind", "points", "s", "middle, m", "p90, m", "90 % ellipse holds")
    for one in found:
        numbers = (f"{one.seconds:.0f}", f"{one.middle_m:.1f}", f"{one.p90_m:.1f}")
        table.add_row(one.name or "nothing", one.kind, str(one.points), *numbers, f"{one.held:.2f}")
    Console().print(table)
    print(f"moving cue: {cued.shown} of {cued.things} shown, {cued.right} of {cued.hints} right")
    print("missed: " + ("; ".join(short) or "nothing"))


if __name__ == "__main__":
    main()
