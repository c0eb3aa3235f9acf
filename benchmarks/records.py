"""Reads kept and found: bytes, rates, and every question beside PostgreSQL and DuckDB.

    python benchmarks/records.py --reads 20000000             with both peers
    python benchmarks/records.py --reads 100000000 --alone    Morina alone

The same generated reads and the same drawn questions go to all. Everything runs on this machine
one after the other, so peers never share its cores.
"""

import argparse
import asyncio
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from keeping.ours import Ours, made
from keeping.peers import Duck, Postgres, csv_of
from keeping.questions import NAMES, TARGETS_MS, Asked, drawn
from keeping.traffic import Traffic
from rich.console import Console
from rich.table import Table

from morina.engines import Home, Supervisor, postgres_server

KEEP_TARGET, BYTES_TARGET = 100_000, 30
TARGETS_AT = 100_000_000
COMPARED_FROM = 20_000_000
"""So many reads at least for the ratios to PostgreSQL; with fewer, it has all in memory."""
AHEAD_OF_POSTGRES = {"wildcard": 10.0, "convoy": 10.0}
BEHIND_ON_EXACT = 3.0
BLOCK = 50_000


@dataclass(slots=True)
class Store:
    """What one store was measured at: bytes a read, and milliseconds by question."""

    name: str
    bytes_a_read: float
    loaded_s: float
    p50_ms: dict[str, float] = field(default_factory=dict)
    p95_ms: dict[str, float] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)


async def kept_a_second(ours: Ours, count: int) -> float:
    """Reads a second through ReadStore.keep, blocks of BLOCK, durable when it returns."""
    reads = made(count, [f"AA{n:03d}BB" for n in range(1000)])
    await ours.reads.keep(reads[:BLOCK], datetime.now(UTC))
    began = time.monotonic()
    for first in range(0, count, BLOCK):
        await ours.reads.keep(reads[first : first + BLOCK], datetime.now(UTC))
    took = time.monotonic() - began
    for table, day in (("reads", "captured_at"), ("passed", "captured_s")):
        ours.client.command(f"DELETE FROM morina.{table} WHERE {day} < '2026-01-01'")
    return count / took


def into_memory(folder: Path) -> None:
    """Read all files once: a machine that has run for a while has what it needs in its cache."""
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError), Path(place, name).open("rb") as opened:
                while opened.read(1 << 22):
                    pass


async def measure(
    store: Store, answer: Callable[[Asked], Awaitable[int]], asked: Sequence[Asked], folder: Path
) -> None:
    """Ask everything once, each kind of question once unmeasured before."""
    into_memory(folder)
    took: dict[str, list[float]] = defaultdict(list)
    warm: set[str] = set()
    for one in asked:
        if one.name not in warm:
            warm.add(one.name)
            await answer(one)
        began = time.perf_counter()
        store.found[one.name] = store.found.get(one.name, 0) + await answer(one)
        took[one.name].append((time.perf_counter() - began) * 1000)
    for name, values in took.items():
        store.p50_ms[name] = round(statistics.median(values), 1)
        store.p95_ms[name] = round(float(np.quantile(values, 0.95)), 1)


async def beside(folder: Path, csv: Path, asked: Sequence[Asked], reads: int) -> list[Store]:
    """Both peers, one after the other."""
    duck = Duck(folder / "duck.db", csv)
    stores = [Store(duck.name, duck.bytes_kept() / reads, duck.loaded_s)]
    await measure(stores[0], _threaded(duck.answer), asked, folder)
    duck.close()
    home = Home.open(folder / "peer", 0)
    supervisor = Supervisor()
    try:
        engine, dsn = postgres_server(home)
        await supervisor.start(engine)
        postgres = Postgres(dsn, csv)
        stores.append(Store(postgres.name, postgres.bytes_kept() / reads, postgres.loaded_s))
        await measure(stores[1], _threaded(postgres.answer), asked, folder / "peer")
        postgres.close()
    finally:
        await supervisor.stop()
        home.close()
    return stores


def _threaded(answer: Callable[[Asked], int]) -> Callable[[Asked], Awaitable[int]]:
    return lambda asked: asyncio.to_thread(answer, asked)


