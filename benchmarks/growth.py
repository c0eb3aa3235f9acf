"""How the time of each question grows with the reads kept: a diagram of several runs.

python benchmarks/records.py --reads 20000000 --alone --json > 20.json
python benchmarks/records.py --reads 100000000 --alone --json > 100.json
python benchmarks/growth.py 20.json 100.json --into docs/pictures/growth.svg
"""

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from keeping.questions import NAMES

LEFT, TOP, WIDE, HIGH, NAMES_WIDE, LOW = 56, 24, 420, 300, 130, 44
LEAST_MS, MOST_MS = 10.0, 1000.0
INK, PALE = "#222222", "#dddddd"
COLOURS = ("#1f5fa8", "#b05030", "#2f7d4f", "#7a4fa0", "#a08020", "#208a90", "#a03060")
LABEL_APART = 13

Point = tuple[float, float]


def diagram(runs: Sequence[Mapping[str, Any]]) -> str:
    """An SVG, both axes logarithmic: a line a question, its median at each number of reads."""
    runs = sorted(runs, key=lambda run: int(run["reads"]))
    sizes = [int(run["reads"]) for run in runs]
    lines = {
        name: [_at(run["reads"], run["stores"][0]["p50_ms"][name], sizes) for run in runs]
        for name in NAMES
    }
    width, height = LEFT + WIDE + NAMES_WIDE, TOP + HIGH + LOW
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" font-family="sans-serif" font-size="11">',
            "<title>Median time of a question by the number of reads kept</title>",
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            *(part for ms in (10, 20, 50, 100, 200, 500, 1000) for part in _across(ms, sizes)),
            *(part for reads in sizes for part in _down(reads, sizes)),
            *_lines(lines),
            f'<text x="{LEFT}" y="{TOP - 10}" fill="{INK}">median, ms</text>',
            f'<text x="{LEFT + WIDE}" y="{TOP + HIGH + 36}" text-anchor="end" fill="{INK}">'
            "reads kept, million</text>",
            "</svg>",
            "",
        ]
    )


def _at(reads: float, ms: float, sizes: Sequence[int]) -> Point:
    """Pixels; what is quicker than the axis begins lies on it."""
    span = math.log(sizes[-1] / sizes[0]) or 1.0
    x = math.log(reads / sizes[0]) / span
    y = math.log(min(max(ms, LEAST_MS), MOST_MS) / LEAST_MS) / math.log(MOST_MS / LEAST_MS)
    return LEFT + x * WIDE, TOP + (1 - y) * HIGH


def _across(ms: float, sizes: Sequence[int]) -> list[str]:
    x, y = _at(sizes[0], ms, sizes)
    return [
        f'<path d="M{x:.1f} {y:.1f}h{WIDE}" stroke="{PALE}"/>',
        f'<text x="{x - 6:.1f}" y="{y + 4:.1f}" text-anchor="end" fill="{INK}">{ms:g}</text>',
    ]


def _down(reads: int, sizes: Sequence[int]) -> list[str]:
    x, _ = _at(reads, LEAST_MS, sizes)
    return [
        f'<path d="M{x:.1f} {TOP}v{HIGH}" stroke="{PALE}"/>',
        f'<text x="{x:.1f}" y="{TOP + HIGH + 18}" text-anchor="middle" fill="{INK}">'
        f"{reads / 1e6:g}</text>",
    ]


def _lines(lines: Mapping[str, Sequence[Point]]) -> list[str]:
    """Each with its name at its end, names moved apart where they would meet."""
    parts: list[str] = []
    last = float(TOP)
    by_end = sorted(lines, key=lambda name: lines[name][-1][1])
    for name, colour in zip(by_end, COLOURS, strict=True):
        points = lines[name]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        x, y = points[-1]
        last = max(y, last + LABEL_APART)
        parts += [
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
            *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points),
            f'<text x="{x + 8:.1f}" y="{last + 4:.1f}" fill="{colour}">{name}</text>',
        ]
    return parts


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="+", type=Path, help="what records.py --json printed")
    parser.add_argument("--into", type=Path, required=True, help="the SVG to write")
    arguments = parser.parse_args()
    runs = [json.loads(run.read_text(encoding="utf-8")) for run in arguments.runs]
    arguments.into.write_text(diagram(runs), encoding="utf-8")


if __name__ == "__main__":
    main()
