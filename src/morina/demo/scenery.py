"""The empty road: sky, mountains, ground and what is built on it. Drawn once for each camera."""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.demo.light import Light
from morina.demo.marks import Picture
from morina.demo.structures import draw_structures
from morina.demo.view import View

Field = NDArray[np.float32]
"""One value for each pixel."""

LANE_M = 3.6


class Site(StrEnum):
    """What kind of road it is."""

    CROSSING = "crossing"
    MOTORWAY = "motorway"


@dataclass(frozen=True, slots=True)
class Place:
    """A road and what its sign says."""

    site: Site
    sign: str
    seed: int


def empty_road(view: View, light: Light, place: Place) -> Picture:
    """The camera's picture with no vehicle in it."""
    rng = np.random.default_rng(place.seed)
    canvas = _sky(view, light, rng)
    horizon = _horizon(view)
    _mountains(canvas, horizon, light, rng)
    _ground(canvas, view, light, rng)
    picture = np.clip(canvas, 0, 255).astype(np.uint8)
    draw_structures(picture, view, light, place.site.value, place.sign)
    if light.monochrome:
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        picture = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.7), np.uint8)


def _horizon(view: View) -> int:
    """The row the road vanishes at."""
    far = view.project(np.array([[0.0, 1e6, 0.0]]))
    return round(float(far[0, 1]))


def _sky(view: View, light: Light, rng: np.random.Generator) -> Field:
    rows = np.linspace(0, 1, view.height, dtype=np.float32)[:, None, None]
    share = np.clip(rows * view.height / max(1, _horizon(view) * 1.1), 0, 1)
    top, low = np.array(light.sky_top, np.float32), np.array(light.sky_low, np.float32)
    sky = np.repeat(top * (1 - share) + low * share, view.width, axis=1)
    clouds = _clumps(rng, (view.height, view.width), (22, 8)) + 0.5 * _clumps(
        rng, (view.height, view.width), (60, 30)
    )
    cover = np.clip(clouds - 0.85, 0, 0.5)[..., None] * 1.1
    return np.asarray(sky * (1 - cover) + cover * (low * 0.5 + 0.5 * low.max()), np.float32)


def _clumps(rng: np.random.Generator, size: tuple[int, int], cells: tuple[int, int]) -> Field:
    """Smooth noise between 0 and 1, ``cells`` down and across."""
    coarse = rng.random((cells[0] + 1, cells[1] + 1), np.float32)
    smooth = cv2.resize(coarse, (size[1], size[0]), interpolation=cv2.INTER_CUBIC)
    return np.clip(np.asarray(smooth, np.float32), 0, 1)


def _ridge(rng: np.random.Generator, width: int, rough: float) -> Field:
    """A skyline between about 0 and 1, in ever finer steps."""
    line = np.zeros(width, np.float32)
    weight, cells = 0.55, 5
    while cells < width // 3:
        steps = rng.random(cells + 1)
        line += weight * np.interp(np.linspace(0, cells, width), np.arange(cells + 1), steps)
        weight, cells = weight * rough, cells * 2
    return line


_RANGES = (
    # height px, lift, roughness, colour by daylight, snow
    (130, 26, 0.52, (165, 150, 138), True),
    (95, 12, 0.50, (118, 118, 98), False),
    (46, 0, 0.58, (58, 84, 66), False),
)


def _mountains(canvas: Field, horizon: int, light: Light, rng: np.random.Generator) -> None:
    height, width = canvas.shape[:2]
    rows = np.arange(height, dtype=np.float32)[:, None]
    level = np.array(light.ambient) + 0.55 * np.array(light.sun)
    low = np.array(light.sky_low, np.float32)
    for nearer, (tall, lift, rough, colour, snow) in enumerate(_RANGES):
        crest = horizon + 8 - lift - tall * _ridge(rng, width, rough)
        inside = (rows > crest) & (rows < horizon + 14)
        slope = np.gradient(cv2.GaussianBlur(crest[None], (9, 1), 2)[0])
        tone = 1 + np.clip(-slope * 0.12, -0.22, 0.22)
        grain = 0.8 + 0.2 * (
            _clumps(rng, (height, width), (140, 120)) + _clumps(rng, (height, width), (47, 31))
        )
        shaded = np.array(colour, np.float32) * level.astype(np.float32)
        layer = shaded * (tone * grain)[..., None]
        if snow:
            white = np.clip((crest + tall * 0.24 * grain - rows) / 14, 0, 0.85)[..., None]
            layer = layer * (1 - white) + white * 232 * level.astype(np.float32)
        haze = (0.46, 0.26, 0.06)[nearer]
        canvas[inside] = (layer * (1 - haze) + low * haze)[inside]


