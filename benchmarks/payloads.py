"""Damaged payloads of every maker: none may crash or hang a decoder, or become a read not sent.

python benchmarks/payloads.py --quick --json
"""

import argparse
import gc
import json
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))
from captured import Captured, captured
from damage import damaged, is_said
from morina.sense.cameras.reports import Heartbeat, PayloadError, Report

PAYLOADS, QUICK = 100_000, 5_000
SLOWEST_MS = 1000.0
MOST_GROWTH_MB = 16.0
"""Allocator noise of a process that takes payloads of up to 100 kB; a leak of 200 bytes each."""

Figures = dict[str, float]


def main() -> None:
    """Run, print a table or JSON; exit code 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} payloads")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    makers, total = measured(QUICK if arguments.quick else PAYLOADS, Random(arguments.seed))
    missed = [
        f"{name} {total[name]:g}, at most {most:g}"
        for name, most in (
            ("crashes", 0),
            ("invented", 0),
            ("slowest_ms", SLOWEST_MS),
            ("growth_mb", MOST_GROWTH_MB),
        )
        if total[name] > most
    ]
    if arguments.json:
        print(json.dumps({"makers": makers, "total": total, "missed": missed}))
    else:
        show(makers | {"all": total}, missed)
    sys.exit(bool(missed))


def measured(count: int, random: Random) -> tuple[dict[str, Figures], Figures]:
    """``count`` damaged payloads decoded: figures by maker, and of all."""
    cases = list(captured())
    others = [case.payload for case in cases]
    found: dict[str, Counter[str]] = {case.maker.name: Counter() for case in cases}
    slowest, longest = dict.fromkeys(found, 0.0), dict.fromkeys(found, 0.0)
    early = 0.0
    for number in range(count):
        if number == count // 5:
            early = resident_mb()
        case = random.choice(cases)
        name = case.maker.name
        payload = damaged(case.payload, others, random)
        busy, started = time.thread_time(), time.perf_counter()
        outcome = decoded(case, payload)
        slowest[name] = max(slowest[name], (time.thread_time() - busy) * 1000)
        longest[name] = max(longest[name], (time.perf_counter() - started) * 1000)
        found[name].update(outcome if isinstance(outcome, list) else kinds(outcome, payload))
    worst = (max(slowest.values()), max(longest.values()))
    total = figures(sum(found.values(), Counter()), worst)
    by_maker = {name: figures(found[name], (slowest[name], longest[name])) for name in found}
    return by_maker, total | {"growth_mb": round(resident_mb() - early, 1)}


def decoded(case: Captured, payload: bytes) -> list[str] | tuple[Report | Heartbeat, ...]:
    """The reports, or in a list the word for what came instead."""
    try:
        return tuple(case.maker.decode(payload, case.headers, case.setup))
    except PayloadError:
        return ["payloads", "refused"]
    except Exception as error:  # noqa: BLE001 - any other exception is what is looked for
        print(f"{case.maker.name} {case.name}: {error!r}", file=sys.stderr)
        return ["payloads", "crashes"]


def kinds(reports: tuple[Report | Heartbeat, ...], payload: bytes) -> list[str]:
    """What to count: each report by whether it holds a plate, and whether the payload holds it."""
    words = ["payloads"]
    for report in reports:
        if isinstance(report, Heartbeat):
            words.append("heartbeats")
        elif report.text is None:
            words.append("unread")
        else:
            words.append("reads")
            if not is_said(report.plate_raw, payload):
                words.append("invented")
                print(f"{report.plate_raw!r} is not in {payload[:400]!r}", file=sys.stderr)
    return words


def figures(counted: Counter[str], worst_ms: tuple[float, float]) -> Figures:
    """Every column, also those that counted nothing; ``worst_ms`` of the decoder and of the clock.

    The clock also counts while other programs have the processor: no target is set for it.
    """
    names = ("payloads", "refused", "reads", "unread", "heartbeats", "crashes", "invented")
    return {name: counted[name] for name in names} | {
        "slowest_ms": round(worst_ms[0], 1),
        "clock_ms": round(worst_ms[1], 1),
    }


def resident_mb() -> float:
    """Memory this process holds, with what could be let go let go."""
    gc.collect()
    return psutil.Process().memory_info().rss / 2**20


def show(rows: dict[str, Figures], missed: list[str]) -> None:
    """A table, a maker a row."""
    names = list(rows["all"])[:-1]
    print(f"{'maker':16}" + "".join(f"{name:>12}" for name in names))
    for maker, row in rows.items():
        print(f"{maker:16}" + "".join(f"{row[name]:>12,}" for name in names))
    print(f"memory grew by {rows['all']['growth_mb']:g} MB after the first fifth")
    print(f"Missed: {'; '.join(missed) or 'nothing'}")


if __name__ == "__main__":
    main()
