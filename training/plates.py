"""Makes up plates to learn from: clean, flat, in endless variety.

The lettering, bands and marks are those of ``morina.demo``; here any layout in ``training.kinds``
is set in them, on one line or two, in more fonts, widths, weights and colours than real plates
have.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.demo.designs import WHITE, Colour
from morina.demo.lettering import ACCENT, TAIL, Lettering, Mask, character
from morina.demo.marks import (
    Picture,
    draw_band,
    draw_border,
    draw_cartouche,
    draw_emblem,
    emblem_width_mm,
    paint,
)
from training.kinds import KINDS, Kind

T = TypeVar("T")

SCALE = 0.5
"""Pixels a millimetre of the plates made up."""

CAPITAL = round(77 * SCALE)
_ABOVE = round(ACCENT * CAPITAL)
_DIGITS = "0123456789"
_MARKS = frozenset("-ovc")
_SHARES = np.cumsum([kind.share for kind in KINDS]) / sum(kind.share for kind in KINDS)


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A plate made up. ``centres`` holds each character's middle, x and y in pixels.

    ``second`` says of each character whether it stands on the second line.
    """

    image: Picture
    text: str
    country: str
    centres: NDArray[np.float32]
    second: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hand:
    """How one plate is lettered."""

    font: str
    width: float
    weight: int
    space: float
    gap: float
    ink: Colour
    relief: int


def make_up(
    rng: np.random.Generator, country: str | None = None, fonts: Path | None = None
) -> MadeUp:
    """A plate of ``country`` (None: of any); ``fonts`` is a folder of further open fonts."""
    kind = _kind(rng, country)
    lines = [_filled(rng, line, kind) for line in _one_of(rng, kind.patterns).split("/")]
    hand = _hand(rng, kind, fonts)
    band = _one_of(rng, kind.bands)
    image, left, right = _blank(rng, kind, lines, hand, band is not None)
    if band is not None:
        draw_band(image, band, 0, SCALE)
    if kind.right is not None and right < image.shape[1]:
        draw_band(image, kind.right, right, SCALE)
    centres: list[tuple[float, float]] = []
    second: list[bool] = []
    tall = image.shape[0] // len(lines)
    for number, parts in enumerate(lines):
        part = image[number * tall : (number + 1) * tall]
        for x in _write(part, parts, (left, right), hand):
            centres.append((x, (number + 0.5) * tall))
            second.append(number > 0)
    if kind.border and rng.random() < 0.7:
        draw_border(image, SCALE, hand.ink)
    _screws(rng, image)
    text = "".join(part for line in lines for part in line if part not in _MARKS and part != " ")
    return MadeUp(image, text, kind.country, np.array(centres, np.float32), np.array(second))


def _kind(rng: np.random.Generator, country: str | None) -> Kind:
    if country is None:
        return KINDS[int(np.searchsorted(_SHARES, rng.random()))]
    kinds = [kind for kind in KINDS if kind.country == country]
    share = np.array([kind.share for kind in kinds])
    return kinds[int(rng.choice(len(kinds), p=share / share.sum()))]


def _one_of(rng: np.random.Generator, things: Sequence[T]) -> T:
    return things[int(rng.integers(0, len(things)))]


def _filled(rng: np.random.Generator, pattern: str, kind: Kind) -> list[str]:
    """A line's groups, gaps and marks; characters that follow each other are one group."""
    parts: list[str] = []
    for sign in pattern:
        if sign in _MARKS or sign == " ":
            parts.append(sign)
            continue
        new = _character(rng, sign, kind)
        if parts and parts[-1] not in _MARKS and parts[-1] != " ":
            parts[-1] += new
        else:
            parts.append(new)
    return parts


def _character(rng: np.random.Generator, sign: str, kind: Kind) -> str:
    if sign == "X":
        return _one_of(rng, kind.districts)
    if sign == "L" or (sign == "E" and rng.random() < 0.6):
        return _one_of(rng, kind.letters)
    return _one_of(rng, _DIGITS) if sign in "DE" else sign.upper()


def _hand(rng: np.random.Generator, kind: Kind, fonts: Path | None) -> Hand:
    odd = rng.random()
    font = kind.lettering.value
    strange = odd < 0.18 or (not kind.country and odd < 0.9)
    if (strange and font) or (strange and not kind.country):
        font = _one_of(rng, _fonts(fonts))
    relief = int(rng.integers(1, 3)) if rng.random() < 0.15 else 0
    ink = tuple(int(np.clip(c + rng.normal(0, 14), 0, 255)) for c in kind.ink)
    if rng.random() < 0.06 and sum(kind.ink) < 200:
        ink = _one_of(rng, ((30, 20, 160), (140, 50, 20), (60, 100, 20)))
    return Hand(
        font=font,
        width=float(np.clip(rng.normal(1.0, 0.08), 0.78, 1.25)),
        weight=int(rng.choice([-1, 0, 1], p=[0.12, 0.7, 0.18])),
        space=float(np.clip(rng.normal(9, 2.5), 3, 16)),
        gap=float(np.clip(rng.normal(28, 8), 10, 60)),
        ink=(ink[0], ink[1], ink[2]),
        relief=relief,
    )


@lru_cache(maxsize=2)
def _fonts(folder: Path | None) -> tuple[str, ...]:
    """Names of letterings and files of fonts a plate may be set in."""
    own = ("", *(lettering.value for lettering in Lettering if lettering.value.endswith(".ttf")))
    names = (
        "D-DIN-Bold.ttf",
        "D-DINExp-Bold.ttf",
        "D-DIN.ttf",
        "OSP-DIN.ttf",
        "D-DINCondensed.ttf",
    )
    more = tuple(str(folder / name) for name in names) if folder else ()
    return own + more


