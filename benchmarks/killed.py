"""What is lost or doubled when the node, PostgreSQL or NATS is killed three times in mid-stream."""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))
from mishaps import (
    Outcome,
    kill_nats,
    kill_node,
    kill_postgres,
    put_on_a_hotlist,
    traffic,
    with_mishaps,
)
from running import RunningNode

READS, HITS = 20_000, 200
QUICK_READS = 4_000
KILLED = {"node": kill_node, "PostgreSQL": kill_postgres, "NATS": kill_nats}


def killed(mishap: Callable[[RunningNode], None], reads: int, seed: int) -> Outcome:
    """One run on a fresh node."""
    given = traffic(reads, HITS, seed)
    folder = Path(tempfile.mkdtemp(prefix="morina-bench-"))
    folder.chmod(0o755)
    try:
        with RunningNode.start(folder / "home") as node:
            asyncio.run(put_on_a_hotlist(node.addresses["postgres"], "Mishaps", given.listings))
            time.sleep(1)
            return with_mishaps(node, mishap, given, seed)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Run, print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--quick", action="store_true", help="fewer reads, the node only")
    parser.add_argument("--seed", type=int, default=3, help="when the mishaps strike")
    arguments = parser.parse_args()
    reads = QUICK_READS if arguments.quick else READS
    names = ["node"] if arguments.quick else list(KILLED)
    found = {name: killed(KILLED[name], reads, arguments.seed) for name in names}
    missed = [
        f"{name} killed: {one.stored} reads in {one.rows} rows, {one.alerts} alerts"
        for name, one in found.items()
        if (one.rows, one.stored, one.alerts, one.alerts_repeated) != (reads, reads, HITS, 0)
    ]
    if arguments.json:
        rows = {name: asdict(one) for name, one in found.items()}
        print(json.dumps({"reads": reads, "alerts_due": HITS, "killed": rows, "missed": missed}))
        return
    table = Table(title=f"kill -9 three times while {reads:,} reads with {HITS} hits are published")
    for column in ("killed", "reads stored", "rows", "alerts", "repeated", "drained after s"):
        table.add_column(column, justify="left" if column == "killed" else "right")
    for name, one in found.items():
        table.add_row(
            name, f"{one.stored:,}", f"{one.rows:,}", str(one.alerts), str(one.alerts_repeated),
            f"{one.drained_s:.1f}",
        )  # fmt: skip
    Console(width=100).print(table)
    print("missed: " + ("; ".join(missed) or "nothing"))


if __name__ == "__main__":
    main()
