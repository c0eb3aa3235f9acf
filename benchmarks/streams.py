"""RTSP at 1080p: how many cameras one core follows, and how soon one is back.

A GStreamer server shows each camera a moving ball in H.264, 1920 x 1080, 25 frames a second. The
cameras are followed by one process held to one core, each taken 5 frames a second of, first
without and then with the recogniser; the server has the other cores, and encodes as it sends: on a
busy machine, or one of two cores, it is the server that does not keep up. A round holds while every
camera gives its frames and none is dropped beyond one in a hundred.
"""

import argparse
import json
import os
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))
from filming_servers import rtsp_server
from morina.sense.cameras.following import passages
from morina.sense.cameras.frames import Frame, SourceError
from morina.sense.cameras.states import Meter
from morina.sense.recogniser.passages import PassageFollower
from morina.settings import Reading
from morina.wiring.recogniser import recogniser
from morina.wiring.sources import opener
from running import free_port

FRAMES_PER_S = 5.0
SETTLE_S = 6.0
LEAST_SHARE = 0.95


@dataclass(frozen=True)
class Round:
    """So many cameras followed at once."""

    cameras: int
    reading: bool
    frames_per_s: float
    dropped_share: float
    core_share: float

    @property
    def held(self) -> bool:
        """Every camera gave what was asked of it."""
        return self.frames_per_s >= LEAST_SHARE * FRAMES_PER_S and self.dropped_share <= 0.01


def followed(source: str, cameras: int, reading: bool, seconds: float) -> Round:
    """Follow one server as so many cameras, for a while once all have begun."""
    opened = opener(Reading(frames_per_s=FRAMES_PER_S))
    reader = recogniser(Reading()) if reading else None
    meters, stop = [Meter(str(number)) for number in range(cameras)], threading.Event()

    def follow(meter: Meter) -> None:
        films = opened(source)
        if reader is None:
            for filmed in films.frames():
                meter.told(filmed)
                if stop.is_set():
                    return
        else:
            for _ in passages(films, PassageFollower(reader), meter.told):
                if stop.is_set():
                    return

    threads = [threading.Thread(target=follow, args=(meter,)) for meter in meters]
    for thread in threads:
        thread.start()
    time.sleep(SETTLE_S)
    before, began, cpu = [m.state() for m in meters], time.monotonic(), time.process_time()
    time.sleep(seconds)
    after, took = [m.state() for m in meters], time.monotonic() - began
    cpu = time.process_time() - cpu
    stop.set()
    for thread in threads:
        thread.join()
    gave = [b.frames - a.frames for a, b in zip(before, after, strict=True)]
    dropped = sum(b.dropped - a.dropped for a, b in zip(before, after, strict=True))
    return Round(
        cameras, reading, min(gave) / took, dropped / max(1, sum(gave) + dropped), cpu / took
    )


def most(source: str, reading: bool, seconds: float, counts: list[int]) -> list[Round]:
    """Rounds of more and more cameras, until one does not hold."""
    rounds: list[Round] = []
    for count in counts:
        rounds.append(followed(source, count, reading, seconds))
        if not rounds[-1].held:
            break
    return rounds


def back_after(away_s: float) -> float:
    """Seconds from the server's return to the next frame, with the back-off of a follower."""
    from morina.sense.cameras.following import pauses

    port, trying = free_port(), pauses()
    opened = opener(Reading(stall_s=5))
    with rtsp_server(port=port) as server:
        source = server.source
        films = opened(source).frames()
        while not isinstance(next(films), Frame):
            pass
    returned: list[float] = []

    def come_back() -> None:
        time.sleep(away_s)
        with rtsp_server(port=port):
            returned.append(time.monotonic())
            over.wait()

    over = threading.Event()
    thread = threading.Thread(target=come_back)
    thread.start()
    try:
        while True:
            try:
                while not isinstance(next(films), Frame) or not returned:
                    pass
                return time.monotonic() - returned[0]
            except SourceError:
                time.sleep(next(trying))
                films = opened(source).frames()
    finally:
        over.set()
        thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute")
    parser.add_argument("--json", type=Path, help="write the figures there")
    asked = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    seconds = 5.0 if asked.quick else 20.0
    counts = [2] if asked.quick else [1, 2, 3, 4, 6, 8, 10, 12, 16]
    with rtsp_server(size=(1920, 1080), fps=25) as server:
        os.sched_setaffinity(0, cores[-1:])
        rounds = most(server.source, False, seconds, counts)
        rounds += most(server.source, True, seconds, counts)
        os.sched_setaffinity(0, cores)
    away = [2.0] if asked.quick else [2.0, 10.0, 30.0]
    back_s = [back_after(seconds) for seconds in away]
    report(rounds, back_s, asked.json)


def report(rounds: list[Round], back_s: list[float], file: Path | None) -> None:
    table = Table("cameras", "reading", "frames/s each, least", "dropped", "of the core", "held")
    for one in rounds:
        table.add_row(
            str(one.cameras), "yes" if one.reading else "no", f"{one.frames_per_s:.2f}",
            f"{one.dropped_share:.1%}", f"{one.core_share:.0%}", "yes" if one.held else "no",
        )  # fmt: skip
    console = Console()
    console.print(table)
    console.print(
        "frames again after the server's return: " + ", ".join(f"{s:.1f} s" for s in back_s)
    )
    most_held = {r.reading: r.cameras for r in rounds if r.held}
    missed = [] if most_held.get(True) else ["no camera is followed and read in full on one core"]
    if file:
        said = {
            "rounds": [asdict(one) for one in rounds],
            "back_s": back_s,
            "missed": missed,
            "cameras_a_core": most_held.get(True, 0),
            "decoded_a_core": most_held.get(False, 0),
        }
        file.write_text(json.dumps(said, indent=2) + "\n")
    for one in missed:
        console.print(f"missed: {one}")


if __name__ == "__main__":
    main()
