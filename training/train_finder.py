"""Train the finder: ``python -m training.train_finder --data FOLDER --pictures 200000``."""

import argparse
import copy
import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, pi
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from morina.sense.recogniser.finding import fitted, plates_in
from training.finder import LONGER_SIDE, Finder, export
from training.finder_peer import PeerFinder
from training.finder_targets import STRIDE, Boxes, Targets, targets_of
from training.scenes import Scenes
from training.scenes_photographs import CROPS, VIEWS, held_out, photographs, pictures_in
from training.scenes_plates import made_up_pieces, real_pieces, rendered_pieces
from training.scenes_rendered import rendered_scenes

SIZES = ((320, 384), (256, 448), (384, 384), (288, 512), (352, 256))
"""Heights and widths of training pictures; one for each step."""

STEP_PIXELS = 12 * 320 * 384
THRESHOLD = 0.35
_LOOKED_AT, _MISTAKEN = (0.3, 0.6), 0.2
"""Parts of the training after which mistakes are looked for, and from which heat on."""

_WARM_UP = 0.04
_KEPT = 0.998
"""How much of the averaged weights each step leaves as it is."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Pictures n x 3 x H x W, 0 to 1, and targets, each n x ... x h x w."""

    pictures: Tensor
    heat: Tensor
    care: Tensor
    near: Tensor
    bent: Tensor
    box: Tensor
    corners: Tensor


@dataclass(frozen=True, slots=True)
class Course:
    """How to train: on how many pictures, from which seed, and the highest learning rate."""

    pictures: int
    seed: int
    rate: float


def scenes(data: Path, teacher: Path | None, cache: Path, seed: int) -> Scenes:
    """All that training pictures are made of, without any plate of the validation set."""
    pictures = pictures_in(data)
    kept = held_out(pictures)
    mine = sorted(key for key in pictures if key not in kept)
    peer = None if teacher is None else PeerFinder(teacher)
    seen = photographs(data, [key for key in mine if key[0] in VIEWS], peer, cache)
    rng = np.random.default_rng(seed)
    pieces = rendered_pieces(900, rng) + made_up_pieces(900, rng)
    pieces += real_pieces([data / key[0] / key[1] for key in mine if key[0] in CROPS])
    return Scenes(seen, rendered_scenes(480, seed, cache), pieces)


