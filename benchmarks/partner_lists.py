"""A hotlist of a million entries to a partner: the first copy, and what changes after it.

python benchmarks/partner_lists.py --quick --json

Two nodes in one process with one PostgreSQL, over HTTPS with mutual TLS: signing, sealing,
delivery, receipts and both trails are those of a node. ``first_copy_s`` runs from sharing until the
partner has applied the last part; ``changes_ms`` from the commit of a version with 100 changed
entries until it is applied there; ``withdrawn_s`` until the partner has taken it out, and
``let_go_ms`` until its matching then knows. ``memory_mb`` is the most both nodes held during the
first copy above what the process held before it; the entries in memory of the partner's matching
are apart, as ``matching_mb``, taken up in ``matching_s``.
"""

import argparse
import asyncio
import gc
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from pathlib import Path
from string import ascii_uppercase

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))
from exchanging import ExchangeNodes, exchanging
from invented import hotlist, listing
from morina.engines import Home, Supervisor, postgres_server
from morina.exchange import Category
from morina.exchange.listing_fields import TELLABLE
from morina.watch import Hotlists, VehicleOfInterest
from morina.watch.adapters import sql
from morina.watch.adapters.postgres import WRITERS
from told_lists import Told, telling
from two_nodes import sharing

ENTRIES, QUICK, CHANGED, TURNS = 1_000_000, 20_000, 100, 5
_WITHDRAW = """
UPDATE listing SET withdrawn_revision = %s
WHERE hotlist_id = %s AND withdrawn_revision IS NULL AND place < %s"""
_ADD = """
INSERT INTO listing (added_revision, listing_id, hotlist_id, place, text, country, entry)
SELECT %s, listing_id, hotlist_id, place, text, country,
       entry || jsonb_build_object('priority', %s::int)
FROM listing WHERE withdrawn_revision = %s"""
MOST_CHANGES_MS = 1000.0
"""A change takes effect within a second; the first copy has no target."""


@dataclass(frozen=True)
class Figures:
    """What is found; times of changes over ``TURNS`` versions."""

    entries: int
    import_here_s: float
    first_copy_s: float
    applying_last_part_s: float
    parts: int
    bytes_signed: int
    memory_mb: float
    changes_ms: list[float]
    withdrawn_s: float
    matching_s: float
    matching_mb: float
    longest_page_ms: float
    let_go_ms: float


