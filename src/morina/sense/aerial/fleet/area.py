"""Areas on the map as rings, and whether two of them share ground. Pure.

Straight lines between longitudes and latitudes: right for areas of some tens of kilometres, which
are all that drones fly over.
"""

import itertools
import math
from collections.abc import Iterator, Sequence

from morina.sense.aerial.sortie import RefusedSortieError

Point = tuple[float, float]
Ring = tuple[Point, ...]
"""Corners (longitude, latitude); the first is not said again at the end."""

MOST_CORNERS = 500
MOST_ACROSS_DEG = 20.0


def ring(corners: Sequence[Sequence[float]]) -> Ring:
    """Corners as a ring; RefusedSortieError where they bound no area."""
    made = tuple((float(x), float(y)) for x, y in corners)
    if len(made) > 1 and made[0] == made[-1]:
        made = made[:-1]
    if not 3 <= len(made) <= MOST_CORNERS:
        raise RefusedSortieError(
            f"an area has 3 to {MOST_CORNERS} corners, this has {len(made)}; draw it again"
        )
    if not all(abs(x) <= 180 and abs(y) <= 90 for x, y in made):
        raise RefusedSortieError("a corner is no place; write longitude before latitude")
    xs, ys = zip(*made, strict=True)
    if max(max(xs) - min(xs), max(ys) - min(ys)) > MOST_ACROSS_DEG:
        raise RefusedSortieError(f"an area is over {MOST_ACROSS_DEG:.0f} degrees wide; part it")
    if _crosses_itself(made) or math.isclose(_twice_area(made), 0, abs_tol=1e-14):
        raise RefusedSortieError("the sides of an area cross or bound nothing; draw it again")
    return made


def share_ground(a: Ring, b: Ring) -> bool:
    """Whether two areas overlap or touch."""
    if any(_meet(p, q, r, s) for p, q in _sides(a) for r, s in _sides(b)):
        return True
    return inside(a[0], b) or inside(b[0], a)


def inside(point: Point, around: Ring) -> bool:
    """By the number of sides a line eastward crosses; what lies on a side may be either."""
    x, y = point
    odd = False
    for (ax, ay), (bx, by) in _sides(around):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            odd = not odd
    return odd


def _sides(of: Ring) -> Iterator[tuple[Point, Point]]:
    return zip(of, (*of[1:], of[0]), strict=True)


def _twice_area(of: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _sides(of))


def _crosses_itself(of: Ring) -> bool:
    sides = list(_sides(of))
    last = len(sides) - 1
    return any(
        _meet(*a, *b)
        for (n, a), (m, b) in itertools.combinations(enumerate(sides), 2)
        if m - n > 1 and (n, m) != (0, last)
    )


def _meet(p: Point, q: Point, r: Point, s: Point) -> bool:
    """Whether the lines p-q and r-s meet, ends and parts of one line too."""
    turns = _turn(p, q, r), _turn(p, q, s), _turn(r, s, p), _turn(r, s, q)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    return any(
        turn == 0 and _between(*line)
        for turn, line in zip(turns, ((p, q, r), (p, q, s), (r, s, p), (r, s, q)), strict=True)
    )


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _between(a: Point, b: Point, c: Point) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
