"""Trains the reader for a given time.

    python -m training.train_reader --data FOLDER --minutes 40 --out RUN

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
from training.labels import Crop, backgrounds, crops_of, labels_in, split
from training.outputs import ALPHABET, BLANK, COLUMNS, COUNTRIES, ROWS
from training.reader import Reader
from training.samples import Pool, Sample, empty, photographed, rendered, shown

BATCH = 64
PEAK = 2.5e-3
_UNKNOWN = -100


@dataclass(frozen=True, slots=True)
class Material:
    """What is learnt from, and how often each photographed plate is taken."""

    crops: list[Crop]
    shares: NDArray[np.float64]
    backgrounds: list[NDArray[np.uint8]]
    pool: Pool


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
    return Material(crops, shares / shares.sum(), pieces, pool), crops_of(measured, data)


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
    batch = [photographed(rng, from_.crops[i], s) for i, s in zip(chosen, strengths, strict=False)]
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
    network = Reader()
    if given.begin:
        begin(network, given.begin)
    mean = copy.deepcopy(network)
    train(network, mean, (learnt, measured), given, rng)


def begin(network: Reader, weights: Path) -> None:
    """Take over the ``weights`` of all parts that have the same shape."""
    own = network.state_dict()
    known = torch.load(weights, weights_only=True)
    fitting = {name: one for name, one in known.items() if one.shape == own[name].shape}
    network.load_state_dict(own | fitting)


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True, help="folder of labels.csv")
    parser.add_argument("--fonts", type=Path, help="folder of further open fonts")
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--begin", type=Path, help="weights to go on from")
    parser.add_argument("--from-part", type=float, default=0.0, help="part of the schedule to skip")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def train(
    network: Reader,
    mean: Reader,
    plates: tuple[Material, list[Crop]],
    given: argparse.Namespace,
    rng: np.random.Generator,
) -> None:
    """Until the time is over; ``mean`` follows and is what is kept."""
    optimiser = torch.optim.AdamW(network.parameters(), PEAK, weight_decay=0.02)
    began, said, step, losses = monotonic(), 0.0, 0, []
    done = given.from_part
    while done < 1:
        for group in optimiser.param_groups:
            group["lr"] = rate(done) * min(1.0, (step + 1) / 100)
        batch = drawn(rng, plates[0], done)
        dense = float(np.interp(done, [0, 0.05, 0.3, 0.9], [1.0, 1.0, 0.1, 0.02]))
        with torch.autocast("cpu", torch.bfloat16):
            output = network(images([sample.image for sample in batch]))
        loss = loss_of(output, batch, dense)
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        follow(mean, network, step)
        losses.append(loss.item())
        step += 1
        passed = (monotonic() - began) / 60
        done = given.from_part + (1 - given.from_part) * passed / given.minutes
        if passed - said > given.minutes / 20 or done >= 1:
            said = passed
            share, _ = exact_share(mean, plates[1])
            state = {"minutes": round(passed, 1), "samples": step * BATCH, "exact": round(share, 4)}
            print(json.dumps(state | {"loss": round(float(np.mean(losses)), 4)}), flush=True)
            losses.clear()
            torch.save(mean.state_dict(), given.out / "reader.pt")
            torch.save(network.state_dict(), given.out / "last.pt")


if __name__ == "__main__":
    main()
