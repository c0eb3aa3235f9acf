"""Draws a plate as it would hang on a vehicle, flat and clean.

``render_plate`` is all that training data needs; scenes put its picture on a vehicle.
"""

import itertools
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.demo.designs import BLACK, BRITISH_BANDS, DESIGNS, PLAIN, SILVER, WHITE, YELLOW, Design
from morina.demo.lettering import ACCENT, Mask, line_of
from morina.demo.marks import (
    Picture,
    draw_band,
    draw_border,
    draw_cartouche,
    draw_emblem,
    emblem_width_mm,
    paint,
)
from morina.plates import Plate

MARKS = frozenset("-ovc")
_FINEST = 2.0


@dataclass(frozen=True, slots=True)
class Look:
    """What differs between plates of one country.

    Only British plates know the first three: yellow ``rear``, ``band`` ("UK", "GB", "flash" or
    "none") and ``dark`` (silver on black, before 1973).
    """

    rear: bool = False
    band: str = "UK"
    dark: bool = False


@dataclass(frozen=True, slots=True)
class PlatePicture:
    """A plate and nothing else. ``image`` is BGR; ``mask`` leaves out the rounded corners."""

    image: Picture
    mask: Mask

    @property
    def corners(self) -> NDArray[np.float32]:
        """The plate's corners, clockwise from its top left, 4 x 2."""
        height, width = self.mask.shape
        return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)


def render_plate(plate: Plate, height_px: int = 110, look: Look | None = None) -> PlatePicture:
    """A plate ``height_px`` high; a country without a design gets a plain white one."""
    look = look or Look()
    design = _design(plate, look)
    scale = max(_FINEST, height_px / design.height_mm)
    size = (round(design.height_mm * scale), round(design.width_mm * scale))
    image = np.empty((*size, 3), np.uint8)
    image[:] = _ground(plate, look)
    left, right = 0.0, design.width_mm
    if design.left:
        draw_band(image, design.left, 0, scale)
        left = design.left.width_mm
    if design.right:
        right -= design.right.width_mm
        draw_band(image, design.right, round(right * scale), scale)
    _write(image, design, design.arranged(plate.text), (left, right))
    if design.border:
        draw_border(image, scale, design.ink)
    mask = _rounded(size, 9 * scale)
    final = (round(design.width_mm * height_px / design.height_mm), height_px)
    if final == (size[1], size[0]):
        return PlatePicture(image, mask)
    small = cv2.resize(image, final, interpolation=cv2.INTER_AREA)
    small_mask = cv2.resize(mask, final, interpolation=cv2.INTER_AREA)
    return PlatePicture(np.asarray(small, np.uint8), np.asarray(small_mask, np.uint8))


def _design(plate: Plate, look: Look) -> Design:
    design = DESIGNS.get(plate.country or "", PLAIN)
    if plate.country != "GB":
        return design
    if look.dark:
        return replace(design, left=None, ink=SILVER)
    return replace(design, left=BRITISH_BANDS[look.band])


def _ground(plate: Plate, look: Look) -> tuple[int, int, int]:
    if plate.country != "GB":
        return WHITE
    if look.dark:
        return BLACK
    return YELLOW if look.rear else WHITE


def _write(
    image: Picture, design: Design, parts: list[str], between_mm: tuple[float, float]
) -> None:
    """Set groups and marks in the middle of the free part, narrowed when they do not fit."""
    scale = image.shape[0] / design.height_mm
    pieces = [_piece(part, design, scale) for part in parts]
    gaps = [_gap_mm(a, b, design) * scale for a, b in itertools.pairwise(parts)]
    wanted = sum(piece.shape[1] for piece in pieces) + sum(gaps)
    free = (between_mm[1] - between_mm[0] - 16) * scale
    squeeze = min(1.0, free / wanted)
    x = between_mm[0] * scale + 8 * scale + (free - wanted * squeeze) / 2
    top = round((design.height_mm - design.capital_mm) / 2 * scale)
    above = round(ACCENT * round(design.capital_mm * scale))
    for part, piece, gap in zip(parts, pieces, [*gaps, 0.0], strict=True):
        if part == "c":
            draw_cartouche(image, parts[0], round(x), scale)
        elif part in MARKS:
            draw_emblem(image, part, round(x), scale)
        elif part != "_":
            size = (max(1, round(piece.shape[1] * squeeze)), piece.shape[0])
            ink = cv2.resize(piece, size, interpolation=cv2.INTER_AREA)
            cut = max(0, above - top)
            paint(image, np.asarray(ink, np.uint8)[cut:], (round(x), top - above + cut), design.ink)
        x += (piece.shape[1] + gap) * squeeze


def _piece(part: str, design: Design, scale: float) -> Mask:
    """A group's ink, or blank of the width a mark or gap takes."""
    capital = round(design.capital_mm * scale)
    if part == "_":
        return np.zeros((capital, round(design.gap_mm * scale)), np.uint8)
    if part in MARKS:
        return np.zeros((capital, round(emblem_width_mm(part) * scale)), np.uint8)
    return line_of(part, design.lettering, capital, round(design.space_mm * scale))


def _gap_mm(before: str, after: str, design: Design) -> float:
    """Blank beside a mark; a gap brings its own."""
    return 0.0 if "_" in (before, after) else design.space_mm * 0.7


def _rounded(size: tuple[int, int], radius: float) -> Mask:
    height, width = size
    mask = np.zeros(size, np.uint8)
    r = round(radius)
    cv2.rectangle(mask, (r, 0), (width - 1 - r, height - 1), (255,), -1)
    cv2.rectangle(mask, (0, r), (width - 1, height - 1 - r), (255,), -1)
    for x in (r, width - 1 - r):
        for y in (r, height - 1 - r):
            cv2.circle(mask, (x, y), r, (255,), -1, cv2.LINE_AA)
    return mask
