"""A site's link is cut while cameras go on and the site is killed; what reaches the node, and when.

Node and site run in network namespaces of their own, joined by a cable that is pulled; where those
are not permitted, on one host with a TCP relay. Nothing else is reached.
"""

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))
from link_cut import Plan, network, state_of_host, trial

FULL = Plan(a_second=50, before_s=20, cut_s=600, after_s=20, hits=100)
QUICK = Plan(a_second=50, before_s=5, cut_s=20, after_s=5, hits=20)


def main() -> None:
    """Run, print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--quick", action="store_true", help="cut for 20 s instead of 10 minutes")
    arguments = parser.parse_args()
    plan = QUICK if arguments.quick else FULL
    folder = Path(tempfile.mkdtemp(prefix="morina-bench-"))
    folder.chmod(0o755)
    try:
        with network() as between:
            outcome = trial(plan, folder, between)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    missed = outcome.missed()
    if arguments.json:
        print(json.dumps({**asdict(outcome), "missed": missed, "host": state_of_host()}))
        return
    table = Table(title=f"{plan.a_second:.0f} reads/s, link cut, site killed with -9 meanwhile")
    table.add_column("what")
    table.add_column("figure", justify="right")
    for name, value in asdict(outcome).items():
        shown = f"{value:,.1f}" if isinstance(value, float) else str(value)
        table.add_row(name.replace("_", " "), shown)
    table.add_row("host", state_of_host())
    Console(width=100).print(table)
    print("missed: " + ("; ".join(missed) or "nothing"))


if __name__ == "__main__":
    main()
