"""The letters of British plates, drawn by us as strokes: no open font has them.

Proportions follow BS AU 145: characters 79 mm high and 50 mm wide (1 and I 14 mm), stroke 14 mm.
A glyph is a list of centre lines in millimetres, x to the right, y down, cut off flat at both
ends; a corner is two strokes that overlap.
"""

from math import cos, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray

HEIGHT_MM, WIDTH_MM, STROKE_MM = 79.0, 50.0, 14.0
SPACE_MM, GROUP_GAP_MM = 11.0, 33.0

Point = tuple[float, float]
Line = list[Point]

_TOP, _BOTTOM, _LEFT, _RIGHT, _MIDDLE = 7.0, 72.0, 7.0, 43.0, 25.0


def _arc(centre: Point, radius: Point, start: float, end: float) -> Line:
    """Points on an ellipse, angles in degrees clockwise from the right."""
    steps = max(2, int(abs(end - start) / 3.0))
    angles = [radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(centre[0] + radius[0] * cos(a), centre[1] + radius[1] * sin(a)) for a in angles]


def _upright(x: float = _LEFT, top: float = 0.0, bottom: float = HEIGHT_MM) -> Line:
    return [(x, top), (x, bottom)]


def _level(y: float, left: float = 0.0, right: float = WIDTH_MM) -> Line:
    return [(left, y), (right, y)]


def _turned(lines: list[Line]) -> list[Line]:
    """The glyph turned by half a turn, as a 9 is a 6."""
    return [[(WIDTH_MM - x, HEIGHT_MM - y) for x, y in line] for line in lines]


_R = (18.0, 18.0)
_OVAL = [*_arc((25, 25), _R, 180, 360), *_arc((25, 54), _R, 0, 180), (7.0, 25.0)]
_SIX = [
    [*_arc((25, 25), _R, -18, -180), *_arc((25, 54), _R, 180, 0)],
    [*_arc((25, 54), _R, 0, -180)],
]
_P_BOWL = [(7.0, 7.0), *_arc((26, 25), (17, 18), -90, 90), (7.0, 43.0)]

