"""A camera's login is kept, used, and shown nowhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from running import OFFICER, RunningNode, free_port

PLACE = {"name": "Invented lane", "site": "Bridge", "latitude": 42.1, "longitude": 20.5}
SECRETS = ("s3cr3tpass", "t0k3nvalue")
ROUTES = (
    "/api/v1/cameras",
    "/api/v1/health/cameras",
    "/api/v1/cameras/lane-1/health",
    "/api/v1/cameras/lane-1/notices",
    "/api/v1/cameras/lane-1/audits",
    "/api/v1/pushing",
    "/api/v1/health",
    "/metrics",
)
PAGES = ("/", "/cameras", "/cameras/lane-1", "/cameras/lane-1/audit")


@contextmanager
def signed_in(node: RunningNode) -> Iterator[httpx.Client]:
    """The officer's browser."""
    login = {"name": OFFICER, "password": node.officer()}
    with httpx.Client(base_url=node.url, headers={"Origin": node.url}, timeout=60) as client:
        assert client.post("/sign-in", data=login).status_code == 303
        yield client


def last_error(browser: httpx.Client) -> str:
    """Why the camera cannot be followed, once the node has looked at it."""
    for _ in range(1200):
        health = browser.get("/api/v1/cameras/lane-1/health")
        if health.is_success and (error := str(health.json()["figures"]["last_error"])):
            return error
        time.sleep(0.2)
    raise AssertionError("the camera was not followed")


def hidden(said: str, what: str) -> None:
    """Nothing of the login is in what was said."""
    for secret in SECRETS:
        assert secret not in said, f"{what} shows {secret}"


@pytest.fixture(scope="module")
def followed(reachable_folder: Path) -> Iterator[RunningNode]:
    """A node that follows cameras."""
    often = {"MORINA_READING__WORKERS": "1", "MORINA_HEALTH__LOOK_EVERY_S": "5", "COLUMNS": "400"}
    with RunningNode.start(reachable_folder / "login", often) as node:
        yield node


def test_no_answer_page_command_or_log_shows_a_cameras_login(followed: RunningNode) -> None:
    at = f"127.0.0.1:{free_port()}/road"
    source = f"rtsp://bob:{SECRETS[0]}@{at}?auth={SECRETS[1]}"
    with signed_in(followed) as browser:
        put = browser.put("/api/v1/cameras/lane-1", json=PLACE | {"source": source})
        assert put.raise_for_status().json()["source"] == f"rtsp://***@{at}?auth=***"
        hidden(put.text, "the answer to PUT")
        refused = browser.put(
            "/api/v1/cameras/lane-2", json=PLACE | {"source": source.replace("rtsp:", "x:")}
        )
        assert refused.status_code == 422
        hidden(refused.text, "a refusal")
        assert "nothing listens at 127.0.0.1" in last_error(browser)
        for path in (*ROUTES, *PAGES):
            answer = browser.get(path).raise_for_status()
            hidden(answer.text, path)
            if path in ("/cameras", "/cameras/lane-1"):
                assert "Invented lane" in answer.text
    listed = followed.command("camera", "list")
    assert listed.returncode == 0
    hidden(listed.stdout, "camera list")
    tested = followed.command("camera", "test", "lane-1")
    assert tested.returncode == 1
    assert "nothing listens" in tested.stdout
    hidden(tested.stdout, "camera test")
    logs = [*(followed.home / "logs").glob("*.log")]
    assert followed.home / "logs" / "cameras-0.log" in logs
    for log in logs:
        hidden(log.read_text(errors="replace"), log.name)
    hidden(followed.lines_left(), "the node")
