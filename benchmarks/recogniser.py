"""How well and how fast recognisers read photographs, side by side in one run.

    python benchmarks/recogniser.py --data FOLDER --source openlpr_val --peer FOLDER_OF_WEIGHTS \\
        --validation

``FOLDER/<source>/<file>`` are the photographs; the labels are CSV with the columns source, file,
x0, y0, x1, y1 (pixels; empty: no plate), text (empty: not read by a person) and country (sign). A
plate counts as read when one of the texts read in its photograph is exactly its own. The
recognisers take turns at each photograph, so that what else the machine does hits all alike. Each
photograph is also made so small that its plate is 70, 55 and 45 pixels wide, and times are taken on
one thread and on two.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np
from reading.figures import Figures, figures, missed, unmeasured
from reading.trials import Photographs, Tally, Trial, photographs, shrunk

from morina.sense.recogniser.adapters.own import OwnRecogniser
from morina.sense.recogniser.reading import Recogniser
from morina.settings import Reading
from morina.wiring.recogniser import recogniser

QUICK = 12

Readers = Mapping[str, Mapping[int, Recogniser]]
"""Recognisers by name, then by threads; with the first number of threads accuracy is measured."""


def measure(
    folder: Path, known: Photographs, readers: Readers, widths: Sequence[int]
) -> dict[str, Tally]:
    """What each recogniser (by name, then by threads) makes of every photograph."""
    tallies = {name: Tally() for name in readers}
    for by_threads in readers.values():
        for reader in by_threads.values():
            reader.read([np.zeros((480, 640, 3), np.uint8)])
    for (source, name), labels in known.items():
        image = cv2.imread(str(folder / source / name))
        if image is None:
            sys.exit(f"{folder / source / name}: no picture; check --data")
        whole = image.astype(np.uint8, copy=False)
        for who, by_threads in readers.items():
            for place, (threads, reader) in enumerate(by_threads.items()):
                cv2.setNumThreads(threads)
                began = perf_counter()
                readings = reader.read([whole])[0]
                tallies[who].ms[threads].append((perf_counter() - began) * 1000)
                if place == 0:
                    tallies[who].add(labels, readings)
        for width, label, small in shrunk(whole, labels, widths):
            for who, by_threads in readers.items():
                readings = next(iter(by_threads.values())).read([small])[0]
                tallies[who].shrunk[width].append(Trial(label, readings))
    return tallies


def chosen(name: str, threads: int, peer: Path | None, models: Path | None) -> Recogniser:
    """The recogniser of that name; the folders hold weights of fast-alpr and of ``own``."""
    if name == "own" and models is not None:
        return OwnRecogniser(threads, models=models)
    weights: dict[str, Path] = {}
    if name == "fast-alpr":
        if peer is None:
            sys.exit("fast-alpr needs --peer, the folder of its weights")
        weights = {
            "fast_alpr_finder": only(peer, "yolo*.onnx"),
            "fast_alpr_reader": only(peer, "cct*.onnx"),
            "fast_alpr_reader_config": only(peer, "*.yaml"),
        }
    return recogniser(Reading.model_validate({"recogniser": name, "threads": threads, **weights}))


def readers_of(given: argparse.Namespace) -> Readers:
    """The recognisers asked for; fast-alpr among them wherever its weights are given."""
    names = given.recogniser or ("own,rapidocr,fast-alpr" if given.peer else "own,rapidocr")
    return {
        name: {n: chosen(name, n, given.peer, given.models) for n in given.threads}
        for name in names.split(",")
    }


def only(folder: Path, pattern: str) -> Path:
    """The one file of that pattern."""
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        sys.exit(f"{folder}: {len(found)} files are named {pattern}, not one; check --peer")
    return found[0]


def never_learnt(data: Path) -> set[str]:
    """The plates kept apart when the own networks are trained on ``data``."""
    sys.path.append(str(Path(__file__).parents[1]))
    from training.labels import labels_in, split

    return {label.text for label in split(labels_in(data))[1]}


def numbers(text: str) -> list[int]:
    """Whole numbers with commas."""
    return [int(part) for part in text.split(",") if part]


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, help="the folder of photographs")
    parser.add_argument("--labels", type=Path, help="their labels; default: DATA/labels.csv")
    parser.add_argument("--source", default="openlpr_val", help="with commas")
    parser.add_argument(
        "--validation", action="store_true", help="only plates the own networks never learnt from"
    )
    parser.add_argument(
        "--recogniser", help="with commas; default: own,rapidocr, with --peer fast-alpr too"
    )
    parser.add_argument("--peer", type=Path, help="the folder of fast-alpr's weights")
    parser.add_argument("--models", type=Path, help="own networks other than those shipped")
    parser.add_argument("--shrink", type=numbers, default=[70, 55, 45], help="widths of plates, px")
    parser.add_argument("--threads", type=numbers, default=[1, 2], help="times are taken with each")
    parser.add_argument("--json", action="store_true", help="one object; missed: failed targets")
    parser.add_argument("--quick", action="store_true", help=f"only {QUICK} of them")
    return parser.parse_args()


def show(found: Mapping[str, Figures]) -> None:
    """Figures in rows, recognisers in columns; then what each read wrong."""
    rows: dict[str, dict[str, object]] = {}
    for name, one in found.items():
        for row, value in one.items():
            inner = value if isinstance(value, dict) else {"": value}
            for kind, shown in inner.items():
                rows.setdefault(f"{row} {kind}".strip(), {})[name] = shown
    lists = ("wrong", "false")
    print(f"{'':<36}" + "".join(f"{name:>20}" for name in found))
    for row, values in rows.items():
        if row not in lists:
            print(f"{row:<36}" + "".join(f"{values.get(name, '')!s:>20}" for name in found))
    for name, one in found.items():
        for kind in lists:
            print(f"\n{name}, {kind}: " + ("; ".join(one[kind]) or "nothing"))


def main() -> None:
    """Measure and print."""
    given = arguments()
    if given.data is None:
        print("no photographs: name their folder with --data")
        return
    labels = given.labels or given.data / "labels.csv"
    texts = never_learnt(given.data) if given.validation else None
    known = photographs(labels, given.source.split(","), texts)
    if given.quick:
        read = [item for item in known.items() if any(label.text for label in item[1])]
        known = dict(read[:QUICK])
    if not any(label.text for plates in known.values() for label in plates):
        sys.exit(f"{labels}: no labelled plate of {given.source}; check --source")
    readers = readers_of(given)
    tallies = measure(given.data, known, readers, given.shrink)
    found = {name: figures(tally, len(known)) for name, tally in tallies.items()}
    plates = sum(bool(label.text) for there in known.values() for label in there)
    if given.json:
        counts = {"photographs": len(known), "plates": plates}
        lists = {"missed": missed(found), "not_measured": unmeasured(found)}
        print(json.dumps(counts | {"recognisers": found} | lists))
        return
    print(f"{len(known)} photographs, {plates} plates with a text")
    show(found)
    print("missed: " + ("; ".join(missed(found)) or "nothing"))
    print("not measured: " + ("; ".join(unmeasured(found)) or "nothing"))


if __name__ == "__main__":
    main()
