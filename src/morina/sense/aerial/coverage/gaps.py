"""Cells that belong together as polygons: outlines along the edges of cells, with their holes."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.coverage.grid import Grid
from morina.sense.aerial.coverage.rings import holds

Corner = tuple[int, int]
"""Column and row of a corner of cells."""

Loop = list[Corner]
Ring = list[tuple[float, float]]
Polygon = list[Ring]
"""Outline against the clock, then holes with it, each closed; (longitude, latitude)."""


def polygons(grid: Grid, cells: NDArray[np.bool_], least_cells: int = 1) -> list[Polygon]:
    """Of cells that touch by a side; the largest first, none of fewer than ``least_cells``."""
    loops = list(_loops(cells))
    outer = [loop for loop in loops if _area(loop) > 0]
    holes = [loop for loop in loops if _area(loop) < 0]
    made = [(loop, [hole for hole in holes if _home(hole, outer) is loop]) for loop in outer]
    sized = [(_area(loop) + sum(map(_area, inner)), loop, inner) for loop, inner in made]
    sized.sort(key=lambda one: -one[0])
    return [
        [_ring(grid, one) for one in (loop, *inner)]
        for size, loop, inner in sized
        if size >= least_cells
    ]


def _loops(cells: NDArray[np.bool_]) -> Iterator[Loop]:
    """Closed ways along the edges of cells, cells on the left. Where two cells meet by a point
    alone the way turns left, so that they stay apart."""
    left = dict.fromkeys(_edges(cells))
    while left:
        edge = first = next(iter(left))
        loop, before = Loop(), (0, 0)
        while True:
            at, way = edge
            if way != before:
                loop.append(at)
            del left[edge]
            before, end = way, (at[0] + way[0], at[1] + way[1])
            turns = ((-way[1], way[0]), way, (way[1], -way[0]))
            edge = next(((end, turn) for turn in turns if (end, turn) in left), first)
            if edge == first:
                break
        yield loop


def _edges(cells: NDArray[np.bool_]) -> Iterator[tuple[Corner, Corner]]:
    """Sides of cells beside which there is none: where they begin, and which way they go."""
    held = np.pad(cells, 1)
    for beside, corner, way in (
        (held[:-2, 1:-1], (0, 0), (1, 0)),
        (held[1:-1, 2:], (1, 0), (0, 1)),
        (held[2:, 1:-1], (1, 1), (-1, 0)),
        (held[1:-1, :-2], (0, 1), (0, -1)),
    ):
        for row, column in np.argwhere(cells & ~beside).tolist():
            yield (column + corner[0], row + corner[1]), way


def _area(loop: Loop) -> float:
    """In cells; negative with the clock, as holes go."""
    pairs = zip(loop, loop[1:] + loop[:1], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) / 2


def _home(hole: Loop, outer: list[Loop]) -> Loop | None:
    """The smallest outline around a hole: a cell beside the hole's first side lies in it."""
    (x0, y0), (x1, y1) = hole[0], hole[1]
    way = (np.sign(x1 - x0), np.sign(y1 - y0))
    inside = (x0 + 0.5 * (way[0] - way[1]), y0 + 0.5 * (way[1] + way[0]))
    around = [loop for loop in outer if holds(loop, *inside)]
    return min(around, key=_area, default=None)


def _ring(grid: Grid, loop: Loop) -> Ring:
    east, north = grid.steps
    ring = [(grid.west + column * east, grid.south + row * north) for column, row in loop]
    return [*ring, ring[0]]
