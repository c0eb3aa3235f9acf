"""Imported terrain: tiles of heights and what is known of each."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.terrain.earth import Floats

Posts = tuple[Floats, Floats]


class TerrainError(ValueError):
    """A file that is no usable terrain; the text names it, says why and what to do."""


class TerrainDatum(StrEnum):
    """What the heights of a terrain file are counted from."""

    ELLIPSOID = "ellipsoid"
    EGM96 = "egm96"
    EGM2008 = "egm2008"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One imported file, north up. Its heights are kept above the WGS 84 ellipsoid.

    ``north`` and ``west`` are of the first post, ``step`` is degrees between posts (down, across),
    ``sd_m`` one standard deviation of the heights, of the maker's statement and the geoid.
    ``unknown`` is the share of posts without a height.
    """

    name: str
    rows: int
    columns: int
    north: float
    west: float
    step: tuple[float, float]
    heights: TerrainDatum
    sd_m: float
    unknown: float
    imported_at: datetime
    sha256: str

    @property
    def south(self) -> float:
        """Of the last row of posts."""
        return self.north - (self.rows - 1) * self.step[0]

    @property
    def east(self) -> float:
        """Of the last column of posts."""
        return self.west + (self.columns - 1) * self.step[1]

    def touches(self, south: float, west: float, north: float, east: float) -> bool:
        """Whether the tile, with half a post around it, has any of a window."""
        down, across = self.step[0] / 2, self.step[1] / 2
        return (
            self.north + down >= south
            and self.south - down <= north
            and self.east + across >= west
            and self.west - across <= east
        )

    def as_json(self) -> bytes:
        """For the file beside the heights."""
        return json.dumps(asdict(self) | {"imported_at": self.imported_at.isoformat()}).encode()


def tile_of(text: bytes) -> Tile:
    """What ``Tile.as_json`` wrote. TerrainError."""
    try:
        known: dict[str, Any] = json.loads(text)
        known["imported_at"] = datetime.fromisoformat(known["imported_at"])
        known["heights"] = TerrainDatum(known["heights"])
        known["step"] = (float(known["step"][0]), float(known["step"][1]))
        return Tile(**known)
    except (ValueError, KeyError, TypeError) as error:
        raise TerrainError(f"no description of a tile ({error}); import the tile again") from None


def filled(heights: NDArray[np.float32], tile: Tile, known: NDArray[np.float32], at: Posts) -> None:
    """Put a tile's ``known`` heights, bilinear, where ``heights`` has none. ``at``: latitudes of
    its rows, longitudes of its columns. Half a post beyond the outer posts of a tile is theirs."""
    row, down, rows = _posts((tile.north - at[0]) / tile.step[0], tile.rows)
    column, across, columns = _posts((at[1] - tile.west) / tile.step[1], tile.columns)
    if not len(row) or not len(column):
        return
    part = heights[rows, columns]
    below, beside = np.minimum(row + 1, tile.rows - 1), np.minimum(column + 1, tile.columns - 1)
    found = known[np.ix_(row, column)]
    if across.any():
        found = _mixed(found, known[np.ix_(row, beside)], across[None, :])
    if down.any():
        lower = known[np.ix_(below, column)]
        if across.any():
            lower = _mixed(lower, known[np.ix_(below, beside)], across[None, :])
        found = _mixed(found, lower, down[:, None])
    part[...] = np.where(np.isnan(part), found, part)


def _posts(at: Floats, count: int) -> tuple[NDArray[np.int64], NDArray[np.float32], slice]:
    """Of what lies in the tile: the post before, the share of the way to the next, and where."""
    inside = np.flatnonzero((at >= -0.5 - 1e-6) & (at <= count - 0.5 + 1e-6))
    where = slice(inside[0], inside[-1] + 1) if len(inside) else slice(0, 0)
    near = np.rint(at[where])
    held = np.clip(np.where(np.abs(at[where] - near) < 1e-5, near, at[where]), 0, count - 1)
    post = held.astype(np.int64)
    return post, (held - post).astype(np.float32), where


def _mixed(
    first: NDArray[np.float32], second: NDArray[np.float32], share: NDArray[np.float32]
) -> NDArray[np.float32]:
    """A post that is met exactly does not need its neighbour to be known."""
    return np.where(share == 0, first, first + (second - first) * share)