def _ground(canvas: Field, view: View, light: Light, rng: np.random.Generator) -> None:
    x, y, meets = view.ground()
    x = x - view.lane_x
    soft = np.clip(y / view.focal_px * 1.5, 0.01, 2.0)
    asphalt = (
        96 + 16 * (_grain(rng, x, y, 9.0, soft) - 0.5) + 22 * (_grain(rng, x, y, 0.7, soft) - 0.5)
    )
    tracks = np.exp(-((np.abs(x) - 0.75) ** 2) / 0.06)
    colour = (asphalt - 9 * tracks)[..., None] * np.array([1.0, 1.0, 0.985], np.float32)
    colour = _markings(colour, x, y, soft)
    verge = _verge(rng, x, y, soft)
    for edge, sign in ((-LANE_M * 1.5 - 0.4, -1), (LANE_M / 2 + 0.7, 1)):
        outside = np.clip(sign * (x - edge) / soft + 0.5, 0, 1)[..., None]
        colour = colour * (1 - outside) + verge * outside
    level = light.on(np.array([[0.0, 0.0, 1.0]]))[0].astype(np.float32)
    pool = np.array(light.sun, np.float32) * np.exp(-((y - 7) ** 2) / 60)[..., None] * light.glare
    lit = colour * (level + 0.9 * pool)
    far = np.clip(y / 400, 0, 0.30)[..., None]
    low = np.array(light.sky_low, np.float32)
    canvas[meets] = (lit * (1 - far) + far * low * 0.8)[meets]


def _markings(colour: Field, x: Field, y: Field, soft: Field) -> Field:
    """White lines: solid at the edges, dashes between the lanes."""
    for middle, dashed in ((LANE_M / 2, False), (-LANE_M / 2, True), (-LANE_M * 1.5, False)):
        cover = np.clip((0.07 - np.abs(x - middle)) / soft + 0.5, 0, 1)
        if dashed:
            cover = cover * ((y % 6.0) < 3.0)
        worn = (cover * 0.82)[..., None]
        colour = colour * (1 - worn) + 215 * worn
    return colour


def _verge(rng: np.random.Generator, x: Field, y: Field, soft: Field) -> Field:
    """Gravel at the kerb, then dry mountain grass."""
    grain = _grain(rng, x, y, 2.5, soft) * 0.6 + _grain(rng, x, y, 0.35, soft) * 0.7
    grass = np.array([62, 106, 104], np.float32) * (0.62 + 0.6 * grain)[..., None]
    gravel = np.array([126, 134, 140], np.float32) * (0.75 + 0.4 * grain)[..., None]
    off = np.clip((np.abs(x + LANE_M / 2) - LANE_M - 1.6) / 0.6, 0, 1)[..., None]
    return np.asarray(gravel * (1 - off) + grass * off, np.float32)


def _grain(rng: np.random.Generator, x: Field, y: Field, per_m: float, soft: Field) -> Field:
    """Noise fixed to the ground, fading to its mean where pixels are larger than its grains."""
    tile = rng.random((512, 512), np.float32)
    tile = np.asarray(cv2.GaussianBlur(tile, (0, 0), 1.0, borderType=cv2.BORDER_REFLECT))
    tile = (tile - tile.mean()) / (6 * tile.std()) + 0.5
    u, v = (np.abs((along * per_m * 3) % 1022 - 511) for along in (x, y))
    noise = cv2.remap(tile, u, v, cv2.INTER_LINEAR)
    fade = np.clip(0.5 / (soft * per_m * 3), 0, 1)
    return np.asarray(0.5 + (noise - 0.5) * fade, np.float32)
