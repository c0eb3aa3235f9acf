"""Draws one vehicle where it stands on the road, its plate in true perspective."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.demo.bodies import CAR, LORRY, VAN, Body, Material
from morina.demo.light import Light
from morina.demo.marks import Picture
from morina.demo.mesh import faces_of
from morina.demo.plates import PlatePicture
from morina.demo.view import NEAREST_M, Points, View

Corners = NDArray[np.float64]
"""A plate's corners in the picture, 4 x 2, clockwise from its top left."""

_BITS = 4


class Kind(Enum):
    """What sort of vehicle; the value is its body."""

    CAR = CAR
    VAN = VAN
    LORRY = LORRY


class Heading(StrEnum):
    """Which end the camera sees."""

    APPROACHING = "approaching"
    LEAVING = "leaving"


PAINTS: dict[str, tuple[int, int, int]] = {
    "white": (226, 228, 226),
    "silver": (172, 172, 168),
    "grey": (104, 102, 98),
    "black": (40, 38, 36),
    "blue": (134, 72, 30),
    "red": (38, 34, 158),
    "green": (66, 92, 44),
    "beige": (150, 178, 190),
}
"""Colours by name, BGR."""

_COLOURS: dict[Material, tuple[float, float, float]] = {
    Material.GLASS: (46, 42, 38),
    Material.TRIM: (40, 39, 38),
    Material.TYRE: (26, 26, 26),
    Material.CHROME: (182, 182, 180),
    Material.HEADLAMP: (232, 230, 224),
    Material.TAIL_LAMP: (34, 26, 150),
    Material.BOX: (216, 218, 216),
}
_GLOSS: dict[Material, float] = {Material.PAINT: 0.20, Material.GLASS: 0.55, Material.CHROME: 0.3}
_GLOWING: dict[Material, tuple[float, float, float]] = {
    Material.HEADLAMP: (255, 255, 255),
    Material.TAIL_LAMP: (70, 60, 255),
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A vehicle's faces in its own place, near end at ``y`` 0, shaded, and its plate's corners.

    Face i has ``vertices[starts[i]:starts[i + 1]]``.
    """

    body: Body
    heading: Heading
    vertices: Points
    starts: NDArray[np.int64]
    normals: Points
    middles: Points
    layers: NDArray[np.int64]
    colours: tuple[tuple[float, float, float], ...]
    plate_corners: Points
    plate: Picture
    plate_mask: NDArray[np.uint8]
    lamps: tuple[Points, ...]


def build(kind: Kind, paint: str, heading: Heading, light: Light, plate: PlatePicture) -> Drawn:
    """Shade a vehicle once; its straight path changes neither its normals nor the light."""
    body = kind.value
    turned = heading is Heading.LEAVING
    faces = [(_placed(face.vertices, body, turned), face) for face in faces_of(body)]
    normals = np.array([_normal(vertices) for vertices, _ in faces])
    colours = _shaded(normals, [face.material for _, face in faces], PAINTS[paint], light)
    lamp = Material.TAIL_LAMP if turned else Material.HEADLAMP
    return Drawn(
        body=body,
        heading=heading,
        vertices=np.concatenate([vertices for vertices, _ in faces]),
        starts=np.cumsum([0, *(len(vertices) for vertices, _ in faces)]),
        normals=normals,
        middles=np.array([vertices.mean(axis=0) for vertices, _ in faces]),
        layers=np.array([face.layer for _, face in faces]),
        colours=colours,
        plate_corners=_plate_corners(body, plate, turned),
        plate=_lit_plate(plate.image, light),
        plate_mask=plate.mask,
        lamps=tuple(v for v, face in faces if face.material is lamp),
    )


def _placed(vertices: Points, body: Body, turned: bool) -> Points:
    if not turned:
        return vertices
    return np.asarray(vertices * np.array([-1.0, -1.0, 1.0]) + np.array([0.0, body.length, 0.0]))


def _normal(vertices: Points) -> Points:
    """The unit normal of a face (Newell's sum, so a few coinciding corners do no harm)."""
    after = np.roll(vertices, -1, axis=0)
    normal = np.cross(vertices, after).sum(axis=0)
    length = float(np.linalg.norm(normal))
    return np.asarray(normal / length if length else normal)


def _shaded(
    normals: Points, materials: list[Material], paint: tuple[int, int, int], light: Light
) -> tuple[tuple[float, float, float], ...]:
    falling = light.on(normals)
    sky = np.array(light.sky_low) * 0.6 + np.array(light.sky_top) * 0.4
    colours = []
    for normal, level, material in zip(normals, falling, materials, strict=True):
        if light.lamps and material in _GLOWING:
            colours.append(_GLOWING[material])
            continue
        own = np.array(_COLOURS.get(material, paint)) * level
        gloss = _GLOSS.get(material, 0.0) * max(0.0, float(normal[2])) ** 1.5
        shade = own * (1 - gloss) + sky * gloss
        if light.monochrome:
            shade = np.full(3, shade.mean())
        colours.append((float(shade[0]), float(shade[1]), float(shade[2])))
    return tuple(colours)


def _plate_corners(body: Body, plate: PlatePicture, turned: bool) -> Points:
    mount = body.rear_plate if turned else body.front_plate
    height, width = plate.mask.shape
    half_width = 0.26
    half_height = half_width * height / width
    y = body.length - mount.y if turned else mount.y
    corners = [(-1, 1), (1, 1), (1, -1), (-1, -1)]
    return np.array([(x * half_width, y, mount.z + z * half_height) for x, z in corners])


def _lit_plate(image: Picture, light: Light) -> Picture:
    lit = image * np.array(light.plate, np.float32)
    if light.monochrome:
        lit = np.repeat(lit.mean(axis=2, keepdims=True), 3, axis=2)
    return np.clip(np.rint(lit), 0, 255).astype(np.uint8)


def plate_corners_at(drawn: Drawn, view: View, distance: float) -> Corners | None:
    """The plate's corners when the near end is ``distance`` ahead; None behind the camera."""
    camera = view.in_camera(drawn.plate_corners + np.array([view.lane_x, distance, 0.0]))
    return view.on_picture(camera) if camera[:, 2].min() > 0.3 else None


def outline_at(drawn: Drawn, view: View, distance: float) -> tuple[int, int, int, int] | None:
    """The part of the picture (x0, y0, x1, y1) the vehicle covers; None when it is out of it."""
    body, wide = drawn.body, drawn.body.half_width + 0.8
    sides, ends, levels = (-wide, wide), (-0.2, body.length), (-0.1, body.height)
    box = np.array(list(product(sides, ends, levels)))
    camera = view.in_camera(box + np.array([view.lane_x, distance, 0.0]))
    if camera[:, 2].max() < 0.5:
        return None
    camera[:, 2] = np.maximum(camera[:, 2], 0.5)
    points = view.on_picture(camera)
    x0, y0 = np.clip(np.floor(points.min(axis=0)) - 2, 0, (view.width, view.height)).astype(int)
    x1, y1 = np.clip(np.ceil(points.max(axis=0)) + 2, 0, (view.width, view.height)).astype(int)
    return (int(x0), int(y0), int(x1), int(y1)) if x1 - x0 > 4 and y1 - y0 > 4 else None


def draw(canvas: Picture, drawn: Drawn, view: View, distance: float, origin: Points) -> None:
    """Draw onto ``canvas``, twice as fine as the picture, whose pixel (0, 0) is at ``origin``."""
    offset = np.array([view.lane_x, distance, 0.0])
    to_eye = np.array([0.0, 0.0, view.camera_height]) - offset - drawn.middles
    facing = np.flatnonzero(np.sum(to_eye * drawn.normals, axis=1) > 0)
    away = np.linalg.norm(to_eye[facing], axis=1)
    camera = view.in_camera(drawn.vertices + offset)
    points = (view.on_picture(np.maximum(camera, [-np.inf, -np.inf, 0.1])) - origin) * 2
    fixed = np.rint(points * 2**_BITS).astype(np.int32)
    near = np.minimum.reduceat(camera[:, 2], drawn.starts[:-1]) < NEAREST_M
    for index in facing[np.lexsort((-away, drawn.layers[facing]))]:
        corners = slice(drawn.starts[index], drawn.starts[index + 1])
        outline = fixed[corners]
        if near[index]:
            kept = view.clipped(camera[corners])
            if len(kept) < 3:
                continue
            outline = np.rint((view.on_picture(kept) - origin) * 2 ** (_BITS + 1)).astype(np.int32)
        cv2.fillPoly(canvas, [outline], drawn.colours[index], cv2.LINE_8, _BITS)
    plate = plate_corners_at(drawn, view, distance)
    if plate is not None:
        _hang_plate(canvas, drawn, (plate - origin) * 2)


def _hang_plate(canvas: Picture, drawn: Drawn, corners: Points) -> None:
    """Warp the plate onto its corners, from a copy no finer than needed, or it would alias."""
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 1, canvas.shape[1::-1])
    if (high - low).min() < 2:
        return
    wide = float(np.ptp(corners[:, 0]))
    scale = min(1.0, max(wide, 8.0) / drawn.plate_mask.shape[1])
    height, width = drawn.plate_mask.shape
    size = (max(8, round(width * scale)), max(4, round(height * scale)))
    flat = cv2.resize(drawn.plate, size, interpolation=cv2.INTER_AREA)
    mask = cv2.resize(drawn.plate_mask, size, interpolation=cv2.INTER_AREA)
    source = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], np.float32) - 0.5
    matrix = cv2.getPerspectiveTransform(source, (corners - low - 0.5).astype(np.float32))
    area = (int(high[0] - low[0]), int(high[1] - low[1]))
    laid = cv2.warpPerspective(flat, matrix, area, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpPerspective(mask, matrix, area)
    part = canvas[low[1] : high[1], low[0] : high[0]]
    cv2.copyTo(laid, (cover > 127).astype(np.uint8), part)
