"""Another system's history imported beside a running node, cut off by kill -9 and gone on with."""

import asyncio
import csv
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from history import JSON_MAPPING, SINCE, rows, write_jsonl
from mishaps import listing, put_on_a_hotlist
from running import START_WITHIN_S, RunningNode, morina

MAPPING = (
    JSON_MAPPING
    + b"""
[cameras."north-1"]
camera_id = "import-north"
name = "North 1"
site = "North"
latitude = 42.15
longitude = 20.42
"""
)
ROWS = 4500


@pytest.fixture
def token(node: RunningNode, tmp_path: Path) -> Path:
    """A file with an officer's token."""
    file = tmp_path / "token"
    file.touch(0o600)
    file.write_text(node.token())
    return file


def imported(node: RunningNode, token: Path) -> list[dict[str, Any]]:
    """Every passage of the camera, as whoever asks sees it."""
    asked = node.command(
        "records", "find", "AA1*", "--camera", "import-north", "--purpose", "oversight",
        "--case", "C-1", "--basis", "test", "--why", "what an import brought",
        "--since", f"{SINCE:%Y-%m-%d}", "--all", "--json", "--token", str(token),
    )  # fmt: skip
    assert asked.returncode == 0, asked.stdout
    return [one["read"] for answer in json.loads(asked.stdout) for one in answer["found"]]


def alerts(node: RunningNode, token: Path) -> Any:
    headers = {"Authorization": f"Bearer {token.read_text()}"}
    return httpx.get(f"{node.url}/api/v1/alerts", headers=headers, timeout=60).json()


def kept(file: Path) -> int:
    """How many rows are noted as kept so far."""
    noted = file.with_name(f"{file.name}.import.json")
    return int(json.loads(noted.read_text())["kept"]) if noted.exists() else 0


@contextmanager
def silent_at_the_second_part(node: RunningNode, home: Path) -> Iterator[threading.Event]:
    """A home whose node takes the second part of an import and never says so: it was taken once
    the event is set."""
    parts, taken, ends = [0], threading.Event(), threading.Event()

    class Between(BaseHTTPRequestHandler):
        def passed_on(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            told = {name: self.headers[name] for name in ("Authorization", "Content-Type")}
            answer = httpx.request(
                self.command, f"{node.url}{self.path}", content=body, timeout=START_WITHIN_S,
                headers={name: value for name, value in told.items() if value},
            )  # fmt: skip
            parts[0] += self.path.endswith("/records/imports")
            if parts[0] == 2:
                taken.set()
                ends.wait()
                return
            self.send_response(answer.status_code)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def do_GET(self) -> None:
            self.passed_on()

        def do_POST(self) -> None:
            self.passed_on()

        def do_PUT(self) -> None:
            self.passed_on()

        def log_message(self, *_: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Between) as server:
        threading.Thread(target=server.serve_forever).start()
        (home / "run").mkdir(parents=True)
        there = {**node.addresses, "url": f"http://127.0.0.1:{server.server_address[1]}"}
        (home / "run" / "node.json").write_text(json.dumps(there))
        yield taken
        ends.set()
        server.shutdown()


def test_cut_off_and_gone_on_with_all_is_there_once_and_raises_nothing(
    node: RunningNode, token: Path, tmp_path: Path
) -> None:
    passages = rows(ROWS)
    passages[5]["camera"] = "elsewhere"
    passages[ROWS - 1]["country"] = "Ruritania"
    file = write_jsonl(tmp_path / "history.jsonl", passages)
    mapping = tmp_path / "mapping.toml"
    mapping.write_bytes(MAPPING)
    wanted = [listing(f"AA{number}BC", datetime.now(UTC)) for number in (100, 1001, 2001)]
    asyncio.run(put_on_a_hotlist(node.addresses["postgres"], "Import", wanted))
    before = alerts(node, token)
    importers = tmp_path / "importers"
    importers.touch(0o600)
    importers.write_text(node.token("camera_technician"))
    given = ["records", "import", str(file), "--mapping", str(mapping), "--token", str(importers)]

    refused = node.command(*given)
    assert refused.returncode == 3, refused.stdout  # no camera is called so
    assert f"0 rows kept (0 unread passages), {ROWS:,} refused" in refused.stdout

    file.with_name(f"{file.name}.import.json").unlink()
    with silent_at_the_second_part(node, tmp_path / "home") as taken:
        at_home = ["--make-cameras", "--home", str(tmp_path / "home")]
        with morina([*given, *at_home], node.environment) as begun:
            assert taken.wait(START_WITHIN_S)
            begun.kill()
    assert 0 < kept(file) < ROWS - 2

    done = node.command(*given, "--resume")
    assert done.returncode == 3, done.stdout
    assert f"{ROWS - 2:,} rows kept ({ROWS // 10 - 1} unread passages), 2 refused" in done.stdout
    assert "raise no alert" in done.stdout
    with (tmp_path / "history.jsonl.refused.csv").open(newline="") as stream:
        report = [(row["row"], row["field"]) for row in csv.DictReader(stream)]
    assert report == [("6", "camera"), (str(ROWS), "country")]

    written = {one["plate"] for one in passages[:-1] if one["plate"].startswith("AA1")}
    found = imported(node, token)
    assert {one["plate"]["text"] for one in found} == written
    assert len(found) == len(written)
    assert all(one["retransmitted"] for one in found)
    node.command(*given)
    assert imported(node, token) == found
    assert alerts(node, token) == before


def test_what_cannot_be_done_is_said_in_words(
    node: RunningNode, token: Path, tmp_path: Path
) -> None:
    given = ["--mapping", str(tmp_path / "m.toml"), "--token", str(token)]
    gone = node.command("records", "import", str(tmp_path / "gone.csv"), *given)
    assert (gone.returncode, "No such file" in gone.stdout) == (1, True)
    file = write_jsonl(tmp_path / "history.jsonl", rows(3))
    (tmp_path / "m.toml").write_bytes(MAPPING)
    none = node.command("records", "import", str(file), *given, "--resume")
    assert (none.returncode, "leave --resume out" in none.stdout) == (1, True)
    placeless = MAPPING.replace(b"import-north", b"nowhere").replace(b"latitude = 42.15", b"")
    (tmp_path / "m.toml").write_bytes(placeless)
    no_place = node.command("records", "import", str(file), *given, "--make-cameras")
    assert (no_place.returncode, "has no place" in no_place.stdout) == (1, True)