def main() -> None:
    """Run, print a table or JSON; exit code 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=ENTRIES, help="entries of the list")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} entries")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    found = asyncio.run(measured(QUICK if chosen.quick else chosen.entries))
    median = statistics.median(found.changes_ms)
    missed = [f"{CHANGED} changes in {median:.0f} ms"] if median > MOST_CHANGES_MS else []
    if chosen.json:
        print(json.dumps(asdict(found) | {"missed": missed, "machine": platform.machine()}))
    else:
        for name, value in asdict(found).items():
            print(f"{name:22} {value if isinstance(value, list) else f'{value:,.1f}'}")
        print("missed:", "; ".join(missed) or "nothing")
    sys.exit(1 if missed else 0)


async def measured(count: int) -> Figures:
    """All of it, with engines of its own."""
    with tempfile.TemporaryDirectory(prefix="morina-lists-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        async with (
            engine(place / "engines") as dsn,
            exchanging(dsn, place, "GB", "AL") as nodes,
        ):
            for name in ("GB", "AL"):
                nodes[name].took.kinds = ()  # it would keep every message in memory
            async with telling(nodes, "GB") as gb, telling(nodes, "AL") as al:
                return await _measured(nodes, gb, al, count)


@asynccontextmanager
async def engine(folder: Path) -> AsyncIterator[str]:
    """A PostgreSQL as a node starts it."""
    home, supervisor = Home.open(folder), Supervisor()
    try:
        server, dsn = postgres_server(home)
        await supervisor.start(server)
        yield dsn
    finally:
        await supervisor.stop()
        home.close()


async def _measured(nodes: ExchangeNodes, gb: Told, al: Told, count: int) -> Figures:
    agreement = nodes.agree("GB", "AL", Category.HOTLIST, fields=frozenset(TELLABLE))
    made = await gb.hotlists.create(hotlist())
    started = time.perf_counter()
    await gb.hotlists.replace(made.hotlist_id, invented(count), "benchmark")
    import_s = time.perf_counter() - started
    memory = Memory()
    watching = asyncio.create_task(memory.watch())
    started = time.perf_counter()
    await gb.made.lists.share(sharing(made.hotlist_id, agreement), datetime.now(UTC))
    last_s = await _copied(al, count, started)
    first_copy_s = time.perf_counter() - started
    watching.cancel()
    parts, size = (await gb.node.rows(
        "SELECT count(*), sum(length(signed)) FROM exchange_message WHERE is_ours"
        " AND kind = 'hotlist.part'"))[0]  # fmt: skip
    changes = [await _change(gb, al, made.hotlist_id, turn) for turn in range(TURNS)]
    matching = await _matched(al)
    started = time.perf_counter()
    await gb.made.lists.stop(made.hotlist_id, "AL", "benchmark", datetime.now(UTC))
    await _until(al, lambda one: bool(one.ended))
    withdrawn_s = time.perf_counter() - started
    return Figures(
        entries=count, import_here_s=import_s, first_copy_s=first_copy_s,
        applying_last_part_s=first_copy_s - last_s, parts=int(parts), bytes_signed=int(size),
        memory_mb=memory.most_mb, changes_ms=changes, withdrawn_s=withdrawn_s,
        matching_s=matching[0], matching_mb=matching[1], longest_page_ms=matching[2],
        let_go_ms=await _let_go(al, matching[3]),
    )  # fmt: skip


async def _matched(al: Told) -> tuple[float, float, float, Hotlists]:
    """Seconds, megabytes and the longest page in milliseconds of taking all up for matching."""
    followed, memory, longest = Hotlists(), Memory(), 0.0
    started = time.perf_counter()
    async for page in al.hotlists.pages_since(0):
        begun = time.thread_time()
        followed.apply(page)
        gc.freeze()  # as a node does
        longest = max(longest, time.thread_time() - begun)
        memory.look()
    return time.perf_counter() - started, memory.most_mb, longest * 1000, followed


async def _let_go(al: Told, followed: Hotlists) -> float:
    """Milliseconds until nothing of a withdrawn list is matched, once its withdrawal is there."""
    started = time.perf_counter()
    async for page in al.hotlists.pages_since(followed.revision):
        followed.apply(page)
    found = (time.perf_counter() - started) * 1000
    assert next(iter(followed), None) is None
    return found


def invented(count: int) -> list[VehicleOfInterest]:
    """Entries as an authority has them: texts of 7, most fields filled."""
    now = datetime.now(UTC)
    letters = ("".join(two) for two in product(ascii_uppercase, repeat=2))
    texts = (f"{a}{number:03d}{b}" for a, b in product(islice(letters, 400), ("AB", "CD", "EF"))
             for number in range(1000))  # fmt: skip
    return [
        listing(text, "AL", valid_from=now, valid_to=now + timedelta(days=25), make="Example",
                model="Estate", colour="blue", source_reference=f"REF-{place:07d}",
                instruction="Keep the vehicle and call the owner unit")
        for place, text in enumerate(islice(texts, count))
    ]  # fmt: skip


async def _copied(al: Told, count: int, started: float) -> float:
    """Seconds until the last part but one was there; returns once all is applied."""
    staged_s, staged = 0.0, 0
    while True:
        for one in await al.made.lists.heard():
            if one.entries == count:
                return staged_s
            if one.staged != staged:
                staged, staged_s = one.staged, time.perf_counter() - started
        await asyncio.sleep(0.02)


async def _change(gb: Told, al: Told, hotlist_id: object, turn: int) -> float:
    """Milliseconds from the commit of a version with changed entries until it is applied.

    Written as ``replace`` writes it, without its comparing of a million entries."""
    async with gb.node.on.ground.pool.connection() as connection:
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (WRITERS,))
        version = (await gb.hotlists.hotlist(hotlist_id)).version + 1  # type: ignore[arg-type]
        made = await connection.execute(sql.NEW_VERSION, (hotlist_id, version, "benchmark"))
        [(revision, _)] = await made.fetchall()
        await connection.execute(_WITHDRAW, (revision, hotlist_id, CHANGED))
        await connection.execute(_ADD, (revision, turn, revision))
    started = time.perf_counter()
    await _until(al, lambda one: one.version == version)
    return round((time.perf_counter() - started) * 1000, 1)


async def _until(al: Told, is_so: object) -> None:
    while not any(is_so(one) for one in await al.made.lists.heard()):  # type: ignore[operator]
        await asyncio.sleep(0.005)


class Memory:
    """The most this process held above what it held at first."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._first = self._process.memory_info().rss
        self.most_mb = 0.0

    async def watch(self) -> None:
        """Until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(0.1)

    def look(self) -> None:
        """At what is held now."""
        held = (self._process.memory_info().rss - self._first) / 1e6
        self.most_mb = max(self.most_mb, held)


if __name__ == "__main__":
    main()
