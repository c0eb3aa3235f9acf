"""Composes a plate of parts: bands, lines of characters, gaps and marks, a border, screws.

The one composer there is. ``morina.demo.plates`` gives it each country's nominal measures,
``training.plates`` measures and a hand drawn by lot.

A part is a group of characters, a gap ``" "`` or a mark: ``-`` a dash, ``o`` a round emblem, ``v``
a shield, ``c`` a cartouche with the line's first group in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from morina.demo.designs import BLACK, Band, Colour
from morina.demo.lettering import ACCENT, Font, Mask, character
from morina.demo.marks import (
    Picture,
    draw_band,
    draw_border,
    draw_cartouche,
    draw_emblem,
    emblem_width_mm,
    paint,
)

GAP = " "
MARKS = frozenset("-ovc")
_SHINE_SHARE = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """How a plate is lettered; measures in mm.

    ``width`` multiplies the characters' own, rounded to one of ``steps`` so that few have to be
    drawn; ``weight`` is -1 thin, 0 or 1 bold. ``space`` follows each character, ``after_mark`` a
    mark, ``side`` is blank belonging to a character left and right of its ink. ``relief`` is how
    much of raised letters' sides is seen, ``shine`` how wide the light on their upper left edge is.
    """

    font: Font
    capital: float = 77.0
    width: float = 1.0
    steps: int = 1000
    weight: int = 0
    space: float = 9.0
    gap: float = 28.0
    after_mark: float = 0.0
    side: float = 0.0
    ink: Colour = BLACK
    relief: float = 0.0
    shine: float = 0.0


@dataclass(frozen=True, slots=True)
class Screw:
    """A screw or its cap: its middle in pixels."""

    at: tuple[int, int]
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that stands on a plate, and where.

    ``size`` is height and width in pixels, ``scale`` pixels a millimetre. Lines are ``pitch_px``
    apart and written between the columns ``between``, ``margin_mm`` away from both.
    """

    size: tuple[int, int]
    scale: float
    lines: Sequence[Sequence[str]]
    pitch_px: int
    between: tuple[int, int]
    hand: Hand
    ground: Colour
    margin_mm: float = 4.0
    left: Band | None = None
    right: Band | None = None
    border: bool = False
    screws: tuple[Screw, ...] = ()


