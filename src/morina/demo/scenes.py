"""Puts vehicles on an empty road and makes a camera's frame of it."""

from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np

from morina.demo.lettering import Lettering, capitals_of
from morina.demo.light import LIGHTS, Hour, Light
from morina.demo.marks import Picture, paint
from morina.demo.mud import muddied
from morina.demo.plates import Look, render_plate
from morina.demo.scenery import Place, Site, empty_road
from morina.demo.vehicles import (
    PAINTS,
    Corners,
    Drawn,
    Heading,
    Kind,
    build,
    draw,
    outline_at,
    plate_corners_at,
)
from morina.demo.view import Points, View
from morina.plates import Plate

CAPTION = "rendered scene"
_NOISE_PX = 1600


def _crossing() -> Place:
    return Place(Site.CROSSING, "MORINË", 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One camera's standing conditions."""

    view: View = field(default_factory=View)
    hour: Hour = Hour.DAY
    place: Place = field(default_factory=_crossing)
    caption: str = CAPTION

    @property
    def light(self) -> Light:
        """The light of its hour."""
        return LIGHTS[self.hour]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """What a vehicle looks like; ``paint`` is one of ``PAINTS``, ``muddy`` hides the plate."""

    plate: Plate
    kind: Kind = Kind.CAR
    paint: str = "silver"
    look: Look = field(default_factory=Look)
    muddy: bool = False


def appear(scene: Scene, vehicle: Appearance, heading: Heading, seed: int = 0) -> Drawn:
    """A vehicle ready to be drawn in a scene."""
    plate = render_plate(vehicle.plate, 220, vehicle.look)
    if vehicle.muddy:
        plate = muddied(plate, np.random.default_rng(seed))
    return build(vehicle.kind, vehicle.paint, heading, scene.light, plate)


class Stage:
    """Renders a scene frame by frame; the empty road is drawn once."""

    def __init__(self, scene: Scene, seed: int = 0) -> None:
        self.scene = scene
        self._road = _road(scene)
        self._noise = _noise(scene.light.noise, scene.light.monochrome)
        self._rng = np.random.default_rng(seed)

    def frame(self, standing: list[tuple[Drawn, float, float]]) -> Picture:
        """A frame with vehicles, each with its distance and its way while the shutter is open."""
        picture = self._road.copy()
        for drawn, distance, blur in sorted(standing, key=lambda item: -item[1]):
            self._put(picture, drawn, distance, blur)
        x, y = self._rng.integers(0, _NOISE_PX - np.array([picture.shape[1], picture.shape[0]]))
        grain = self._noise[y : y + picture.shape[0], x : x + picture.shape[1]]
        return np.asarray(cv2.addWeighted(picture, 1.0, grain, 1.0, -128.0), np.uint8)

    def _put(self, picture: Picture, drawn: Drawn, distance: float, blur: float) -> None:
        view, light = self.scene.view, self.scene.light
        box = outline_at(drawn, view, distance)
        if box is None:
            return
        x0, y0, x1, y1 = box
        part = picture[y0:y1, x0:x1]
        _shadow(part, drawn, view, distance, np.array([x0, y0]))
        fine = cv2.resize(part, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
        canvas = np.asarray(fine, np.uint8)
        draw(canvas, drawn, view, distance, np.array([x0, y0], np.float64))
        small = cv2.resize(canvas, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA)
        shift = _shift_px(drawn, view, distance, blur)
        _lay(part, np.asarray(small, np.uint8), shift)
        if light.lamps:
            _bloom(picture, drawn, view, light, distance)


@lru_cache(maxsize=8)
def _road(scene: Scene) -> Picture:
    picture = empty_road(scene.view, scene.light, scene.place)
    if scene.caption:
        words = capitals_of(scene.caption, Lettering.SMALL, 12, 2)
        for offset, colour in ((1, (20, 20, 20)), (0, (225, 225, 225))):
            paint(picture, words, (14 + offset, picture.shape[0] - 26 + offset), colour)
    return picture


@lru_cache(maxsize=8)
def _noise(deviation: float, monochrome: bool) -> Picture:
    """Sensor noise around 128, softened a little as a camera's own filter does."""
    rng = np.random.default_rng(7)
    layers = 1 if monochrome else 3
    size = (_NOISE_PX, _NOISE_PX, layers)
    noise = cv2.GaussianBlur(rng.normal(0, 1, size).astype(np.float32), (0, 0), 0.6).reshape(size)
    scaled = np.clip(noise * (deviation / noise.std()) + 128, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(scaled, (_NOISE_PX, _NOISE_PX, 3)))


def _shadow(part: Picture, drawn: Drawn, view: View, distance: float, origin: Points) -> None:
    """Darken the road under and beside a vehicle, on a grid of every fourth pixel."""
    half, length = drawn.body.half_width, drawn.body.length
    near = max(distance - 0.15, 1.2)
    if distance + length < 1.5:
        return
    ground = [(-half - 0.1, near), (half + 0.35, near), (half + 0.35, distance + length)]
    ground.append((-half - 0.1, distance + length))
    world = np.array([(x + view.lane_x, y, 0.0) for x, y in ground])
    points = (view.project(world) - origin) / 4
    cover = np.zeros((part.shape[0] // 4 + 1, part.shape[1] // 4 + 1), np.uint8)
    cv2.fillConvexPoly(cover, np.rint(points * 16).astype(np.int32), 150, cv2.LINE_AA, 4)
    cover = cv2.blur(cover, (9, 5))
    wide = cv2.resize(cover, (part.shape[1], part.shape[0]), interpolation=cv2.INTER_LINEAR)
    kept = cv2.merge([255 - wide] * 3)
    part[:] = cv2.multiply(part, kept, scale=1 / 255)


def _shift_px(drawn: Drawn, view: View, distance: float, blur: float) -> Points:
    """How far the plate, if it is in the picture, moves there while the shutter is open."""
    here = plate_corners_at(drawn, view, distance)
    after = plate_corners_at(drawn, view, distance + blur)
    size = (view.width, view.height)
    if here is None or after is None or (here < 0).any() or (here > size).any():
        return np.zeros(2)
    return np.asarray(here.mean(axis=0) - after.mean(axis=0))


def _lay(part: Picture, vehicle: Picture, shift: Points) -> None:
    """Put the vehicle's part of the picture in place, blurred along a motion of ``shift`` px."""
    reach = int(np.ceil(np.abs(shift).max()))
    if reach < 2:
        part[:] = vehicle
        return
    size = 2 * (reach // 2) + 1
    kernel = np.zeros((size, size), np.float32)
    middle, half = np.array([size // 2, size // 2]), shift / 2
    ends = np.rint(np.array([middle - half, middle + half]) * 16).astype(int).tolist()
    cv2.line(kernel, ends[0], ends[1], (1.0,), 1, cv2.LINE_AA, 4)
    blue, green, red = cv2.split(cv2.absdiff(vehicle, part))
    changed = cv2.max(cv2.max(blue, green), red)
    cv2.copyTo(cv2.filter2D(vehicle, -1, kernel / kernel.sum()), changed, part)


def _bloom(picture: Picture, drawn: Drawn, view: View, light: Light, distance: float) -> None:
    """Light spilling from lit lamps, as the lens spreads it."""
    strength = light.glare if drawn.heading is Heading.APPROACHING else light.glare * 0.35
    tint = (1.0, 1.0, 1.0) if drawn.heading is Heading.APPROACHING else (0.15, 0.12, 1.0)
    if light.monochrome:
        tint = (1.0, 1.0, 1.0)
    for lamp in drawn.lamps:
        camera = view.in_camera(lamp.mean(axis=0)[None] + np.array([view.lane_x, distance, 0.0]))
        if camera[0, 2] < 1.0:
            continue
        at = view.on_picture(camera)[0]
        radius = int(np.clip(0.55 * view.focal_px / camera[0, 2], 6, 150))
        _add_glow(picture, (round(float(at[0])), round(float(at[1]))), radius, strength, tint)


def _add_glow(
    picture: Picture,
    at: tuple[int, int],
    radius: int,
    strength: float,
    tint: tuple[float, float, float],
) -> None:
    x0, y0 = max(0, at[0] - radius), max(0, at[1] - radius)
    x1, y1 = min(picture.shape[1], at[0] + radius), min(picture.shape[0], at[1] + radius)
    if x1 <= x0 or y1 <= y0:
        return
    whole = cv2.resize(_glow(strength, tint), (2 * radius, 2 * radius))
    left, top = x0 - at[0] + radius, y0 - at[1] + radius
    part = picture[y0:y1, x0:x1]
    cv2.add(part, whole[top : top + y1 - y0, left : left + x1 - x0], part)


@lru_cache(maxsize=16)
def _glow(strength: float, tint: tuple[float, float, float]) -> Picture:
    side = np.linspace(-1, 1, 128, dtype=np.float32)
    away = np.hypot(side[:, None], side[None])
    fall = 255 * strength * np.clip(np.exp(-((away / 0.28) ** 2)) + 0.25 * (1 - away), 0, 1)
    fall[away > 1] = 0
    return np.asarray(fall[..., None] * np.array(tint, np.float32), np.uint8)


def render_photograph(
    plate: Plate,
    hour: Hour = Hour.DAY,
    heading: Heading = Heading.APPROACHING,
    seed: int = 0,
) -> tuple[Picture, Corners]:
    """A still of one car near enough to be read, and its plate's corners in the picture."""
    rng = np.random.default_rng(seed)
    scene = Scene(hour=hour)
    paints = sorted(PAINTS)
    look = Look(rear=heading is Heading.LEAVING)
    vehicle = Appearance(plate=plate, paint=paints[rng.integers(0, len(paints))], look=look)
    drawn = appear(scene, vehicle, heading, seed)
    distance = float(rng.uniform(4.2, 5.4))
    place = np.array([scene.view.lane_x, distance, 0.0])
    corners = scene.view.project(drawn.plate_corners + place)
    return Stage(scene, seed).frame([(drawn, distance, 0.0)]), corners
