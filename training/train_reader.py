"""Trains the reader on a given number of samples.

    python -m training.train_reader --data FOLDER --samples 900000 --out RUN

Easy samples first: CTC finds no beginning on hard ones. Of plates made up it is known where each
character stands; told that, the network begins to read within a minute.
"""

import argparse
import copy
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi
from pathlib import Path
from time import monotonic

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 the name everyone knows

from training.decoding import classes_of, readings
from training.joined import Cuttable, Joiner, cuttable, places_of
from training.labels import Crop, backgrounds, crops_of, labels_in, split
from training.outputs import ALPHABET, BLANK, COLUMNS, COUNTRIES, ROWS
from training.reader import Reader
from training.samples import Pool, Sample, empty, photographed, rendered, shown

BATCH = 64
PEAK = 2.5e-3
JOINED = 0.4
"""How many of the photographed plates are put together from two, once it is known how."""

ALIGNED_AT = (0.15, 0.45)
"""Parts of the training after which it is found out where the characters of plates stand."""

_UNKNOWN = -100


@dataclass(slots=True)
class Material:
    """What is learnt from, and how often each photographed plate is taken."""

    crops: list[Crop]
    shares: NDArray[np.float64]
    backgrounds: list[NDArray[np.uint8]]
    pool: Pool
    joiner: Joiner


def material(data: Path, fonts: Path | None, seed: int) -> tuple[Material, list[Crop]]:
    """What to learn from, and the plates to measure on."""
    labels = labels_in(data)
    learnt, measured = split(labels)
    crops = crops_of(learnt, data)
    counts = Counter(crop.label.text for crop in crops)
    shares = np.array([_share(crop, counts[crop.label.text]) for crop in crops])
    pieces = backgrounds(
        [label for label in labels if "oi350" not in label.source], data, 400, seed
    )
    pool = Pool(np.random.default_rng(seed + 1), 8000, fonts)
    learnt_from = Material(crops, shares / shares.sum(), pieces, pool, Joiner([]))
    return learnt_from, crops_of(measured, data)


def _share(crop: Crop, count: int) -> float:
    """A plate seen often counts less each time, one from outside Europe half."""
    share = float(count**-0.5)
    if crop.label.source in ("openalpr_us", "openalpr_br"):
        share *= 0.5
    return share * (1.3 if crop.label.sign == "GB" else 1.0)


def drawn(rng: np.random.Generator, from_: Material, done: float) -> list[Sample]:
    """A batch; ``done`` is the part of the training that is over, 0 to 1."""
    hardest = float(np.interp(done, [0, 0.05, 0.4], [0.1, 0.3, 1.0]))
    real = float(np.interp(done, [0, 0.1, 0.3, 0.85, 1], [0.15, 0.35, 0.5, 0.5, 0.6]))
    strengths = hardest * rng.random(BATCH) ** 0.8
    photographs = int(rng.binomial(BATCH - 2, real))
    made_up = from_.pool.take(BATCH - 2 - photographs)
    chosen = rng.choice(len(from_.crops), photographs, p=from_.shares)
    crops = [from_.crops[i] for i in chosen]
    crops = [from_.joiner.join(rng, it) if rng.random() < JOINED else it for it in crops]
    batch = [photographed(rng, it, s) for it, s in zip(crops, strengths, strict=False)]
    batch += [rendered(rng, p, s) for p, s in zip(made_up, strengths[photographs:], strict=False)]
    for at in rng.integers(0, len(from_.backgrounds), 2):
        batch.append(empty(rng, from_.backgrounds[at], 0.5))
    return batch


def images(batch: Sequence[NDArray[np.uint8]]) -> Tensor:
    """N x 3 x 40 x 160, 0 to 1."""
    stacked = torch.from_numpy(np.stack(batch)).permute(0, 3, 1, 2)
    return stacked.contiguous().float().div_(255)


def loss_of(output: tuple[Tensor, Tensor], batch: list[Sample], dense: float) -> Tensor:
    """CTC, the country, and with weight ``dense`` where the characters of plates made up stand."""
    places, country = output[0].float(), output[1].float()
    targets = [classes_of(sample.text, ALPHABET, BLANK) for sample in batch]
    lengths = torch.tensor([len(target) for target in targets])
    flat = torch.tensor([one for target in targets for one in target], dtype=torch.long)
    whole = torch.full((len(batch),), ROWS * COLUMNS, dtype=torch.long)
    ctc = F.ctc_loss(
        places.transpose(0, 1), flat, whole, lengths, BLANK, reduction="none", zero_infinity=True
    )
    known = torch.tensor([_country_class(sample) for sample in batch])
    named = F.cross_entropy(country, known, ignore_index=_UNKNOWN, label_smoothing=0.02)
    total = ctc.mean() / 7 + 0.25 * named
    return total + dense * _misplaced(places, batch, targets) if dense > 0 else total


def _country_class(sample: Sample) -> int:
    if sample.country is None:
        return _UNKNOWN
    return COUNTRIES.index(sample.country) if sample.country in COUNTRIES else 0


