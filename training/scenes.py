"""Pictures for the finder to learn from, each with the plates in it.

A piece of a photograph or of a rendered scene is scaled so that plates of all sizes occur; further
plates are laid over its own or elsewhere, things that are no plates are written on it, and it is
spoilt as cameras spoil pictures.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from training.finder_targets import Boxes, Corners, Marked, hull, marked, upright
from training.scenes_light import Picture, weathered
from training.scenes_photographs import Photograph
from training.scenes_plates import Piece, lay, posed
from training.scenes_rendered import RenderedScene

_NARROWEST_PX = 12.0
"""Plates narrower than this in the input are not asked for."""

_WHOLE = 0.85
"""A plate of which less is in the picture is not asked for."""

_REPLACED = 0.3
_DECOYED = 0.35
"""How often a picture is cut around something once taken for a plate, where it has such."""

_SOURCES = {
    **{"openlpr_train": 5.0, "oi350": 2.5, "ro_robertlucian_train": 2.5},
    **{"ro_robertlucian_valid": 2.5, "openalpr_us": 1.5, "openalpr_br": 2.0},
}
_RENDERED_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class View:
    """A picture and its plates; ``cornered`` says whether their corners are true ones.

    ``decoys`` are things the finder took for plates though they are none.
    """

    picture: Picture
    corners: Corners
    cornered: bool
    ignored: Boxes
    source: str = ""
    decoys: Boxes = field(default_factory=lambda: np.zeros((0, 4), np.float32))


def view_of(seen: Photograph | RenderedScene) -> View:
    """Real boxes have no corners of their own."""
    if isinstance(seen, RenderedScene):
        return View(seen.picture, seen.corners[None], True, np.zeros((0, 4), np.float32))
    return View(seen.picture, upright(seen.boxes), False, seen.ignored, seen.source)


class Scenes:
    """Draws training pictures at random."""

    def __init__(
        self,
        photographs: Sequence[Photograph],
        rendered: Sequence[RenderedScene],
        pieces: Sequence[Piece],
    ) -> None:
        self._real = [view_of(photograph) for photograph in photographs]
        shares = np.array([_SOURCES[view.source] for view in self._real])
        self._shares = np.cumsum(shares) / shares.sum()
        self._rendered = [view_of(scene) for scene in rendered]
        self._pieces = pieces

    def mistake(self, find: Callable[[Picture], Boxes]) -> int:
        """Remember what ``find`` takes for plates in real pictures though it is none; how many."""
        self._real = [
            replace(view, decoys=_mistaken(find(view.picture), view)) for view in self._real
        ]
        return sum(len(view.decoys) for view in self._real)

    def draw(self, size: tuple[int, int], rng: np.random.Generator) -> tuple[Picture, Marked]:
        """A picture of ``size`` (height, width) and what the finder must say of it."""
        view = _cut(self._any(rng), size, rng)
        picture = view.picture
        plates: list[tuple[Corners, bool]] = []
        for corners in view.corners:
            if not view.cornered and rng.random() < _REPLACED:
                plates.append(self._over(picture, corners, rng))
            else:
                plates.append((corners, view.cornered))
        taken = [hull(corners[None])[0] for corners, _ in plates] + list(view.ignored)
        if rng.random() < 0.4:
            _write_things(picture, taken, rng)
        if rng.random() < 0.4:
            _smudge(picture, taken, rng)
        for _ in range(int(rng.choice([0, 0, 1, 1, 2, 3]))):
            if (plate := self._beside(picture, taken, rng)) is not None:
                plates.append(plate)
                taken.append(hull(plate[0][None])[0])
        return weathered(picture, rng), _asked(plates, list(view.ignored), size)

    def _any(self, rng: np.random.Generator) -> View:
        if rng.random() < _RENDERED_SHARE:
            return self._rendered[int(rng.integers(0, len(self._rendered)))]
        return self._real[int(np.searchsorted(self._shares, rng.random()))]

    def _piece(self, rng: np.random.Generator) -> Piece:
        return self._pieces[int(rng.integers(0, len(self._pieces)))]

    def _over(
        self, picture: Picture, old: Corners, rng: np.random.Generator
    ) -> tuple[Corners, bool]:
        """Hide a plate of the picture under another one, large enough to cover it."""
        wide, high = np.ptp(old, axis=0)
        choice = [self._piece(rng) for _ in range(4)]
        piece = min(
            choice, key=lambda it: abs(np.log(it.mask.shape[1] / it.mask.shape[0] / wide * high))
        )
        shape = posed(piece, 1.0, rng)
        middle = old.mean(axis=0)
        while not _covers(shape + middle, old):
            shape = shape * np.float32(1.12) + np.float32(0.5) * np.sign(shape)
        corners = (shape + middle).astype(np.float32)
        lay(picture, piece, corners, rng)
        return corners, piece.exact

    def _beside(
        self, picture: Picture, taken: Sequence[NDArray[np.float32]], rng: np.random.Generator
    ) -> tuple[Corners, bool] | None:
        """A further plate where nothing stands yet; None when there is no room."""
        height, width = picture.shape[:2]
        piece = self._piece(rng)
        wide = float(np.exp(rng.uniform(np.log(20), np.log(0.8 * width))))
        shape = posed(piece, wide, rng)
        for _ in range(8):
            at = rng.uniform(0.02, 0.98, 2) * (width, height)
            corners = (shape + at).astype(np.float32)
            if not any(_near(hull(corners[None])[0], box) for box in taken):
                lay(picture, piece, corners, rng)
                return corners, piece.exact
        return None


def _mistaken(found: Boxes, view: View) -> Boxes:
    """Those found that touch no plate and nothing that may be one."""
    known = [*hull(view.corners), *view.ignored]
    wrong = [box for box in found if not any(_near(box, other) for other in known)]
    return np.array(wrong, np.float32).reshape(-1, 4)


def _cut(view: View, size: tuple[int, int], rng: np.random.Generator) -> View:
    """A piece of a view at some scale, perhaps mirrored, around one of its plates or not."""
    height, width = view.picture.shape[:2]
    scale = 640 / max(height, width) * float(np.exp(rng.normal(0, 0.35)))
    middle = rng.uniform(0, 1, 2) * (width, height)
    if len(view.decoys) and rng.random() < _DECOYED:
        box = view.decoys[rng.integers(0, len(view.decoys))]
        middle = (box[:2] + box[2:]) / 2 + rng.uniform(-60, 60, 2)
    elif len(view.corners) and rng.random() < 0.9:
        corners = view.corners[rng.integers(0, len(view.corners))]
        if rng.random() < 0.5:
            wanted = float(np.exp(rng.uniform(np.log(12), np.log(300))))
            scale = float(np.clip(wanted / np.ptp(corners[:, 0]), 0.2, 2.2))
        room = np.array([size[1], size[0]]) / scale - np.ptp(corners, axis=0)
        middle = corners.mean(axis=0) + rng.uniform(-0.5, 0.5, 2) * np.maximum(room, 20)
    if rng.random() < 0.85:
        scale = max(scale, size[0] / height, size[1] / width)
    scales = scale * np.exp(rng.normal(0, 0.06, 2))
    room = np.array([width, height]) - np.array([size[1], size[0]]) / scales
    origin = middle - np.array([size[1], size[0]]) / 2 / scales
    origin = np.clip(origin, np.minimum(room, 0), np.maximum(room, 0))
    picture, origin, scales = _part(view.picture, origin, scales, size)
    corners = ((view.corners - origin) * scales).astype(np.float32)
    ignored = ((view.ignored - np.tile(origin, 2)) * np.tile(scales, 2)).astype(np.float32)
    if rng.random() < 0.5:
        picture = picture[:, ::-1].copy()
        corners = (corners * (-1, 1) + (size[1], 0))[:, [1, 0, 3, 2]].astype(np.float32)
        ignored = (ignored * (-1, 1, -1, 1) + (size[1], 0, size[1], 0))[:, [2, 1, 0, 3]]
    return View(picture, corners, view.cornered, ignored)


def _part(
    picture: Picture,
    origin: NDArray[np.float64],
    scales: NDArray[np.float64],
    size: tuple[int, int],
) -> tuple[Picture, NDArray[np.float64], NDArray[np.float64]]:
    """The pixels from ``origin`` on, resized; with the origin and scales that came of rounding."""
    x, y = np.floor(origin).astype(int)
    wide, high = (
        max(2, round(side / scale)) for side, scale in zip(size[::-1], scales, strict=True)
    )
    height, width = picture.shape[:2]
    inside = picture[max(y, 0) : max(y + high, 0), max(x, 0) : max(x + wide, 0)]
    pads = (max(-y, 0), max(y + high - height, 0), max(-x, 0), max(x + wide - width, 0))
    if inside.size == 0:
        cut = np.zeros((high, wide, 3), np.uint8)
    elif any(pads):
        cut = cv2.copyMakeBorder(inside, *pads, cv2.BORDER_CONSTANT, value=(114, 114, 114))
    else:
        cut = inside
    ways = cv2.INTER_AREA if scales[0] < 1 else cv2.INTER_LINEAR
    resized = np.asarray(cv2.resize(cut, size[::-1], interpolation=ways), np.uint8)
    true = np.array([size[1] / wide, size[0] / high])
    return resized, np.array([x, y], np.float64), true


def _asked(
    plates: Sequence[tuple[Corners, bool]],
    ignored: list[NDArray[np.float32]],
    size: tuple[int, int],
) -> Marked:
    """Whole plates large enough are asked for, others ignored."""
    asked = []
    for corners, exact in plates:
        x0, y0, x1, y1 = hull(corners[None])[0]
        wide = min(x1, size[1]) - max(x0, 0)
        high = min(y1, size[0]) - max(y0, 0)
        if wide <= 0 or high <= 0:
            continue
        whole = wide * high / ((x1 - x0) * (y1 - y0))
        if whole < _WHOLE or wide < _NARROWEST_PX:
            ignored.append(np.array([x0, y0, x1, y1], np.float32))
        else:
            asked.append((corners, exact))
    return marked(asked, ignored)


def _covers(corners: Corners, old: Corners) -> bool:
    outline = corners.astype(np.float32).reshape(-1, 1, 2)
    return all(cv2.pointPolygonTest(outline, (float(x), float(y)), False) >= 0 for x, y in old)


def _near(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    """Whether boxes touch or nearly do."""
    return bool(
        min(one[2], other[2]) > max(one[0], other[0]) - 6
        and min(one[3], other[3]) > max(one[1], other[1]) - 6
    )


_WORDS = ("TAXI", "SERVIS", "GARAGE", "AUTO", "TDI", "SPORT", "HYBRID", "SCHOOL", "EXIT", "STOP")


def _write_things(
    picture: Picture, taken: list[NDArray[np.float32]], rng: np.random.Generator
) -> None:
    """Words, telephone numbers and signs that are no plates."""
    height, width = picture.shape[:2]
    for _ in range(int(rng.integers(1, 4))):
        word = _WORDS[rng.integers(0, len(_WORDS))]
        if rng.random() < 0.4:
            word = " ".join(str(rng.integers(100, 9999)) for _ in range(rng.integers(3, 5)))
        scale = float(np.exp(rng.uniform(np.log(0.3), np.log(1.6))))
        thick = max(1, round(scale * rng.uniform(1, 3)))
        face = int(rng.integers(0, 5))
        (wide, high), _ = cv2.getTextSize(word, face, scale, thick)
        x, y = int(rng.uniform(-20, width - 20)), int(rng.uniform(0, height))
        box = np.array([x - 8, y - high - 8, x + wide + 8, y + 8], np.float32)
        if any(_near(box, other) for other in taken):
            continue
        if rng.random() < 0.4:
            lightest = (255, 255, 255) if word.isalpha() else (230, 160, 200)
            ground = [float(c) for c in rng.uniform((0, 0, 0), lightest)]
            cv2.rectangle(picture, (x - 8, y - high - 8), (x + wide + 8, y + 8), ground, -1)
        ink = [float(c) for c in rng.uniform(0, 255, 3)]
        cv2.putText(picture, word, (x, y), face, scale, ink, thick, cv2.LINE_AA)
        taken.append(box)


def _smudge(
    picture: Picture, taken: Sequence[NDArray[np.float32]], rng: np.random.Generator
) -> None:
    """Specks as large as a plate too far away to be asked for: handles, lamps, leaves, lines."""
    height, width = picture.shape[:2]
    for _ in range(int(rng.integers(2, 9))):
        half = rng.uniform((2, 1), (9, 5))
        at = rng.uniform(0, 1, 2) * (width, height)
        if any(_near(np.concatenate([at - half, at + half]), box) for box in taken):
            continue
        tone = picture[int(at[1]), int(at[0])] + rng.normal(0, 70) + rng.normal(0, 12, 3)
        colour = [float(c) for c in np.clip(tone, 0, 255)]
        centre, axes = (np.rint(it * 16).astype(int).tolist() for it in (at, half))
        if rng.random() < 0.5:
            turn = float(rng.normal(0, 12))
            cv2.ellipse(picture, centre, axes, turn, 0, 360, colour, -1, cv2.LINE_AA, 4)
        else:
            low, high = (np.rint(it * 16).astype(int).tolist() for it in (at - half, at + half))
            cv2.rectangle(picture, low, high, colour, -1, cv2.LINE_AA, 4)
