"""A camera uploads files into a folder a running node watches, as an FTP server writes them."""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from filming_servers import jpeg
from running import RunningNode

PATIENCE_S = 240


def until(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not claim():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.2)


def name_of(plate: str, ago_s: int) -> str:
    local = datetime.now(ZoneInfo("Europe/Tirane")) - timedelta(seconds=ago_s)
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}_{plate}_VEHICLE_DETECTION.jpg"


def test_an_uploaded_file_is_one_read_and_a_damaged_one_is_shown(reachable_folder: Path) -> None:
    root = reachable_folder / "ftp"
    gate = root / "gate-1"
    gate.mkdir(parents=True)
    folders = json.dumps([{"path": str(root)}])
    with RunningNode.start(reachable_folder / "dropped", {"MORINA_PUSH__FOLDERS": folders}) as node:
        token = node.token()

        def told(path: str) -> list[dict[str, object]]:
            headers = {"Authorization": f"Bearer {token}"}
            answer = httpx.get(f"{node.url}/api/v1/{path}", headers=headers, timeout=60)
            found: list[dict[str, object]] = answer.raise_for_status().json()
            return found

        def texts() -> list[object]:
            return sorted(str(read["said"]["text"]) for read in told("reads"))  # type: ignore[index]  # a reading

        place = ["--name", "Gate", "--site", "North", "--place", "42.1", "20.4"]
        assert node.command("camera", "put", "gate-1", *place).returncode == 0
        added = node.command(
            "camera", "add", "gate-1", "--maker", "hikvision", "--time-zone", "Europe/Tirane"
        )
        assert added.returncode == 0, added.stdout
        good, half = name_of("AA769QE", 20), name_of("AA417KD", 10)
        (gate / "IMG_0001.jpg").symlink_to("elsewhere.jpg")
        (gate / half).write_bytes(jpeg(2)[:-40])
        (gate / good).write_bytes(jpeg(1))
        until((root / "taken" / "gate-1" / good).exists)
        until(lambda: texts() == ["AA769QE"])
        assert (gate / half).exists()
        (gate / half).write_bytes(jpeg(2))
        until(lambda: texts() == ["AA417KD", "AA769QE"])
        until((root / "refused" / "gate-1" / "IMG_0001.jpg").is_symlink)
        (bad,) = told("pushing/gate-1/bad-payloads")
        assert str(bad["fault"]).startswith("file IMG_0001.jpg: a link; let the camera")
        node.kill()
        (root / "taken" / "gate-1" / good).rename(gate / good)
        node.restart()
        until((root / "taken" / "gate-1" / good).exists)
        late = name_of("AA111BB", 0)
        (gate / late).write_bytes(jpeg(4))
        until(lambda: "AA111BB" in texts())
        assert texts() == ["AA111BB", "AA417KD", "AA769QE"]
