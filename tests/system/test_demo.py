"""The demo, end to end: frames of a rendered road in, a hit with its evidence on the desk."""

import signal
import threading
import time
from pathlib import Path

import httpx
import psutil
import pytest

from running import free_port, morina

FIRST_ALERT_WITHIN_S = 400.0
"""Rendering and reading share whatever machine this is; the listed car comes by every minute."""


def test_the_listed_british_car_raises_an_alert_with_its_evidence(reachable_folder: Path) -> None:
    home, port = reachable_folder / "demo", free_port()
    environment = {"MORINA_DESK__PORT": str(port)}
    with morina(["demo", "--home", str(home)], environment) as demo:
        said: list[str] = []
        assert demo.stdout is not None
        threading.Thread(target=said.extend, args=(demo.stdout,), daemon=True).start()
        try:
            raised = exact_hit(f"http://127.0.0.1:{port}", home)
            children = psutil.Process(demo.pid).children(recursive=True)
            demo.send_signal(signal.SIGINT)
            demo.wait(timeout=60)
        finally:
            demo.kill()
        assert "shown only now" in "".join(said)
        assert "Traceback" not in "".join(said)
    assert raised["camera_id"] == "morine-in"
    assert raised["withheld"] is True
    assert raised["state"] == "raised"
    assert isinstance(raised["evidence"], dict)
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive


def exact_hit(url: str, home: Path) -> dict[str, object]:
    """The first exact hit at the arrivals camera, its pictures checked to be there."""
    deadline = time.monotonic() + FIRST_ALERT_WITHIN_S
    headers: dict[str, str] = {}
    while time.monotonic() < deadline:
        time.sleep(2)
        if not headers and (home / "run" / "node.json").exists():
            headers = bearer(home)
        if not headers:
            continue
        answer = httpx.get(f"{url}/api/v1/alerts", headers=headers, timeout=30)
        for alert in answer.raise_for_status().json():
            if alert["likeness"] == "exact" and alert["camera_id"] == "morine-in":
                for name in ("overview", "patch"):
                    picture = f"{url}/api/v1/images/{alert['evidence'][name]}"
                    kept = httpx.get(picture, headers=headers, timeout=30)
                    assert kept.headers["content-type"] == "image/jpeg"
                return dict(alert)
    pytest.fail("the listed car raised no alert")


def bearer(home: Path) -> dict[str, str]:
    """A token, as an administrator issues it; empty while the node is not ready."""
    arguments = ["user", "token", "administrator", "--label", "test", "--home", str(home)]
    with morina(arguments, {}) as process:
        token, _ = process.communicate(timeout=60)
    if process.returncode != 0:
        return {}
    return {"Authorization": f"Bearer {token.strip()}"}
