"""Cameras' health at 200 cameras and five million reads of eight weeks.

ClickHouse makes the reads itself, in the table the record store has. First the look-around that
comes each minute is timed, with PostgreSQL, pictures and all: the first of a new node, which counts
eight weeks; one with a minute's reads come in since; and the one of each hour that asks anew what
is usual. Then a node is started on the same folder and its pages are asked for, as a browser asks.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import uuid4

import clickhouse_connect
import cv2
import httpx
from psycopg_pool import AsyncConnectionPool
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.demo import Scene
from morina.demo.scenes import Stage
from morina.engines import Home, Supervisor, postgres_server
from morina.migrations import upgrade
from morina.plates import Plate
from morina.records.adapters.clickhouse import ClickHouseReads
from morina.records.adapters.clickhouse_figures import ClickHouseFigures
from morina.records.adapters.obstore import ObstoreImages
from morina.records.checkup import Checkup, Sources
from morina.records.figures import Period
from morina.sense import Evidence, Read
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.sense.cameras.adapters.postgres_notices import PostgresNotices
from morina.sense.cameras.adapters.postgres_pushing import PostgresPushing
from morina.sense.cameras.adapters.postgres_states import PostgresStates
from morina.sense.cameras.condition import Rules
from running import OFFICER, RunningNode

CAMERAS, READS, QUICK_READS = 200, 5_000_000, 200_000
WEEKS = 8
TARGETS_MS = {"look": 5000.0, "page": 500.0}
"""A look at all cameras, and a page a technician waits for."""

FILL = """
INSERT INTO morina.reads (id_high, id_low, camera_id, captured_at, keep_days, received_after_ms,
    stored_after_ms, plate, country, country_thousandths, thousandths, frames, overview_hash,
    patch_hash, box, said_by, said_text, own_by, own_text)
SELECT
    0, rand64(0), concat('camera-', leftPad(toString(rand(1) % {cameras:UInt32}), 3, '0')),
    toDateTime64({begins_at:DateTime('UTC')}, 3, 'UTC')
        + toIntervalMillisecond(toUInt64(number * {step_ms:Float64})),
    90, 1000, 2000,
    if(rand(2) % 20 = 0, '', concat('AB', leftPad(toString(rand(3) % 100000), 5, '0'))) AS text,
    if(text = '', '', 'AL'), 950, if(text = '', 0, 700 + rand(4) % 300), 5,
    unhex({picture:String}), unhex({picture:String}), [600, 400, 690 + rand(5) % 20, 430],
    'hikvision', text, 'own', if(rand(6) % 50 = 0, 'AB00000', text)
FROM numbers({reads:UInt64})
"""


@dataclass(frozen=True)
class Timing:
    """Milliseconds of each try; ``kind`` names its target, empty where there is none."""

    what: str
    kind: str
    each_ms: Sequence[float]

    @property
    def missed(self) -> list[str]:
        """The median beyond its target."""
        target = TARGETS_MS.get(self.kind)
        late = target is not None and median(self.each_ms) > target
        return [f"{self.what}: {median(self.each_ms):.0f} ms, at most {target:.0f}"] if late else []


def camera_ids() -> list[str]:
    """Of all cameras."""
    return [f"camera-{number:03d}" for number in range(CAMERAS)]


def pictures(count: int, seed: int) -> list[bytes]:
    """As many different JPEGs of a rendered road."""
    road = cv2.imencode(".jpg", Stage(Scene()).frame([]), [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
    return [road.tobytes() + f"{seed}-{number}".encode() for number in range(count)]


def fill(folder: Path, reads: int, picture: str, until: datetime) -> float:
    """Eight weeks of reads up to ``until``, evenly; seconds taken."""
    client = clickhouse_connect.get_client(interface="chdb", path=str(folder))
    began = time.perf_counter()
    client.command(
        FILL,
        parameters={
            "cameras": CAMERAS,
            "begins_at": until - timedelta(weeks=WEEKS),
            "step_ms": timedelta(weeks=WEEKS) / timedelta(milliseconds=1) / reads,
            "picture": picture,
            "reads": reads,
        },
    )
    client.close()
    return time.perf_counter() - began


@dataclass(frozen=True)
class Bench:
    """The parts of a checkup, open."""

    reads: ClickHouseReads
    images: ObstoreImages
    checkup: Checkup
    a_minute: int

    async def minute(self, seed: int) -> None:
        """A minute's reads come in, each with a picture of its own."""
        now, names = datetime.now(UTC), camera_ids()
        new = []
        for number, picture in enumerate(pictures(self.a_minute, seed)):
            name = await self.images.put(picture)
            at = now - timedelta(seconds=30)
            read = Read(
                read_id=uuid4(),
                camera_id=names[(seed * self.a_minute + number) % CAMERAS],
                captured_at=at,
                received_at=at,
                plate=Plate("AB12345", "AL"),
                confidence=0.9,
                evidence=Evidence(name, name, (600, 400, 700, 430), ()),
            )
            new.append(read)
        await self.reads.keep(new, now)