GLYPHS: dict[str, list[Line]] = {
    "0": [_OVAL],
    "1": [_upright()],
    "2": [[*_arc((25, 25), _R, 196, 385), (9.0, 69.0)], _level(_BOTTOM)],
    "3": [
        [*_arc((25, 23.5), (18, 16.5), 200, 450), (18.0, 40.0)],
        [(18.0, 38.0), *_arc((25, 55), (18, 17), -90, 160)],
    ],
    "4": [[(27.0, -2.0), (4.0, 54.0)], _level(57), _upright(33, 34)],
    "5": [
        _level(_TOP, 4, 46),
        [(10.5, 0.0), (9.0, 42.0)],
        [*_arc((24.5, 52.5), (18.5, 19.5), -140, 156)],
    ],
    "6": _SIX,
    "7": [_level(_TOP), [(42.0, 4.0), (17.0, 83.0)]],
    "8": [
        [*_arc((25, 23), (17, 16), 0, 360)],
        [*_arc((25, 55), (18, 17), 0, 360)],
    ],
    "9": _turned(_SIX),
    "A": [[(23.0, -4.0), (6.5, 83.0)], [(27.0, -4.0), (43.5, 83.0)], _level(56, 12, 38)],
    "B": [
        _upright(),
        [(7.0, 7.0), *_arc((27, 23), (15, 16), -90, 90), (7.0, 39.0)],
        [(7.0, 39.0), *_arc((27, 55.5), (16, 16.5), -90, 90), (7.0, 72.0)],
    ],
    "C": [[*_arc((25, 25), _R, -16, -180), *_arc((25, 54), _R, 180, 16)]],
    "D": [
        _upright(),
        [(7.0, 7.0), *_arc((24, 26), (19, 19), -90, 0), *_arc((24, 53), (19, 19), 0, 90), (7, 72)],
    ],
    "E": [_upright(), _level(_TOP), _level(39.5, 0, 44), _level(_BOTTOM)],
    "F": [_upright(), _level(_TOP), _level(39.5, 0, 42)],
    "G": [
        [*_arc((25, 25), _R, -16, -180), *_arc((25, 54), _R, 180, 0), (43.0, 39.5)],
        _level(46, 26, 50),
    ],
    "H": [_upright(), _upright(_RIGHT), _level(39.5)],
    "I": [_upright()],
    "J": [[(43.0, 0.0), *_arc((25, 54), _R, 0, 166)]],
    "K": [_upright(), [(44.0, -4.0), (13.0, 45.0)], [(22.0, 34.0), (44.0, 83.0)]],
    "L": [_upright(), _level(_BOTTOM)],
    "M": [_upright(), _upright(_RIGHT), [(6.0, -4.0), (25.0, 46.0), (44.0, -4.0)]],
    "N": [_upright(), _upright(_RIGHT), [(6.0, -4.0), (44.0, 83.0)]],
    "O": [_OVAL],
    "P": [_upright(), _P_BOWL],
    "Q": [_OVAL, [(27.0, 56.0), (46.0, 79.0)]],
    "R": [_upright(), _P_BOWL, [(22.0, 40.0), (43.5, 82.0)]],
    "S": [
        [
            *_arc((25, 23.5), (18, 16.5), -18, -180),
            (7.0, 26.0),
            (12.0, 34.5),
            (38.0, 44.5),
            (43.0, 53.0),
            *_arc((25, 55.5), (18, 16.5), 0, 162),
        ]
    ],
    "T": [_upright(_MIDDLE), _level(_TOP)],
    "U": [[(7.0, 0.0), *_arc((25, 54), _R, 180, 0), (43.0, 0.0)]],
    "V": [[(6.5, -4.0), (24.0, 83.0)], [(43.5, -4.0), (26.0, 83.0)]],
    "W": [
        [(5.5, -4.0), (14.0, 83.0)],
        [(44.5, -4.0), (36.0, 83.0)],
        [(15.0, 83.0), (25.0, 24.0), (35.0, 83.0)],
    ],
    "X": [[(5.0, -4.0), (45.0, 83.0)], [(45.0, -4.0), (5.0, 83.0)]],
    "Y": [[(6.0, -4.0), (25.0, 42.0)], [(44.0, -4.0), (25.0, 42.0)], _upright(_MIDDLE, 38)],
    "Z": [_level(_TOP), _level(_BOTTOM), [(42.0, 5.0), (8.0, 74.0)]],
}

_SUBPIXEL_BITS = 8
_SHARP = cos(radians(8))
_OVERLAP_MM = 0.6


def glyph_width_mm(character: str) -> float:
    """How wide a character is."""
    return STROKE_MM if character in "1I" else WIDTH_MM


def draw_glyph(character: str, px_per_mm: float) -> NDArray[np.uint8]:
    """One character as coverage 0 to 255, cropped to its 79 mm by 50 (or 14) mm box."""
    fine = 4 * px_per_mm
    height, width = HEIGHT_MM * fine, glyph_width_mm(character) * fine
    ink = np.zeros((round(height), round(width)), np.uint8)
    for line in GLYPHS[character]:
        _draw_stroke(ink, line, fine)
    size = (max(1, round(width / 4)), max(1, round(height / 4)))
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)


def _draw_stroke(ink: NDArray[np.uint8], line: Line, scale: float) -> None:
    """Fill a stroke: a quadrilateral for each piece, a round joint where the line bends sharply."""
    half, unit = STROKE_MM / 2, 1 << _SUBPIXEL_BITS
    points = np.array(line, np.float64)
    pieces = np.diff(points, axis=0)
    along = pieces / np.hypot(pieces[:, 0], pieces[:, 1])[:, None]
    across = half * np.stack([along[:, 1], -along[:, 0]], axis=1)
    starts, ends = points[:-1].copy(), points[1:]
    starts[1:] -= _OVERLAP_MM * along[1:]
    quads = np.stack([starts + across, ends + across, ends - across, starts - across], axis=1)
    for quad in np.rint(quads * scale * unit).astype(np.int32):
        cv2.fillConvexPoly(ink, quad, 255, shift=_SUBPIXEL_BITS)
    sharp = np.sum(along[:-1] * along[1:], axis=1) < _SHARP
    for x, y in np.rint(ends[:-1][sharp] * scale * unit).astype(int).tolist():
        cv2.circle(ink, (x, y), round(half * scale * unit), 255, -1, shift=_SUBPIXEL_BITS)
