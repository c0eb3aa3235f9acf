"""A node as an administrator meets it."""

import asyncio
import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psutil
import pytest

from invented import read
from mishaps import listing, put_on_a_hotlist
from morina.watch import dump_hotlist
from running import RunningNode, free_port, morina

PATIENCE_S = 300


def ended(arguments: list[str], environment: dict[str, str]) -> tuple[int, str]:
    with morina(arguments, environment) as process:
        output, _ = process.communicate(timeout=PATIENCE_S)
        return process.returncode, output


def bearer(node: RunningNode) -> dict[str, str]:
    token = node.token()
    return {"Authorization": f"Bearer {token}"}


def alerts(node: RunningNode, headers: dict[str, str]) -> list[dict[str, object]]:
    answer = httpx.get(f"{node.url}/api/v1/alerts", headers=headers, timeout=PATIENCE_S)
    found: list[dict[str, object]] = answer.raise_for_status().json()
    return found


def name_of(process: psutil.Process) -> str:
    """Empty where it has ended: PostgreSQL's own helpers come and go."""
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""


def test_a_node_stops_cleanly_and_shows_its_first_password_only_once(
    reachable_folder: Path,
) -> None:
    with RunningNode.start(reachable_folder / "stopping") as node:
        children = psutil.Process(node.process.pid).children(recursive=True)
        assert {"postgres", "nats-server"} <= set(filter(None, map(name_of, children)))
        first, node.password = node.password, ""
        assert node.stop() == 0
        gone, alive = psutil.wait_procs(children, timeout=PATIENCE_S)
        assert gone
        assert not alive
        node.restart()
        assert first
        assert not node.password


def test_a_second_node_on_the_same_home_is_refused(node: RunningNode) -> None:
    status, said = ended(["up", "--home", str(node.home)], {"MORINA_DESK__PORT": str(free_port())})
    assert status == 1
    assert said.startswith(f"morina: another node (process {node.process.pid}) already runs on")
    assert "choose another --home" in said


def test_a_taken_port_is_named(node: RunningNode, reachable_folder: Path) -> None:
    status, said = ended(
        ["up", "--home", str(reachable_folder / "x")], {"MORINA_DESK__PORT": str(node.port)}
    )
    assert status == 1
    assert f"cannot listen on 127.0.0.1:{node.port}" in said
    assert "set desk.port" in said


def test_a_full_disk_is_named(reachable_folder: Path) -> None:
    status, said = ended(
        ["up", "--home", str(reachable_folder / "full")],
        {"MORINA_ENGINES__MIN_FREE_BYTES": str(10**18), "MORINA_DESK__PORT": str(free_port())},
    )
    assert status == 1
    assert "free some space" in said


MISSING = {
    "MORINA_ENGINES__POSTGRES_DSN": "postgresql://127.0.0.1:1/morina",
    "MORINA_ENGINES__NATS_URL": "nats://127.0.0.1:1",
    "MORINA_ENGINES__CLICKHOUSE_DSN": "clickhouse://127.0.0.1:1",
    "MORINA_DESK__TILES": "nowhere.mbtiles",
}


@pytest.fixture(scope="module")
def lacking(reachable_folder: Path) -> Iterator[dict[str, "subprocess.Popen[str]"]]:
    """Nodes that lack one thing each, started at once: an engine is waited for for some time."""
    with ExitStack() as stack:
        started = {}
        for variable, value in MISSING.items():
            chosen = {variable: value, "MORINA_DESK__PORT": str(free_port())}
            command = ["up", "--home", str(reachable_folder / variable.lower())]
            process = morina(command, chosen | {"MORINA_READING__WORKERS": "0"})
            started[variable] = stack.enter_context(process)
            stack.callback(process.kill)
        yield started


@pytest.mark.parametrize("variable", MISSING)
def test_a_missing_engine_or_file_is_named(
    lacking: dict[str, "subprocess.Popen[str]"], variable: str
) -> None:
    said, _ = lacking[variable].communicate(timeout=PATIENCE_S)
    assert lacking[variable].returncode == 1
    assert said.startswith("morina: ")
    assert variable.removeprefix("MORINA_").replace("__", ".").lower() in said
    assert "Traceback" not in said


def test_a_command_without_a_node_says_what_to_do(tmp_path: Path) -> None:
    status, said = ended(["hotlist", "list", "--home", str(tmp_path)], {})
    assert status == 1
    assert "start one with: morina up" in said


def test_a_listing_takes_effect_for_the_reads_of_the_next_seconds(node: RunningNode) -> None:
    """Within one on a machine that is not busy; the vehicle passes each second until it does."""
    headers = bearer(node)
    now = datetime.now(UTC)
    asyncio.run(
        put_on_a_hotlist(node.addresses["postgres"], "One second", [listing("AB731QK", now)])
    )
    deadline = time.monotonic() + PATIENCE_S
    raised: list[dict[str, object]] = []
    while not raised:
        assert time.monotonic() < deadline, "no alert was raised"
        time.sleep(1)
        now = datetime.now(UTC)
        seen = read("AB731QK", "AL", captured_at=now, received_at=now)
        node.publish([seen])
        raised = [a for a in alerts(node, headers) if a["camera_id"] == seen.camera_id]
    assert raised[0]["likeness"] == "exact"
    assert raised[0]["withheld"] is True


def test_a_hotlist_goes_in_and_comes_out_the_same(node: RunningNode, tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    content = dump_hotlist([listing("AB732QK", now), listing("AB733QK", now)], "csv")
    file = tmp_path / "stolen.csv"
    file.write_bytes(content)
    review = (now + timedelta(days=30)).date().isoformat()
    options = ["--owner", "U", "--purpose", "p", "--legal-basis", "l", "--review-at", review]
    assert node.command("hotlist", "create", "stolen", *options).returncode == 0
    assert "2 entries, version 2" in node.command("hotlist", "import", str(file)).stdout
    assert node.command("hotlist", "export", "stolen").stdout.encode() == content
    file.write_bytes(content.replace(b"AB733QK", b"AB?33QK"))
    refused = node.command("hotlist", "import", str(file))
    assert refused.returncode == 1
    assert "line 3: plate 'AB?33QK'" in refused.stdout
    assert node.command("hotlist", "export", "stolen").stdout.encode() == content


def test_the_engines_listen_on_this_machine_only(node: RunningNode) -> None:
    ports = json.loads((node.home / "run" / "ports.json").read_text())
    listening = {
        connection.laddr.ip
        for connection in psutil.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
        and connection.laddr.port in {*ports.values(), node.port}
    }
    assert listening == {"127.0.0.1"}
    with socket.create_connection(("127.0.0.1", ports["nats"])) as client:
        said = client.makefile("rb")
        assert said.readline().startswith(b"INFO ")
        client.sendall(b"CONNECT {}\r\nPING\r\n")
        assert b"Authorization Violation" in said.readline()
