"""Questions while reads come in: how much longer they take, and whether alerts still are in time.

A node is started as a user starts it, on a home whose records are filled before. Questions go
through its API, under a purpose, as officers ask them: first alone, then while 1,000 reads a second
are published against a hotlist of 100,000.
"""

import argparse
import json
import multiprocessing
import shutil
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))
from keeping.ours import Ours
from keeping.questions import Asked, drawn
from keeping.traffic import Traffic
from pipeline import LISTINGS, TARGET_P99_S, TARGET_RATE, fill_hotlist, one_round, plate_texts

from running import RunningNode

MOST_TIMES = 2.0
FITS = {
    "exact": "exact", "look-alikes": "look_alikes", "wildcard": "wildcard",
    "edit distance 1": "near", "area and one hour": "any",
}  # fmt: skip
TIERS = [
    {"name": "all", "up_to_days": 3660, "roles": ["investigator"], "patterns": patterns}
    for patterns in (False, True)
]
"""What is asked goes months back; who may ask that is not what is measured here."""

PURPOSE = {
    "code": "stolen_vehicle", "case_number": "B-1", "legal_basis": "benchmark",
    "justification": "a question of a benchmark on generated reads",
}  # fmt: skip


def prepared(folder: str, reads: int, times: int) -> list[Asked]:
    """Fill the records of a home in a process of its own, and draw questions."""
    ours = Ours(Path(folder))
    traffic = Traffic(reads)
    ours.fill(traffic)
    asked = list(drawn(ours.client, traffic, times))
    ours.client.close()
    return asked


def sent(asked: Asked) -> dict[str, Any]:
    """The question as the API takes it."""
    period = {"begins_at": asked.begins_at.isoformat(), "ends_at": asked.ends_at.isoformat()}
    scope: dict[str, Any] = {"period": period}
    if asked.name == "convoy":
        question: dict[str, Any] = {"plate": asked.text, "scope": scope, "chance_too": True}
        return {"kind": "convoy", "purpose": PURPOSE, "question": question}
    if asked.name == "two areas, one day":
        areas = [
            {"name": name, "cameras": list(cameras), "period": period}
            for name, cameras in (("here", asked.cameras), ("there", asked.others))
        ]
        return {"kind": "both-places", "purpose": PURPOSE, "question": {"areas": areas}}
    if asked.cameras:
        scope["cameras"] = list(asked.cameras)
    text = {"fits": FITS[asked.name], "text": asked.pattern or asked.text}
    question = {"scope": scope, "text": text}
    return {"kind": "passages", "purpose": PURPOSE, "question": question}


def ask_all(node: RunningNode, token: str, asked: Sequence[Asked]) -> dict[str, list[float]]:
    """Milliseconds by question, from sending it to its first page."""
    took: dict[str, list[float]] = defaultdict(list)
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{node.url}/api/v1/records", headers=headers, timeout=60) as desk:
        for one in asked:
            began = time.perf_counter()
            posted = desk.post("/questions", json=sent(one))
            assert posted.is_success, posted.text
            question = posted.json()
            place = f"/questions/{question['question_id']}"
            while question["stage"] in ("waiting", "running"):
                question = desk.get(place, params={"wait_s": 5}).raise_for_status().json()
            assert question["stage"] == "answered", question
            desk.get(f"{place}/answer").raise_for_status()
            took[one.name].append((time.perf_counter() - began) * 1000)
    return took


def p95(took: dict[str, list[float]]) -> dict[str, float]:
    """By question."""
    return {name: round(float(np.quantile(values, 0.95)), 1) for name, values in took.items()}


def measured(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """The same questions alone and under load."""
    home = folder / "home"
    records = home / "clickhouse"
    records.mkdir(parents=True)
    home.chmod(0o755)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        asked = pool.apply(prepared, (str(records), arguments.reads, arguments.times))
    wanted = {
        "MORINA_SEARCH__ROWS": "100",
        "MORINA_RETENTION__DAYS": "365",
        "MORINA_PURPOSE__TIERS": json.dumps(TIERS),
    }
    with RunningNode.start(home, wanted) as node:
        token = node.token()
        texts = plate_texts(LISTINGS, seed=1)
        fill_hotlist(node, texts)
        ask_all(node, token, asked[: len(set(one.name for one in asked))])
        alone = ask_all(node, token, asked)
        loaded: dict[str, list[float]] = defaultdict(list)
        enough = threading.Event()

        def go_on() -> None:
            while not enough.is_set():
                for name, values in ask_all(node, token, asked).items():
                    loaded[name] += values

        asking = threading.Thread(target=go_on)
        asking.start()
        found = one_round(node, token, texts, TARGET_RATE, arguments.seconds)
        enough.set()
        asking.join()
    return {"alone": p95(alone), "loaded": p95(loaded), "alerts": asdict(found)}


def missed(result: dict[str, Any]) -> list[str]:
    """Every target not reached."""
    bad = [
        f"{name}: {result['loaded'][name] / alone:.1f} times as long under load, not 2"
        for name, alone in result["alone"].items()
        if result["loaded"][name] > MOST_TIMES * alone
    ]
    alerts = result["alerts"]
    if alerts["p99_ms"] > TARGET_P99_S * 1000 or alerts["alerts_visible"] != alerts["alerts_due"]:
        bad.append(
            f"alerts: p99 {alerts['p99_ms']:.0f} ms, "
            f"{alerts['alerts_visible']} of {alerts['alerts_due']}"
        )
    return bad


def main() -> None:
    """Run, print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reads", type=int, default=20_000_000)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--quick", action="store_true", help="under a minute")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.reads, arguments.times, arguments.seconds = 500_000, 2, 8
    folder = Path(tempfile.mkdtemp(prefix="morina-bench-"))
    folder.chmod(0o755)
    try:
        result = measured(arguments, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    result |= {"reads": arguments.reads, "missed": missed(result)}
    if arguments.json:
        print(json.dumps(result))
        return
    table = Table(title=f"p95 in ms at {arguments.reads:,} reads")
    for column in ("", "alone", f"while {TARGET_RATE:,} reads/s come in"):
        table.add_column(column)
    for name, value in result["alone"].items():
        table.add_row(name, str(value), str(result["loaded"][name]))
    Console().print(table)
    alerts = result["alerts"]
    print(f"alerts p99 {alerts['p99_ms']:.0f} ms, {alerts['alerts_visible']} visible")
    print("missed: " + ("; ".join(result["missed"]) or "nothing"))


if __name__ == "__main__":
    main()
