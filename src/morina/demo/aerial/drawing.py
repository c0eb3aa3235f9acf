"""Warm things drawn into a thermal picture where they are, as large as they are."""

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.demo.aerial.scene import Scene, There
from morina.sense.aerial import ObjectKind, Pose

Image = NDArray[np.uint8]
Point = NDArray[np.float64]

PixelOf = Callable[[tuple[float, float]], tuple[float, float] | None]
"""Shares of the picture at which a latitude and longitude on the ground are seen, None if not."""

TALL_M, BROAD_M = 1.7, 0.55
SHIFT = 4
"""Bits of a pixel's fraction, as OpenCV draws."""


def draw(image: Image, there: There, scene: Scene, pixel_of: PixelOf, pose: Pose) -> None:
    """One thing, where it is in view."""
    basis = _basis(image, there, scene, pixel_of)
    if basis is None:
        return
    foot, along, right = basis
    if there.actor.kind is ObjectKind.VEHICLE:
        _car(image, foot, along, right)
        return
    if there.actor.kind is ObjectKind.BICYCLE:
        _bar(image, (foot - 0.85 * along, foot + 0.85 * along), 0.25 * _long(right), 150)
    _person(image, foot, max(_long(right), _long(along)), math.radians(-pose.camera.pitch))


def _basis(
    image: Image, there: There, scene: Scene, pixel_of: PixelOf
) -> tuple[Point, Point, Point] | None:
    """The foot in pixels, and what a metre ahead and a metre to the right are there."""
    course = math.radians(there.course)
    sine, cosine = math.sin(course), math.cos(course)
    found = []
    for east, north in ((0.0, 0.0), (sine, cosine), (cosine, -sine)):
        shares = pixel_of(scene.place(there.east + east, there.north + north))
        if shares is None:
            return None
        found.append(np.array([shares[0] * image.shape[1], shares[1] * image.shape[0]]))
    return found[0], found[1] - found[0], found[2] - found[0]


def _person(image: Image, foot: Point, metre: float, depression: float) -> None:
    """Standing: what is seen of their height, and of their shoulders from above."""
    tall = metre * (TALL_M * math.cos(depression) + BROAD_M * math.sin(depression))
    body = foot - np.array([0.0, tall * 0.42])
    half = np.array([metre * BROAD_M / 2, tall * 0.5])
    _oval(image, body, half, 205)
    _oval(image, foot - np.array([0.0, tall * 0.8]), half * np.array([0.7, 0.22]), 235)


def _car(image: Image, middle: Point, along: Point, right: Point) -> None:
    """A body, a warm bonnet, cool glass; lifted by its height as seen."""
    lift = np.array([0.0, -0.5 * _long(right)])
    _box(image, middle, (2.2 * along, 0.95 * right), 128)
    _box(image, middle + lift, (2.1 * along, 0.9 * right), 165)
    _box(image, middle + lift + 1.5 * along, (0.6 * along, 0.8 * right), 228)
    _box(image, middle + lift - 0.4 * along, (0.9 * along, 0.75 * right), 96)


def _box(image: Image, middle: Point, halves: tuple[Point, Point], shade: int) -> None:
    along, right = halves
    corners = np.array([middle + along + right, middle + along - right,
                        middle - along - right, middle - along + right])  # fmt: skip
    fixed = np.round(corners * (1 << SHIFT)).astype(np.int32)
    cv2.fillPoly(image, [fixed], shade, cv2.LINE_AA, SHIFT)


def _bar(image: Image, ends: tuple[Point, Point], broad: float, shade: int) -> None:
    first, last = (tuple(np.round(end * (1 << SHIFT)).astype(int).tolist()) for end in ends)
    cv2.line(image, first, last, shade, max(1, round(broad)), cv2.LINE_AA, SHIFT)


def _oval(image: Image, middle: Point, half: Point, shade: int) -> None:
    x, y = np.round(middle * (1 << SHIFT)).astype(int).tolist()
    wide, high = np.maximum(1, np.round(half * (1 << SHIFT))).astype(int).tolist()
    cv2.ellipse(image, (x, y), (wide, high), 0, 0, 360, shade, -1, cv2.LINE_AA, SHIFT)


def _long(vector: Point) -> float:
    return float(np.hypot(vector[0], vector[1]))
