"""Rays followed to the ground by small steps: slow, plain, and sharing nothing with the product."""

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ray = tuple[Floats, Floats]
"""Where each begins and its unit vector, in the Earth's frame (n, 3)."""

Added = Callable[[NDArray[np.intp], Floats, Floats], Floats]
"""Metres the ground of some trials is higher, at their latitudes and longitudes (n, k)."""


STEP_M = 3.0
A, F = 6378137.0, 1 / 298.257223563
E2 = F * (2 - F)


class Heights:
    """The raw posts of one file, bilinear."""

    def __init__(self, file: Path) -> None:
        with rasterio.open(file) as source:
            self.z = source.read(1).astype(np.float64)
            self.t = source.transform
        self.rows, self.columns = self.z.shape

    def at(self, latitude: Floats, longitude: Floats) -> Floats:
        column = (longitude - self.t.c) / self.t.a - 0.5
        row = (latitude - self.t.f) / self.t.e - 0.5
        i, j = np.floor(row).astype(int), np.floor(column).astype(int)
        outside = (i < 0) | (j < 0) | (i > self.rows - 2) | (j > self.columns - 2)
        i, j = np.clip(i, 0, self.rows - 2), np.clip(j, 0, self.columns - 2)
        p, q = row - i, column - j
        z = self.z
        found = (z[i, j] * (1 - q) + z[i, j + 1] * q) * (1 - p)
        found += (z[i + 1, j] * (1 - q) + z[i + 1, j + 1] * q) * p
        return np.where(outside, np.nan, found)

    def middle(self) -> tuple[float, float]:
        return self.t.f + self.t.e * self.rows / 2, self.t.c + self.t.a * self.columns / 2


def ecef(latitude: Floats, longitude: Floats, height: Floats) -> Floats:
    a, o = np.radians(latitude), np.radians(longitude)
    n = A / np.sqrt(1 - E2 * np.sin(a) ** 2)
    return np.stack([(n + height) * np.cos(a) * np.cos(o), (n + height) * np.cos(a) * np.sin(o),
                     (n * (1 - E2) + height) * np.sin(a)], axis=-1)  # fmt: skip


def geodetic(p: Floats) -> tuple[Floats, Floats, Floats]:
    """By repetition of the definition."""
    out = np.hypot(p[..., 0], p[..., 1])
    a = np.arctan2(p[..., 2], out * (1 - E2))
    for _ in range(4):
        n = A / np.sqrt(1 - E2 * np.sin(a) ** 2)
        h = out / np.cos(a) - n
        a = np.arctan2(p[..., 2], out * (1 - E2 * n / (n + h)))
    return np.degrees(a), np.degrees(np.arctan2(p[..., 1], p[..., 0])), h


def turn(yaw: Floats, pitch: Floats, roll: Floats) -> Floats:
    """Right, down, forward in north, east, down by the three plain matrices of ST 0601 (n, 3, 3):
    the columns are where the camera's forward, right and down end up."""
    y, p, r = (np.radians(angle) for angle in (yaw, pitch, roll))
    o, z = np.ones_like(y), np.zeros_like(y)
    rz = np.array([[np.cos(y), -np.sin(y), z], [np.sin(y), np.cos(y), z], [z, z, o]])
    ry = np.array([[np.cos(p), z, np.sin(p)], [z, o, z], [-np.sin(p), z, np.cos(p)]])
    rx = np.array([[o, z, z], [z, np.cos(r), -np.sin(r)], [z, np.sin(r), np.cos(r)]])
    return np.einsum("ijn,jkn,kln->nil", rz, ry, rx)


def directions(pose: dict[str, Floats], shares: Floats) -> Floats:
    """Unit vectors in the Earth's frame of one pixel of each pose (n rows of seven numbers and the
    field of view)."""
    across = (2 * shares[:, 0] - 1) * np.tan(np.radians(pose["across"]) / 2)
    down = (2 * shares[:, 1] - 1) * np.tan(np.radians(pose["down"]) / 2)
    body = np.stack([np.ones_like(across), across, down], axis=1)
    ned = np.einsum("nil,nl->ni", turn(pose["yaw"], pose["pitch"], pose["roll"]), body)
    a, o = np.radians(pose["latitude"]), np.radians(pose["longitude"])
    north = np.stack([-np.sin(a) * np.cos(o), -np.sin(a) * np.sin(o), np.cos(a)], axis=1)
    east = np.stack([-np.sin(o), np.cos(o), np.zeros_like(o)], axis=1)
    down_ = -np.stack([np.cos(a) * np.cos(o), np.cos(a) * np.sin(o), np.sin(a)], axis=1)
    way = ned[:, :1] * north + ned[:, 1:2] * east + ned[:, 2:] * down_
    return way / np.linalg.norm(way, axis=1, keepdims=True)


def follow(heights: Heights, ray: Ray, reach: float, added: Added) -> Floats:
    """Metres to the first ground (heights plus ``added`` at a place), infinite: none in reach."""
    begin, way = ray
    metres = np.full(len(begin), np.inf)
    open_ = np.arange(len(begin))
    ends = np.arange(0, reach, 60.0)
    for s0 in ends:
        s = s0 + np.arange(0, 60.0 + STEP_M / 2, STEP_M)
        points = begin[open_, None] + s[:, None] * way[open_, None]
        latitude, longitude, height = geodetic(points)
        ground = heights.at(latitude, longitude) + added(open_, latitude, longitude)
        under = height <= ground
        met = under.any(axis=1)
        if met.any():
            chosen = open_[met]
            first = under[met].argmax(axis=1)
            shifted = partial(added, chosen)
            part = begin[chosen], way[chosen]
            metres[chosen] = _halved(heights, part, s[first] - STEP_M, shifted)
            open_ = open_[~met]
        if not len(open_):
            break
    return metres


def _halved(heights: Heights, ray: Ray, low: Floats, added: Callable[..., Floats]) -> Floats:
    low = np.maximum(low, 0)
    high = low + STEP_M
    for _ in range(8):
        middle = (low + high) / 2
        latitude, longitude, height = geodetic(ray[0] + middle[:, None] * ray[1])
        shift = added(latitude[:, None], longitude[:, None])[:, 0]
        under = height <= heights.at(latitude, longitude) + shift
        high, low = np.where(under, middle, high), np.where(under, low, middle)
    return (low + high) / 2


def metres_per_degree(latitude: float) -> tuple[float, float]:
    root = math.sqrt(1 - E2 * math.sin(math.radians(latitude)) ** 2)
    degree = math.pi / 180
    return degree * A * (1 - E2) / root**3, degree * A / root * math.cos(math.radians(latitude))
