"""What the trail costs, and whether every change to its bytes is found.

``alerts`` are hits raised in batches of 20 and nothing else, which no road has; ``live_few`` and
``live_all`` are the path of a read on a node: batches of 200 kept in ClickHouse, matched, raised;
1 % of them hits and all of them. All figures are reads or acts a second.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))
from mishaps import Traffic, traffic
from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.accountability.trail import Deed, Trail
from morina.alerts import AlertRules
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.engines import Home, Supervisor, postgres_server
from morina.migrations import upgrade
from morina.records.adapters.clickhouse import ClickHouseReads
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.watch import Changes, Hotlist, Hotlists, Listed, VehicleOfInterest
from morina.wiring.trail import Collecting
from trails import missed as not_found

LEAST_ACTS, MOST_COST = 500, 10.0
TRAIL_LENGTH = 40
WRITERS = 8
PER_BATCH, PER_LIVE_BATCH = 20, 200


@asynccontextmanager
async def database(folder: Path) -> AsyncIterator[AsyncConnectionPool]:
    """A PostgreSQL of its own, as a node starts it."""
    home, supervisor = Home.open(folder), Supervisor()
    try:
        engine, dsn = postgres_server(home)
        await supervisor.start(engine)
        await asyncio.to_thread(upgrade, dsn)
        async with AsyncConnectionPool(dsn, open=False, min_size=WRITERS) as pool:
            yield pool
    finally:
        await supervisor.stop()
        home.close()


class NoTrail:
    """Enters nothing: the same acts, to compare with."""

    async def append(self, connection: AsyncConnection, deed: Deed) -> None:
        """Nothing."""


async def acts(pool: AsyncConnectionPool, trail: Trail[AsyncConnection], each: int) -> float:
    """Cameras put a second, by writers at once: the smallest act there is."""
    cameras = PostgresCameras(pool, trail)

    async def put(writer: int) -> None:
        for _ in range(each):
            name = f"camera-{writer}"
            await cameras.put(
                Camera(camera_id=name, name=name, site="s", latitude=42.0, longitude=20.0)
            )

    began = time.perf_counter()
    await asyncio.gather(*(put(one) for one in range(WRITERS)))
    return WRITERS * each / (time.perf_counter() - began)


@dataclass(frozen=True, slots=True)
class Road:
    """Where reads go: matched against ``hotlists``; kept first where ``records`` is given."""

    pool: AsyncConnectionPool
    trail: Trail[AsyncConnection]
    records: ClickHouseReads | None = None

    async def passed(self, given: Traffic, per_batch: int) -> float:
        """Reads a second, batch after batch, as ``Node.follow_reads`` takes them."""
        hotlists = Hotlists()
        hotlists.apply(_listings(given.listings))
        store = PostgresAlerts(self.pool, AlertRules(), self.trail)
        collecting = Collecting(PostgresTrailReader(self.pool))
        began = time.perf_counter()
        for index in range(0, len(given.reads), per_batch):
            batch, now = given.reads[index : index + per_batch], datetime.now(UTC)
            if isinstance(self.trail, PostgresTrail):
                await collecting.begin(now)
            if self.records:
                await self.records.keep(batch, now)
            collecting.kept(batch)
            hits = [(read, hit) for read in batch for hit in hotlists.match(read)]
            raised = await store.raise_for(hits, now)
            if len(raised) != len(hits):
                raise RuntimeError(f"{len(hits)} hits raised {len(raised)} alerts")
            if self.records:
                await store.take_pictures(batch, now)
        return len(given.reads) / (time.perf_counter() - began)


def _listings(listings: Sequence[VehicleOfInterest]) -> Changes:
    hotlist = Hotlist(
        hotlist_id=uuid4(), name="n", owner="o", purpose="p", legal_basis="b",
        review_at=date(2030, 1, 1), version=1,
    )  # fmt: skip
    return Changes(1, [Listed(hotlist, one) for one in listings], [], datetime.now(UTC))


async def measured(quick: bool, seed: int) -> dict[str, float]:
    """Each with and without the trail, in turns that begin with one and with the other.

    The first turn warms up and is not counted.
    """
    folder = Path(tempfile.mkdtemp(prefix="morina-bench-"))
    folder.chmod(0o755)
    rounds, each, count = (4, 50, 1000) if quick else (11, 150, 4000)
    found: dict[str, list[float]] = defaultdict(list)
    records = ClickHouseReads.at("", folder / "records")
    try:
        async with database(folder / "home") as pool:
            for turn in range(rounds):
                for trail in ((NoTrail(), PostgresTrail()), (PostgresTrail(), NoTrail()))[turn % 2]:
                    sign = "with" if isinstance(trail, PostgresTrail) else "without"
                    one = seed + 100 * turn + len(sign)
                    kept, only = Road(pool, trail, records), Road(pool, trail)
                    figures = {
                        "acts": await acts(pool, trail, each),
                        "alerts": await only.passed(traffic(count, count, one), PER_BATCH),
                        "live_few": await kept.passed(
                            traffic(4 * count, count // 25, one + 1), PER_LIVE_BATCH
                        ),
                        "live_all": await kept.passed(
                            traffic(count, count, one + 2), PER_LIVE_BATCH
                        ),
                    }
                    for name, value in figures.items():
                        found[f"{name}_{sign}"] += [value] if turn else []
    finally:
        await records.close()
        shutil.rmtree(folder, ignore_errors=True)
    return _summed_up(found)


def _summed_up(found: dict[str, list[float]]) -> dict[str, float]:
    """Medians; the cost is that of each turn, its median and its quartiles."""
    said: dict[str, float] = {}
    for name in ("acts", "alerts", "live_few", "live_all"):
        without, with_it = found[name + "_without"], found[name + "_with"]
        said[name + "_without"] = round(statistics.median(without))
        said[name + "_with"] = round(statistics.median(with_it))
        costs = [100 * (1 - b / a) for a, b in zip(without, with_it, strict=True)]
        quartiles = statistics.quantiles(costs, n=4)
        for part, value in zip(("low", "percent", "high"), quartiles, strict=True):
            said[f"{name}_cost_{part}"] = round(value, 1)
    return said


def main() -> None:
    """Run, print lines or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--quick", action="store_true", help="fewer changes, fewer acts")
    parser.add_argument("--seed", type=int, default=6, help="which bytes are changed")
    arguments = parser.parse_args()
    changes = 500 if arguments.quick else 10_000
    unfound = not_found(TRAIL_LENGTH, changes, arguments.seed)
    found = asyncio.run(measured(arguments.quick, arguments.seed))
    missed = [f"change not found: {one}" for one in unfound[:10]]
    if found["acts_with"] < LEAST_ACTS:
        missed.append(f"{found['acts_with']} audited acts/s (target {LEAST_ACTS})")
    missed += [
        f"{name}: {found[name + '_cost_percent']} % fewer a second (target under {MOST_COST:.0f})"
        for name in ("alerts", "live_few", "live_all")
        if found[name + "_cost_percent"] >= MOST_COST
    ]
    said: dict[str, object] = {"changes": changes, "changes_found": changes - len(unfound), **found}
    said |= {"missed": missed}
    if arguments.json:
        print(json.dumps(said, indent=2))
    else:
        for name, value in said.items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
