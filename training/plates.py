"""Makes up plates to learn from: clean, flat, in endless variety.

``morina.demo.composing`` composes them, as it composes the demo's plates. Here a layout of
``training.kinds`` is drawn by lot and a hand to set it in, with more fonts, widths, weights and
colours than real plates have.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from morina.demo.composing import Hand, Plan, Screw, compose, is_group, line_width, text_of
from morina.demo.designs import WHITE, Colour
from morina.demo.lettering import Font, Lettering
from morina.demo.marks import Picture
from training.kinds import KINDS, Kind

T = TypeVar("T")

SCALE = 0.5
"""Pixels a millimetre of the plates made up."""

_BAND_MM = 42
_DIGITS = "0123456789"
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


def make_up(
    rng: np.random.Generator, country: str | None = None, fonts: Path | None = None
) -> MadeUp:
    """A plate of ``country`` (None: of any); ``fonts`` is a folder of further open fonts."""
    kind = _kind(rng, country)
    lines = [_filled(rng, line, kind) for line in _one_of(rng, kind.patterns).split("/")]
    plan = _planned(rng, kind, lines, _hand(rng, kind, fonts))
    composed = compose(plan)
    centres, second = np.array(composed.centres, np.float32), np.array(composed.lines) > 0
    return MadeUp(composed.image, text_of(lines), kind.country, centres, second)


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
        new = _character(rng, sign, kind) if is_group(sign) else sign
        if parts and is_group(sign) and is_group(parts[-1]):
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
    font: Font = kind.lettering
    strange = odd < 0.18 or (not kind.country and odd < 0.9)
    if strange and (font is not Lettering.BRITISH or not kind.country):
        font = _one_of(rng, _fonts(fonts))
    relief = int(rng.integers(1, 3)) if rng.random() < 0.15 else 0
    ink = tuple(int(np.clip(c + rng.normal(0, 14), 0, 255)) for c in kind.ink)
    if rng.random() < 0.06 and sum(kind.ink) < 200:
        ink = _one_of(rng, ((30, 20, 160), (140, 50, 20), (60, 100, 20)))
    return Hand(
        font=font,
        width=float(np.clip(rng.normal(1.0, 0.08), 0.78, 1.25)),
        steps=100,
        weight=int(rng.choice([-1, 0, 1], p=[0.12, 0.7, 0.18])),
        space=float(np.clip(rng.normal(9, 2.5), 3, 16)),
        gap=float(np.clip(rng.normal(28, 8), 10, 60)),
        side=1 / SCALE,
        ink=(ink[0], ink[1], ink[2]),
        relief=relief / SCALE,
    )


@lru_cache(maxsize=2)
def _fonts(folder: Path | None) -> tuple[Font, ...]:
    """The letterings and the files of fonts a plate may be set in."""
    own = (one for one in Lettering if one is not Lettering.SMALL)
    names = (
        "D-DIN-Bold.ttf",
        "D-DINExp-Bold.ttf",
        "D-DIN.ttf",
        "OSP-DIN.ttf",
        "D-DINCondensed.ttf",
    )
    return (*own, *(folder / name for name in names if folder))


def _planned(rng: np.random.Generator, kind: Kind, lines: list[list[str]], hand: Hand) -> Plan:
    """A plate with room for its lines, its bands, and now and then a border and screws."""
    band = _one_of(rng, kind.bands)
    left = 0 if band is None else round(_BAND_MM * SCALE)
    right = round(_BAND_MM * SCALE) if kind.right is not None and rng.random() < 0.8 else 0
    wanted = max(line_width(line, hand, SCALE) for line in lines)
    free = _free(rng, wanted, (520 if len(lines) == 1 else 280) * SCALE, left + right)
    pitch = round(float(rng.uniform(102, 122)) * SCALE)
    if len(lines) > 1:
        pitch = round(float(rng.uniform(90, 104)) * SCALE)
    size = (pitch * len(lines), free + left + right)
    return Plan(
        size=size,
        scale=SCALE,
        lines=lines,
        pitch_px=pitch,
        between=(left, left + free),
        hand=hand,
        ground=_ground(rng, kind),
        left=band,
        right=kind.right if right else None,
        border=kind.border and rng.random() < 0.7,
        screws=_screws(rng, size),
    )


def _free(rng: np.random.Generator, wanted: float, usual: float, bands: int) -> int:
    """How wide the plate is between its bands: as usual, as wanted, or with too little room."""
    free = wanted + float(rng.uniform(14, 40)) * SCALE
    if rng.random() < 0.75:
        free = max(free, usual - bands)
    if free > usual * 1.15 - bands:
        free = usual * 1.05 - bands
    return round(free)


def _ground(rng: np.random.Generator, kind: Kind) -> Colour:
    ground = np.array(_one_of(rng, kind.grounds), np.float32) + rng.normal(0, 8, 3)
    blue, green, red = (int(part) for part in np.clip(ground, 0, 255))
    return blue, green, red


def _screws(rng: np.random.Generator, size: tuple[int, int]) -> tuple[Screw, ...]:
    """Now and then two screws or caps in the plate's middle height."""
    if rng.random() < 0.85:
        return ()
    height, width = size
    x = int(rng.uniform(0.1, 0.25) * width)
    colour: Colour = _one_of(rng, ((60, 60, 60), (140, 140, 140), WHITE, (20, 160, 200)))
    return tuple(Screw((at, int(rng.uniform(0.4, 0.6) * height)), colour) for at in (x, width - x))
