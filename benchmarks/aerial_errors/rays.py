"""Rays a second against a clip of 1 arc second: from one camera, in all directions."""

import time
from pathlib import Path

import numpy as np

from aerial_errors.march import Heights
from morina.sense.aerial.terrain.casting import cast
from morina.sense.aerial.terrain.casting_paths import Bundle
from morina.sense.aerial.terrain.casting_pyramid import pyramid
from morina.sense.aerial.terrain.clip import Clip

_RAYS, _REACH_M = 200_000, 6_000.0
_DOWN = {"10 to 60 degrees down": (-60, -10), "3 to 15 down": (-15, -3), "0 to 4 down": (-4, 0)}


def rays_a_second(folder: Path) -> dict[str, float]:
    """The slowest of the clips, the best of five runs of each."""
    clips = []
    for file in sorted(folder.glob("*.tif*")):
        heights = Heights(file)
        t = heights.t
        clips.append(
            Clip(heights.z.astype(np.float32), t.f + t.e / 2, t.c + t.a / 2, (-t.e, t.a), 0)
        )
    found = {}
    for name, down in _DOWN.items():
        rates = [_rate(clip, down) for clip in clips]
        found[name] = min(wall for wall, _ in rates)
        found[f"{name}, of one core's time"] = min(core for _, core in rates)
    return found


def _rate(clip: Clip, down: tuple[float, float]) -> tuple[float, float]:
    """Per second that passed, and per second of processor time."""
    rng, squares = np.random.default_rng(4), pyramid(clip)
    rows, columns = clip.heights.shape
    latitude = clip.north - clip.step[0] * (rows // 2)
    longitude = clip.west + clip.step[1] * (columns // 2)
    place = (latitude, longitude, float(clip.height(latitude, longitude)) + 300)
    a, e = np.radians(rng.uniform(0, 360, _RAYS)), np.radians(rng.uniform(*down, _RAYS))
    ways = np.stack([np.sin(a) * np.cos(e), np.cos(a) * np.cos(e), np.sin(e)], axis=1)
    times, used = [], []
    for _ in range(5):
        began, worked = time.perf_counter(), time.process_time()
        cast(clip, squares, Bundle(place, np.zeros_like(ways), ways), _REACH_M)
        times.append(time.perf_counter() - began)
        used.append(time.process_time() - worked)
    return _RAYS / min(times), _RAYS / min(used)
