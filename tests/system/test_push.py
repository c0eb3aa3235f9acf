"""A camera that reads plates itself pushes to a running node: one read, both readings."""

import json
import time
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import cv2
import httpx
import numpy as np

from morina.demo.plates import render_plate
from morina.plates import Plate
from running import RunningNode

PATIENCE_S = 240


def scene(text: str) -> bytes:
    """A plate on a grey picture."""
    plate = render_plate(Plate(text, "GB")).image
    small = cv2.resize(plate, (240, round(plate.shape[0] * 240 / plate.shape[1])))
    picture = np.full((480, 720, 3), 96, np.uint8)
    picture[240 : 240 + small.shape[0], 240:480] = small
    return cv2.imencode(".jpg", picture)[1].tobytes()


def pushed(text: str, picture: bytes) -> bytes:
    """As a Dahua camera sends it."""
    local = datetime.now(ZoneInfo("Europe/London"))
    said = {
        "Plate": {"IsExist": True, "PlateNumber": text, "Confidence": 204, "Region": "GB"},
        "SnapInfo": {
            "AccurateTime": f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d}",
            "DeviceID": "KENT-1",
        },
        "NormalPic": {"Content": b64encode(picture).decode(), "PicName": "a.jpg"},
    }
    return json.dumps({"Picture": said}).encode()


def test_a_pushed_passage_is_one_read_with_both_readings(reachable_folder: Path) -> None:
    with RunningNode.start(reachable_folder / "pushed", {"MORINA_READING__WORKERS": "1"}) as node:
        token = node.command("user", "token", "administrator", "--label", "t").stdout.strip()
        headers = {"Authorization": f"Bearer {token}"}
        place = ["--name", "Kent", "--site", "M20", "--place", "51.1", "1.1"]
        assert node.command("camera", "put", "kent-1", *place).returncode == 0
        added = node.command(
            "camera", "add", "kent-1", "--maker", "dahua", "--time-zone", "Europe/London"
        )
        path = next(word for word in added.stdout.split() if word.startswith("/push/"))
        payload = pushed("KT65XDX", scene("KT65XDW"))
        for _ in range(3):
            answer = httpx.post(f"{node.url}{path}", content=payload, timeout=60)
            assert answer.json()["Result"] is True
        refused = httpx.post(
            f"{node.url}/push/nobody-knows-this-word/", content=payload, timeout=60
        )
        assert refused.status_code == 403
        deadline = time.monotonic() + PATIENCE_S
        reads: list[dict[str, object]] = []
        while not reads and time.monotonic() < deadline:
            reads = httpx.get(f"{node.url}/api/v1/reads", headers=headers, timeout=60).json()
            time.sleep(0.5)
        (read,) = reads
        said, own = read["said"], read["own"]
        assert isinstance(said, dict) and isinstance(own, dict)
        assert (said["text"], said["by"], own["text"]) == ("KT65XDX", "dahua", "KT65XDW")
        assert isinstance(read["confidence"], float) and read["confidence"] < own["confidence"]
        knocks = httpx.get(f"{node.url}/api/v1/knocks", headers=headers, timeout=60).json()
        assert [knock["maker"] for knock in knocks] == ["dahua"]
        logs = "".join(file.read_text(errors="replace") for file in node.home.glob("logs/*"))
        assert path.split("/")[2] not in logs + node.lines_left()