def _misplaced(places: Tensor, batch: list[Sample], targets: Sequence[Sequence[int]]) -> Tensor:
    """Cross entropy at the known places, blanks and characters of equal weight."""
    wanted = torch.full(places.shape[:2], BLANK, dtype=torch.long)
    told = torch.zeros(len(batch), dtype=torch.bool)
    for at, (sample, target) in enumerate(zip(batch, targets, strict=True)):
        if sample.places:
            told[at] = True
            wanted[at, list(sample.places)] = torch.tensor(target)
    cost = F.nll_loss(places[told].transpose(1, 2), wanted[told], reduction="none")
    blank = wanted[told] == BLANK
    return cost[blank].mean() + cost[~blank].mean()


@torch.no_grad()
def exact_share(network: Reader, crops: list[Crop]) -> tuple[float, list[bool]]:
    """How many of the plates are read exactly."""
    network.eval()
    found: list[bool] = []
    for at in range(0, len(crops), BATCH):
        part = crops[at : at + BATCH]
        places = network(images([shown(crop) for crop in part]))[0].numpy()
        found += [
            reading.text == crop.label.text
            for reading, crop in zip(readings(places, ALPHABET, BLANK), part, strict=True)
        ]
    network.train()
    return sum(found) / len(found), found


@torch.no_grad()
def joiner(network: Reader, crops: list[Crop]) -> Joiner:
    """What can be cut and joined of the plates the network reads rightly."""
    network.eval()
    found: list[Cuttable | None] = []
    for at in range(0, len(crops), BATCH):
        part = crops[at : at + BATCH]
        places = network(images([shown(crop) for crop in part]))[0].numpy()
        for crop, reading, said in zip(
            part, readings(places, ALPHABET, BLANK), places, strict=True
        ):
            found.append(cuttable(crop, reading.text, places_of(said, BLANK)))
    return Joiner([one for one in found if one is not None])


@torch.no_grad()
def follow(mean: Reader, network: Reader, step: int) -> None:
    """Move ``mean`` a little towards ``network``."""
    keep = min(0.998, (step + 1) / (step + 10))
    for old, new in zip(mean.state_dict().values(), network.state_dict().values(), strict=True):
        if old.dtype.is_floating_point:
            old.lerp_(new, 1 - keep)
        else:
            old.copy_(new)


def rate(done: float) -> float:
    """Up within a twentieth of the time, then down as a cosine."""
    if done < 0.05:
        return PEAK * (0.1 + 0.9 * done / 0.05)
    return PEAK * (0.004 + 0.996 * (1 + cos(pi * (done - 0.05) / 0.95)) / 2)


def main() -> None:
    """Train, saying how it goes; the weights are kept whenever they are measured."""
    given = _given()
    torch.set_num_threads(given.threads)
    cv2.setNumThreads(given.threads)
    torch.manual_seed(given.seed)
    rng = np.random.default_rng(given.seed)
    given.out.mkdir(parents=True, exist_ok=True)
    learnt, measured = material(given.data, given.fonts, given.seed)
    print(f"{len(learnt.crops)} plates to learn from, {len(measured)} to measure on", flush=True)
    network = Reader().to(memory_format=torch.channels_last)
    mean = copy.deepcopy(network)
    train(network, mean, (learnt, measured), given, rng)


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True, help="folder of labels.csv")
    parser.add_argument("--fonts", type=Path, help="folder of further open fonts")
    parser.add_argument("--samples", type=int, default=900_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def train(
    network: Reader,
    mean: Reader,
    plates: tuple[Material, list[Crop]],
    given: argparse.Namespace,
    rng: np.random.Generator,
) -> None:
    """Until the samples are drawn; ``mean`` follows and is what is kept."""
    optimiser = torch.optim.AdamW(network.parameters(), PEAK, weight_decay=0.02)
    began, step, losses, steps = monotonic(), 0, [], max(1, given.samples // BATCH)
    aligned = {round(part * steps) for part in ALIGNED_AT}
    while step < steps:
        done = step / steps
        for group in optimiser.param_groups:
            group["lr"] = rate(done) * min(1.0, (step + 1) / 100)
        if step in aligned:
            plates[0].joiner = joiner(mean, plates[0].crops)
        batch = drawn(rng, plates[0], done)
        dense = float(np.interp(done, [0, 0.05, 0.3, 0.9], [1.0, 1.0, 0.1, 0.02]))
        losses.append(_learn(network, optimiser, batch, dense))
        follow(mean, network, step)
        step += 1
        if step % max(1, steps // 25) == 0 or step == steps:
            share, _ = exact_share(mean, plates[1])
            said = {"minutes": round((monotonic() - began) / 60, 1), "samples": step * BATCH}
            said |= {"exact": round(share, 4), "loss": round(float(np.mean(losses)), 4)}
            print(json.dumps(said), flush=True)
            losses.clear()
            torch.save(mean.state_dict(), given.out / "reader.pt")


def _learn(
    network: Reader, optimiser: torch.optim.Optimizer, batch: list[Sample], dense: float
) -> float:
    """One step; its loss."""
    with torch.autocast("cpu", torch.bfloat16):
        output = network(images([sample.image for sample in batch]))
    loss = loss_of(output, batch, dense)
    optimiser.zero_grad(set_to_none=True)
    torch.autograd.backward(loss)
    torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
    optimiser.step()
    return loss.item()


if __name__ == "__main__":
    main()
