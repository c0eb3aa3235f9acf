"""Looking through a sortie: pictures a second of Full HD with detection, and memory over an hour.

Full HD: a film made here of moving warm spots over a rough ground, H.264 of 30 pictures a second,
decoded, looked at in every picture and placed on hills of a made-up terrain; one thread decodes
beside the eyes. Memory: an hour's flight of small pictures without a film, 40 things in each and as
many false ones as come, as fast as it goes; the resident size at 5 % and at the end. No real place.

python benchmarks/aerial_looking.py [--quick] [--json] [--weights FILE]
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

import cv2
import numpy as np
import psutil
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from morina.sense.aerial import (
    Angles,
    Detection,
    Flight,
    Ground,
    Height,
    HeightDatum,
    ObjectKind,
    Spread,
    Telemetry,
)
from morina.sense.aerial.adapters.video_file import VideoFile
from morina.sense.aerial.looking.eyes import Eye, Tiled, Tiles
from morina.sense.aerial.looking.moving import MovingCue
from morina.sense.aerial.looking.pictures import Picture
from morina.sense.aerial.looking.through import Batch, Pace, Sight, look_through
from morina.sense.aerial.seeing.thermal import WEIGHTS, ThermalDetector
from morina.sense.aerial.terrain.clip import Clip
from morina.sense.aerial.terrain.terrain_ground import TerrainGround
from morina.sense.aerial.tracking.tracker import Plane, Tracker

Image = NDArray[np.uint8]

TARGET_PER_S = 5.0
FLAT_MB = 20.0
FPS = 30
HOUR_S = 3600
LOOKS_PER_S = 5
SPREAD = Spread(horizontal_m=3, vertical_m=3, yaw_deg=1, pitch_deg=0.5, roll_deg=0.5)
MIDDLE = Plane.around(0.0, 0.0)


class Hills:
    """A made-up terrain. The role Terrain."""

    def __init__(self) -> None:
        step = 1 / 3600
        rows, columns = np.mgrid[0:1200, 0:1200] * step
        heights = 300 + 15 * np.sin(rows * 900) + 10 * np.cos(columns * 1100)
        self._clip = Clip(heights.astype(np.float32), 600 * step, -600 * step, (step, step), 2.0)

    def clip(self, latitude: float, longitude: float, radius_m: float) -> Clip:  # noqa: ARG002
        return self._clip

    def version(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class Speed:
    """Of one way to look at Full HD; ``cpu_ms``: of both cores together, a picture, with decoding
    and all; ``metres``: the ground size of a pixel."""

    what: str
    metres: float
    tiles: int
    looked: int
    per_s: float
    cpu_ms: float
    tracks: int


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes resident at 5 % and at the end of a flight."""

    looks: int
    tracks: int
    early_mb: float
    late_mb: float
    looks_per_s: float


@dataclass(slots=True)
class Counted:
    """A sink that keeps nothing but a reading of memory. The role Sink."""

    seconds: float
    early_mb: float = 0.0

    def begin(self) -> None:
        """Nothing was there."""

    def take(self, batch: Batch) -> None:
        if not self.early_mb and batch.at_s >= 0.05 * self.seconds:
            self.early_mb = resident_mb()


def resident_mb() -> float:
    """Of this process."""
    return float(psutil.Process().memory_info().rss) / 1e6


def flight(seconds: float, height_m: float) -> Flight:
    """East and back at 8 m/s, so high above the ellipsoid, looking down at 55 degrees."""
    said = []
    for second in range(int(seconds) + 2):
        east = 1000 * math.asin(math.sin(second * 0.008)) / (math.pi / 2)
        latitude, longitude = MIDDLE.place(east, 0)
        said.append(
            Telemetry(
                at_s=float(second), latitude=latitude, longitude=longitude, spread=SPREAD,
                height=Height(height_m, HeightDatum.ELLIPSOID), camera=Angles(0, -55),
                view=(60.0, 36.0),
            )
        )  # fmt: skip
    return Flight(source="made up", telemetry=said)


