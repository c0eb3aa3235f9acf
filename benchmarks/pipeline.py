"""From a read published to its alert visible, at offered rates, against a hotlist of 100,000.

A node is started as a user starts it. One process publishes reads in messages of ten, as an edge
sends them; another is signed in to the API's event stream and notes when each alert arrives.
Both share the machine's cores with the node.
"""

import argparse
import asyncio
import json
import multiprocessing
import platform
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import numpy as np
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))
from mishaps import listing, put_on_a_hotlist
from morina.plates import Plate
from morina.sense import Read
from morina.sense.adapters.nats import NatsHandOver
from running import RunningNode

LISTINGS = 100_000
HIT_SHARE = 0.01
PER_MESSAGE = 10
TARGET_RATE = 1000
TARGET_P99_S = 1.0
SETTLE_S = 5.0


@dataclass(frozen=True)
class Round:
    """One offered rate: what was published, what became visible, and after how long."""

    offered_per_s: int
    seconds: int
    published_per_s: float
    alerts_due: int
    alerts_visible: int
    p50_ms: float
    p99_ms: float
    longest_ms: float

    @property
    def held(self) -> bool:
        """Every alert visible, the offered rate published, and the 99th percentile in time."""
        return (
            self.alerts_visible == self.alerts_due
            and self.published_per_s > 0.97 * self.offered_per_s
            and self.p99_ms < TARGET_P99_S * 1000
        )


def plate_texts(count: int, seed: int) -> list[str]:
    """Albanian texts, all different; look-alikes among them occur as they do on the road."""
    rng = random.Random(seed)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    texts: set[str] = set()
    while len(texts) < count:
        series = "".join(rng.choices(letters, k=4))
        texts.add(f"{series[:2]}{rng.randrange(1000):03d}{series[2:]}")
    return sorted(texts)


def fill_hotlist(node: RunningNode, texts: Sequence[str]) -> float:
    """List them; seconds taken."""
    now = datetime.now(UTC)
    listings = [listing(text, now) for text in texts]
    started = time.monotonic()
    asyncio.run(put_on_a_hotlist(node.addresses["postgres"], "Benchmark", listings))
    return time.monotonic() - started


