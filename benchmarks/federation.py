"""Nodes in network namespaces, random agreements and acts, cut links, kill -9, wrong clocks.

python benchmarks/federation.py --quick --json --seed 7

An oracle of its own says what may pass; ``missed`` is empty where nothing arrived that may not,
nothing that may was lost, and both trails of every pair agree. Needs root for namespaces; without,
nodes answer on loopback and no link is cut.
"""

import argparse
import asyncio
import json
import logging
import os
import random
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent))
from federating import drawing, setting_up
from federating.drawing import Book
from federating.driving import Driver, drained, many
from federating.judging import Found, judged
from federating.network import network
from federating.nodes import nodes_in

NAMES = ("AL", "GB", "ME", "MK", "XK")
DRAIN_S = 720.0
PROCESS_S, LINK_S = 4.0, 1.0
"""About so long between two deaths or wrong clocks, and two cuts; to begin a process again takes
seconds of processor time, which the others lack."""

LONG = 3000
"""Acts from which on a run takes long enough for a clock that is far ahead."""

KEEP = "FEDERATION_KEEP"
"""Set in the environment: the folder with every node's log stays."""


@dataclass(frozen=True)
class Size:
    """How much is done."""

    nodes: int = 5
    agreements: int = 100
    acts: int = 10_000
    rounds: int = 50
    """Of each calm figure."""

    at_most_s: float = float("inf")
    """Acts end then, however many there were."""


QUICK = Size(nodes=3, agreements=30, acts=200, rounds=10)


async def tried(size: Size, seed: int, heedless: bool = False) -> dict[str, Any]:
    """One run; everything it found."""
    folder = Path(tempfile.mkdtemp(prefix="morina-federation-"))
    folder.chmod(0o755)
    dice = random.Random(seed)
    try:
        with network(NAMES[: size.nodes]) as net:
            async with nodes_in(net, folder, heedless) as nodes:
                driver = Driver(nodes, net, Book(drawing.now()), dice)
                return await _run(driver, size)
    finally:
        if KEEP in os.environ:
            print(f"kept: {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)


async def _run(driver: Driver, size: Size) -> dict[str, Any]:
    begun, book = time.monotonic(), driver.book
    await setting_up.prepare(driver)
    texts = drawing.agreements(list(driver.nodes), size.agreements, book.begun, driver.dice)
    await setting_up.agree(driver, texts, driver.dice)
    await setting_up.share_all(driver)
    figures = await setting_up.calm_figures(driver, size.rounds)
    ready = time.monotonic()
    acts = await _disturbed(driver, size)
    done = time.monotonic()
    left = await _mended(driver)
    found = judged(driver.nodes, book)
    await _trails_hold(driver, found)
    found.missed += [f"never drained: {one}" for one in left]
    return {
        "nodes": len(driver.nodes), "agreements": len(texts), "acts": acts,
        "namespaces": driver.network.is_real, "seconds": {
            "setting up": round(ready - begun, 1), "acts": round(done - ready, 1),
            "all": round(time.monotonic() - begun, 1)},
        "calm": figures, "mishaps": driver.mishaps, "on the way": driver.on_the_way,
        "counts": dict(sorted(found.counts.items())),
        "turned down by conversations": dict(found.turned_down),
        "said": dict(sorted(book.told.items())), "missed": found.missed,
    }  # fmt: skip


async def _disturbed(driver: Driver, size: Size) -> int:
    """How many acts were done."""
    for name in driver.nodes:
        await driver.begin_faults(name)
    if size.acts > LONG:
        await _far_ahead(driver)
    kinds: list[tuple[Any, ...]] = [(PROCESS_S, "kill", "clock")]
    kinds += [(LINK_S, "cut", "cut", "pull")] if driver.network.is_real else []
    mishaps = [asyncio.create_task(driver.disturb_for_ever(*one)) for one in kinds]
    acting = asyncio.create_task(many(driver, size.acts, size.at_most_s))
    done, _ = await asyncio.wait({acting, *mishaps}, return_when=asyncio.FIRST_COMPLETED)
    for one in {acting, *mishaps} - done:
        one.cancel()
    await asyncio.gather(acting, *mishaps, return_exceptions=True)
    for one in done:
        one.result()
    return acting.result()


async def _far_ahead(driver: Driver) -> None:
    """One clock goes ten minutes ahead for a moment: its messages wait until the others are there,
    five minutes later by their bound of skew."""
    name = driver.dice.choice(list(driver.nodes))
    await driver.set_clock(name, 600)
    await many(driver, 40)
    await driver.set_clock(name, 0.0)


async def _mended(driver: Driver) -> list[str]:
    """Links, clocks and processes as they should be; what still waits after that."""
    for name, node in driver.nodes.items():
        if not node.is_up:
            await driver.restart(name)
        await driver.count(name)
        await node.tell("disturb", chance=0.0, seed=0, off_s=0.0)
        await driver.set_clock(name, 0.0)
    left = await drained(driver, DRAIN_S)
    for name, node in driver.nodes.items():
        for partner in driver.nodes.keys() - {name}:
            await node.tell("compare", partner=partner)
    return left or await drained(driver, DRAIN_S)


async def _trails_hold(driver: Driver, found: Found) -> None:
    for name, node in driver.nodes.items():
        told = await node.tell("check_trail")
        found.counts["trail entries"] += told["entries"]
        for fault in told["faults"]:
            found.miss("trail", f"of {name}: {fault}")


def main() -> None:
    """Run, print a table or JSON; exit code 1 where anything was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--acts", type=int, default=0)
    parser.add_argument("--at-most-s", type=float, default=float("inf"))
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    size = QUICK if chosen.quick else Size()
    size = replace(size, acts=chosen.acts or size.acts, at_most_s=chosen.at_most_s)
    found = asyncio.run(tried(size, chosen.seed)) | {"seed": chosen.seed}
    if chosen.json:
        print(json.dumps(found))
    else:
        _show(found)
    sys.exit(1 if found["missed"] else 0)


def _show(found: dict[str, Any]) -> None:
    table = Table("What", "How many")
    for name, value in found.items():
        if isinstance(value, dict):
            table.add_section()
            for part, of in value.items():
                table.add_row(f"{name}: {part}", str(of))
        elif name != "missed":
            table.add_row(name, str(value))
    Console().print(table)
    print("\n".join(["MISSED", *found["missed"][:40]]) if found["missed"] else "nothing missed")


if __name__ == "__main__":
    main()
