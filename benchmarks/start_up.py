"""How long `morina read` takes from its start to the first photograph read, and what it holds.

Each round is a process of its own, as if typed at a prompt, on one rendered photograph: the time
until everything is imported, from there until the photograph is read, and the most memory held.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import cv2

from morina.demo import render_photograph
from morina.plates import Plate

TARGET_FIRST_S = 1.0
ROUNDS, QUICK_ROUNDS = 9, 3
PLATE = Plate("LN67KTE", "GB")

ONE_RUN = """
import json, sys, time
began = time.perf_counter()
import morina.cli
import morina.sense.recogniser.adapters.own
import morina.sense.recogniser.session
import morina.wiring.recogniser
imported = time.perf_counter()
code = morina.cli.app(["read", sys.argv[1], "--format", "jsonl"], standalone_mode=False)
done = time.perf_counter()
with open("/proc/self/status") as status:
    most = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
told = {"import_s": imported - began, "first_s": done - imported, "peak_mib": most / 1024}
print(json.dumps(told | {"code": code}))
"""


@dataclass(frozen=True)
class Round:
    """One process: seconds and MiB. ``whole_s`` also counts the interpreter's start and end."""

    import_s: float
    first_s: float
    whole_s: float
    peak_mib: float


def measured(photograph: Path, text: str) -> Round:
    """Read the photograph in a new process; it must be read as ``text``."""
    began = time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-c", ONE_RUN, str(photograph)], capture_output=True, text=True
    )
    whole_s = time.perf_counter() - began
    if ran.returncode:
        sys.exit(f"morina read ended with {ran.returncode}: {ran.stderr[-500:]}")
    *read, told = ran.stdout.splitlines()
    if text not in "".join(read):
        sys.exit(f"{text} was not read in the photograph, but: {read}")
    said = json.loads(told)
    return Round(said["import_s"], said["first_s"], whole_s, said["peak_mib"])


def figures(rounds: Sequence[Round]) -> dict[str, float]:
    """The middle of the rounds, and the slowest first photograph."""
    return {
        "rounds": len(rounds),
        "import_s": round(median(one.import_s for one in rounds), 3),
        "first_photograph_s": round(median(one.first_s for one in rounds), 3),
        "first_photograph_slowest_s": round(max(one.first_s for one in rounds), 3),
        "whole_process_s": round(median(one.whole_s for one in rounds), 3),
        "peak_memory_mib": round(median(one.peak_mib for one in rounds), 1),
    }


def missed(found: Mapping[str, float]) -> list[str]:
    """The targets not reached."""
    first = found["first_photograph_s"]
    return [] if first < TARGET_FIRST_S else [f"first_photograph_s {first} >= {TARGET_FIRST_S}"]


def main() -> None:
    """Measure, print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="one object; missed: failed targets")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="morina-start-up-") as folder:
        photograph = Path(folder) / "car.jpg"
        cv2.imwrite(str(photograph), render_photograph(PLATE)[0])
        measured(photograph, PLATE.text)
        count = QUICK_ROUNDS if given.quick else ROUNDS
        found = figures([measured(photograph, PLATE.text) for _ in range(count)])
    if given.json:
        print(json.dumps(found | {"missed": missed(found)}))
        return
    for name, value in found.items():
        print(f"{name:28}{value:>10}")
    print("missed: " + ("; ".join(missed(found)) or "nothing"))


if __name__ == "__main__":
    main()
