"""How well the exported finder finds plates.

    python -m training.evaluate_finder --data FOLDER --model finder.onnx [--peer FILE] [--json FILE]

On the validation photographs: how many labelled plates are found (IoU of at least 0.5), how many
things found are no labelled plate, by threshold, source and width; on rendered scenes: how far the
corners are from the true ones. Given the peer's weights, the same of the peer. ``training.cards``
makes the model card of what ``--json`` writes.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypedDict

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.sense.recogniser.finding import Found, overlap
from training.evaluate_found import (
    LOWEST,
    MET,
    Find,
    FinderSession,
    Group,
    Looked,
    Share,
    by_width,
    extra,
    group,
    look,
    nearest,
    shrunk,
)
from training.finder_peer import PeerFinder
from training.finder_targets import hull
from training.scenes_light import Picture
from training.scenes_photographs import (
    VIEWS,
    Photograph,
    Pictures,
    held_out,
    photographs,
    pictures_in,
)
from training.scenes_rendered import rendered_scenes

THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6)
SHRUNK = (70, 55, 45)
PEER_THRESHOLD = 0.4
_RENDERED_SEED = 4099
_NO_CORNERS = ((0.0, 0.0),) * 4
_READABLE_PX = 28.0
"""Of rendered plates only those at least this wide, 45 in the camera's picture, are measured."""


class Seen(TypedDict):
    """All that one finder was measured to do on photographs."""

    threshold: float
    sources: dict[str, Group]
    thresholds: dict[str, Group]
    widths: dict[str, Share]
    shrunk: dict[str, Group]


class Corners(TypedDict):
    """Of rendered scenes: corner errors in heights of the plate, the middle and nine in ten."""

    scenes: int
    found: int
    middle: float
    ninth: float


class Missed(TypedDict):
    """A labelled plate not found; ``nearest`` is the highest IoU of anything found."""

    photograph: str
    text: str
    sign: str
    width: int
    nearest: float


class Taken(TypedDict):
    """Something found that is no labelled plate."""

    photograph: str
    box: list[int]
    sure: float


class Figures(TypedDict):
    """Everything measured. ``missed`` and ``taken`` (the surest first) are the finder's."""

    finder: Seen
    peer: Seen | None
    corners: Corners
    missed: list[Missed]
    taken: list[Taken]


def corner_errors(find: Find, count: int, cache: Path) -> tuple[int, NDArray[np.float64]]:
    """Scenes, and for each plate found: its mean corner error as a share of the plate's height."""
    every = rendered_scenes(count, _RENDERED_SEED, cache)
    scenes = [scene for scene in every if np.ptp(scene.corners[:, 0]) >= _READABLE_PX]
    errors = []
    for scene in scenes:
        box = hull(scene.corners[None])[0]
        near = [it for it in find(scene.picture) if overlap(it.box, box) >= 0.5]
        if near:
            away = np.array(near[0].corners) - scene.corners
            sides = scene.corners[[3, 2]] - scene.corners[[0, 1]]
            high = np.hypot(sides[:, 0], sides[:, 1]).mean()
            errors.append(np.hypot(away[:, 0], away[:, 1]).mean() / high)
    return len(scenes), np.array(errors)


def corners(find: Find, count: int, cache: Path) -> Corners:
    """The same in short; errors are -1 where nothing was found."""
    scenes, errors = corner_errors(find, count, cache)
    middle, ninth = np.percentile(errors, (50, 90)).tolist() if len(errors) else (-1.0, -1.0)
    return Corners(scenes=scenes, found=len(errors), middle=round(middle, 4), ninth=round(ninth, 4))


def measured(looked: Sequence[Looked], find: Find, threshold: float) -> Seen:
    """Everything about photographs; those of openlpr also at other thresholds and sizes."""
    web = [one for one in looked if one.photograph.source.startswith("openlpr")]
    small = [one.photograph for one in web if len(one.photograph.boxes)]
    return Seen(
        threshold=threshold,
        sources={
            source: group([o for o in looked if o.photograph.source == source], threshold)
            for source in sorted({one.photograph.source for one in looked})
        },
        thresholds={f"{level:.2f}": group(web, level) for level in THRESHOLDS} if web else {},
        widths=by_width(looked, threshold),
        shrunk={
            f"{width} px": group(look([shrunk(it, width) for it in small], find), threshold)
            for width in (SHRUNK if small else ())
        },
    )


def missed(looked: Sequence[Looked], pictures: Pictures, threshold: float) -> list[Missed]:
    """Every labelled plate that is not found, the widest first."""
    lost = [
        Missed(
            photograph=f"{one.photograph.source}/{one.photograph.file}",
            text=label.text,
            sign=label.sign,
            width=round(float(box[2] - box[0])),
            nearest=round(near, 2),
        )
        for one in looked
        for label, box, near in zip(
            pictures[one.photograph.source, one.photograph.file],
            one.photograph.boxes,
            nearest(one, threshold),
            strict=True,
        )
        if near < MET
    ]
    return sorted(lost, key=lambda it: -it["width"])


