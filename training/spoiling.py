"""What a camera, the weather and the road do to a plate, on a crop of the reader's size.

``strength`` runs from 0 (hardly anything) to 1 (as bad as plates are met).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Points = NDArray[np.float32]

MARGIN = (0.05, 0.09)
"""Where a rectified plate is put: blank left and right, above and below, as shares of its size."""


def placed(
    rng: np.random.Generator, size: tuple[int, int], strength: float, loose: float
) -> Points:
    """Four corners, clockwise, where a plate's own corners go in a crop of ``size`` (h, w).

    ``loose`` scales how badly the plate was found: 1 as a finder of boxes leaves it.
    """
    height, width = size
    across = max(-0.02, MARGIN[0] + rng.normal(0, 0.03) * strength * loose) * width
    down = max(-0.02, MARGIN[1] + rng.normal(0, 0.06) * strength * loose) * height
    corners = np.array(
        [
            [across, down],
            [width - across, down],
            [width - across, height - down],
            [across, height - down],
        ]
    )
    corners += rng.normal(0, 1, 2) * (0.025 * width, 0.05 * height) * strength * loose
    corners += rng.normal(0, 1, (4, 2)) * (0.015 * width, 0.05 * height) * strength * loose
    turn = rng.normal(0, 0.13) * strength * loose * height
    corners[:, 1] += np.array([-1, 1, 1, -1]) * turn
    lean = rng.normal(0, 0.12) * strength * loose * height
    corners[:, 0] += np.array([1, 1, -1, -1]) * lean
    return corners.astype(np.float32)


def warped(
    rng: np.random.Generator, image: Picture, corners: Points, onto: Points, size: tuple[int, int]
) -> tuple[Picture, NDArray[np.float64]]:
    """``image`` with ``corners`` brought ``onto``; what is beyond it is one colour. And the map."""
    change = cv2.getPerspectiveTransform(corners, onto)
    shrink = np.linalg.norm(corners[1] - corners[0]) / np.linalg.norm(onto[1] - onto[0])
    if shrink > 1.6:
        image = np.asarray(cv2.blur(image, (int(shrink + 0.5), int(shrink + 0.5))), np.uint8)
    beyond = [int(c) for c in rng.integers(0, 200 if rng.random() < 0.5 else 60, 3)]
    crop = cv2.warpPerspective(
        image, change, size[::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT,
        borderValue=(beyond[0], beyond[1], beyond[2]),
    )  # fmt: skip
    return np.asarray(crop, np.uint8), np.asarray(change, np.float64)


def spoilt(rng: np.random.Generator, crop: Picture, strength: float, coarsest: float) -> Picture:
    """``crop`` under light, dirt, blur, distance, noise and JPEG.

    ``coarsest`` is the least width, as a share, it is seen with before it is scaled up again.
    """
    out = crop
    if rng.random() < 0.6 * strength:
        out = _dirty(rng, out, strength)
    if rng.random() < 0.08 * strength:
        out = _rainy(rng, out)
    out = _lit(rng, out, strength)
    if rng.random() < 0.35 * strength:
        out = _moved(rng, out, strength)
    if rng.random() < 0.3:
        out = np.asarray(
            cv2.GaussianBlur(out, (0, 0), 0.3 + 1.3 * strength * rng.random()), np.uint8
        )
    return _distant(rng, out, strength, coarsest)


def _lit(rng: np.random.Generator, crop: Picture, strength: float) -> Picture:
    """Brightness, contrast, gamma, colour cast, gradient, glare; now and then grey or infrared."""
    height, width = crop.shape[:2]
    light = crop.astype(np.float32) / 255
    kind = rng.random()
    if kind < 0.22 * strength:
        light = np.repeat(light @ _weights(rng), 3).reshape(height, width, 3)
        if rng.random() < 0.2:
            light = 1 - light
    elif kind < 0.6:
        light *= (1 + rng.normal(0, 0.16 * strength, 3)).astype(np.float32)
    light = np.clip(light, 0, 1) ** np.float32(np.exp(rng.normal(0, 0.35 * strength)))
    if rng.random() < 0.5 * strength:
        light = light * _gradient(rng, height, width)
    if rng.random() < 0.08 * strength:
        light = light + _spot(rng, height, width)
    low = rng.uniform(0, 0.35) * strength
    span = max(0.12, 1 - rng.uniform(0, 0.85) * strength * rng.random() - low * rng.random())
    return np.asarray(np.clip((light * span + low * rng.random()) * 255, 0, 255), np.uint8)


def _weights(rng: np.random.Generator) -> NDArray[np.float32]:
    share = rng.dirichlet((2.0, 3.0, 3.0))
    return share.astype(np.float32)


def _gradient(rng: np.random.Generator, height: int, width: int) -> NDArray[np.float32]:
    """Light falling off, softly or with the hard edge of a shadow."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    along = (x / width - rng.random()) * np.cos(angle) + (y / height - rng.random()) * np.sin(angle)
    edge = rng.choice([1.0, 3.0, 40.0], p=[0.5, 0.25, 0.25])
    shade = 1 / (1 + np.exp(np.clip(-along * edge * 3, -30, 30)))
    dark = rng.uniform(0.25, 0.9)
    return np.asarray(dark + (1 - dark) * shade, np.float32)[..., None]


