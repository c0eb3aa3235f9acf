"""Characters and small signs as coverage masks, from our own strokes or from the fonts shipped."""

from enum import Enum
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.demo import british

Mask = NDArray[np.uint8]
"""Coverage 0 to 255, height x width."""

ACCENT = 0.34
"""Room above the capitals for accents, as a share of their height."""
TAIL = 0.1
"""Room below the line for a Q's tail, as a share of the capitals' height."""

_FONTS = Path(__file__).parent / "fonts"
_EM_PX = 256
_OTHER_EM_PX = 200


class Lettering(Enum):
    """What a plate is lettered in; the value is the font's file, none for British strokes."""

    BRITISH = ""
    PLATE = "GL-Nummernschild-Mtl.ttf"
    PLATE_NARROW = "GL-Nummernschild-Eng.ttf"
    DIN = "D-DINCondensed-Bold.ttf"
    SMALL = "sans"
    """The sans-serif OpenCV carries inside itself; it has Cyrillic."""


Font = Lettering | Path
"""A lettering of ours, or the file of any other font."""


@lru_cache(maxsize=1024)
def character(font: Font, letter: str, capital_px: int) -> Mask:
    """One character whose capitals are ``capital_px`` high, cropped left and right to its ink.

    The mask reaches ``ACCENT`` above and ``TAIL`` below the capitals. What the British strokes lack
    comes from ``DIN``.
    """
    if font is Lettering.BRITISH and letter not in british.GLYPHS:
        font = Lettering.DIN
    if font is Lettering.BRITISH:
        ink = british.draw_glyph(letter, capital_px / british.HEIGHT_MM)
        above = round(ACCENT * capital_px)
        below = round((1 + ACCENT + TAIL) * capital_px) - above - ink.shape[0]
        return np.pad(ink, ((above, below), (0, 0)))
    ink, capital = _drawn(font, letter)
    columns = np.flatnonzero(ink.any(axis=0))
    ink = ink[:, columns[0] : columns[-1] + 1] if columns.size else ink[:, : ink.shape[1] // 8]
    scale = capital_px / capital
    size = (max(1, round(ink.shape[1] * scale)), round((1 + ACCENT + TAIL) * capital_px))
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)


def line_of(text: str, lettering: Lettering, capital_px: int, space_px: int) -> Mask:
    """A line of text, characters ``space_px`` apart, with the room for accents and tails."""
    pieces: list[Mask] = []
    for letter in text:
        ink = character(lettering, letter, capital_px)
        pieces += [np.zeros((ink.shape[0], space_px), np.uint8), ink]
    return np.hstack(pieces[1:])


def capitals_of(text: str, lettering: Lettering, capital_px: int, space_px: int) -> Mask:
    """A line of text cut to the height of its capitals."""
    above = round(ACCENT * capital_px)
    return line_of(text, lettering, capital_px, space_px)[above : above + capital_px]


@lru_cache(maxsize=16)
def _face(font: Font) -> tuple[cv2.FontFace, int, int]:
    """The font, the em it is drawn at and how high its capitals are then, in pixels."""
    em = _EM_PX if isinstance(font, Lettering) else _OTHER_EM_PX
    face = cv2.FontFace(_source(font))
    rows = np.flatnonzero(_write(face, "H", em).any(axis=1))
    return face, em, int(rows[-1] - rows[0] + 1)


def _source(font: Font) -> str:
    if isinstance(font, Path):
        return str(font)
    return font.value if font is Lettering.SMALL else str(_FONTS / font.value)


def _drawn(font: Font, letter: str) -> tuple[Mask, int]:
    """A character at its em with the rows ``character`` promises, and the capitals' height."""
    face, em, capital = _face(font)
    top = _base_line(em) - round((1 + ACCENT) * capital) + 1
    return _write(face, letter, em)[top : top + round((1 + ACCENT + TAIL) * capital)], capital


def _base_line(em: int) -> int:
    return em * 3 // 2


def _write(face: cv2.FontFace, letter: str, em: int) -> Mask:
    """A character standing on the row ``_base_line`` says."""
    canvas = np.zeros((em * 2, em * 2), np.uint8)
    cv2.putText(canvas, letter, (8, _base_line(em)), (255,), face, em, 700)
    return canvas
