"""The demo, end to end: a rendered road in, a partner's entry hit, a sighting at its desk."""

import json
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from morina.wiring.demonstrating.playing import ASKED_PLATE
from running import free_port, morina

WITHIN_S = 900.0
"""Rendering and reading share whatever machine this is; the listed car comes by every minute."""
PATIENCE_S = 300.0
LISTED = "LN67KTE"
NAMES = ("AL", "GB", "XK")


@dataclass
class Demo:
    """A demo that runs: its folder, and where its three desks are."""

    home: Path
    ports: dict[str, int] = field(
        default_factory=lambda: {n: free_port() for n in ("AL", "GB", "XK")}
    )
    said: list[str] = field(default_factory=list)
    tokens: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def url(self, name: str) -> str:
        where = json.loads((self.home_of(name) / "run" / "node.json").read_text())
        return str(where["url"])

    def home_of(self, name: str) -> Path:
        return self.home if name == "AL" else self.home / name

    def ask(self, name: str, who: str, path: str, sent: Any = None) -> Any:
        """What the desk of ``name`` answers that account."""
        headers = self.tokens.setdefault((name, who), {}) or bearer(self.home_of(name), who)
        self.tokens[name, who] = headers
        method = "GET" if sent is None else "POST"
        url = f"{self.url(name)}/api/v1{path}"
        answer = httpx.request(method, url, json=sent, headers=headers, timeout=PATIENCE_S)
        return answer.raise_for_status().json()

    def picture(self, path: str) -> httpx.Response:
        headers = self.tokens["AL", "operator"]
        where = f"{self.url('AL')}/api/v1/images/{path}"
        return httpx.get(where, headers=headers, timeout=PATIENCE_S)


@contextmanager
def demonstrated(home: Path) -> Iterator[Demo]:
    """Nothing it started outlives it."""
    demo = Demo(home)
    ports = [str(demo.ports[name]) for name in ("GB", "XK")]
    environment = {"MORINA_DESK__PORT": str(demo.ports["AL"])}
    with morina(["demo", "--home", str(home), "--partner-ports", *ports], environment) as process:
        assert process.stdout is not None
        threading.Thread(target=demo.said.extend, args=(process.stdout,), daemon=True).start()
        try:
            until(lambda: any("Now you" in line for line in demo.said), lambda: "".join(demo.said))
            yield demo
            children = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGINT)
            process.wait(timeout=PATIENCE_S)
        finally:
            process.kill()
    _, alive = psutil.wait_procs(children, timeout=PATIENCE_S)
    assert not alive


def test_a_partners_car_is_seen_and_confirmed_and_its_owner_told(reachable_folder: Path) -> None:
    with demonstrated(reachable_folder / "demo") as demo:
        raised = until(lambda: exact_hit(demo))
        assert (raised["withheld"], raised["state"]) == (True, "raised")
        for name in ("overview", "patch"):
            kept = demo.picture(raised["evidence"][name])
            assert kept.headers["content-type"] == "image/jpeg"
        assert demo.ask("GB", "operator", "/sightings") == []
        alert = confirmed(demo, raised["alert_id"])
        assert alert["listed"]["listing"]["plate"]["text"] == LISTED
        [seen] = until(lambda: demo.ask("GB", "operator", "/sightings"))
        assert (seen["told_by"], seen["fields"]["plate"]) == ("AL", LISTED)
        until(lambda: any("GB has the sighting" in line for line in demo.said))
        played_between_desks(demo)
    said = "".join(demo.said)
    assert "shown only now" in said
    assert "Traceback" not in said
    assert "not whole" not in said


def played_between_desks(demo: Demo) -> None:
    """What the demo says it played stands at each desk, and nobody's eyes were played."""
    [heard] = demo.ask("AL", "operator", "/exchange/lists")["heard"]
    assert (heard["entries"], heard["ended"]) == (1, "")
    hit, unknown = demo.ask("GB", "investigator", "/exchange/questions")
    assert (hit["vehicle"]["plate"], hit["answer"]["result"]) == (ASKED_PLATE, "hit")
    assert unknown["answer"]["result"] == "no_hit"
    [follow_up] = demo.ask("GB", "investigator", "/exchange/follow-ups")
    assert (follow_up["stage"], follow_up["approver"]) == ("granted", "supervisor")
    [there] = demo.ask("AL", "liaison", "/exchange/follow-ups")
    assert [one["by"] for one in there["did"][1:]] == ["liaison", "liaison"]
    assert len(demo.ask("XK", "liaison", "/operations")) == 1


def exact_hit(demo: Demo) -> dict[str, Any] | None:
    """The first exact hit at the arrivals camera."""
    for alert in demo.ask("AL", "operator", "/alerts"):
        if alert["likeness"] == "exact" and alert["camera_id"] == "morine-in":
            return dict(alert)
    return None


def confirmed(demo: Demo, alert_id: str) -> dict[str, Any]:
    """What the visitor does, by eye; the alert as it is then."""
    path = f"/alerts/{alert_id}"
    demo.ask("AL", "operator", f"{path}/steps", {"step": "acknowledge"})
    demo.ask("AL", "operator", f"{path}/transcription", {"text": LISTED})
    return dict(demo.ask("AL", "operator", f"{path}/steps", {"step": "confirm"}))


def until(what: Callable[[], Any], said: Callable[[], str] = str) -> Any:
    """What comes, once it says something."""
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.5)
    pytest.fail(f"it did not come: {said()}")


def bearer(home: Path, who: str) -> dict[str, str]:
    """A token of one of the demo's accounts."""
    arguments = ["user", "token", who, "--label", "test", "--home", str(home)]
    with morina(arguments, {}) as process:
        token, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, token
    return {"Authorization": f"Bearer {token.strip()}"}


def test_a_taken_port_is_named_before_anything_starts(reachable_folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.2", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        arguments = ["demo", "--home", str(reachable_folder / "taken"), "--partner-ports", port]
        with morina([*arguments, str(free_port())], {}) as process:
            said, _ = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, f"port {port}" in said, "of GB" in said) == (1, True, True)
