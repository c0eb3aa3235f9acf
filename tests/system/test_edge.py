"""A site beside the road and its node, as people start them."""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from beside import RunningSite, hand_over
from invented import read
from link_cut import Loopback, Plan, network, trial
from mishaps import listing, put_on_a_hotlist
from morina.sense.site import new_site, written
from morina.sense.site.certificate import self_signed
from running import RunningNode, free_port


@contextmanager
def barrier(heard: list[dict[str, object]]) -> Iterator[str]:
    """A program on the site's machine that is told of possible hits."""

    class Told(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing of it belongs on the screen."""

    server = HTTPServer(("127.0.0.1", 0), Told)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hit"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        with suppress(FileNotFoundError):
            if true():
                return
        time.sleep(0.2)
    pytest.fail(what)


def test_a_cut_link_and_a_killed_site_lose_nothing(reachable_folder: Path) -> None:
    """In network namespaces where this user may make them."""
    plan = Plan(a_second=50, before_s=3, cut_s=8, after_s=3, hits=10)
    with network() as between:
        outcome = trial(plan, reachable_folder / "cut", between)
    assert outcome.waited > 0
    assert outcome.missed() == []


def test_a_site_alarms_by_itself_and_says_how_it_is(reachable_folder: Path) -> None:
    """Hotlist fetched, link cut, alarm heard, link mended, site removed."""
    folder = reachable_folder / "alone"
    folder.mkdir()
    between, port = Loopback(), free_port()
    environment = {
        "MORINA_SITES__PORT": str(port),
        "MORINA_SITES__ADDRESS": "127.0.0.1",
        "MORINA_SITES__HOST": "127.0.0.1",
    }
    heard: list[dict[str, object]] = []
    now = datetime.now(UTC)
    with RunningNode.start(folder / "node", environment) as node, barrier(heard) as url:
        token = folder / "kukes.token"
        added = node.command("site", "add", "kukes", "--scope", "north").stdout
        token.write_text(added.replace(f":{port}", f":{between.reached_at(port)}"))
        again = node.command("site", "add", "kukes")
        assert again.returncode == 1
        assert "morina site remove kukes" in again.stdout
        asyncio.run(
            put_on_a_hotlist(
                node.addresses["postgres"], "Scoped",
                [listing("AB731QK", now, geo_scope="north"),
                 listing("AB732QL", now, geo_scope="south")],
            )
        )  # fmt: skip
        site = RunningSite(folder / "site", token, {"MORINA_EDGE__ALARM_URL": url})
        with site.start():
            until(lambda: site.state.hotlist_entries == 1, "the site got no hotlist")
            until(lambda: site.state.clock_offset_s is not None, "no clock was compared")
            assert site.state.clock_offset_s is not None
            assert abs(site.state.clock_offset_s) < 60
            sealed = (site.home / "hotlist" / "sealed").read_bytes()
            assert b"AB731QK" not in sealed
            between.link(False)
            until(lambda: not site.state.linked, "the site did not notice the cut")
            seen = [
                read(text, "AL", captured_at=now, received_at=now, evidence=None)
                for text in ("AB731QK", "AB732QL")
            ]
            asyncio.run(hand_over(site, seen))
            until(lambda: len(heard) == 1, "the barrier heard nothing")
            assert heard[0]["plate_listed"] == "AB731QK"
            assert "by eye" in str(heard[0]["says"])
            until(lambda: site.state.reads_waiting == 2, "the reads do not wait")
            between.link(True)
            until(lambda: site.state.reads_sent == 2, "the reads were not sent")
            until(lambda: site.state.alarms == 1, "one alarm is not counted")
            assert len(heard) == 1
            until(lambda: "0 reads" in node.command("site", "list").stdout, "nothing was told")
            assert node.command("site", "remove", "kukes").returncode == 0
            until(lambda: not site.state.linked, "a removed site is still answered")
        until(lambda: status(site)[0] == 1, "a site that ended is said to run")
        assert "does not run" in status(site)[1]


PUSHING = """
[cameras.gate]
latitude = 42.1
longitude = 20.4
[cameras.gate.push]
maker = "dahua"
secret = "a-secret-of-this-camera"
time_zone = "Europe/London"
"""
DAHUA = {
    "Picture": {
        "Plate": {"IsExist": True, "PlateNumber": "KT65XDW", "Confidence": 204},
        "SnapInfo": {"AccurateTime": "2026-03-14 08:26:53.589", "DeviceID": "KENT-1"},
    }
}


def test_a_camera_pushes_to_a_site_that_has_never_seen_its_node(tmp_path: Path) -> None:
    certificate, _ = self_signed("127.0.0.1", datetime.now(UTC))
    _, token = new_site("kukes", (), f"127.0.0.1:{free_port()}", certificate, b"k" * 32)
    (tmp_path / "token").write_bytes(written(token))
    port = free_port()
    environment = {"MORINA_EDGE__PUSH_PORT": str(port), "MORINA_EDGE__PUSH_HOST": "127.0.0.1"}
    site = RunningSite(tmp_path / "site", tmp_path / "token", environment, listed=PUSHING)
    at = f"http://127.0.0.1:{port}/push"
    for times in (1, 2):
        with site.start():
            answer = httpx.post(f"{at}/a-secret-of-this-camera/", json=DAHUA, timeout=30)
            assert answer.json()["Result"] is True
            refused = httpx.post(f"{at}/a-wrong-secret-of-no-camera/", json=DAHUA, timeout=30)
            assert refused.status_code == 403
            until(lambda: site.state.knocks == 1, f"nobody knocked at start {times}")
            until(lambda: site.state.reads_waiting == 1, "the read does not wait")
            assert site.state.reports == {"gate": 1}
            assert "127.0.0.1 dahua" in " ".join(status(site)[1].split())
        assert site.stop() == 0
    assert "a-secret-of-this-camera" not in "".join(site.said)


def test_a_site_without_its_token_or_cameras_says_what_to_do(tmp_path: Path) -> None:
    wrong = tmp_path / "token"
    wrong.write_text("{}")
    for join, why in ((wrong, "morina site add"), (tmp_path / "none", "--join")):
        done = morina_edge(["--join", str(join), "--home", str(tmp_path / "home")])
        assert done.returncode == 1
        assert why in done.stderr
        assert "Traceback" not in done.stderr
    assert "no site has run on" in morina_edge(["status", "--home", str(tmp_path)]).stderr


def status(site: RunningSite) -> tuple[int, str]:
    done = morina_edge(["status", "--home", str(site.home)])
    return done.returncode, done.stdout + done.stderr


def morina_edge(words: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "morina.cli", "edge", *words],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
