"""Plates to lay into pictures, and how they are laid there."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.demo import COUNTRIES, Look, random_plate, render_plate
from training.finder_targets import Corners
from training.plates import make_up
from training.scenes_light import Picture

_BANDS = ("UK", "GB", "flash", "none")


@dataclass(frozen=True, slots=True)
class Piece:
    """A flat plate; ``mask`` leaves out rounded corners. ``exact``: nothing else is in it."""

    image: Picture
    mask: NDArray[np.uint8]
    exact: bool


def rendered_pieces(count: int, rng: np.random.Generator) -> list[Piece]:
    """Invented plates of all countries the demo draws, every sixth set on two lines."""
    pieces = []
    for index in range(count):
        country = "GB" if rng.random() < 0.35 else COUNTRIES[rng.integers(0, len(COUNTRIES))]
        look = Look(bool(rng.integers(0, 2)), _BANDS[rng.integers(0, 4)], bool(rng.random() < 0.08))
        plate = render_plate(random_plate(rng, country), 110, look)
        piece = Piece(plate.image, plate.mask, True)
        pieces.append(_two_lines(piece) if index % 6 == 0 else piece)
    return pieces


def _two_lines(piece: Piece) -> Piece:
    """The plate cut in the middle, its halves one above the other."""
    middle = piece.image.shape[1] // 2
    image, mask = (
        np.concatenate([whole[:, :middle], whole[:, -middle:]])
        for whole in (piece.image, piece.mask)
    )
    return Piece(image, mask, True)


def made_up_pieces(count: int, rng: np.random.Generator) -> list[Piece]:
    """Plates as the reader learns them: more layouts, fonts, weights and colours than real ones."""
    images = (make_up(rng).image for _ in range(count))
    return [Piece(image, np.full(image.shape[:2], 255, np.uint8), True) for image in images]


def real_pieces(files: Sequence[Path]) -> list[Piece]:
    """Photographs of one plate each; their edges are near its edges, not on them."""
    pieces = []
    for file in files:
        image = np.asarray(cv2.imread(str(file), cv2.IMREAD_COLOR), np.uint8)
        pieces.append(Piece(image, np.full(image.shape[:2], 255, np.uint8), False))
    return pieces


def posed(piece: Piece, width: float, rng: np.random.Generator) -> Corners:
    """Corners around (0, 0) of the plate seen from somewhere, ``width`` pixels wide."""
    high, wide = piece.mask.shape
    high_share = high / wide * float(np.exp(rng.normal(0, 0.07)))
    yaw, pitch, roll = rng.normal(0, (26, 12, 5.5))
    yaw, pitch = np.clip(yaw, -65, 65), np.clip(pitch, -35, 35)
    flat = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (1, high_share)
    solid = np.column_stack([flat, np.zeros(4)])
    turned = solid @ (_turn(yaw, 0, 2) @ _turn(pitch, 1, 2) @ _turn(roll, 0, 1)).T
    seen = turned[:, :2] / (1 + turned[:, 2:] / rng.uniform(4, 16))
    seen = seen - (seen.max(axis=0) + seen.min(axis=0)) / 2
    return np.asarray(seen * (width / np.ptp(seen[:, 0])), np.float32)


def _turn(degrees: float, one: int, other: int) -> NDArray[np.float64]:
    """A rotation between two axes."""
    matrix = np.eye(3)
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix[one, one] = matrix[other, other] = cos
    matrix[one, other], matrix[other, one] = -sin, sin
    return matrix


def lay(picture: Picture, piece: Piece, corners: Corners, rng: np.random.Generator) -> None:
    """Draw the plate into the picture in a light of its own, often in a frame."""
    grown = corners.mean(axis=0) + (corners - corners.mean(axis=0)) * rng.uniform(1.5, 3, 2)
    if rng.random() < 0.25:
        _panel(picture, grown, _colour(picture, corners, rng), rng)
    if rng.random() < 0.6:
        share = 1 + rng.uniform(0.02, 0.12) * np.array([1, rng.uniform(1, 3)])
        frame = corners.mean(axis=0) + (corners - corners.mean(axis=0)) * share
        dark = np.full(3, rng.uniform(5, 70))
        _panel(picture, frame, dark if rng.random() < 0.7 else _colour(picture, corners, rng), rng)
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int) - 2, 0)
    high = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 3, picture.shape[1::-1])
    if (high - low).min() < 2:
        return
    image, cover = _warped(piece, corners - low, (int(high[0] - low[0]), int(high[1] - low[1])))
    lit = _lit(image, picture[low[1] : high[1], low[0] : high[0]], rng)
    share = cover[..., None] / 255
    soft = float(rng.uniform(0, 0.9))
    if soft > 0.3:
        lit, share = (cv2.GaussianBlur(layer, (0, 0), soft) for layer in (lit, share))
        share = share.reshape(*cover.shape, 1)
    part = picture[low[1] : high[1], low[0] : high[0]]
    part[:] = np.clip(part * (1 - share) + lit * share, 0, 255)


def _warped(
    piece: Piece, corners: Corners, size: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The plate and its cover in a part of the picture, from a copy no finer than needed."""
    height, width = piece.mask.shape
    scale = min(1.0, 1.2 * max(float(np.ptp(corners[:, 0])), 8.0) / width)
    fine = (max(8, round(width * scale)), max(4, round(height * scale)))
    image, mask = (
        cv2.resize(layer, fine, interpolation=cv2.INTER_AREA) for layer in (piece.image, piece.mask)
    )
    source = np.array([(0, 0), (fine[0], 0), fine, (0, fine[1])], np.float32) - 0.5
    matrix = cv2.getPerspectiveTransform(source, (corners - 0.5).astype(np.float32))
    laid = cv2.warpPerspective(image, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpPerspective(mask, matrix, size)
    return laid.astype(np.float32), cover.astype(np.float32)


def _lit(
    image: NDArray[np.float32], around: Picture, rng: np.random.Generator
) -> NDArray[np.float32]:
    """The plate under the scene's light or its own: tinted, shaded across, dirty."""
    level = float(np.clip(around.mean() / 120, 0.25, 1.1)) if rng.random() < 0.6 else 1.0
    gain = level * float(np.exp(rng.normal(-0.1, 0.25)))
    tint = np.exp(rng.normal(0, 0.05, 3))
    height, width = image.shape[:2]
    across, down = rng.normal(0, 0.15, 2)
    shade = (
        1 + across * np.linspace(-1, 1, width)[None] + down * np.linspace(-1, 1, height)[:, None]
    )
    if rng.random() < 0.25:
        edge = rng.uniform(-0.5, 0.5) * width
        slope = rng.uniform(-1, 1)
        beyond = np.arange(width)[None] + slope * np.arange(height)[:, None] > width / 2 + edge
        shade = shade * np.where(beyond, rng.uniform(0.35, 0.8), 1.0)
    if rng.random() < 0.3:
        clods = rng.random((5, 12), np.float32)
        shade = shade * (1 - rng.uniform(0, 0.5) * cv2.resize(clods, (width, height)))
    haze = rng.uniform(0, 35) if rng.random() < 0.3 else 0.0
    return np.asarray(image * gain * tint * shade[..., None] + haze, np.float32)


def _panel(
    picture: Picture, outline: Corners, colour: NDArray[np.float64], rng: np.random.Generator
) -> None:
    points = np.rint(outline * 16).astype(np.int32)
    tone = colour * rng.uniform(0.8, 1.2)
    cv2.fillConvexPoly(picture, points, [float(c) for c in tone], cv2.LINE_AA, 4)


def _colour(picture: Picture, corners: Corners, rng: np.random.Generator) -> NDArray[np.float64]:
    """A colour met in the picture near the plate."""
    x, y = corners[rng.integers(0, 4)] + rng.normal(0, 12, 2)
    height, width = picture.shape[:2]
    return picture[int(np.clip(y, 0, height - 1)), int(np.clip(x, 0, width - 1))].astype(np.float64)
