"""How well and how fast photographs are read, on one thread.

    python benchmarks/recogniser.py --data FOLDER --labels FOLDER/labels.csv --source openlpr_val

``FOLDER/<source>/<file>`` are the photographs; the labels are CSV with the columns source, file,
text (empty: not labelled) and country (sign). A plate counts as read when one of the texts read in
its photograph is exactly its own.
"""

import argparse
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

import cv2
import numpy as np

from morina.plates import skeleton
from morina.wiring.reading import recogniser

TARGETS = {"exact_share": 0.80}
QUICK = 20


@dataclass(frozen=True, slots=True)
class Trial:
    """One labelled plate and every text read in its photograph."""

    country: str
    text: str
    read: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether it was read exactly."""
        return self.text in self.read

    @property
    def alike(self) -> bool:
        """Whether it was read but for characters of one look-alike class."""
        return skeleton(self.text) in map(skeleton, self.read)


def labelled(labels: Path, source: str, quick: bool) -> dict[str, list[tuple[str, str]]]:
    """Photograph to its labelled plates (text, country)."""
    plates: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with labels.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["source"] == source and row["text"]:
                plates[row["file"]].append((row["text"], row["country"] or "?"))
    return dict(list(plates.items())[: QUICK if quick else None])


def tried(
    folder: Path, plates: dict[str, list[tuple[str, str]]], times: list[tuple[float, float]]
) -> Iterator[Trial]:
    """Every labelled plate with what was read; each photograph adds its wall and CPU ms."""
    reader = recogniser(threads=1)
    reader.read([np.zeros((480, 640, 3), np.uint8)])
    for name, known in plates.items():
        image = cv2.imread(str(folder / name))
        if image is None:
            sys.exit(f"{folder / name}: no picture; check --data")
        began, began_cpu = perf_counter(), process_time()
        readings = reader.read([image.astype(np.uint8)])[0]
        took, cpu = perf_counter() - began, process_time() - began_cpu
        times.append((took * 1000, cpu * 1000))
        texts = tuple(reading.plate.text for reading in readings)
        yield from (Trial(country, text, texts) for text, country in known)


def share(outcomes: Iterable[bool]) -> float:
    """The part that is true."""
    known = list(outcomes)
    return sum(known) / len(known)


def summary(trials: list[Trial], times: list[tuple[float, float]]) -> dict[str, object]:
    """Everything measured; ``missed`` lists the targets not reached."""
    ms, cpu_ms = zip(*times, strict=True)
    by_country: dict[str, list[bool]] = defaultdict(list)
    for trial in trials:
        by_country[trial.country].append(trial.exact)
    ranked = sorted(by_country.items(), key=lambda item: -len(item[1]))
    exact = share(trial.exact for trial in trials)
    return {
        "plates": len(trials),
        "exact_share": round(exact, 4),
        "look_alikes_folded_share": round(share(trial.alike for trial in trials), 4),
        "by_country": {c: {"plates": len(e), "exact": sum(e)} for c, e in ranked},
        "ms_median": round(float(np.median(ms)), 1),
        "cpu_ms_median": round(float(np.median(cpu_ms)), 1),
        "ms_p95": round(float(np.percentile(ms, 95)), 1),
        "missed": ["exact_share"] if exact < TARGETS["exact_share"] else [],
        "wrong": [
            f"{t.text} ({t.country}): {', '.join(t.read) or '-'}" for t in trials if not t.exact
        ],
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--source", default="openlpr_val")
    parser.add_argument(
        "--json", action="store_true", help="one object; missed lists failed targets"
    )
    parser.add_argument("--quick", action="store_true", help=f"only {QUICK} photographs")
    given = parser.parse_args()
    times: list[tuple[float, float]] = []
    plates = labelled(given.labels, given.source, given.quick)
    if not plates:
        sys.exit(f"{given.labels}: no labelled plate of source {given.source}; check --source")
    found = summary(list(tried(given.data / given.source, plates, times)), times)
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        print(f"{name:>26}  {value}")


if __name__ == "__main__":
    main()