@dataclass(frozen=True, slots=True)
class Composed:
    """A plate. ``centres`` holds each character's middle (x, y in pixels), ``lines`` its line."""

    image: Picture
    centres: tuple[tuple[float, float], ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Pen:
    """What a character's picture depends on besides its width."""

    font: Font
    capital_px: int
    weight: int
    side_px: int
    steps: int


def compose(plan: Plan) -> Composed:
    """The plate planned: ground, bands, lines, border, screws, in this order."""
    image = np.empty((*plan.size, 3), np.uint8)
    image[:] = plan.ground
    if plan.left is not None:
        draw_band(image, plan.left, 0, plan.scale)
    if plan.right is not None:
        draw_band(image, plan.right, plan.between[1], plan.scale)
    centres: list[tuple[float, float]] = []
    numbers: list[int] = []
    first = (plan.size[0] - plan.pitch_px * len(plan.lines)) // 2
    for number, parts in enumerate(plan.lines):
        top = first + number * plan.pitch_px
        middles = _set_line(image[top : top + plan.pitch_px], parts, plan)
        centres += [(x, first + (number + 0.5) * plan.pitch_px) for x in middles]
        numbers += [number] * len(middles)
    if plan.border:
        draw_border(image, plan.scale, plan.hand.ink)
    for screw in plan.screws:
        cv2.circle(image, screw.at, round(6 * plan.scale), screw.colour, -1, cv2.LINE_AA)
    return Composed(image, tuple(centres), tuple(numbers))


def is_group(part: str) -> bool:
    """Whether a part is characters, not a mark or a gap."""
    return part != GAP and part not in MARKS


def text_of(lines: Sequence[Sequence[str]]) -> str:
    """The plate's text: its groups in reading order."""
    return "".join(part for parts in lines for part in parts if is_group(part))


def line_width(parts: Sequence[str], hand: Hand, scale: float) -> float:
    """How many pixels a line takes, the space after its last character included."""
    pen = _pen(hand, scale)
    return sum(_part_width(part, hand, pen, scale) for part in parts)


def _part_width(part: str, hand: Hand, pen: _Pen, scale: float) -> float:
    if not is_group(part):
        return _blank_mm(part, hand) * scale
    glyphs = [_glyph(pen, letter, round(hand.width * hand.steps)) for letter in part]
    return float(sum(glyph.shape[1] for glyph in glyphs)) + hand.space * scale * len(glyphs)


def _blank_mm(part: str, hand: Hand) -> float:
    """The room a gap or a mark takes."""
    return hand.gap if part == GAP else emblem_width_mm(part) + hand.after_mark


def _set_line(image: Picture, parts: Sequence[str], plan: Plan) -> list[float]:
    """Set a line in the middle, narrowed where it does not fit; the middles of its characters."""
    hand, scale = plan.hand, plan.scale
    wanted = line_width(parts, hand, scale) - hand.space * scale
    free = plan.between[1] - plan.between[0] - 2 * plan.margin_mm * scale
    squeeze = min(1.0, free / wanted)
    x = plan.between[0] + plan.margin_mm * scale + (free - wanted * squeeze) / 2
    middles: list[float] = []
    for part in parts:
        if is_group(part):
            own, x = _set_group(image, part, (x, squeeze), plan)
            middles += own
            continue
        if part == "c":
            draw_cartouche(image, parts[0], round(x), scale)
        elif part in MARKS:
            draw_emblem(image, part, round(x), scale)
        x += _blank_mm(part, hand) * scale * squeeze
    return middles


def _set_group(
    image: Picture, group: str, start: tuple[float, float], plan: Plan
) -> tuple[list[float], float]:
    """Set characters from column ``start[0]``, narrowed by ``start[1]``.

    Their middles, and the column where the next part begins.
    """
    (x, squeeze), hand, scale = start, plan.hand, plan.scale
    pen = _pen(hand, scale)
    above = round(ACCENT * pen.capital_px)
    top = max(0, (image.shape[0] - pen.capital_px) // 2) - above
    middles: list[float] = []
    for letter in group:
        ink = _glyph(pen, letter, round(hand.width * hand.steps * squeeze))
        _ink(image, ink, (round(x), top), plan)
        middles.append(x + ink.shape[1] / 2)
        x += ink.shape[1] + hand.space * scale * squeeze
    return middles, x


def _ink(image: Picture, ink: Mask, at: tuple[int, int], plan: Plan) -> None:
    """Lay a character on the plate, with its side and its shine where it stands out."""
    hand = plan.hand
    x, y = max(0, at[0]), max(0, at[1])
    ink = ink[max(0, -at[1]) :]
    relief, shine = round(hand.relief * plan.scale), round(hand.shine * plan.scale)
    if relief:
        shade: Colour = (110, 110, 110) if sum(hand.ink) < 380 else (20, 20, 20)
        paint(image, ink, (x + relief, y + relief), shade)
    paint(image, ink, (x, y), hand.ink)
    if shine:
        paint(image, _shining(ink, shine), (x, y), (225, 225, 225))


def _shining(ink: Mask, width: int) -> Mask:
    """The light on a domed letter: a soft line inside its upper left edge."""
    inner = cv2.erode(ink, np.ones((2 * width + 1, 2 * width + 1), np.uint8), borderValue=0)
    shifted = np.zeros_like(inner)
    shifted[width:, width:] = inner[:-width, :-width]
    line = cv2.blur(cv2.subtract(inner, shifted), (width, width))
    return np.asarray(line * _SHINE_SHARE, np.uint8)


def _pen(hand: Hand, scale: float) -> _Pen:
    capital, side = round(hand.capital * scale), round(hand.side * scale)
    return _Pen(hand.font, capital, hand.weight, side, hand.steps)


@lru_cache(maxsize=8192)
def _glyph(pen: _Pen, letter: str, width: int) -> Mask:
    """A character ``width`` steps wide; its stroke grows into its sides."""
    ink = character(pen.font, letter, pen.capital_px)
    ink = np.pad(ink, ((0, 0), (pen.side_px, pen.side_px)))
    if pen.weight:
        change = cv2.dilate if pen.weight > 0 else cv2.erode
        blend = change(ink, np.ones((pen.side_px + 1, pen.side_px + 1), np.uint8))
        ink = np.asarray(cv2.addWeighted(ink, 0.4, blend, 0.6, 0), np.uint8)
    size = (max(2, round(ink.shape[1] * width / pen.steps)), ink.shape[0])
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)
