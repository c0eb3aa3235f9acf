"""How each country's plates look: size, colours, bands, groups, marks between them.

Grammars and colours after shared knowledge written down in docs/rendering.md. Letter forms are
the nearest open font, not each country's own.
"""

import re
from dataclasses import dataclass

from morina.demo.lettering import Lettering

Colour = tuple[int, int, int]
"""Blue, green, red; 0 to 255."""

WHITE: Colour = (236, 238, 238)
YELLOW: Colour = (32, 190, 240)
BLACK: Colour = (22, 20, 20)
SILVER: Colour = (205, 205, 200)
BLUE: Colour = (150, 60, 20)
GOLD: Colour = (40, 195, 245)
GREEN: Colour = (70, 140, 20)
RED: Colour = (40, 30, 190)


@dataclass(frozen=True, slots=True)
class Band:
    """A coloured strip at one end: a ``mark`` at its top and the country's sign below.

    ``mark`` is "stars", "eagle", "union" (flag), "disc" or empty.
    """

    colour: Colour = BLUE
    sign: str = ""
    sign_colour: Colour = WHITE
    mark: str = ""
    width_mm: float = 42.0


@dataclass(frozen=True, slots=True)
class Format:
    """A plate's size and how far its lines are apart, in mm."""

    width_mm: float = 520.0
    height_mm: float = 110.0
    pitch_mm: float = 110.0


@dataclass(frozen=True, slots=True)
class Design:
    """One country's plate.

    ``groups`` has a pattern of the text with its template on one line and on two: a digit is that
    group of the pattern, a blank a gap, ``-`` a dash, ``o`` a round emblem, ``v`` a shield, ``c`` a
    red cartouche; ``/`` begins the second line. ``margin_mm`` is kept free left and right.
    """

    groups: tuple[tuple[str, str, str], ...]
    left: Band | None
    right: Band | None = None
    lettering: Lettering = Lettering.PLATE
    ink: Colour = BLACK
    border: bool = True
    one_line: Format = Format()
    two_lines: Format = Format(340.0, 220.0, 104.0)
    capital_mm: float = 77.0
    space_mm: float = 9.0
    gap_mm: float = 28.0
    margin_mm: float = 8.0

    def format(self, two_lines: bool) -> Format:
        """The plate's size with one line or two."""
        return self.two_lines if two_lines else self.one_line

    def arranged(self, text: str, two_lines: bool = False) -> list[list[str]]:
        """``text`` as lines of groups and marks, in order.

        A text no pattern fits is one group, or cut in the middle.
        """
        for pattern, *templates in self.groups:
            if match := re.fullmatch(pattern, text):
                lines = templates[two_lines].split("/")
                return [[match[int(t)] if t.isdigit() else t for t in line] for line in lines]
        middle = len(text) // 2
        return [[text[:middle]], [text[middle:]]] if two_lines and middle else [[text]]


_LETTERS_DIGITS_LETTERS = r"([A-Z]{2})(\d{3})([A-Z]{2})"

PLAIN = Design(groups=(), left=None)

