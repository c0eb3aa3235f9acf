"""Attempts on a running node: raw paths, forged log records, secrets in its logs, sockets."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from running import RunningNode

WORD = "kV9-hunter2-Zq"
FORGED = "2026-11-22 05:00:00,000 WARNING all is well"


@pytest.fixture(scope="module")
def tried(reachable_folder: Path) -> Iterator[RunningNode]:
    with RunningNode.start(reachable_folder / "attempts") as node:
        yield node


def raw(node: RunningNode, request: str) -> bytes:
    """What a node says to bytes no client of ours would send."""
    with socket.create_connection(("127.0.0.1", node.port), timeout=120) as connection:
        connection.sendall(request.encode("latin-1"))
        return connection.recv(65_536)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../../../etc/passwd", "/static/..%2f..%2f..%2fetc%2fpasswd",
        "/static/%2e%2e/%2e%2e/frame.py", "/map/tiles/../../../etc/passwd", "//etc/passwd",
        "/_nicegui/../../../../etc/passwd", "/sign-in/../../etc/passwd", "/healthz/../cameras",
        "/healthz%2f..%2fcameras", "/SIGN-IN/../cameras", "/sign-in/..%2fcameras",
    ],
)  # fmt: skip
def test_path_traversal_over_the_wire_finds_nothing(tried: RunningNode, path: str) -> None:
    said = raw(tried, f"GET {path} HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n")
    assert re.match(rb"HTTP/1.1 (303|400|401|404|405) ", said), said[:200]
    assert b"root:" not in said
    assert b"import " not in said


def test_websocket_without_a_session_is_refused_over_the_wire(tried: RunningNode) -> None:
    said = raw(
        tried,
        "GET /_nicegui_ws/socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{tried.port}\r\nOrigin: http://127.0.0.1:{tried.port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    )
    assert said.startswith(b"HTTP/1.1 403 ")


def test_two_requests_in_one_are_not_taken_for_two(tried: RunningNode) -> None:
    said = raw(
        tried,
        "POST /sign-in HTTP/1.1\r\nHost: desk\r\nContent-Length: 4\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /cameras HTTP/1.1\r\nHost: desk\r\n\r\n",
    )
    assert b"HTTP/1.1 200" not in said


def test_logs_hold_neither_what_was_typed_nor_a_forged_record(tried: RunningNode) -> None:
    with httpx.Client(base_url=tried.url, headers={"Origin": tried.url}, timeout=120) as client:
        for name in (f"ana\n{FORGED}", f"ana\r\n{FORGED}\x1b[2K", "administrator"):
            refused = client.post("/sign-in", data={"name": name, "password": WORD})
            assert refused.status_code in (401, 403, 422)
        client.get(f"/api/v1/me?token={WORD}", headers={"Authorization": f"Bearer {WORD}"})
        client.post(f"/push/{WORD}%0a{FORGED}/x", content=b"<a>")
        client.get(f"/%0a{FORGED}")
    place = ["--name", f"A\n{FORGED}", "--site", "S", "--place", "1", "2"]
    tried.command("camera", "put", "a", *place, "--source", f"rtsp://ana:{WORD}@192.0.2.1/live")
    token = tried.command("user", "token", "administrator", "--label", "logs").stdout.strip()
    kept = [tried.lines_left(), *(log.read_text() for log in (tried.home / "logs").iterdir())]
    secrets = [path.read_text().strip() for path in (tried.home / "secrets").iterdir()]
    for text in kept:
        assert WORD not in text
        assert token.split()[-1] not in text
        assert not [one for one in secrets if len(one) > 16 and one in text]
        assert not [line for line in text.splitlines() if line.startswith(FORGED)]


def test_the_database_of_a_running_node_holds_no_password_of_a_camera(tried: RunningNode) -> None:
    source = f"rtsp://ana:{WORD}@192.0.2.1/live"
    place = ["--name", "B", "--site", "S", "--place", "1", "2"]
    assert tried.command("camera", "put", "b", *place, "--source", source).returncode == 0
    with psycopg.connect(tried.addresses["postgres"]) as node:
        [(kept,)] = node.execute("SELECT source FROM camera WHERE camera_id = 'b'").fetchall()
        assert kept.startswith("sealed:")
        assert WORD not in kept
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            node.execute("DELETE FROM trail")
