"""Reads published while engines and the node are killed, and what is left of them afterwards."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from pathlib import Path
from string import ascii_uppercase
from uuid import UUID, uuid4

import nats.errors
import psutil
import psycopg
from nats.js.errors import APIError
from psycopg_pool import AsyncConnectionPool

import invented
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.plates import Plate, skeleton
from morina.sense import Read
from morina.sense.adapters.nats import NatsHandOver
from morina.watch import Hotlist, VehicleOfInterest
from morina.watch.adapters.postgres import PostgresHotlists
from running import RunningNode

PER_MESSAGE = 20
DRAINED_WITHIN_S = 600.0
_NOTICED = "SELECT 1 FROM alert WHERE camera_id = %s AND text = %s"
PROBE = "probe"
"""The camera of reads that only ask whether a listing is matched; no outcome counts them."""


@dataclass(frozen=True)
class Traffic:
    """Reads to publish, the listings some of them hit, and how many alerts are due."""

    reads: Sequence[Read]
    listings: Sequence[VehicleOfInterest]
    alerts_due: int


@dataclass(frozen=True)
class Outcome:
    """What was stored and raised, and how long the last read took to be kept."""

    stored: int
    rows: int
    alerts: int
    alerts_repeated: int
    drained_s: float


def traffic(count: int, hits: int, seed: int) -> Traffic:
    """``count`` reads of different plates, ``hits`` of them listed, each hit once."""
    rng = random.Random(seed)
    now = datetime.now(UTC)
    texts = list(islice(_no_look_alikes(), count))
    rng.shuffle(texts)
    listed = set(rng.sample(texts, hits))
    reads = [_read(text, now, rng) for text in texts]
    return Traffic(reads, [listing(text, now) for text in sorted(listed)], hits)


def _no_look_alikes() -> Iterator[str]:
    """Albanian plate texts, each of a skeleton of its own."""
    known: set[str] = set()
    for series in product(ascii_uppercase, repeat=2):
        for number in range(1000):
            text = f"AA{number:03d}{''.join(series)}"
            if (fold := skeleton(text)) not in known:
                known.add(fold)
                yield text


def listing(text: str, now: datetime, geo_scope: str = "") -> VehicleOfInterest:
    """An invented Albanian vehicle of interest, in force for a day around ``now``."""
    return invented.listing(
        text,
        "AL",
        valid_from=now - timedelta(hours=12),
        valid_to=now + timedelta(hours=12),
        review_at=now.date() + timedelta(days=30),
        geo_scope=geo_scope,
    )


def _read(text: str, now: datetime, rng: random.Random) -> Read:
    return Read(
        read_id=UUID(int=rng.getrandbits(128), version=4),
        camera_id=f"camera-{rng.randrange(20)}",
        captured_at=now,
        received_at=now,
        plate=Plate(text, "AL"),
        confidence=0.95,
        country_probability=0.95,
    )


async def put_on_a_hotlist(dsn: str, name: str, listings: Sequence[VehicleOfInterest]) -> None:
    """A new hotlist with these listings."""
    async with AsyncConnectionPool(dsn, open=False) as pool:
        store = PostgresHotlists(pool, PostgresTrail())
        hotlist = await store.create(
            Hotlist(
                hotlist_id=uuid4(),
                name=name,
                owner="Test unit",
                purpose="test",
                legal_basis="invented",
                review_at=listings[0].review_at,
            )
        )
        await store.replace(hotlist.hotlist_id, listings, "test")


def until_matched(node: RunningNode) -> None:
    """Until the node matches all that is listed now: it takes up listings in the order they came,
    so one more is listed, and passes until it is noticed."""
    now = datetime.now(UTC)
    text = f"ZZ{uuid4().int % 1000:03}QQ"
    probed = listing(text, now)
    asyncio.run(put_on_a_hotlist(node.addresses["postgres"], f"Probe {text}", [probed]))
    deadline = time.monotonic() + DRAINED_WITHIN_S
    with psycopg.connect(node.addresses["postgres"], autocommit=True) as connection:
        while not connection.execute(_NOTICED, (PROBE, text)).fetchone():
            assert time.monotonic() < deadline, f"no alert was raised for {text}"
            passed = replace(_read(text, datetime.now(UTC), random.Random()), camera_id=PROBE)
            node.publish([passed])
            time.sleep(0.1)


async def publish(node: RunningNode, reads: Sequence[Read], rate: float) -> None:
    """Publish as an edge does: again until acknowledged, one message in fifty sent twice."""
    url = node.addresses["nats"]
    stream = await NatsHandOver.connect(url)
    started = time.monotonic()
    for index in range(0, len(reads), PER_MESSAGE):
        for _ in range(2 if index % (50 * PER_MESSAGE) == 0 else 1):
            while not await _acknowledged(stream, reads[index : index + PER_MESSAGE]):
                await asyncio.sleep(0.1)
                if url != (url := node.addresses["nats"]):  # a killed node may come back elsewhere
                    await stream.close()
                    stream = await NatsHandOver.connect(url)
        ahead = index / rate - (time.monotonic() - started)
        if ahead > 0:
            await asyncio.sleep(ahead)
    await stream.close()


async def _acknowledged(stream: NatsHandOver, reads: Sequence[Read]) -> bool:
    try:
        async with asyncio.timeout(5):
            await stream.publish_reads(reads)
    except (nats.errors.Error, APIError, TimeoutError, ConnectionError):
        return False
    return True


def kill_node(node: RunningNode) -> None:
    """kill -9 of the node's process, then start it again."""
    node.kill()
    node.restart()