def _spot(rng: np.random.Generator, height: int, width: int) -> NDArray[np.float32]:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    wide = rng.uniform(5, 25)
    apart = ((x - rng.uniform(0, width)) ** 2 + (y - rng.uniform(0, height)) ** 2) / wide**2
    return np.asarray(rng.uniform(0.2, 0.9) * np.exp(-apart), np.float32)[..., None]


def _dirty(rng: np.random.Generator, crop: Picture, strength: float) -> Picture:
    """Splashes that hide a part of the ink, and screws or bolts."""
    out = crop.copy()
    height, width = crop.shape[:2]
    for _ in range(int(rng.integers(1, 2 + round(7 * strength)))):
        at = (int(rng.uniform(0, width)), int(rng.uniform(0, height)))
        axes = (int(rng.uniform(1, 5)), int(rng.uniform(1, 4)))
        shade = [int(c) for c in rng.integers(20, 200, 3)]
        cv2.ellipse(out, at, axes, float(rng.uniform(0, 180)), 0, 360, shade, -1, cv2.LINE_AA)
    if rng.random() < 0.35:
        grain = cv2.resize(rng.random((5, 16)).astype(np.float32), (width, height))[..., None]
        share = np.clip(grain * rng.uniform(0.2, 0.9) * strength, 0, 0.7)
        mud = rng.integers(40, 160, 3).astype(np.float32)
        out = np.asarray(out * (1 - share) + mud * share, np.uint8)
    return np.asarray(cv2.addWeighted(crop, 0.25, out, 0.75, 0), np.uint8)


def _rainy(rng: np.random.Generator, crop: Picture) -> Picture:
    """Bright streaks and drops that bend what is behind them."""
    height, width = crop.shape[:2]
    out = crop.copy()
    slant = rng.normal(0, 2)
    for _ in range(int(rng.integers(3, 18))):
        x, y, long = rng.uniform(0, width), rng.uniform(-4, height), rng.uniform(4, 16)
        ends = [(round(x), round(y)), (round(x + slant), round(y + long))]
        cv2.line(out, *ends, [float(rng.uniform(120, 230))] * 3, 1, cv2.LINE_AA)
    share = float(rng.uniform(0.2, 0.6))
    out = np.asarray(cv2.addWeighted(crop, 1 - share, out, share, 0), np.uint8)
    for _ in range(int(rng.integers(0, 4))):
        size = int(rng.integers(4, 9))
        x, y = int(rng.integers(0, width - size)), int(rng.integers(0, height - size))
        out[y : y + size, x : x + size] = cv2.blur(out[y : y + size, x : x + size][::-1], (3, 3))
    return out


def _moved(rng: np.random.Generator, crop: Picture, strength: float) -> Picture:
    """Blurred along a line."""
    length = int(rng.integers(2, 3 + round(8 * strength)))
    kernel = np.zeros((length, length), np.float32)
    angle = rng.uniform(0, np.pi) if rng.random() < 0.5 else rng.normal(0, 0.2)
    half = length / 2
    end = (half * np.cos(angle), half * np.sin(angle))
    cv2.line(
        kernel,
        (round(half - end[0]), round(half - end[1])),
        (round(half + end[0]), round(half + end[1])),
        (1.0,),
    )
    return np.asarray(cv2.filter2D(crop, -1, kernel / max(1.0, kernel.sum())), np.uint8)


def _distant(rng: np.random.Generator, crop: Picture, strength: float, coarsest: float) -> Picture:
    """Seen with fewer pixels, with sensor noise and JPEG, then scaled up as a reader would."""
    height, width = crop.shape[:2]
    share = 1.0
    if rng.random() < 0.15 + 0.55 * strength:
        least = max(coarsest, 1 - 0.8 * strength)
        share = float(np.exp(rng.uniform(np.log(least), 0)))
    size = (max(8, round(width * share)), max(5, round(height * share * rng.uniform(0.8, 1.25))))
    small = crop
    if share < 1:
        small = np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8)
    if rng.random() < 0.6 * strength:
        noise = rng.normal(0, 12 * strength * rng.random(), small.shape)
        small = np.asarray(np.clip(small + noise, 0, 255), np.uint8)
    if rng.random() < 0.55 * strength:
        quality = int(rng.uniform(90 - 65 * strength, 95))
        coded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        small = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
    if small.shape[:2] != (height, width):
        how = cv2.INTER_LINEAR if rng.random() < 0.7 else cv2.INTER_CUBIC
        small = np.asarray(cv2.resize(small, (width, height), interpolation=how), np.uint8)
    return small
