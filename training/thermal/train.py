"""Train the thermal detector: ``python -m training.thermal.train --data HIT_UAV --out FILE``."""

import argparse
import copy
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import cos, pi
from pathlib import Path

import cv2
import numpy as np
import torch

from training.thermal.average_precision import figures_of
from training.thermal.drawing import Drawn, draw, stock_of
from training.thermal.frames import KINDS, Frame, Part, frames_in
from training.thermal.losses import Batch, losses
from training.thermal.network import Thermal
from training.thermal.seeing import seen_by
from training.thermal.start import begin
from training.thermal.targets import Targets, targets_of
from training.thermal.together import mean_of_all, together

SIZES = ((384, 448), (448, 384), (352, 480), (416, 416))
"""Heights and widths of training pictures; one for each step."""

PICTURES_A_STEP = 12
_WARM_UP = 0.03
_KEPT = 0.998
"""How much of the averaged weights each step leaves as it is."""


@dataclass(frozen=True, slots=True)
class Course:
    """How to train: on how many pictures, from which seed, the highest learning rate, and in how
    many processes."""

    pictures: int
    seed: int
    rate: float
    processes: int
    looks: int = 10
    """How often the averaged weights are measured on the selection sweeps and the best kept."""


def batches(frames: Sequence[Frame], seed: int) -> Iterator[Batch]:
    """Without end; all pictures of a batch are of one size. One is made ready ahead."""
    rng, stock = np.random.default_rng(seed), stock_of(frames)

    def batch() -> Batch:
        size = SIZES[rng.integers(0, len(SIZES))]
        return stacked([draw(stock, size, rng) for _ in range(PICTURES_A_STEP)])

    with ThreadPoolExecutor(1) as ahead:
        waiting = ahead.submit(batch)
        while True:
            ready, waiting = waiting.result(), ahead.submit(batch)
            yield ready


def stacked(drawn: Sequence[Drawn]) -> Batch:
    """Pictures and what is wanted of them, for the network."""
    targets = [targets_of(one.boxes, one.kinds, one.ignored, one.picture.shape) for one in drawn]
    pictures = torch.from_numpy(np.stack([one.picture for one in drawn]))[:, None]
    return Batch(
        pictures.float().div(255).contiguous(memory_format=torch.channels_last),
        *(
            torch.from_numpy(np.stack([getattr(one, name) for one in targets]))
            for name in Targets.__slots__
        ),
    )


def _rate(share: float) -> float:
    if share < _WARM_UP:
        return share / _WARM_UP
    return 0.01 + 0.99 * (1 + cos(pi * min(1.0, share))) / 2


def _follow(average: Thermal, network: Thermal, step: int) -> None:
    """Move the averaged weights, and the averages of normalisation, towards the trained ones."""
    kept = min(_KEPT, (step + 1) / (step + 10))
    with torch.no_grad():
        for slow, fast in zip(
            average.state_dict().values(), network.state_dict().values(), strict=True
        ):
            if slow.is_floating_point():
                slow.lerp_(fast, 1 - kept)
            else:
                slow.copy_(fast)


class _Best:
    """Keeps the averaged weights that do best on the selection sweeps."""

    def __init__(self, frames: Sequence[Frame], out: Path) -> None:
        self._frames, self._out, self._best = frames, out, -1.0

    def look(self, average: Thermal) -> str:
        found = figures_of(self._frames, [seen_by(average, it.picture) for it in self._frames])
        each = [found[kind]["ap50"] for kind in KINDS]
        mean = sum(each) / len(each)
        torch.save(average.state_dict(), self._out.with_suffix(".last.pt"))
        if mean > self._best:
            self._best = mean
            torch.save(average.state_dict(), self._out)
        return " ".join(f"{kind} {ap:.3f}" for kind, ap in zip(KINDS, each, strict=True))


def train(network: Thermal, made_of: Iterator[Batch], course: Course, best: _Best | None) -> None:
    """Train on as many pictures; ``best`` looks on in one of the processes."""
    average = copy.deepcopy(network).eval()
    optimiser = torch.optim.AdamW(network.parameters(), lr=course.rate, weight_decay=0.05)
    started, pictures, looked, sums = time.monotonic(), 0, 1, np.zeros(2)
    for step, batch in enumerate(made_of):
        share = pictures / course.pictures
        for group in optimiser.param_groups:
            group["lr"] = course.rate * _rate(share)
        heat, box = _learn(network, batch, optimiser)
        _follow(average, network, step)
        pictures += len(batch.pictures) * course.processes
        sums = 0.98 * sums + 0.02 * np.array([heat, box])
        if best and pictures / course.pictures >= looked / course.looks:
            looked += 1
            minutes, told = (time.monotonic() - started) / 60, sums / (1 - 0.98 ** (step + 1))
            print(f"{share:5.1%} {minutes:.1f} min", told.round(3), best.look(average), flush=True)
        if pictures >= course.pictures:
            break


def _learn(network: Thermal, batch: Batch, optimiser: torch.optim.Optimizer) -> tuple[float, float]:
    """One step; losses of heat and box."""
    with torch.autocast("cpu", torch.bfloat16):
        seen = network.see(batch.pictures)
    heat, box = losses(network.say(seen.float()), batch)
    optimiser.zero_grad(set_to_none=True)
    (heat + 2.5 * box).backward()
    mean_of_all(one.grad for one in network.parameters() if one.grad is not None)
    torch.nn.utils.clip_grad_norm_(network.parameters(), 10.0)
    optimiser.step()
    return heat.item(), box.item()


def work(given: argparse.Namespace, place: int) -> None:
    """What the process of that place does."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(given.seed)
    frames = frames_in(given.data, [Part.TRAINING])
    network = Thermal().to(memory_format=torch.channels_last)
    if given.finder:
        begin(network, given.finder, next(batches(frames, given.seed)).pictures)
    if given.start:
        network.load_state_dict(torch.load(given.start, weights_only=True))
    best = None if place else _Best(frames_in(given.data, [Part.SELECTION]), given.out)
    course = Course(given.pictures, given.seed, given.rate, given.processes)
    train(network, batches(frames, given.seed * 100 + place), course, best)


def main() -> None:
    """Parse the command line, train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of HIT-UAV")
    parser.add_argument("--finder", type=Path, help="begin with this plate finder's layers (ONNX)")
    parser.add_argument("--start", type=Path, help="begin with these weights of an earlier run")
    parser.add_argument("--pictures", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2.5e-3, help="highest learning rate")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, required=True, help="the weights to write")
    given = parser.parse_args()
    together(given.processes, partial(work, given))


if __name__ == "__main__":
    main()