def film(path: Path, seconds: float) -> None:
    """Warm spots that wander over a ground that passes below."""
    random = np.random.default_rng(1)
    rough = random.integers(60, 130, (150, 400)).astype(np.uint8)
    ground = cv2.resize(rough, (4800, 1400), interpolation=cv2.INTER_CUBIC)
    spots = random.uniform((0, 0), (1900, 1060), (40, 2))
    ways = random.normal(0, 1, (40, 2))
    encode = "ffmpeg -v error -y -f rawvideo -pix_fmt gray -s 1920x1080 -r 30 -i - -c:v libx264 "
    encode += "-preset veryfast -pix_fmt yuv420p -b:v 6M -threads 1 -f mpegts"
    with subprocess.Popen([*encode.split(), path], stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        for number in range(round(seconds * FPS)):
            picture = ground[100:1180, 2 * number : 2 * number + 1920].copy()
            for x, y in (spots + ways * number) % (1900, 1060):
                cv2.ellipse(picture, (int(x), int(y)), (4, 9), 0, 0, 360, 230, -1)
            encoder.stdin.write(picture.tobytes())


def looked(video: Path, seconds: float, what: str, eyes: Sequence[Eye], height_m: float) -> Speed:
    """Every picture of the film looked at."""
    ground: Ground = TerrainGround(Hills())
    pace = Pace(detections_per_s=0, footprints_per_s=2)
    sight = Sight(flight=flight(seconds, height_m), ground=ground, eyes=eyes, pace=pace)
    began, spent = time.perf_counter(), time.process_time()
    outcome = look_through(VideoFile(video, "film").pictures(), sight, Tracker(uuid4()), Counted(1))
    assert not outcome.fault and not outcome.notes, outcome
    per_s = outcome.looked / (time.perf_counter() - began)
    cpu_ms = 1000 * (time.process_time() - spent) / outcome.looked
    counting = [eye for eye in eyes if isinstance(eye, Counting)]
    tiles, metres = (counting[0].tiles, counting[0].metres) if counting else (0, 0.0)
    return Speed(what, metres, tiles, outcome.looked, per_s, cpu_ms, outcome.tracks)


@dataclass(slots=True)
class Counting:
    """An eye, and into how many tiles it cuts."""

    eye: Tiled
    tiles: int = 0
    metres: float = 0.0

    def see(self, image: Image, metres_per_pixel: float) -> Sequence[Detection]:
        shape = (image.shape[0], image.shape[1])
        scale = self.eye.tiles.scale(shape, metres_per_pixel)
        scaled = (round(shape[0] * scale), round(shape[1] * scale))
        self.metres = metres_per_pixel
        self.tiles = len(list(self.eye.tiles.corners(scaled)))
        return self.eye.see(image, metres_per_pixel)


class Made:
    """An eye that sees 40 things that walk about and some that are not there, for the hour."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(2)
        self._at = self._random.uniform((40, 40), (600, 320), (40, 2))
        self._way = self._random.normal(0, 1, (40, 2))

    def see(self, image: Image, metres_per_pixel: float) -> Sequence[Detection]:  # noqa: ARG002
        self._at += self._way
        out = ((self._at < (30, 30)) | (self._at > (610, 330))).any(axis=1)
        self._way[out] *= -1
        false = self._random.uniform((0, 0), (640, 360), (self._random.poisson(5), 2))
        there = self._random.random(40) > 0.1
        boxes = np.concatenate([self._at[there], false])
        return [
            Detection(ObjectKind.PERSON, (x, y, x + 5.0, y + 9.0), 0.7) for x, y in boxes.tolist()
        ]


def an_hour(seconds: float) -> Memory:
    """A flight of pictures that cost nothing to decode."""

    def pictures() -> Iterator[Picture]:
        for number in range(round(seconds * LOOKS_PER_S)):
            yield Picture(number, number / LOOKS_PER_S, np.zeros((360, 640, 3), np.uint8))

    sink = Counted(seconds)
    sight = Sight(flight=flight(seconds, 460), ground=TerrainGround(Hills()), eyes=(Made(),))
    began = time.perf_counter()
    outcome = look_through(pictures(), sight, Tracker(uuid4()), sink)
    took = time.perf_counter() - began
    return Memory(
        outcome.looked, outcome.tracks, sink.early_mb, resident_mb(), outcome.looked / took
    )


def speeds(weights: Path, seconds: float) -> Sequence[Speed]:
    """Far, where the picture is cut in tiles; near, where it is not; and the moving cue."""
    with tempfile.TemporaryDirectory(prefix="morina-film-") as folder:
        video = Path(folder) / "film.ts"
        film(video, seconds)
        detector = ThermalDetector(weights=weights)
        tiled = Tiled(detector=detector, tiles=Tiles())
        return [
            looked(video, seconds, "far", [Counting(tiled)], 420),
            looked(video, seconds, "near", [Counting(tiled)], 345),
            looked(video, seconds, "moving cue alone", [MovingCue()], 420),
            looked(video, seconds, "far, with the moving cue", [Counting(tiled), MovingCue()], 420),
        ]


def main() -> None:
    """Measure, print tables or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object; missed: targets")
    parser.add_argument("--quick", action="store_true", help="3 s of film, 5 minutes for the hour")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="another thermal network")
    given = parser.parse_args()
    if not given.weights.exists():
        sys.exit(f"{given.weights} is missing; train it or give --weights")
    memory = an_hour(300 if given.quick else HOUR_S)
    ways = speeds(given.weights, 3 if given.quick else 20)
    missed = [f"{one.what}: {one.per_s:.1f}/s" for one in ways if one.per_s < TARGET_PER_S]
    if memory.late_mb - memory.early_mb > FLAT_MB:
        missed.append(f"memory grew by {memory.late_mb - memory.early_mb:.0f} MB")
    if given.json:
        said = {"ways": [asdict(one) for one in ways], "memory": asdict(memory), "missed": missed}
        print(json.dumps(said))
        return
    table = Table("Full HD", "cm a pixel", "tiles", "pictures", "a second", "CPU ms each")
    for one in ways:
        numbers = (f"{100 * one.metres:.1f}", str(one.tiles), str(one.looked))
        table.add_row(one.what, *numbers, f"{one.per_s:.1f}", f"{one.cpu_ms:.0f}")
    Console().print(table)
    print(
        f"memory: {memory.early_mb:.0f} MB at 5 %, {memory.late_mb:.0f} MB at the end of "
        f"{memory.looks:,} looks, {memory.tracks:,} tracks, {memory.looks_per_s:.0f} looks/s"
    )
    print("missed: " + ("; ".join(missed) or "nothing"))


if __name__ == "__main__":
    main()