DESIGNS: dict[str, Design] = {
    "GB": Design(
        groups=(
            (r"([A-Z]{2}\d{2})([A-Z]{3})", "1 2", "1/2"),
            (r"([A-Z]\d{1,3})([A-Z]{3})", "1 2", "1/2"),
            (r"([A-Z]{3})(\d{1,3}[A-Z])", "1 2", "1/2"),
            (r"(\d{3})([DX])(\d{3})", "1 2 3", "1/2 3"),
            (r"([A-Z]{1,3})(\d{1,4})", "1 2", "1/2"),
            (r"(\d{1,4})([A-Z]{1,3})", "1 2", "1/2"),
        ),
        left=Band(sign="UK", mark="union", width_mm=40),
        lettering=Lettering.BRITISH,
        border=False,
        one_line=Format(520.0, 111.0, 111.0),
        two_lines=Format(279.0, 203.0, 98.0),
        capital_mm=79.0,
        space_mm=11.0,
        gap_mm=33.0,
        margin_mm=3.0,
    ),
    "AL": Design(
        groups=(
            (_LETTERS_DIGITS_LETTERS, "1 2 3", "1 2/3"),
            (r"([A-Z]{2})(\d{4})([A-Z])", "1 2 3", "1 2/3"),
        ),
        left=Band(sign="AL", mark="eagle"),
        right=Band(),
        space_mm=7.0,
        gap_mm=20.0,
    ),
    "XK": Design(
        groups=(
            (r"(\d{2})(\d{3})([A-Z]{2})", "1o2-3", "1o2/3"),
            (r"(\d{3})(KS)(\d{3})", "1 2 3", "1 2/3"),
        ),
        left=Band(sign="RKS", sign_colour=GOLD),
    ),
    "MK": Design(
        groups=((r"([A-Z]{2})(\d{3,4})([A-Z]{2})", "1c2-3", "1c2/3"),),
        left=Band(sign="NMK"),
        lettering=Lettering.PLATE_NARROW,
    ),
    "ME": Design(
        groups=((r"([A-ZŠŽ]{2})([A-Z]{2})(\d{3})", "1o2 3", "1o/2 3"),),
        left=Band(sign="MNE"),
    ),
    "RS": Design(
        groups=((r"([A-ZČĆŠŽĐ]{2})(\d{3,4})([A-Z]{2})", "1v2-3", "1v/23"),),
        left=Band(sign="SRB"),
        lettering=Lettering.DIN,
    ),
    "GR": Design(
        groups=((r"([A-Z]{3})(\d{4})", "1-2", "1/2"),),
        left=Band(sign="GR", mark="stars"),
        lettering=Lettering.DIN,
        space_mm=11.0,
    ),
    "IT": Design(
        groups=((_LETTERS_DIGITS_LETTERS, "1 2 3", "1/23"),),
        left=Band(sign="I", mark="stars"),
        right=Band(mark="disc"),
        lettering=Lettering.DIN,
        gap_mm=22.0,
    ),
    "DE": Design(
        groups=((r"([A-ZÄÖÜ]{1,3}?)([A-Z]{1,2})(\d{1,4}[EH]?)", "1o2 3", "1o/2 3"),),
        left=Band(sign="D", mark="stars"),
    ),
    "HR": Design(
        groups=((r"([A-ZČŠŽ]{2})(\d{3,4})([A-Z]{1,2})", "1v2-3", "1v/23"),),
        left=Band(sign="HR", mark="stars"),
        lettering=Lettering.DIN,
    ),
    "BG": Design(
        groups=((r"([A-Z]{1,2})(\d{4})([A-Z]{2})", "1 2 3", "1/2 3"),),
        left=Band(sign="BG", mark="stars"),
        lettering=Lettering.DIN,
    ),
    "RO": Design(
        groups=((r"([A-Z]{1,2})(\d{2,3})([A-Z]{3})", "1 2 3", "1 2/3"),),
        left=Band(sign="RO", mark="stars"),
        lettering=Lettering.DIN,
    ),
    "FR": Design(
        groups=((_LETTERS_DIGITS_LETTERS, "1-2-3", "1-2/3"),),
        left=Band(sign="F", mark="stars"),
        right=Band(sign="69"),
        lettering=Lettering.DIN,
    ),
}

BANDS: dict[str, dict[str, Band | None]] = {
    "GB": {
        "UK": DESIGNS["GB"].left,
        "GB": Band(sign="GB", mark="stars", width_mm=40),
        "flash": Band(colour=GREEN, width_mm=40),
        "none": None,
    },
    "MK": {"NMK": DESIGNS["MK"].left, "MK": Band(sign="MK")},
}
"""Bands a country's plates may have at the left, by name; the first is the usual one."""


@dataclass(frozen=True, slots=True)
class Relief:
    """Measures in mm: raised letters' sides as far as seen, and the light on their edges."""

    depth_mm: float = 0.0
    shine_mm: float = 0.0


RELIEFS = {"flat": Relief(), "3D": Relief(1.2, 1.5), "4D": Relief(2.5)}
"""Flat print, domed gel letters, thick letters with upright sides, as seen a little from above."""