@lru_cache(maxsize=8192)
def _glyph(font: str, letter: str, width: int, weight: int) -> Mask:
    """A character ``width`` hundredths as wide as drawn, ``weight`` thinner or thicker."""
    if font == "" and letter not in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        font = Lettering.DIN.value
    ink = _other(font, letter) if "/" in font else character(Lettering(font), letter, CAPITAL)
    ink = np.pad(ink, ((0, 0), (1, 1)))
    if weight:
        change = cv2.dilate if weight > 0 else cv2.erode
        blend = change(ink, np.ones((2, 2), np.uint8))
        ink = np.asarray(cv2.addWeighted(ink, 0.4, blend, 0.6, 0), np.uint8)
    size = (max(2, round(ink.shape[1] * width / 100)), ink.shape[0])
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)


@lru_cache(maxsize=16)
def _face(file: str) -> tuple[cv2.FontFace, int]:
    face = cv2.FontFace(file)
    canvas = np.zeros((400, 400), np.uint8)
    cv2.putText(canvas, "H", (20, 300), (255,), face, 200, 700)
    rows = np.flatnonzero(canvas.any(axis=1))
    return face, int(rows[-1] - rows[0] + 1)


def _other(file: str, letter: str) -> Mask:
    """A character of another font, with the room for accents and tails ``character`` leaves."""
    face, capital = _face(file)
    canvas = np.zeros((420, 420), np.uint8)
    cv2.putText(canvas, letter, (60, 320), (255,), face, 200, 700)
    top = 321 - round((1 + ACCENT) * capital)
    ink = canvas[top : top + round((1 + ACCENT + TAIL) * capital)]
    columns = np.flatnonzero(ink.any(axis=0))
    ink = ink[:, columns[0] : columns[-1] + 1] if columns.size else ink[:, :60]
    size = (max(1, round(ink.shape[1] * CAPITAL / capital)), round((1 + ACCENT + TAIL) * CAPITAL))
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)


def _part_width(part: str, hand: Hand) -> float:
    if part == " ":
        return hand.gap * SCALE
    if part in _MARKS:
        return emblem_width_mm(part) * SCALE
    glyphs = [_glyph(hand.font, letter, round(hand.width * 100), hand.weight) for letter in part]
    return float(sum(glyph.shape[1] for glyph in glyphs)) + hand.space * SCALE * len(glyphs)


def _blank(
    rng: np.random.Generator, kind: Kind, lines: list[list[str]], hand: Hand, banded: bool
) -> tuple[Picture, int, int]:
    """An empty plate with room for its lines, and where writing may begin and must end."""
    wanted = max(sum(_part_width(part, hand) for part in line) for line in lines)
    left = round(42 * SCALE) if banded else 0
    right = round(42 * SCALE) if kind.right is not None and rng.random() < 0.8 else 0
    spare = float(rng.uniform(14, 40)) * SCALE
    usual = (520 if len(lines) == 1 else 280) * SCALE
    free = wanted + spare
    if rng.random() < 0.75:
        free = max(free, usual - left - right)
    if free > usual * 1.15 - left - right:
        free = usual * 1.05 - left - right
    tall = round(float(rng.uniform(102, 122)) * SCALE)
    if len(lines) > 1:
        tall = round(float(rng.uniform(90, 104)) * SCALE)
    image = np.empty((tall * len(lines), round(free) + left + right, 3), np.uint8)
    ground = np.array(_one_of(rng, kind.grounds), np.float32) + rng.normal(0, 8, 3)
    image[:] = np.clip(ground, 0, 255)
    return image, left, left + round(free)


def _write(image: Picture, parts: list[str], between: tuple[int, int], hand: Hand) -> list[float]:
    """Set a line in the middle, narrowed where it does not fit; the middles of its characters."""
    wanted = sum(_part_width(part, hand) for part in parts) - hand.space * SCALE
    free = between[1] - between[0] - 8 * SCALE
    squeeze = min(1.0, free / wanted)
    x = between[0] + 4 * SCALE + (free - wanted * squeeze) / 2
    top = max(0, (image.shape[0] - CAPITAL) // 2)
    middles: list[float] = []
    for part in parts:
        if part == "c":
            draw_cartouche(image, parts[0], round(x), SCALE)
        elif part in _MARKS:
            draw_emblem(image, part, round(x), SCALE)
        if part in _MARKS or part == " ":
            x += _part_width(part, hand) * squeeze
            continue
        for letter in part:
            ink = _glyph(hand.font, letter, round(hand.width * 100 * squeeze), hand.weight)
            _ink(image, ink, (round(x), top - _ABOVE), hand)
            middles.append(x + ink.shape[1] / 2)
            x += ink.shape[1] + hand.space * SCALE * squeeze
    return middles


def _ink(image: Picture, ink: Mask, at: tuple[int, int], hand: Hand) -> None:
    x, y = max(0, at[0]), at[1]
    ink = ink[max(0, -y) :]
    y = max(0, y)
    if hand.relief:
        shade: Colour = (110, 110, 110) if sum(hand.ink) < 380 else (20, 20, 20)
        paint(image, ink, (x + hand.relief, y + hand.relief), shade)
    paint(image, ink, (x, y), hand.ink)


def _screws(rng: np.random.Generator, image: Picture) -> None:
    """Now and then two screws or caps in the plate's middle height."""
    if rng.random() < 0.85:
        return
    height, width = image.shape[:2]
    x = int(rng.uniform(0.1, 0.25) * width)
    colour: Colour = _one_of(rng, ((60, 60, 60), (140, 140, 140), WHITE, (20, 160, 200)))
    for at in (x, width - x):
        cv2.circle(image, (at, int(rng.uniform(0.4, 0.6) * height)), 3, colour, -1, cv2.LINE_AA)
