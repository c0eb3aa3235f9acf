"""What stands on a plate besides its characters: bands, emblems, cartouche, border."""

from collections.abc import Sequence
from math import cos, pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.demo.designs import BLUE, GOLD, RED, WHITE, Band, Colour
from morina.demo.lettering import Lettering, Mask, capitals_of

Picture = NDArray[np.uint8]
"""Height x width x 3, BGR, 8 bit."""

_CYRILLIC = dict(zip("ABCDEGHIKLMNOPRSTUVZ", "АБЦДЕГХИКЛМНОПРСТУВЗ", strict=True))
_BITS = 6


def paint(picture: Picture, mask: Mask, at: tuple[int, int], colour: Colour) -> None:
    """Lay ``colour`` over ``picture`` where ``mask`` covers, its top left at ``at`` (x, y)."""
    x, y = at
    part = picture[y : y + mask.shape[0], x : x + mask.shape[1]]
    share = mask[: part.shape[0], : part.shape[1], None].astype(np.float32) / 255
    part[:] = np.rint(part * (1 - share) + np.array(colour, np.float32) * share)


def draw_band(picture: Picture, band: Band, left: int, scale: float) -> None:
    """Fill a band of the plate from column ``left``; ``scale`` is pixels per millimetre."""
    width, height = round(band.width_mm * scale), picture.shape[0]
    picture[:, left : left + width] = band.colour
    middle = left + width / 2
    if band.sign:
        capital = round((24 if len(band.sign) < 3 else 18) * scale)
        ink = capitals_of(band.sign, Lettering.DIN, capital, round(1.5 * scale))
        at = (round(middle - ink.shape[1] / 2), round(height * 0.94 - capital))
        paint(picture, ink, at, band.sign_colour)
    centre = (middle, height * (0.36 if band.sign else 0.5))
    _MARKS.get(band.mark, _no_mark)(picture, centre, scale)


def draw_border(picture: Picture, scale: float, colour: Colour) -> None:
    """A thin line just inside the plate's edge."""
    inset, thick = round(3 * scale), max(1, round(2.4 * scale))
    end = (picture.shape[1] - 1 - inset, picture.shape[0] - 1 - inset)
    cv2.rectangle(picture, (inset, inset), end, colour, thick, cv2.LINE_AA)


def emblem_width_mm(mark: str) -> float:
    """How much room a mark between groups takes."""
    return {"o": 36.0, "v": 36.0, "c": 30.0, "-": 24.0}[mark]


def draw_emblem(picture: Picture, mark: str, left: int, scale: float) -> None:
    """A round emblem, a shield or a dash between groups, from column ``left``."""
    middle, height = left + emblem_width_mm(mark) * scale / 2, picture.shape[0]
    if mark == "-":
        half = (9 * scale, 5 * scale)
        _box(picture, (middle, height / 2), half, (24, 22, 22))
    elif mark == "o":
        _disc(picture, (middle, height / 2), 15 * scale, BLUE)
        _disc(picture, (middle, height / 2), 11.5 * scale, GOLD)
        _disc(picture, (middle, height / 2), 6 * scale, RED)
    else:
        outline = [(-14, -18), (14, -18), (14, 4), (0, 20), (-14, 4)]
        _polygon(picture, (middle, height / 2), outline, scale, BLUE)
        inner = [(-10, -14), (10, -14), (10, 2), (0, 14), (-10, 2)]
        _polygon(picture, (middle, height / 2), inner, scale, RED)
        _box(picture, (middle, height / 2 - 2 * scale), (3 * scale, 9 * scale), WHITE)
        _box(picture, (middle, height / 2 - 2 * scale), (9 * scale, 3 * scale), WHITE)


def draw_cartouche(picture: Picture, code: str, left: int, scale: float) -> None:
    """North Macedonia's red cartouche with the town code in Cyrillic."""
    middle = left + emblem_width_mm("c") * scale / 2
    centre = (middle, picture.shape[0] / 2)
    _box(picture, centre, (13 * scale, 9 * scale), RED)
    text = "".join(_CYRILLIC.get(letter, letter) for letter in code)
    ink = capitals_of(text, Lettering.SMALL, round(10 * scale), max(1, round(scale)))
    at = (round(middle - ink.shape[1] / 2), round(centre[1] - ink.shape[0] / 2))
    paint(picture, ink, at, WHITE)


def _disc(picture: Picture, centre: tuple[float, float], radius: float, colour: Colour) -> None:
    at = (round(centre[0] * 2**_BITS), round(centre[1] * 2**_BITS))
    cv2.circle(picture, at, round(radius * 2**_BITS), colour, -1, cv2.LINE_AA, _BITS)


def _box(
    picture: Picture, centre: tuple[float, float], half: tuple[float, float], colour: Colour
) -> None:
    corners = [(-half[0], -half[1]), (half[0], -half[1]), half, (-half[0], half[1])]
    _polygon(picture, centre, corners, 1.0, colour)


def _polygon(
    picture: Picture,
    centre: tuple[float, float],
    outline: Sequence[tuple[float, float]],
    scale: float,
    colour: Colour,
) -> None:
    points = np.rint((np.array(outline) * scale + centre) * 2**_BITS).astype(np.int32)
    cv2.fillPoly(picture, [points], colour, cv2.LINE_AA, _BITS)


def _no_mark(picture: Picture, centre: tuple[float, float], scale: float) -> None:
    """A band without a mark."""


def _stars(picture: Picture, centre: tuple[float, float], scale: float) -> None:
    for step in range(12):
        angle = step * pi / 6
        at = (centre[0] + 13 * scale * cos(angle), centre[1] + 13 * scale * sin(angle))
        _disc(picture, at, 2.2 * scale, GOLD)


def _yellow_disc(picture: Picture, centre: tuple[float, float], scale: float) -> None:
    _disc(picture, (centre[0], picture.shape[0] * 0.3), 12 * scale, GOLD)


def _union(picture: Picture, centre: tuple[float, float], scale: float) -> None:
    half = (15 * scale, 10 * scale)
    _box(picture, centre, half, (105, 35, 10))
    for width, colour in ((7.0, WHITE), (2.5, RED)):
        thick = max(1, round(width * 0.6 * scale))
        for sign in (1, -1):
            start = (round(centre[0] - half[0]), round(centre[1] - sign * half[1]))
            end = (round(centre[0] + half[0]), round(centre[1] + sign * half[1]))
            cv2.line(picture, start, end, colour, thick, cv2.LINE_AA)
    for width, colour in ((7.0, WHITE), (4.0, RED)):
        _box(picture, centre, (half[0], width * scale / 2), colour)
        _box(picture, centre, (width * scale / 2, half[1]), colour)


def _eagle(picture: Picture, centre: tuple[float, float], scale: float) -> None:
    """A two-headed bird, hardly more than a silhouette at this size."""
    right = [(0, -4), (3, -13), (8, -14), (5, -10), (6, -6), (15, -12), (13, 4), (6, 5), (7, 11)]
    outline = [*right, (0, 15), *[(-x, y) for x, y in reversed(right[1:])]]
    points = [(float(x), float(y)) for x, y in outline]
    _polygon(picture, centre, points, scale, (25, 20, 20))


_MARKS = {"stars": _stars, "disc": _yellow_disc, "union": _union, "eagle": _eagle}
