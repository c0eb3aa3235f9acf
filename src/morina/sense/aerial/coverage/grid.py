"""What of an area was looked at: how long ago, how often, and how likely a thing there was found.

POD = 1 - (1 - p_1)(1 - p_2)...: one p for each pass, the best of its pictures; pictures of one
pass see the same thing at nearly the same moment and are no second chance.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.coverage.chance import ChanceModel
from morina.sense.aerial.detection import ObjectKind
from morina.sense.aerial.roles import Moment
from morina.sense.aerial.terrain.terrain_ground import ACROSS_PX

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CELL_M = 30.0
MOST_CELLS = 1_000_000
ONE_PASS_S = 5.0
"""Pictures of a cell no further apart are of one pass."""

_DEGREE_M = 111_320.0


class RefusedAreaError(ValueError):
    """An area nothing can be told of; the text says why and what to ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Cells of ``cell_m`` metres between west and east, south and north, row 0 in the south.

    Cells are as wide as they are high in the middle of the area.
    """

    west: float
    south: float
    east: float
    north: float
    cell_m: float = CELL_M

    def __post_init__(self) -> None:
        if not (-180 <= self.west < self.east <= 180 and -85 <= self.south < self.north <= 85):
            raise RefusedAreaError("the area has no inside; give west, south, east, north")
        rows, columns = self.shape
        if rows * columns > MOST_CELLS:
            raise RefusedAreaError(
                f"{rows} x {columns} cells are too many; ask for a smaller area or larger cells"
            )

    @property
    def steps(self) -> tuple[float, float]:
        """Degrees of longitude and latitude a cell."""
        north = self.cell_m / _DEGREE_M
        return north / math.cos(math.radians((self.south + self.north) / 2)), north

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        east, north = self.steps
        rows, columns = (self.north - self.south) / north, (self.east - self.west) / east
        return max(1, math.ceil(rows - 1e-9)), max(1, math.ceil(columns - 1e-9))

    def middles(self) -> tuple[Floats, Floats]:
        """Longitudes of columns and latitudes of rows, in the middle of their cells."""
        rows, columns = self.shape
        east, north = self.steps
        across = self.west + (np.arange(columns, dtype=np.float64) + 0.5) * east
        return across, self.south + (np.arange(rows, dtype=np.float64) + 0.5) * north


def filled(grid: Grid, ring: Sequence[tuple[float, float]]) -> tuple[slice, slice, Bools]:
    """Cells whose middle lies in a ring: the rows and columns about it, and which of them.

    Every row is cut with the ring's edges (even-odd rule).
    """
    corners = np.asarray(ring, np.float64)
    east, north = grid.middles()
    rows = _within(north, corners[:, 1])
    columns = _within(east, corners[:, 0])
    height, width = rows.stop - rows.start, columns.stop - columns.start
    if height <= 0 or width <= 0:
        return slice(0, 0), slice(0, 0), np.zeros((0, 0), bool)
    (e0, n0), (e1, n1) = corners.T, np.roll(corners, -1, axis=0).T
    middle = north[rows][:, None]
    cuts = (n0 > middle) != (n1 > middle)
    rise = np.where(n1 == n0, 1.0, n1 - n0)
    at = np.where(cuts, e0 + (middle - n0) * (e1 - e0) / rise, np.inf)
    first = np.searchsorted(east[columns], at)
    turns = np.zeros((height, width + 1), np.int32)
    np.add.at(turns, (np.arange(height)[:, None], first), cuts.astype(np.int32))
    return rows, columns, (np.cumsum(turns[:, :width], axis=1) % 2).astype(bool)


@dataclass(frozen=True, slots=True)
class Covered:
    """Of every cell of ``grid``: ``age_s`` since it was last in view (infinite: never), ``passes``
    over it, and ``pod`` by kind, the chance that such a thing lying open there was found."""

    grid: Grid
    age_s: Floats
    passes: NDArray[np.int32]
    pod: Mapping[ObjectKind, Floats]

    def share(self, kind: ObjectKind) -> float:
        """The mean chance over the area."""
        return float(self.pod[kind].mean())

    def gaps(self, kind: ObjectKind, wanted: float) -> Bools:
        """Cells to fly again: where the chance is under ``wanted``."""
        return np.asarray(self.pod[kind] < wanted, bool)


@dataclass(slots=True)
class Covering:
    """Takes flights in, one after the other; ``now_s`` and the flights' times are Unix seconds."""

    grid: Grid
    model: ChanceModel = field(default_factory=ChanceModel)
    _missed: dict[ObjectKind, Floats] = field(init=False)
    _last_s: Floats = field(init=False)
    _passes: NDArray[np.int32] = field(init=False)

    def __post_init__(self) -> None:
        shape = self.grid.shape
        self._missed = {kind: np.ones(shape) for kind in self.model.full}
        self._last_s = np.full(shape, -np.inf)
        self._passes = np.zeros(shape, np.int32)

    def flight(self, moments: Sequence[Moment], began_s: float) -> None:
        """One sortie's moments in time order, the first picture taken at ``began_s``."""
        seen_s = np.full(self.grid.shape, -np.inf)
        best = {kind: np.zeros(self.grid.shape) for kind in self._missed}
        for one in moments:
            if one.footprint is None or one.pose is None:
                continue
            rows, columns, inside = filled(self.grid, one.footprint.ring)
            if inside.any():
                self._look(one, (rows, columns, inside), seen_s, best)
        for kind, missed in self._missed.items():
            missed *= 1 - best[kind]
        np.maximum(self._last_s, began_s + seen_s, out=self._last_s)

    def covered(self, now_s: float) -> Covered:
        """What is known by now."""
        pod = {kind: 1 - missed for kind, missed in self._missed.items()}
        return Covered(self.grid, np.maximum(now_s - self._last_s, 0.0), self._passes.copy(), pod)

    def _look(
        self, one: Moment, cells: tuple[slice, slice, Bools], seen_s: Floats,
        best: Mapping[ObjectKind, Floats],
    ) -> None:  # fmt: skip
        """One picture; what it begins anew is a new pass, and the one before is closed."""
        rows, columns, inside = cells
        last = seen_s[rows, columns]
        anew = inside & (one.at_s - last > ONE_PASS_S)
        self._passes[rows, columns][anew] += 1
        metres, down = _sharpness(self.grid, one, rows, columns)
        for kind, missed in self._missed.items():
            chance, here = best[kind][rows, columns], missed[rows, columns]
            here[anew] *= 1 - chance[anew]
            chance[anew] = 0.0
            found = self.model.of_look(kind, metres, down)
            chance[inside] = np.maximum(chance[inside], found[inside])
        last[inside] = one.at_s


def _sharpness(grid: Grid, one: Moment, rows: slice, columns: slice) -> tuple[Floats, Floats]:
    """Metres per pixel in cells, and degrees under the horizon at which they are looked at.

    The ground is taken as flat under this picture: the middle's distance and angle give the height.
    """
    assert one.pose is not None and one.footprint is not None  # noqa: S101 - the caller looked
    down = math.radians(min(max(-one.pose.camera.pitch, 1.0), 90.0))
    metres = one.footprint.metres_per_pixel
    away = metres * ACROSS_PX / (2 * math.tan(math.radians(one.pose.view[0] / 2)))
    height = away * math.sin(down)
    east, north = grid.middles()
    beside = (east[columns] - one.longitude) * math.cos(math.radians(one.latitude))
    along = north[rows] - one.latitude
    flat = _DEGREE_M * np.hypot(beside[None, :], along[:, None])
    far = np.hypot(flat, height)
    return metres * far / away, np.degrees(np.arctan2(height, flat))


def _within(middles: Floats, bounds: Floats) -> slice:
    first, last = np.searchsorted(middles, (bounds.min(), bounds.max()))
    return slice(int(first), int(last))
