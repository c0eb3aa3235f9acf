"""Rendered scenes whose plates' corners are known: the demo's vehicles before many cameras."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.demo import COUNTRIES, Appearance, Heading, Hour, Kind, Look, Scene, Stage, random_plate
from morina.demo.scenery import Place, Site
from morina.demo.scenes import appear
from morina.demo.vehicles import PAINTS, plate_corners_at
from morina.demo.view import View
from training.finder_targets import Corners

_LONGEST = 800
_FRAMES_A_VIEW = 8
_NARROWEST, _WIDEST = 16.0, 520.0
_TRIES = 60


@dataclass(frozen=True, slots=True)
class RenderedScene:
    """A picture (BGR) of one vehicle and the corners of its plate."""

    picture: NDArray[np.uint8]
    corners: Corners


def rendered_scenes(count: int, seed: int, cache: Path) -> list[RenderedScene]:
    """As many scenes; the same for the same seed."""
    kept = cache / f"rendered-{seed}-{count}.npz"
    if not kept.exists():
        rng = np.random.default_rng(seed)
        scenes: list[RenderedScene] = []
        while len(scenes) < count:
            scenes += _before_one_camera(rng, min(_FRAMES_A_VIEW, count - len(scenes)))
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(
            kept,
            pictures=np.array([scene.picture for scene in scenes]),
            corners=np.array([scene.corners for scene in scenes]),
        )
    with np.load(kept) as arrays:
        return [
            RenderedScene(picture, corners)
            for picture, corners in zip(arrays["pictures"], arrays["corners"], strict=True)
        ]


def _before_one_camera(rng: np.random.Generator, count: int) -> list[RenderedScene]:
    view = View(
        focal_px=float(np.exp(rng.uniform(np.log(800), np.log(2600)))),
        camera_height=float(rng.uniform(0.8, 5.5)),
        pitch=float(rng.uniform(2, 22)),
        yaw=float(rng.uniform(-28, 28)),
        lane_x=float(rng.uniform(-3, 3)),
    )
    hour = list(Hour)[rng.integers(0, 4)]
    place = Place(list(Site)[rng.integers(0, 2)], "MORINË", int(rng.integers(0, 1000)))
    stage = Stage(Scene(view=view, hour=hour, place=place), int(rng.integers(0, 1000)))
    scenes = (_frame(rng, stage) for _ in range(count))
    return [scene for scene in scenes if scene is not None]


def _frame(rng: np.random.Generator, stage: Stage) -> RenderedScene | None:
    """One vehicle whose whole plate is in the picture; None when the camera hardly sees any."""
    country = COUNTRIES[rng.integers(0, len(COUNTRIES))]
    heading = list(Heading)[rng.integers(0, 2)]
    vehicle = Appearance(
        plate=random_plate(rng, country),
        kind=list(Kind)[rng.integers(0, 3)],
        paint=sorted(PAINTS)[rng.integers(0, len(PAINTS))],
        look=Look(heading is Heading.LEAVING, ("UK", "GB", "flash", "none")[rng.integers(0, 4)]),
    )
    drawn = appear(stage.scene, vehicle, heading)
    view = stage.scene.view
    for _ in range(_TRIES):
        distance = float(np.exp(rng.uniform(np.log(1.5), np.log(35))))
        corners = plate_corners_at(drawn, view, distance)
        if corners is None or (corners < 4).any():
            continue
        wide = float(np.ptp(corners[:, 0]))
        if (corners > (view.width - 4, view.height - 4)).any() or not _NARROWEST < wide < _WIDEST:
            continue
        frame = stage.frame([(drawn, distance, float(rng.choice([0.0, 0.0, 0.05])))])
        scale = _LONGEST / view.width
        small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        return RenderedScene(np.asarray(small, np.uint8), (corners * scale).astype(np.float32))
    return None
