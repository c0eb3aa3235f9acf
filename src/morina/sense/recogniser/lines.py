"""Lines of text found in a picture, before anything is known about plates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, degrees, hypot

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""x0, y0, x1, y1."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character read: upper-case, with the reader's confidence (0 to 1).

    ``odds`` holds how likely other characters are at its place. ``small`` says that it looked like
    a lower-case letter.
    """

    character: str
    confidence: float
    odds: Mapping[str, float]
    small: bool = False


@dataclass(frozen=True, slots=True)
class TextLine:
    """Letters and digits in a row, without separators.

    ``corners`` are clockwise from the top left, in pixels of the picture.
    """

    corners: tuple[Point, Point, Point, Point]
    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        """The characters."""
        return "".join(glyph.character for glyph in self.glyphs)

    @property
    def height(self) -> float:
        """Mean length of the upright sides, in pixels."""
        a, b, c, d = self.corners
        return (hypot(d[0] - a[0], d[1] - a[1]) + hypot(c[0] - b[0], c[1] - b[1])) / 2

    @property
    def width(self) -> float:
        """Mean length of the long sides, in pixels."""
        a, b, c, d = self.corners
        return (hypot(b[0] - a[0], b[1] - a[1]) + hypot(c[0] - d[0], c[1] - d[1])) / 2

    @property
    def tilt(self) -> float:
        """Degrees the line falls to the right; 0 when level."""
        a, b = self.corners[:2]
        return degrees(atan2(b[1] - a[1], b[0] - a[0]))

    @property
    def centre(self) -> Point:
        """Mean of the corners."""
        return sum(x for x, _ in self.corners) / 4, sum(y for _, y in self.corners) / 4


def beside(left: TextLine, right: TextLine) -> bool:
    """Whether ``right`` goes on where ``left`` ends: same height, level with it, close by."""
    height = max(left.height, right.height)
    gap = right.corners[0][0] - left.corners[1][0]
    step = abs(right.corners[0][1] - left.corners[1][1])
    alike = min(left.height, right.height) > 0.6 * height
    return alike and -0.5 * height < gap < 1.2 * height and step < 0.4 * height


def below(upper: TextLine, lower: TextLine) -> bool:
    """Whether ``lower`` is the second line of a plate that ``upper`` begins."""
    height = max(upper.height, lower.height)
    gap = (
        lower.corners[0][1] + lower.corners[1][1] - upper.corners[3][1] - upper.corners[2][1]
    ) / 2
    shift = abs(lower.centre[0] - upper.centre[0])
    alike = min(upper.height, lower.height) > 0.6 * height
    return alike and -0.5 * height < gap < 0.6 * height and shift < 1.5 * height


def joined(lines: Sequence[TextLine], stacked: bool = False) -> TextLine:
    """Lines side by side, or one below the other (``stacked``), as one."""
    first, last = lines[0].corners, lines[-1].corners
    level = (first[0], last[1], last[2], first[3])
    corners = (first[0], first[1], last[2], last[3]) if stacked else level
    return TextLine(corners, tuple(glyph for line in lines for glyph in line.glyphs))
