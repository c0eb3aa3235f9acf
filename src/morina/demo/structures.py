"""What people built beside the road: canopy, booth, guard rail, sign."""

import cv2
import numpy as np

from morina.demo.lettering import Lettering, line_of
from morina.demo.light import Light
from morina.demo.marks import Picture
from morina.demo.view import Points, View

_BITS = 4
_Box = tuple[float, float, float, float, float, float]
"""x0, y0, z0, x1, y1, z1 in the world, x from the middle of the lane."""

_CONCRETE, _STEEL, _BLUE, _GLASS = (176, 180, 182), (150, 152, 150), (128, 66, 24), (62, 56, 50)


def draw_structures(picture: Picture, view: View, light: Light, site: str, sign: str) -> None:
    """Draw them in place, farthest first."""
    boxes = _crossing() if site == "crossing" else _motorway()
    for box, colour in sorted(boxes, key=lambda item: -item[0][1]):
        _draw_box(picture, view, light, box, colour)
    board = (-2.9, 43.9, 4.5, 2.9, 5.3) if site == "crossing" else (-4.6, 51.9, 4.6, 1.6, 5.9)
    _draw_sign(picture, view, light, board, sign)


def _crossing() -> list[tuple[_Box, tuple[int, int, int]]]:
    posts = [(x, y) for x in (-9.6, -5.9, 2.9) for y in (44.6, 52.4)]
    return [
        *[((x, y, 0.0, x + 0.35, y + 0.35, 4.4), _STEEL) for x, y in posts],
        ((-10.5, 44.0, 4.4, 4.5, 53.0, 5.4), _CONCRETE),
        ((2.2, 42.0, 0.0, 4.4, 50.0, 0.18), _CONCRETE),
        ((2.5, 45.0, 0.18, 4.2, 48.4, 1.2), _BLUE),
        ((2.55, 45.05, 1.2, 4.15, 48.35, 2.2), _GLASS),
        ((2.4, 44.9, 2.2, 4.3, 48.5, 2.5), _CONCRETE),
        ((2.35, 42.3, 0.18, 2.6, 42.55, 1.0), (40, 190, 235)),
        *_rail(-6.6),
    ]


def _motorway() -> list[tuple[_Box, tuple[int, int, int]]]:
    return [
        ((-7.4, 52.0, 0.0, -7.1, 52.3, 5.9), _STEEL),
        ((3.2, 52.0, 0.0, 3.5, 52.3, 5.9), _STEEL),
        ((-7.4, 52.0, 5.5, 3.5, 52.3, 5.8), _STEEL),
        *_rail(-6.4),
        *_rail(2.9),
    ]


def _rail(x: float) -> list[tuple[_Box, tuple[int, int, int]]]:
    posts = [((x, y, 0.0, x + 0.12, y + 0.12, 0.75), _STEEL) for y in range(8, 120, 4)]
    beams = [((x - 0.05, y, 0.48, x, y + 3.9, 0.80), _STEEL) for y in range(8, 120, 4)]
    return [*posts, *beams]


def _draw_box(
    picture: Picture, view: View, light: Light, box: _Box, colour: tuple[int, int, int]
) -> None:
    x0, y0, z0, x1, y1, z1 = box
    x0, x1 = x0 + view.lane_x, x1 + view.lane_x
    faces: list[tuple[list[tuple[float, float, float]], tuple[float, float, float]]] = [
        ([(x0, y0, z0), (x0, y1, z0), (x0, y1, z1), (x0, y0, z1)], (-1, 0, 0)),
        ([(x1, y0, z0), (x1, y1, z0), (x1, y1, z1), (x1, y0, z1)], (1, 0, 0)),
        ([(x0, y0, z0), (x1, y0, z0), (x1, y1, z0), (x0, y1, z0)], (0, 0, -1)),
        ([(x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)], (0, 0, 1)),
        ([(x0, y0, z0), (x1, y0, z0), (x1, y0, z1), (x0, y0, z1)], (0, -1, 0)),
    ]
    eye = np.array([0.0, 0.0, view.camera_height])
    for corners, normal in faces:
        if np.dot(eye - np.array(corners[0]), normal) <= 0:
            continue
        level = light.on(np.array([normal], np.float64))[0]
        shade = tuple(float(c * s) for c, s in zip(colour, level, strict=True))
        points = np.rint(view.project(np.array(corners)) * 2**_BITS).astype(np.int32)
        cv2.fillConvexPoly(picture, points, shade, cv2.LINE_AA, _BITS)


def _draw_sign(
    picture: Picture,
    view: View,
    light: Light,
    board: tuple[float, float, float, float, float],
    text: str,
) -> None:
    """A blue board with white letters, in perspective."""
    x0, y, z0, x1, z1 = board
    aspect = (x1 - x0) / (z1 - z0)
    flat = np.empty((120, round(120 * aspect), 3), np.uint8)
    flat[:] = _BLUE
    words = line_of(text, Lettering.SMALL, 56, 7)
    scale = min(1.0, (flat.shape[1] - 30) / words.shape[1])
    words = np.asarray(cv2.resize(words, None, fx=scale, fy=scale), np.uint8)
    top, left = (120 - words.shape[0]) // 2, (flat.shape[1] - words.shape[1]) // 2
    part = flat[top : top + words.shape[0], left : left + words.shape[1]]
    np.maximum(part, words[..., None], out=part)
    corners = np.array([(x0, y, z1), (x1, y, z1), (x1, y, z0), (x0, y, z0)])
    target = view.project(corners + np.array([view.lane_x, 0.0, 0.0]))
    level = np.clip(light.on(np.array([[0.0, -1.0, 0.0]]))[0] * 1.2, 0, 1)
    _hang(picture, np.rint(flat * level).astype(np.uint8), target)


def _hang(picture: Picture, flat: Picture, target: Points) -> None:
    """Warp a flat picture onto four points (clockwise from its top left) of another."""
    height, width = flat.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, target.astype(np.float32))
    size = (picture.shape[1], picture.shape[0])
    laid = cv2.warpPerspective(flat, matrix, size, flags=cv2.INTER_AREA)
    cover = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, size)
    cv2.copyTo(laid, cover, picture)