def kill_postgres(node: RunningNode) -> None:
    """kill -9 of PostgreSQL's first process."""
    lines = (node.home / "postgres" / "cluster" / "postmaster.pid").read_text().splitlines()
    os.kill(int(lines[0]), signal.SIGKILL)


def kill_nats(node: RunningNode) -> None:
    """kill -9 of the NATS server."""
    for child in psutil.Process(node.process.pid).children(recursive=True):
        if child.name().startswith("nats-server"):
            child.kill()


def with_mishaps(
    node: RunningNode, mishap: Callable[[RunningNode], None], given: Traffic, seed: int
) -> Outcome:
    """Publish all reads while the mishap strikes three times at random, then count."""
    rng = random.Random(seed)
    rate = 2000.0
    length_s = len(given.reads) / rate
    publishing = threading.Thread(target=lambda: asyncio.run(publish(node, given.reads, rate)))
    publishing.start()
    for _ in range(3):
        time.sleep(rng.uniform(0.1, 0.3) * length_s)
        mishap(node)
    publishing.join()
    waited = time.monotonic()
    asyncio.run(_drained(node.addresses["nats"]))
    drained_s = time.monotonic() - waited
    with psycopg.connect(node.addresses["postgres"]) as connection:
        row = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE repeats > 0) FROM alert WHERE camera_id <> %s",
            (PROBE,),
        )
        alerts, repeated = row.fetchone() or (0, 0)
    node.stop()
    rows, stored = stored_reads(node.home)
    return Outcome(stored, rows, alerts, repeated, drained_s)


async def _drained(url: str) -> None:
    stream = await NatsHandOver.connect(url)
    async with asyncio.timeout(DRAINED_WITHIN_S):
        while (await stream.client.jetstream().stream_info("MORINA_READS")).state.messages:
            await asyncio.sleep(0.1)
    await stream.close()


def stored_reads(home: Path) -> tuple[int, int]:
    """Rows after merging, and different read ids, in the record store of a stopped node."""
    code = f"""
    import clickhouse_connect
    client = clickhouse_connect.get_client(interface="chdb", path={str(home / "clickhouse")!r})
    found = client.query(
        "SELECT count(), uniqExact(read_id) FROM morina.reads FINAL WHERE camera_id != '{PROBE}'"
    )
    print(*found.result_rows[0])
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True
    )
    rows, different = map(int, done.stdout.split())
    return rows, different
