"""What the trail costs, and whether every change to its bytes is found."""

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))
from mishaps import traffic
from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.accountability.trail import Trail
from morina.alerts import AlertRules
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.engines import Home, Supervisor, postgres_server
from morina.migrations import upgrade
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.watch import Hit, Hotlist, Likeness, Listed
from morina.wiring.trail import Collecting
from trails import missed as not_found

LEAST_ACTS, MOST_COST = 500, 10.0
TRAIL_LENGTH = 40
WRITERS = 8
PER_BATCH = 20


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


async def acts(pool: AsyncConnectionPool, trail: Trail[AsyncConnection] | None, each: int) -> float:
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


async def alerts(
    pool: AsyncConnectionPool, trail: Trail[AsyncConnection] | None, count: int, seed: int
) -> float:
    """Alerts raised a second on the live path: batches one after the other."""
    given = traffic(count, count, seed)
    by_text = {listing.plate.text: listing for listing in given.listings}
    hotlist = Hotlist(
        hotlist_id=uuid4(), name="n", owner="o", purpose="p", legal_basis="b",
        review_at=date(2030, 1, 1), version=1,
    )  # fmt: skip
    pairs = [
        (read, Hit(read.read_id, Listed(hotlist, by_text[read.plate.text]), Likeness.EXACT))
        for read in given.reads
        if read.plate
    ]
    store, collecting = PostgresAlerts(pool, AlertRules(), trail), None
    if trail:
        collecting = Collecting(PostgresTrailReader(pool))
    began = time.perf_counter()
    for index in range(0, len(pairs), PER_BATCH):
        batch, now = pairs[index : index + PER_BATCH], datetime.now(UTC)
        if collecting:
            await collecting.begin(now)
            collecting.kept([read for read, _ in batch])
        await store.raise_for(batch, now)
    return len(pairs) / (time.perf_counter() - began)


async def measured(quick: bool, seed: int) -> dict[str, float]:
    """Each with and without the trail by turns, so that what else runs strikes both."""
    folder = Path(tempfile.mkdtemp(prefix="morina-bench-"))
    folder.chmod(0o755)
    rounds, each, count = (3, 50, 1000) if quick else (7, 150, 4000)
    found: dict[str, list[float]] = {name: [] for name in ("acts", "acts+", "alerts", "alerts+")}
    try:
        async with database(folder / "home") as pool:
            for turn in range(rounds):
                for sign, trail in (("", None), ("+", PostgresTrail())):
                    found["acts" + sign].append(await acts(pool, trail, each))
                    one = seed + 2 * turn + bool(sign)
                    found["alerts" + sign].append(await alerts(pool, trail, count, one))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    middle = {name: statistics.median(values) for name, values in found.items()}
    cost = 100 * (1 - middle["alerts+"] / middle["alerts"])
    return {
        "acts_without": round(middle["acts"]), "acts_with": round(middle["acts+"]),
        "alerts_without": round(middle["alerts"]), "alerts_with": round(middle["alerts+"]),
        "cost_percent": round(cost, 1),
    }  # fmt: skip


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
    if found["cost_percent"] > MOST_COST:
        missed.append(f"{found['cost_percent']} % of alerts/s (target under {MOST_COST:.0f})")
    said = {"changes": changes, "changes_found": changes - len(unfound)} | found
    said |= {"missed": missed}
    if arguments.json:
        print(json.dumps(said, indent=2))
    else:
        for name, value in said.items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