def reads_for(texts: Sequence[str], rate: int, count: int) -> Iterator[Read]:
    """Reads to publish from 200 cameras: HIT_SHARE of them of listed vehicles, each another one."""
    rng = random.Random(rate)
    listed = iter(rng.sample(texts, min(len(texts), count // 50 + 100)))
    for index in range(count):
        hit = rng.random() < HIT_SHARE
        other = f"0{rng.randrange(1, 8)}{index % 900 + 100}ZZ"
        now = datetime.now(UTC)
        yield Read(
            read_id=UUID(int=rng.getrandbits(128), version=4),
            camera_id=f"round-{rate}-camera-{index % 200}",
            captured_at=now,
            received_at=now,
            plate=Plate(next(listed), "AL") if hit else Plate(other, "XK"),
            confidence=0.95,
            country_probability=0.95,
        )


async def publish(
    url: str, texts: Sequence[str], rate: int, seconds: int
) -> tuple[dict[str, float], float]:
    """Publish at ``rate``; when each hit was handed over, and the rate reached."""
    stream = await NatsHandOver.connect(url)
    due: dict[str, float] = {}
    reads = reads_for(texts, rate, rate * seconds)
    started = time.time()
    pending: set[asyncio.Task[None]] = set()
    for index in range(0, rate * seconds, PER_MESSAGE):
        ahead = started + index / rate - time.time()
        if ahead > 0:
            await asyncio.sleep(ahead)
        batch = [next(reads) for _ in range(PER_MESSAGE)]
        due |= {str(read.read_id): time.time() for read in batch if _is_hit(read)}
        pending.add(task := asyncio.create_task(stream.publish_reads(batch)))
        task.add_done_callback(pending.discard)
        if len(pending) > 200:
            await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
    if pending:
        await asyncio.gather(*pending)
    reached = rate * seconds / (time.time() - started)
    await stream.close()
    return due, reached


def _is_hit(read: Read) -> bool:
    return read.plate is not None and read.plate.country == "AL"


def publisher(url: str, texts: Sequence[str], rate: int, seconds: int, answer: Connection) -> None:
    """The publishing process."""
    answer.send(asyncio.run(publish(url, texts, rate, seconds)))


def watcher(url: str, token: str, answer: Connection) -> None:
    """The watching process: when each new alert arrived, by the read that raised it."""
    visible: dict[str, float] = {}
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.stream("GET", f"{url}/api/v1/events", headers=headers, timeout=60) as events:
        answer.send("watching")
        for line in events.iter_lines():
            if line.startswith("data:"):
                event = json.loads(line.removeprefix("data:"))
                if event["new"]:
                    visible[event["read_id"]] = time.time()
            if answer.poll():
                break
    answer.send(visible)


def one_round(
    node: RunningNode, token: str, texts: Sequence[str], rate: int, seconds: int
) -> Round:
    """Offer ``rate`` reads a second for ``seconds``."""
    context = multiprocessing.get_context("spawn")
    watching, theirs = context.Pipe()
    watch = context.Process(target=watcher, args=(node.url, token, theirs))
    watch.start()
    watching.recv()
    publishing, other = context.Pipe()
    work = context.Process(
        target=publisher, args=(node.addresses["nats"], texts, rate, seconds, other)
    )
    work.start()
    due, reached = publishing.recv()
    work.join()
    asyncio.run(drained(node))
    watching.send("enough")
    visible: dict[str, float] = watching.recv()
    watch.join()
    waits = np.array([visible[read] - at for read, at in due.items() if read in visible]) * 1000
    p50, p99, longest = (*np.percentile(waits, [50, 99]), waits.max()) if len(waits) else (0, 0, 0)
    return Round(
        rate, seconds, reached, len(due), len(waits), float(p50), float(p99), float(longest)
    )


async def drained(node: RunningNode) -> None:
    """Wait until the stream is empty, and a moment for the last alerts to be shown."""
    stream = await NatsHandOver.connect(node.addresses["nats"])
    while (await stream.client.jetstream().stream_info("MORINA_READS")).state.messages:
        await asyncio.sleep(0.1)
    await stream.close()
    await asyncio.sleep(SETTLE_S)


def rounds(node: RunningNode, token: str, texts: Sequence[str], quick: bool) -> Iterator[Round]:
    """200 and 1,000 reads/s, then doubled until a rate is not held."""
    seconds = 8 if quick else 60
    for rate in (200, TARGET_RATE):
        yield one_round(node, token, texts, rate, seconds)
    rate = TARGET_RATE
    while not quick:
        rate *= 2
        found = one_round(node, token, texts, rate, seconds)
        yield found
        if not found.held:
            return


def main() -> None:
    """Run, print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--quick", action="store_true", help="under a minute")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="morina-bench-"))
    folder.chmod(0o755)
    try:
        with RunningNode.start(folder / "home") as node:
            token = node.token()
            texts = plate_texts(LISTINGS, seed=1)
            filled_s = fill_hotlist(node, texts)
            time.sleep(3)
            found = []
            for one in rounds(node, token, texts, arguments.quick):
                print(one, file=sys.stderr, flush=True)
                found.append(one)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report(found, filled_s, arguments.json)


def report(found: Sequence[Round], filled_s: float, as_json: bool) -> None:
    """Print what was measured and what was missed."""
    by_rate = {one.offered_per_s: one for one in found}
    missed = [
        f"{rate} reads/s with p99 under {TARGET_P99_S} s: {by_rate[rate].p99_ms:.0f} ms, "
        f"{by_rate[rate].alerts_visible} of {by_rate[rate].alerts_due} alerts"
        for rate in (200, TARGET_RATE)
        if not by_rate[rate].held
    ]
    highest = max((one.offered_per_s for one in found if one.held), default=0)
    if as_json:
        result: dict[str, Any] = {"rounds": [asdict(one) for one in found], "missed": missed}
        print(json.dumps(result | {"highest_held_per_s": highest, "hotlist_filled_s": filled_s}))
        return
    table = Table(
        title=f"read published to alert visible, {LISTINGS:,} listed, {platform.machine()}"
    )
    for name in (
        "offered/s",
        "for s",
        "published/s",
        "alerts",
        "p50 ms",
        "p99 ms",
        "max ms",
        "held",
    ):
        table.add_column(name, justify="right")
    for one in found:
        table.add_row(
            f"{one.offered_per_s:,}", str(one.seconds), f"{one.published_per_s:,.0f}",
            f"{one.alerts_visible}/{one.alerts_due}", f"{one.p50_ms:.0f}", f"{one.p99_ms:.0f}",
            f"{one.longest_ms:.0f}", "yes" if one.held else "no",
        )  # fmt: skip
    Console(width=100).print(table)
    print(f"highest rate held: {highest:,}/s; hotlist of {LISTINGS:,} stored in {filled_s:.1f} s")
    print("missed: " + ("; ".join(missed) or "nothing"))


if __name__ == "__main__":
    main()
