"""Holds tracks against the truth of the rendered sortie."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from morina.demo.aerial.scene import Scene
from morina.sense.aerial import Track, TrackPoint
from morina.sense.aerial.ground import OF_90

NEAR_M = 12.0
"""A point further from everything there is belongs to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One track. ``name`` is the actor most of its points lie at, empty where there is none.

    ``middle_m`` and ``p90_m`` are its distances from that actor; ``held`` is the share of its
    points whose 90 % ellipse holds the truth.
    """

    name: str
    kind: str
    points: int
    seconds: float
    middle_m: float = math.nan
    p90_m: float = math.nan
    held: float = math.nan


def judged(scene: Scene, tracks: Sequence[Track]) -> list[Judged]:
    """Each track against what it follows."""
    return [_judged(scene, one) for one in tracks]


def _judged(scene: Scene, track: Track) -> Judged:
    nearest = Counter(name for point in track.points if (name := _nearest(scene, point)))
    kind, points = track.kind.value, len(track.points)
    seconds = track.points[-1].at_s - track.points[0].at_s
    if not nearest or nearest.most_common(1)[0][1] * 2 < points:
        return Judged(name="", kind=kind, points=points, seconds=seconds)
    name = nearest.most_common(1)[0][0]
    off = [found for point in track.points if (found := _off(scene, name, point))]
    metres = [math.hypot(east, north) for east, north, _ in off]
    held = sum(inside for *_, inside in off) / len(off)
    p90 = quantiles(metres, n=10)[8] if len(metres) > 1 else metres[0]
    return Judged(name=name, kind=kind, points=points, seconds=seconds,
                  middle_m=median(metres), p90_m=p90, held=held)  # fmt: skip


def _nearest(scene: Scene, point: TrackPoint) -> str:
    east, north = scene.metres(point.latitude, point.longitude)
    away = {there.actor.name: math.hypot(there.east - east, there.north - north)
            for there in scene.truth(point.at_s)}  # fmt: skip
    found = min(away, key=lambda name: away[name], default="")
    return found if found and away[found] <= NEAR_M else ""


def _off(scene: Scene, name: str, point: TrackPoint) -> tuple[float, float, bool] | None:
    """Metres east and north from the truth, and whether the ellipse holds it."""
    there = next((one for one in scene.truth(point.at_s) if one.actor.name == name), None)
    if there is None:
        return None
    east, north = scene.metres(point.latitude, point.longitude)
    east, north = east - there.east, north - there.north
    ee, en, nn = point.covariance
    whole = ee * nn - en * en
    if whole <= 0:
        return east, north, False
    squared = (nn * east * east - 2 * en * east * north + ee * north * north) / whole
    return east, north, squared <= OF_90 * OF_90
