"""Tracking and the moving cue on KIT AIS Munich: 20 aerial pictures, every vehicle labelled.

The labels are the detections; the pictures are held still by their homographies to the first. The
labels carry no names: which is which is taken from their order in the files, which the source kept
from picture to picture, and from how far they moved, by another method than the tracker's. Pictures
are taken to be 0.5 s and pixels 0.115 m apart (cars are 40 pixels long): neither is told.

python benchmarks/aerial_tracking.py --data ../shared/data/aerial
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean
from uuid import UUID, uuid4

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from morina.sense.aerial import Box, Detection, ObjectKind, Place, Track
from morina.sense.aerial.looking.moving import MovingCue
from morina.sense.aerial.looking.moving_still import shift
from morina.sense.aerial.tracking.tracker import Plane, Seen, Tracker, Tracking

Image = NDArray[np.uint8]
Floats = NDArray[np.float64]

APART_S, METRES = 0.5, 0.115
PLANE = Plane.around(0, 0)
"""No real place."""
FURTHEST_PX, NEW_PX = 60.0, 40.0
"""Nothing moves further from picture to picture; a step longer than two NEW_PX is two vehicles."""
MOVES_PX = 4.0
"""Half a metre: what stands still and what moves."""
SEEDS = 20


@dataclass(frozen=True, slots=True)
class Labelled:
    """A picture, its boxes in its own pixels, their names, and its matrix to the first picture."""

    image: Image
    boxes: Sequence[Box]
    names: Sequence[int]
    still: Floats

    def held(self, box: Box) -> Floats:
        """The middle of a box in pixels of the first picture."""
        middle = np.array([[[(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]]])
        moved: Floats = cv2.perspectiveTransform(middle, self.still)[0, 0]
        return moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of one way to see: objects, those missed, those that are none, changes of name, MOTA, and
    the share of vehicles in four pictures or more whose every sighting has one name."""

    what: str
    objects: float
    missed: float
    none: float
    changed: float
    mota: float
    whole: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is done to the labels: share left out, false boxes a picture, noise in pixels."""

    what: str
    lost: float = 0.0
    false: float = 0.0
    noise_px: float = 0.0


TROUBLES = (
    Trouble("labels as they are"),
    Trouble("one in ten left out, 3 px of noise", lost=0.1, noise_px=3),
    Trouble("two in ten left out, 4 false a picture, 3 px", lost=0.2, false=4, noise_px=3),
)


def pictures(folder: Path) -> Sequence[Labelled]:
    """In order, with names."""
    made: list[Labelled] = []
    for file in sorted(folder.glob("*.jpg")):
        image = np.asarray(cv2.imread(str(file)), np.uint8)
        boxes = _boxes(file.with_suffix(".txt"), image.shape)
        still = np.eye(3)
        if made:
            step = shift(_grey(image), _grey(made[-1].image))
            assert step is not None, file
            still = made[-1].still @ step.matrix
        made.append(Labelled(image, boxes, [], still))
    return _named(made)


def _grey(image: Image) -> Image:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)


def _boxes(labels: Path, shape: Sequence[int]) -> Sequence[Box]:
    rows = [[float(word) for word in line.split()] for line in labels.read_text().splitlines()]
    high, wide = shape[0], shape[1]
    return [
        ((x - w / 2) * wide, (y - h / 2) * high, (x + w / 2) * wide, (y + h / 2) * high)
        for _, x, y, w, h in rows
    ]


def _named(found: Sequence[Labelled]) -> Sequence[Labelled]:
    names, new = list(range(len(found[0].boxes))), len(found[0].boxes)
    done = [Labelled(found[0].image, found[0].boxes, names, found[0].still)]
    for one in found[1:]:
        same = dict(_in_order(done[-1], one))
        names = []
        for number in range(len(one.boxes)):
            names.append(done[-1].names[same[number]] if number in same else new)
            new += number not in same
        done.append(Labelled(one.image, one.boxes, names, one.still))
    return done


def _in_order(before: Labelled, now: Labelled) -> Iterator[tuple[int, int]]:
    """Pairs (number now, number before) that keep the order, of the least way altogether."""
    a = [before.held(box) for box in before.boxes]
    b = [now.held(box) for box in now.boxes]
    far = np.array([[float(np.linalg.norm(x - y)) for y in b] for x in a])
    far[far > FURTHEST_PX] = np.inf
    best = np.zeros((len(a) + 1, len(b) + 1))
    best[:, 0], best[0, :] = NEW_PX * np.arange(len(a) + 1), NEW_PX * np.arange(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            alone = min(best[i - 1, j], best[i, j - 1]) + NEW_PX
            best[i, j] = min(alone, best[i - 1, j - 1] + far[i - 1, j - 1])
    i, j = len(a), len(b)
    while i and j:
        if best[i, j] == best[i - 1, j - 1] + far[i - 1, j - 1]:
            i, j = i - 1, j - 1
            yield j, i
        elif best[i, j] == best[i - 1, j] + NEW_PX:
            i -= 1
        else:
            j -= 1


def tracked(found: Sequence[Labelled], trouble: Trouble, seed: int) -> Figures:
    """Figures of one run."""
    random, tracker = np.random.default_rng(seed), Tracker(uuid4(), Tracking(agreeing=3, within=4))
    owner: dict[tuple[float, Box], int] = {}
    tracks: list[Track] = []
    for number, one in enumerate(found):
        at_s, seen = number * APART_S, []
        for box, name in zip(one.boxes, one.names, strict=True):
            shaken = tuple(np.array(box) + np.tile(random.normal(0, trouble.noise_px, 2), 2))
            if random.random() >= trouble.lost:
                owner[at_s, shaken] = name
                seen.append(_seen(one, _vehicle(shaken), trouble.noise_px))
        height, width = one.image.shape[:2]
        for x, y in random.uniform((0, 0), (width, height), (random.poisson(trouble.false), 2)):
            seen.append(_seen(one, _vehicle((x, y, x + 40, y + 18)), trouble.noise_px))
        tracks += tracker.look(at_s, seen)
    tracks += tracker.end()
    return _figures(found, owner, tracks, trouble.what)


def _vehicle(box: Box) -> Detection:
    return Detection(ObjectKind.VEHICLE, box, 0.9)


def _seen(one: Labelled, found: Detection, noise_px: float) -> Seen:
    east, south = one.held(found.box) * METRES
    latitude, longitude = PLANE.place(float(east), -float(south))
    own = ((1.5 + noise_px) * METRES) ** 2
    place = Place(
        latitude=latitude, longitude=longitude, height_m=0, covariance=(0, 0, 0), height_sd_m=1,
        range_m=1000,
    )  # fmt: skip
    return Seen(found, place, (own, 0.0, own))


def _figures(
    found: Sequence[Labelled], owner: Mapping[tuple[float, Box], int], tracks: Sequence[Track],
    what: str,
) -> Figures:  # fmt: skip
    bearers: dict[int, list[tuple[float, UUID]]] = {}
    none = 0
    for track in tracks:
        for point in track.points:
            if point.box is not None and (point.at_s, point.box) in owner:
                bearers.setdefault(owner[point.at_s, point.box], []).append(
                    (point.at_s, track.track_id)
                )
            elif point.box is not None:
                none += 1
    changed = sum(
        one[1] != other[1]
        for seen in map(sorted, bearers.values())
        for one, other in pairwise(seen)
    )
    objects = sum(len(one.names) for one in found)
    missed = objects - sum(map(len, bearers.values()))
    often = [name for name, many in Counter(owner.values()).items() if many >= 4]
    whole = mean(len({bearer for _, bearer in bearers.get(name, [])}) == 1 for name in often)
    mota = 1 - (missed + none + changed) / objects
    return Figures(what=what, objects=objects, missed=missed, none=none, changed=changed,
                   mota=mota, whole=whole)  # fmt: skip


def averaged(found: Sequence[Labelled], trouble: Trouble, seeds: int) -> Figures:
    """Of several runs; one where nothing is left to chance."""
    chance = trouble.lost or trouble.false or trouble.noise_px
    runs = [asdict(tracked(found, trouble, seed)) for seed in range(seeds if chance else 1)]
    return Figures(what=trouble.what, **{
        name: mean(run[name] for run in runs) for name in runs[0] if name != "what"
    })  # fmt: skip


def cued(found: Sequence[Labelled]) -> Mapping[str, float]:
    """The moving cue: of the vehicles that moved, how many it showed; of what it showed, how much
    was a vehicle that moved, or any vehicle. Then the same of tracks made of it alone. Trams,
    cyclists and people have no labels, and count as wrong."""
    cue, tracker = MovingCue(), Tracker(uuid4(), Tracking(agreeing=3, within=4))
    moved, cues, tracks = 0, _Right(), list[Track]()
    for number, one in enumerate(found):
        hints = cue.see(one.image, METRES)
        tracks += tracker.look(number * APART_S, [_seen(one, hint, 3) for hint in hints])
        if number > 1:
            moving = _moving(found, number)
            moved += len(moving)
            cues.count([hint.box for hint in hints], moving, one.boxes)
    followed, tracks = _Right(), [*tracks, *tracker.end()]
    for point in (point for track in tracks for point in track.points):
        number = round(point.at_s / APART_S)
        boxes = [point.box] if point.box else []
        followed.count(boxes, _moving(found, number), found[number].boxes)
    return {
        "moving": moved, "cues": cues.told, **cues.shares("cue", moved),
        "tracks": len(tracks), "points": followed.told, **followed.shares("track", moved),
    }  # fmt: skip


@dataclass(slots=True)
class _Right:
    """What a cue told, and what of it was right."""

    told: int = 0
    right: int = 0
    vehicles: int = 0
    shown: int = 0

    def count(self, hints: Sequence[Box], moving: Sequence[Box], boxes: Sequence[Box]) -> None:
        self.told += len(hints)
        self.right += sum(any(_within(hint, box) for box in moving) for hint in hints)
        self.vehicles += sum(any(_within(hint, box) for box in boxes) for hint in hints)
        self.shown += sum(any(_within(hint, box) for hint in hints) for box in moving)

    def shares(self, what: str, moved: int) -> Mapping[str, float]:
        return {
            f"{what}: shown": self.shown / moved, f"{what}: moving vehicle": self.right / self.told,
            f"{what}: any vehicle": self.vehicles / self.told,
        }  # fmt: skip


def _moving(found: Sequence[Labelled], number: int) -> Sequence[Box]:
    one = found[number]
    pairs = zip(one.boxes, one.names, strict=True)
    return [box for box, name in pairs if number and _moves(found, number, box, name)]


def _moves(found: Sequence[Labelled], number: int, box: Box, name: int) -> bool:
    one, before = found[number], found[number - 1]
    if name not in before.names:
        return False
    was = before.held(before.boxes[before.names.index(name)])
    return float(np.linalg.norm(one.held(box) - was)) > MOVES_PX


def _within(hint: Box, box: Box) -> bool:
    """The middle of either lies in the other, a few pixels round it allowed."""

    def inside(x: float, y: float, around: Box) -> bool:
        return around[0] - 4 <= x <= around[2] + 4 and around[1] - 4 <= y <= around[3] + 4

    mine = ((hint[0] + hint[2]) / 2, (hint[1] + hint[3]) / 2)
    yours = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    return inside(*mine, box) or inside(*yours, hint)


def main() -> None:
    """Measure, print tables or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with kit_ais_munich")
    parser.add_argument("--json", action="store_true", help="one JSON object; missed: targets")
    parser.add_argument("--quick", action="store_true", help="3 runs of each trouble")
    given = parser.parse_args()
    found = pictures(given.data / "kit_ais_munich")
    figures = [averaged(found, one, 3 if given.quick else SEEDS) for one in TROUBLES]
    cue = cued(found)
    missed = [f"{one.what}: MOTA {one.mota:.2f}" for one in figures[:1] if one.mota < 0.95]
    if given.json:
        print(
            json.dumps({"tracks": [asdict(one) for one in figures], "cue": cue, "missed": missed})
        )
        return
    table = Table("", "objects", "missed", "false", "names changed", "MOTA", "one name throughout")
    for one in figures:
        whole = [f"{value:,.0f}" for value in (one.objects, one.missed)]
        parts = [f"{value:.3g}" for value in (one.none, one.changed, one.mota, one.whole)]
        table.add_row(one.what, *whole, *parts)
    Console().print(table)
    print("moving cue: " + ", ".join(f"{name} {value:.3g}" for name, value in cue.items()))
    print("missed: " + ("; ".join(missed) or "nothing"))


if __name__ == "__main__":
    main()