@asynccontextmanager
async def opened(home: Path, reads: int) -> AsyncIterator[Bench]:
    """A node's engines and stores in ``home``, filled, without the node."""
    async with AsyncExitStack() as stack:
        held, supervisor = Home.open(home), Supervisor()
        stack.callback(held.close)
        stack.push_async_callback(supervisor.stop)
        engine, dsn = postgres_server(held)
        await supervisor.start(engine)
        upgrade(dsn)
        folder, images = held.folder("clickhouse"), ObstoreImages.at("", home / "images")
        store = ClickHouseReads.at("", folder)
        stack.push_async_callback(store.close)
        took = fill(folder, reads, await images.put(pictures(1, -1)[0]), datetime.now(UTC))
        Console(stderr=True).print(f"{reads:,} reads made in {took:.0f} s")
        counts = ClickHouseFigures.at("", folder)
        stack.push_async_callback(counts.close)
        pool = AsyncConnectionPool(dsn, min_size=2, max_size=12, open=False)
        await stack.enter_async_context(pool)
        cameras = PostgresCameras(pool, PostgresTrail())
        for name in camera_ids():
            one = Camera(camera_id=name, name=name, site="bench", latitude=42.1, longitude=20.4)
            await cameras.put(one)
        sources = Sources(
            registry=cameras,
            states=PostgresStates(pool),
            pushing=PostgresPushing(pool, "k" * 32, PostgresTrail()),
            counts=counts,
            images=images,
        )
        checkup = Checkup(sources, PostgresNotices(pool), Rules(), datetime.now(UTC))
        yield Bench(store, images, checkup, round(reads / WEEKS / 7 / 1440))


async def looks(home: Path, reads: int, tries: int) -> list[Timing]:
    """The looks, and what the read-rate audit asks."""
    async with opened(home, reads) as bench:
        checkup, counts = bench.checkup, bench.checkup.sources.counts
        first = await _ms(lambda: checkup.look(datetime.now(UTC)))
        each, hourly = [], []
        for number in range(tries):
            await bench.minute(number)
            each.append(await _ms(lambda: checkup.look(datetime.now(UTC))))
        for number in range(tries):
            await bench.minute(tries + number)
            later = datetime.now(UTC) + timedelta(hours=number + 1)
            hourly.append(await _ms(lambda later=later: checkup.look(later)))
        until = datetime.now(UTC)
        period = Period(until - timedelta(weeks=WEEKS), until)
        drawn = [await _ms(lambda: counts.drawn(camera_ids()[7], period, 50)) for _ in range(tries)]
        assert len(checkup.latest) == CAMERAS
        assert sum(one.usual is not None for one in checkup.latest.values()) == CAMERAS
    return [
        Timing("first look, eight weeks counted", "", [first]),
        Timing(f"look, {bench.a_minute} reads since the last", "look", each),
        Timing("look that asks anew what is usual", "look", hourly),
        Timing("50 passages of a camera's eight weeks drawn by lot", "page", drawn),
    ]


async def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    await work()  # type: ignore[misc]  # a coroutine function
    return (time.perf_counter() - began) * 1000


def pages(home: Path, tries: int) -> list[Timing]:
    """A node's pages and answers, as asked for over HTTP."""
    camera = camera_ids()[7]
    asked = {
        "page of all cameras": "/cameras",
        "page of a camera": f"/cameras/{camera}",
        "API: how every camera is": "/api/v1/health/cameras",
        "API: how a camera is": f"/api/v1/cameras/{camera}/health",
    }
    with RunningNode.start(home) as node, _browser(node) as client:
        login = {"name": OFFICER, "password": node.officer()}
        assert client.post("/sign-in", data=login).status_code == 303
        while len(client.get("/api/v1/health/cameras").json()) < CAMERAS:
            time.sleep(1)
        found = []
        for what, path in asked.items():
            each = []
            for _ in range(tries + 1):
                began = time.perf_counter()
                answer = client.get(path)
                each.append((time.perf_counter() - began) * 1000)
                assert answer.status_code == 200, answer.text
            found.append(Timing(f"{what} ({len(answer.content) / 1000:,.0f} kB)", "page", each[1:]))
        return found


def _browser(node: RunningNode) -> httpx.Client:
    return httpx.Client(base_url=node.url, headers={"Origin": node.url}, timeout=60)


def main() -> None:
    """Fill, measure, print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object; missed: targets")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_READS:,} reads")
    given = parser.parse_args()
    reads, tries = (QUICK_READS, 3) if given.quick else (READS, 9)
    home = Path(tempfile.mkdtemp(prefix="morina-health-"))
    home.chmod(0o755)
    try:
        timings = asyncio.run(looks(home, reads, tries)) + pages(home, tries)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    missed = [one for timing in timings for one in timing.missed]
    if given.json:
        said = {timing.what: list(timing.each_ms) for timing in timings}
        print(json.dumps({"reads": reads, "ms": said, "missed": missed}))
        return
    table = Table("", "ms, median", "slowest", title=f"{CAMERAS} cameras, {reads:,} reads")
    for one in timings:
        table.add_row(one.what, f"{median(one.each_ms):.0f}", f"{max(one.each_ms):.0f}")
    Console().print(table)
    print("missed: " + ("; ".join(missed) or "nothing"))


if __name__ == "__main__":
    main()
