"""Draws a plate as it would hang on a vehicle, flat and clean.

``render_plate`` sets a country's plate in its nominal measures; scenes put its picture on a
vehicle. What is composed, and how, is in ``morina.demo.composing``.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.demo.composing import Hand, Plan, compose
from morina.demo.designs import (
    BANDS,
    BLACK,
    DESIGNS,
    PLAIN,
    RELIEFS,
    SILVER,
    WHITE,
    YELLOW,
    Colour,
    Design,
)
from morina.demo.lettering import Mask
from morina.demo.marks import Picture
from morina.plates import Plate

_FINEST = 2.0
_CORNER_MM = 9.0
_BAND_NAMES = frozenset(name for bands in BANDS.values() for name in bands)


@dataclass(frozen=True, slots=True)
class Look:
    """What differs between plates of one country.

    ``rear`` (yellow), ``dark`` (silver on black, before 1973) and ``relief`` ("flat", "3D", "4D")
    are British; others take no notice of the first two. ``band`` is "UK", "GB", "flash" or "none"
    on British plates, "NMK" or "MK" on North Macedonian ones; a country without a band of that
    name gets its usual one. Raises ValueError for a name no country knows.
    """

    rear: bool = False
    band: str = "UK"
    dark: bool = False
    two_lines: bool = False
    relief: str = "flat"

    def __post_init__(self) -> None:
        if self.band not in _BAND_NAMES:
            raise ValueError(f"no band {self.band!r}: take one of {sorted(_BAND_NAMES)}")
        if self.relief not in RELIEFS:
            raise ValueError(f"no relief {self.relief!r}: take one of {sorted(RELIEFS)}")


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
    form = design.format(look.two_lines)
    plan = _plan(plate, look, design, max(_FINEST, height_px / form.height_mm))
    image = compose(plan).image
    mask = _rounded(plan.size, _CORNER_MM * plan.scale)
    final = (round(form.width_mm * height_px / form.height_mm), height_px)
    if final == (plan.size[1], plan.size[0]):
        return PlatePicture(image, mask)
    small = cv2.resize(image, final, interpolation=cv2.INTER_AREA)
    small_mask = cv2.resize(mask, final, interpolation=cv2.INTER_AREA)
    return PlatePicture(np.asarray(small, np.uint8), np.asarray(small_mask, np.uint8))


def _design(plate: Plate, look: Look) -> Design:
    country = plate.country or ""
    design = DESIGNS.get(country, PLAIN)
    if country == "GB" and look.dark:
        return replace(design, left=None, ink=SILVER)
    return replace(design, left=BANDS.get(country, {}).get(look.band, design.left))


def _plan(plate: Plate, look: Look, design: Design, scale: float) -> Plan:
    """The plate in its nominal measures at ``scale`` pixels a millimetre."""
    form = design.format(look.two_lines)
    left = design.left.width_mm if design.left else 0.0
    right = form.width_mm - (design.right.width_mm if design.right else 0.0)
    return Plan(
        size=(round(form.height_mm * scale), round(form.width_mm * scale)),
        scale=scale,
        lines=design.arranged(plate.text, look.two_lines),
        pitch_px=round(form.pitch_mm * scale),
        between=(round(left * scale), round(right * scale)),
        hand=_hand(design, look),
        ground=_ground(plate, look),
        margin_mm=design.margin_mm,
        left=design.left,
        right=design.right,
        border=design.border,
    )


def _hand(design: Design, look: Look) -> Hand:
    """A gap is measured from ink to ink, so the space after a character is part of it."""
    relief = RELIEFS[look.relief]
    return Hand(
        font=design.lettering,
        capital=design.capital_mm,
        space=design.space_mm,
        gap=design.gap_mm - design.space_mm,
        after_mark=design.space_mm,
        ink=design.ink,
        relief=relief.depth_mm,
        shine=relief.shine_mm,
    )


def _ground(plate: Plate, look: Look) -> Colour:
    if plate.country != "GB":
        return WHITE
    if look.dark:
        return BLACK
    return YELLOW if look.rear else WHITE


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