def missed(rate: float, stores: Sequence[Store], reads: int) -> list[str]:
    """Every target not reached; those in milliseconds are for 100 million reads."""
    ours = stores[0]
    bad = []
    if rate < KEEP_TARGET:
        bad.append(f"kept {rate:,.0f} reads/s, not {KEEP_TARGET:,}")
    if ours.bytes_a_read > BYTES_TARGET:
        bad.append(f"{ours.bytes_a_read:.1f} bytes a read, not {BYTES_TARGET}")
    if reads >= TARGETS_AT:
        bad += [
            f"{name}: p95 {ours.p95_ms[name]} ms, not {target}"
            for name, target in TARGETS_MS.items()
            if ours.p95_ms[name] > target
        ]
    for other in stores[1:]:
        bad += _against(ours, other, reads >= COMPARED_FROM)
    return bad


def _against(ours: Store, other: Store, is_large: bool) -> list[str]:
    bad = []
    for name in NAMES:
        if other.found.get(name) != ours.found[name] and name != "convoy":
            bad.append(
                f"{name}: {other.name} found {other.found.get(name)}, not {ours.found[name]}"
            )
    if is_large and other.name == "PostgreSQL":
        for name, times in AHEAD_OF_POSTGRES.items():
            ratio = other.p50_ms[name] / ours.p50_ms[name]
            if ratio < times:
                bad.append(f"{name}: {ratio:.1f} times faster than {other.name}, not {times:.0f}")
        if (ratio := other.bytes_a_read / ours.bytes_a_read) < 10:
            bad.append(f"size: {ratio:.1f} times smaller than {other.name}, not 10")
        if (ratio := ours.p50_ms["exact"] / other.p50_ms["exact"]) > BEHIND_ON_EXACT:
            bad.append(
                f"exact: {ratio:.1f} times slower than {other.name}, not {BEHIND_ON_EXACT:.0f}"
            )
    return bad


async def run(arguments: argparse.Namespace, folder: Path) -> dict[str, object]:
    """Everything, into ``folder``."""
    traffic = Traffic(arguments.reads)
    kept = folder / "clickhouse"
    ours = Ours(kept)
    rate = 0.0
    if not arguments.filled:
        rate = await kept_a_second(ours, arguments.keep)
        filled_s, merged_s = ours.fill(traffic)
    else:
        filled_s, merged_s = 0.0, 0.0
    asked = list(drawn(ours.client, traffic, arguments.times))
    stores = [Store(ours.name, ours.bytes_kept() / traffic.reads, filled_s + merged_s)]
    await measure(stores[0], ours.answer, asked, kept)
    if not arguments.alone:
        csv = folder / "reads.csv"
        csv_of(ours.client, csv)
        await ours.close()
        stores += await beside(folder, csv, asked, traffic.reads)
    else:
        await ours.close()
    return {
        "reads": traffic.reads, "days": traffic.days, "times": arguments.times,
        "kept_a_second": round(rate), "filled_s": round(filled_s), "merged_s": round(merged_s),
        "stores": [asdict(store) for store in stores],
        "missed": missed(rate or KEEP_TARGET, stores, traffic.reads),
        "machine": f"{platform.machine()}, {platform.system()}",
        "at": datetime.now(UTC).isoformat(),
    }  # fmt: skip


def show(result: dict[str, object], stores: Sequence[Store]) -> None:
    """The table for people."""
    table = Table(title=f"{result['reads']:,} reads, {result['days']} days; median / p95 in ms")
    for column in ("", *(store.name for store in stores), "target p95 at 100 million"):
        table.add_column(column, justify="right" if column else "left")
    table.add_row("bytes a read", *(f"{store.bytes_a_read:.1f}" for store in stores), "30")
    table.add_row("seconds to load", *(f"{store.loaded_s:.0f}" for store in stores), "")
    for name in NAMES:
        cells = [f"{store.p50_ms[name]:,} / {store.p95_ms[name]:,}" for store in stores]
        table.add_row(name, *cells, str(TARGETS_MS[name]))
    Console().print(table)
    print(
        f"kept {result['kept_a_second']:,} reads/s; missed:",
        *(result["missed"] or ["nothing"]),
        sep="\n- ",
    )  # type: ignore[misc]


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reads", type=int, default=20_000_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--keep", type=int, default=500_000, help="reads for the rate of keeping")
    parser.add_argument("--alone", action="store_true", help="no peers")
    parser.add_argument("--folder", type=Path, help="kept afterwards; else a temporary one")
    parser.add_argument("--filled", action="store_true", help="--folder is filled already")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.reads, arguments.times, arguments.keep = 500_000, 5, 100_000
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="records-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    try:
        result = asyncio.run(run(arguments, folder))
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    if arguments.json:
        print(json.dumps(result))
    else:
        show(result, [Store(**store) for store in result["stores"]])  # type: ignore[attr-defined]
    sys.exit(1 if result["missed"] else 0)


if __name__ == "__main__":
    main()
