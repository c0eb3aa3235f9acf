"""A backup of a node under load, a second one, the check, the wiping and the restore: how long, how
large, and what the live path notices.

Reads are generated (keeping/traffic.py), pictures are random bytes. While backups are taken 1,000
reads a second are published against a hotlist of 100,000, as in pipeline.py.
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))
from keeping.ours import Ours
from keeping.traffic import Traffic
from pipeline import LISTINGS, TARGET_P99_S, TARGET_RATE, fill_hotlist, one_round, plate_texts

from running import RunningNode, morina

PICTURE_BYTES = 20_000
MOST_TIMES = 1.5


def filled(folder: str, reads: int) -> int:
    """Fill the records of a home in a process of its own; bytes kept."""
    ours = Ours(Path(folder))
    ours.fill(Traffic(reads))
    size = ours.bytes_kept()
    ours.client.close()
    return size


def add_pictures(home: Path, count: int) -> None:
    """Pictures as the image store keeps them."""
    for _ in range(count):
        content = os.urandom(PICTURE_BYTES)
        name = hashlib.sha256(content).hexdigest()
        place = home / "images" / name[:2] / name[2:4]
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)


def commanded(node: RunningNode, *arguments: str) -> tuple[float, str]:
    """Seconds a command took, and what it said; AssertionError where it failed."""
    began = time.monotonic()
    with morina(list(arguments), node.environment) as process:
        said = process.communicate()[0]
    assert process.returncode == 0, said
    return round(time.monotonic() - began, 2), said


def backed_up(node: RunningNode, folder: Path) -> dict[str, float]:
    """One backup: seconds, and bytes new."""
    seconds, said = commanded(node, "backup", "--to", str(folder), "--home", str(node.home))
    new = re.search(r"; ([\d,]+) bytes new", said)
    assert new, said
    return {"seconds": seconds, "bytes": int(new[1].replace(",", ""))}


def beside(work: Callable[[], None], live: Callable[[], Any]) -> Any:
    """What ``live`` gives while ``work`` goes on in a thread."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again below
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    found = live()
    thread.join()
    if failed:
        raise failed[0]
    return found


def rows_in(home: Path) -> int:
    """Reads kept by a node that does not run."""
    code = (
        "import clickhouse_connect, sys; client = clickhouse_connect.get_client(interface='chdb', "
        "path=sys.argv[1]); "
        "print(client.query('SELECT count() FROM morina.reads').result_rows[0][0])"
    )
    command = [sys.executable, "-c", code, str(home / "clickhouse")]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def measured(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """The whole of it."""
    home, backups, again = folder / "home", folder / "backups", folder / "again"
    (home / "clickhouse").mkdir(parents=True)
    home.chmod(0o755)
    key = folder / "key"
    key.touch(mode=0o600)
    key.write_text("a passphrase of a benchmark")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        kept = pool.apply(filled, (str(home / "clickhouse"), arguments.reads))
    add_pictures(home, arguments.pictures)
    result: dict[str, Any] = {"records_bytes": kept}
    with RunningNode.start(home, {"MORINA_BACKUP__KEY_FILE": str(key)}) as node:
        token = node.token()
        texts = plate_texts(LISTINGS, seed=1)
        fill_hotlist(node, texts)

        def live(rate: int = TARGET_RATE) -> dict[str, Any]:
            return asdict(one_round(node, token, texts, rate, arguments.seconds))

        def take() -> None:
            time.sleep(1)
            for name in ("first", "second"):
                result[name] = backed_up(node, backups)

        result["alone"] = live(TARGET_RATE - 20)  # each rate has reads of its own
        result["meanwhile"] = beside(take, live)
        result["idle"] = backed_up(node, backups)
        assert node.stop() == 0
    rows = rows_in(home)
    result["verify_s"], _ = commanded(node, "backup", "verify", str(backups))
    shutil.rmtree(home)
    result["restore_s"], result["said"] = commanded(
        node, "restore", str(backups), "--into", str(again)
    )
    result["rows"] = {"before": rows, "after": rows_in(again)}
    return result


def missed(result: dict[str, Any]) -> list[str]:
    """Every target not reached."""
    bad = []
    if result["rows"]["before"] != result["rows"]["after"]:
        bad.append(f"rows of reads: {result['rows']}")
    alone, meanwhile = result["alone"], result["meanwhile"]
    most = max(TARGET_P99_S * 1000, MOST_TIMES * alone["p99_ms"])
    if meanwhile["p99_ms"] > most or meanwhile["alerts_visible"] != meanwhile["alerts_due"]:
        bad.append(
            f"alerts while a backup is taken: p99 {meanwhile['p99_ms']:.0f} ms, "
            f"{meanwhile['alerts_visible']} of {meanwhile['alerts_due']}"
        )
    return bad


def main() -> None:
    """Run, print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reads", type=int, default=10_000_000)
    parser.add_argument("--pictures", type=int, default=20_000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--quick", action="store_true", help="about a minute")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.reads, arguments.pictures, arguments.seconds = 500_000, 1_000, 8
    folder = Path(tempfile.mkdtemp(prefix="morina-bench-"))
    folder.chmod(0o755)
    try:
        result = measured(arguments, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    result |= {"reads": arguments.reads, "pictures": arguments.pictures}
    result["missed"] = missed(result)
    if arguments.json:
        print(json.dumps(result))
        return
    table = Table("", "", title=f"{arguments.reads:,} reads, {arguments.pictures:,} pictures")
    for name in ("first", "second", "idle"):
        one = result[name]
        table.add_row(f"{name} backup", f"{one['seconds']} s, {one['bytes']:,} bytes new")
    table.add_row("check", f"{result['verify_s']} s")
    table.add_row("restore", f"{result['restore_s']} s")
    for name in ("alone", "meanwhile"):
        table.add_row(f"alerts, {name}", f"p99 {result[name]['p99_ms']:.0f} ms")
    Console().print(table)
    print(result["said"])
    print("missed: " + ("; ".join(result["missed"]) or "nothing"))


if __name__ == "__main__":
    main()