def taken(looked: Sequence[Looked], threshold: float) -> list[Taken]:
    """Everything found that is no labelled plate, the surest first."""
    found = [
        Taken(
            photograph=f"{one.photograph.source}/{one.photograph.file}",
            box=[round(float(side)) for side in it.box],
            sure=round(float(it.sureness), 2),
        )
        for one in looked
        for it in extra(one, threshold)
    ]
    return sorted(found, key=lambda it: -it["sure"])


def everything(given: argparse.Namespace) -> Figures:
    """All that the command line asks for."""
    cv2.setNumThreads(1)
    pictures = pictures_in(given.data)
    wanted = sorted(key for key in held_out(pictures) if key[0] in VIEWS)
    peer = None if given.peer is None else PeerFinder(given.peer)
    seen = photographs(given.data, wanted, None, given.cache)
    if peer is not None:
        seen = [replace(one, ignored=peer.find(one.picture, LOWEST)[0]) for one in seen]
    finder = FinderSession(given.model)
    looked = look(seen, finder.find)
    said = finder.threshold
    return Figures(
        finder=measured(looked, finder.find, said),
        peer=None if peer is None else _of_peer(peer, seen),
        corners=corners(finder.find, given.rendered, given.cache),
        missed=missed(looked, pictures, said),
        taken=taken(looked, said),
    )


def _of_peer(peer: PeerFinder, seen: Sequence[Photograph]) -> Seen:
    def find(picture: Picture) -> list[Found]:
        boxes, scores = peer.find(picture, LOWEST)
        return [
            Found(float(score), (float(x0), float(y0), float(x1), float(y1)), _NO_CORNERS)
            for (x0, y0, x1, y1), score in zip(boxes, scores, strict=True)
        ]

    return measured(look(seen, find), find, PEER_THRESHOLD)


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True, help="folder with labels.csv")
    parser.add_argument("--model", type=Path, required=True, help="the finder's ONNX file")
    parser.add_argument("--peer", type=Path, help="the peer finder's ONNX file")
    parser.add_argument("--cache", type=Path, default=Path("finder-cache"))
    parser.add_argument("--rendered", type=int, default=160, help="scenes to render")
    parser.add_argument("--json", type=Path, help="write everything measured to this file")
    given = parser.parse_args()
    found = everything(given)
    if given.json:
        given.json.write_text(
            json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    print(table(found))


_HEAD = (
    "| photographs | plates | found % | 95 % between | no plate, a photograph | nor by peer | ms |",
    "|---|---|---|---|---|---|---|",
)
_SHARE_HEAD = ("| plates | count | found % | 95 % between |", "|---|---|---|---|")


def _told(name: str, one: Share) -> str:
    low, high = one["low"] * 100, one["high"] * 100
    return f"| {name} | {one['plates']} | {one['share'] * 100:.1f} | {low:.1f} to {high:.1f} |"


def rows(groups: Mapping[str, Group]) -> list[str]:
    """Photographs as a Markdown table."""
    lines = list(_HEAD)
    for name, one in groups.items():
        each = [one[of] / one["photographs"] for of in ("false", "baseless")]
        lines.append(f"{_told(name, one)} {each[0]:.3f} | {each[1]:.3f} | {one['ms']} |")
    return lines


def share_rows(shares: Mapping[str, Share]) -> list[str]:
    """Plates as a Markdown table."""
    return [*_SHARE_HEAD, *(_told(name, one) for name, one in shares.items())]


def seen_rows(name: str, one: Seen) -> list[str]:
    """All that one finder, of this ``name``, does."""
    every = {f"{name} {kind}": group for kind, group in one["sources"].items()}
    every |= {f"{name} openlpr, threshold {at}": of for at, of in one["thresholds"].items()}
    every |= {f"{name} openlpr, shrunk to {to}": group for to, group in one["shrunk"].items()}
    widths = {f"{name}, {span}": share for span, share in one["widths"].items()}
    return [*rows(every), "", *share_rows(widths), ""]


def table(found: Figures) -> str:
    """The figures as Markdown."""
    bent = found["corners"]
    lines = seen_rows("finder", found["finder"])
    lines += seen_rows("peer", found["peer"]) if found["peer"] else []
    lines.append(
        f"rendered: found {bent['found']} of {bent['scenes']}, corners off by {bent['middle']:.3f} "
        f"of the height, nine in ten under {bent['ninth']:.3f}"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
