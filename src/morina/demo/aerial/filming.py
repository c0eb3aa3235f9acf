"""Films the scene as a thermal camera on a drone would, and what the drone would say of itself.

The picture is made from the true pose; what the drone says is wrong by errors drawn from its own
stated spread: one offset for the whole flight, and a little in each moment.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.demo.aerial import warmth
from morina.demo.aerial.drawing import draw
from morina.demo.aerial.scene import Scene
from morina.sense.aerial import Angles, Ground, Height, HeightDatum, Pose, Spread, Telemetry

WIDTH, HEIGHT = 640, 512
VIEW = (30.0, 2 * math.degrees(math.atan(math.tan(math.radians(15)) * HEIGHT / WIDTH)))
SPREAD = Spread(
    horizontal_m=1.2, vertical_m=1.5, yaw_deg=0.8, pitch_deg=0.3, roll_deg=0.3, view_share=0.005
)
JITTER = 0.15
"""Share of the spread that changes from moment to moment."""

LABEL = ("RENDERED, INVENTED", "NOT THE BORDER")
LABEL_WARMTH = 5.0
GRID = 25
SEED = 5
NOISE = 3.0

HeightAt = Callable[[float, float], float]
"""Height of the ground above the WGS 84 ellipsoid at a latitude and longitude, metres."""


@dataclass(frozen=True, slots=True)
class Filmed:
    """One picture (height, width), what the drone said at that moment, and where it really was."""

    image: NDArray[np.uint8]
    said: Telemetry
    pose: Pose


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Errors in metres and degrees: east, north, up, yaw, pitch, roll."""

    of_flight: NDArray[np.float64]
    of_moments: NDArray[np.float64]

    @classmethod
    def drawn(cls, moments: int, seed: int) -> "_Wrong":
        dice, one = np.random.default_rng(seed), SPREAD
        size = np.array([one.horizontal_m, one.horizontal_m, one.vertical_m,
                         one.yaw_deg, one.pitch_deg, one.roll_deg])  # fmt: skip
        still = size * math.sqrt(1 - JITTER * JITTER)
        return cls(dice.normal(0, still), dice.normal(0, size * JITTER, (moments, 6)))


def filmed(
    scene: Scene, ground: Ground, height_at: HeightAt, begins: datetime, fps: float = 5.0
) -> Iterator[Filmed]:
    """Picture by picture, the same each time."""
    count = round(scene.seconds * fps)
    painted, wrong = warmth.ground(scene), _Wrong.drawn(count, SEED)
    noise = np.random.default_rng(SEED)
    for frame in range(count):
        at_s = frame / fps
        pose = true_pose(scene, height_at, at_s)
        image = _ground_seen(scene, ground, pose, painted)
        for there in scene.truth(at_s):
            draw(image, there, scene, partial(_pixel, ground, pose), pose)
        seen = image + _label() + noise.normal(0, NOISE, image.shape).astype(np.float32)
        final = np.clip(seen, 0, 255).astype(np.uint8)
        told = _told(scene, pose, wrong.of_flight + wrong.of_moments[frame])
        at = begins + timedelta(seconds=at_s)
        yield Filmed(final, replace(told, at_s=at_s, at=at), pose)


@cache
def _label() -> NDArray[np.float32]:
    """Across the picture, large and faint: small letters would be looked at as things."""
    drawn = np.zeros((HEIGHT, WIDTH), np.uint8)
    for line, row in zip(LABEL, (HEIGHT - 84, HEIGHT - 24), strict=True):
        cv2.putText(drawn, line, (16, row), cv2.FONT_HERSHEY_SIMPLEX, 1.7, 255, 3, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(drawn, (5, 5), 0) * (LABEL_WARMTH / 255), np.float32)


def true_pose(scene: Scene, height_at: HeightAt, at_s: float) -> Pose:
    """Where the camera is: over smoothed ground, looking ahead and down, swinging a little."""
    east, north = scene.drone(at_s)
    ahead = (height_at(*scene.place(east + off, north)) for off in range(-60, 61, 20))
    below = sum(ahead) / 7
    camera = Angles(90 + 4 * math.sin(at_s / 7), -60 + 2 * math.sin(at_s / 11),
                    0.8 * math.sin(at_s / 3))  # fmt: skip
    latitude, longitude = scene.place(east, north)
    return Pose(latitude=latitude, longitude=longitude, height_m=below + scene.above_ground_m,
                camera=camera, view=VIEW, spread=SPREAD)  # fmt: skip


def _ground_seen(
    scene: Scene, ground: Ground, pose: Pose, painted: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """The painted ground through the camera: rays on a grid, between them by interpolation."""
    steps = np.linspace(0, 1, GRID)
    at = np.stack(np.meshgrid(steps, steps), -1).reshape(-1, 2)
    nodes = np.zeros((GRID * GRID, 2), np.float32)
    for number, place in enumerate(ground.places(pose, at)):
        if place is None:
            raise ValueError("the rendered camera looks at the sky; tilt it down")
        nodes[number] = warmth.pixel(*scene.metres(place.latitude, place.longitude))
    grid = nodes.reshape(GRID, GRID, 2)
    across = np.linspace(0, GRID - 1, WIDTH, dtype=np.float32)
    down = np.linspace(0, GRID - 1, HEIGHT, dtype=np.float32)
    over = np.meshgrid(across, down)
    where = cv2.remap(grid, over[0], over[1], cv2.INTER_LINEAR)
    x, y = where[..., 0], where[..., 1]
    seen = cv2.remap(painted, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.uint8)


def _pixel(ground: Ground, pose: Pose, place: tuple[float, float]) -> tuple[float, float] | None:
    return ground.pixel(pose, *place)


def _told(scene: Scene, pose: Pose, wrong: NDArray[np.float64]) -> Telemetry:
    east, north = scene.metres(pose.latitude, pose.longitude)
    latitude, longitude = scene.place(east + wrong[0], north + wrong[1])
    camera = pose.camera
    return Telemetry(
        at_s=0.0, latitude=latitude, longitude=longitude,
        height=Height(pose.height_m + wrong[2], HeightDatum.ELLIPSOID), spread=SPREAD, view=VIEW,
        camera=Angles(camera.yaw + wrong[3], camera.pitch + wrong[4], camera.roll + wrong[5]),
    )  # fmt: skip
