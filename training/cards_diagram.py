"""A reliability diagram: how often readings were right, by how sure they were."""

from collections.abc import Sequence

from training.measures import Bin

_SIDE, _LEFT, _TOP, _LOW = 240, 52, 16, 64
_INK, _FILL, _LINE = "#222222", "#7a9cc6", "#b05030"


def diagram(bins: Sequence[Bin]) -> str:
    """An SVG: a column a bin as high as its share right, its count below, a line where both agree.

    The round mark on a column is at the mean confidence said in that bin.
    """
    width, height = _LEFT + _SIDE + 16, _TOP + _SIDE + _LOW
    shapes = [part for one in bins if one["count"] for part in _column(one)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" font-family="sans-serif" font-size="10">',
            "<title>Share of plates read right, by the confidence of the reading</title>",
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            *(line for tenth in range(0, 11, 2) for line in _tick(tenth / 10)),
            *shapes,
            _line((0, 0), (1, 1), f'stroke="{_LINE}" stroke-dasharray="4 3"'),
            f'<rect x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}" fill="none" '
            f'stroke="{_INK}"/>',
            _words(0.5, -0.21, "confidence; below it, how many plates"),
            f'<text transform="translate(14 {_TOP + _SIDE / 2:.0f}) rotate(-90)" '
            f'text-anchor="middle" fill="{_INK}">share read right</text>',
            "</svg>",
            "",
        ]
    )


def _at(x: float, y: float) -> tuple[float, float]:
    """Pixels of a point of the unit square."""
    return _LEFT + x * _SIDE, _TOP + (1 - y) * _SIDE


def _column(one: Bin) -> list[str]:
    x, y = _at(one["low"], one["right"])
    wide = (one["high"] - one["low"]) * _SIDE
    high = one["right"] * _SIDE
    mark = _at(one["said"], one["right"])
    return [
        f'<rect x="{x + 1:.1f}" y="{y:.1f}" width="{wide - 2:.1f}" height="{high:.1f}" '
        f'fill="{_FILL}"/>',
        f'<circle cx="{mark[0]:.1f}" cy="{mark[1]:.1f}" r="3" fill="{_INK}"/>',
        _words((one["low"] + one["high"]) / 2, -0.13, str(one["count"])),
    ]


def _tick(at: float) -> list[str]:
    x, y = _at(0, at)
    return [
        _line((0, at), (1, at), 'stroke="#dddddd"'),
        f'<text x="{x - 6:.1f}" y="{y + 3:.1f}" text-anchor="end" fill="{_INK}">{at:.1f}</text>',
        _words(at, -0.065, f"{at:.1f}"),
    ]


def _line(start: tuple[float, float], end: tuple[float, float], how: str) -> str:
    (x0, y0), (x1, y1) = _at(*start), _at(*end)
    return f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" {how}/>'


def _words(x: float, y: float, text: str) -> str:
    across, down = _at(x, y)
    return f'<text x="{across:.1f}" y="{down:.1f}" text-anchor="middle" fill="{_INK}">{text}</text>'