def batches(made_of: Scenes, rng: np.random.Generator) -> Iterator[Batch]:
    """Without end; all pictures of a batch are of one size."""
    while True:
        size = SIZES[rng.integers(0, len(SIZES))]
        drawn = [made_of.draw(size, rng) for _ in range(STEP_PIXELS // (size[0] * size[1]))]
        targets = [targets_of(plates, size) for _, plates in drawn]
        pictures = torch.from_numpy(np.stack([picture for picture, _ in drawn]))
        yield Batch(
            pictures.permute(0, 3, 1, 2).float().div(255).to(memory_format=torch.channels_last),
            *(_stacked(targets, name) for name in Targets.__slots__),
        )


def _stacked(targets: list[Targets], name: str) -> Tensor:
    return torch.from_numpy(np.stack([getattr(one, name) for one in targets]))


def losses(answers: tuple[Tensor, Tensor, Tensor], batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Of heat (penalty-reduced focal loss of CenterNet), box (GIoU) and corners."""
    logits, box, corners = answers
    near = batch.near.sum().clamp(min=1)
    heat = _heat_loss(logits[:, 0], batch)
    at = batch.near > 0
    weight = batch.near[at]
    said, true = (it.permute(0, 2, 3, 1)[at] for it in (box, batch.box))
    boxes = ((1 - _giou(said, true)) * weight).sum() / near
    spots, wanted = (it.permute(0, 2, 3, 1)[at] for it in (corners, batch.corners))
    high = (true[:, 1] + true[:, 3]).clamp(min=6)[:, None]
    away = functional.smooth_l1_loss(spots / high, wanted / high, beta=0.05, reduction="none")
    bent = (away.mean(1) * batch.bent[at]).sum() / batch.bent.sum().clamp(min=1)
    loose = (_hull_gap(spots, true) * (weight - batch.bent[at])).sum() / near
    return heat, boxes, bent + 0.3 * loose


def _heat_loss(logits: Tensor, batch: Batch) -> Tensor:
    sure = torch.sigmoid(logits).clamp(1e-5, 1 - 1e-5)
    centre = (batch.heat == 1).float() * batch.care
    right = -torch.log(sure) * (1 - sure) ** 2 * centre
    wrong = -torch.log(1 - sure) * sure**2 * (1 - batch.heat) ** 4 * (batch.care - centre)
    return (right.sum() + wrong.sum()) / centre.sum().clamp(min=1)


def _giou(said: Tensor, true: Tensor) -> Tensor:
    """Generalised IoU of boxes given as distances of their sides from one point."""
    inner = torch.minimum(said, true)
    outer = torch.maximum(said, true)
    both = (inner[:, 0] + inner[:, 2]).clamp(min=0) * (inner[:, 1] + inner[:, 3]).clamp(min=0)
    areas = [(it[:, 0] + it[:, 2]) * (it[:, 1] + it[:, 3]) for it in (said, true)]
    union = areas[0] + areas[1] - both + 1e-6
    around = (outer[:, 0] + outer[:, 2]) * (outer[:, 1] + outer[:, 3]) + 1e-6
    return both / union - (around - union) / around


def _hull_gap(spots: Tensor, true: Tensor) -> Tensor:
    """How far the upright box around said corners is from a true box, in heights of it."""
    points = spots.reshape(-1, 4, 2)
    low, high = points.amin(1), points.amax(1)
    sides = torch.cat([-low, high], 1)
    return ((sides - true).abs() / (true[:, 1] + true[:, 3]).clamp(min=6)[:, None]).mean(1)


def _rate(share: float) -> float:
    """Part of the learning rate after this share of the time: a short rise, then half a cosine."""
    if share < _WARM_UP:
        return max(0.05, share / _WARM_UP)
    return 0.01 + 0.99 * (1 + cos(pi * min(1.0, share))) / 2


def _follow(average: Finder, finder: Finder, step: int) -> None:
    """Move the averaged weights, and the averages of normalisation, towards the trained ones."""
    kept = min(_KEPT, (step + 1) / (step + 10))
    with torch.no_grad():
        for slow, fast in zip(
            average.state_dict().values(), finder.state_dict().values(), strict=True
        ):
            if slow.is_floating_point():
                slow.lerp_(fast, 1 - kept)
            else:
                slow.copy_(fast)


@torch.no_grad()
def found(finder: Finder, picture: NDArray[np.uint8]) -> Boxes:
    """What the network takes for plates in a whole picture, in its pixels."""
    asked = fitted(picture, LONGER_SIDE)
    heat, box, corners = finder(torch.from_numpy(asked))
    plates = plates_in(
        torch.sigmoid(heat)[0, 0].numpy(), box[0].numpy(), corners[0].numpy(), STRIDE, _MISTAKEN
    )
    across, down = picture.shape[1] / asked.shape[3], picture.shape[0] / asked.shape[2]
    boxes = [plate.scaled(across, down).box for plate in plates]
    return np.array(boxes, np.float32).reshape(-1, 4)


def train(finder: Finder, made_of: Scenes, course: Course, out: Path) -> Finder:
    """Train on as many pictures; the averaged network, kept beside ``out`` as it grows."""
    average = copy.deepcopy(finder).eval()
    optimiser = torch.optim.AdamW(finder.parameters(), lr=course.rate, weight_decay=0.02)
    started, pictures, sums, looked = time.monotonic(), 0, np.zeros(3), 0
    for step, batch in enumerate(batches(made_of, np.random.default_rng(course.seed))):
        share = pictures / course.pictures
        if share >= 1:
            break
        if looked < len(_LOOKED_AT) and share >= _LOOKED_AT[looked]:
            looked += 1
            print(made_of.mistake(lambda picture: found(average, picture)), "decoys", flush=True)
        for group in optimiser.param_groups:
            group["lr"] = course.rate * _rate(share)
        with torch.autocast("cpu", torch.bfloat16):
            seen = finder.see(batch.pictures)
        heat, box, corners = losses(finder.say(seen.float()), batch)
        optimiser.zero_grad(set_to_none=True)
        (heat + 1.5 * box + corners).backward()
        torch.nn.utils.clip_grad_norm_(finder.parameters(), 10.0)
        optimiser.step()
        _follow(average, finder, step)
        pictures += len(batch.pictures)
        sums += [heat.item(), box.item(), corners.item()]
        if step % 100 == 99:
            print(
                f"{share:5.1%} {(time.monotonic() - started) / 60:.1f} min, pictures {pictures}",
                (sums / 100).round(4),
                flush=True,
            )
            sums[:] = 0
            torch.save(average.state_dict(), out.with_suffix(".pt"))
    torch.save(average.state_dict(), out.with_suffix(".pt"))
    return average


def main() -> None:
    """Parse the command line, train, export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with labels.csv")
    parser.add_argument("--teacher", type=Path, help="the peer finder's ONNX file")
    parser.add_argument("--cache", type=Path, default=Path("finder-cache"))
    parser.add_argument("--pictures", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2.5e-3, help="highest learning rate")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    cv2.setNumThreads(1)
    made_of = scenes(chosen.data, chosen.teacher, chosen.cache, chosen.seed)
    torch.manual_seed(chosen.seed)
    finder = Finder().to(memory_format=torch.channels_last)
    trained = train(finder, made_of, Course(chosen.pictures, chosen.seed, chosen.rate), chosen.out)
    export(trained, chosen.out, THRESHOLD)


if __name__ == "__main__":
    main()
