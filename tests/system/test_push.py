"""A camera that reads plates itself pushes to a running node: one read, both readings."""

import time
from pathlib import Path

import httpx

from pushed_passages import pushed, scene
from running import RunningNode

PATIENCE_S = 240


def test_a_pushed_passage_is_one_read_with_both_readings(reachable_folder: Path) -> None:
    with RunningNode.start(reachable_folder / "pushed", {"MORINA_READING__WORKERS": "1"}) as node:
        token = node.token()
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
            time.sleep(0.2)
            reads = httpx.get(f"{node.url}/api/v1/reads", headers=headers, timeout=60).json()
        (read,) = reads
        said, own = read["said"], read["own"]
        assert isinstance(said, dict) and isinstance(own, dict)
        assert (said["text"], said["by"], own["text"]) == ("KT65XDX", "dahua", "KT65XDW")
        assert isinstance(read["confidence"], float) and read["confidence"] < own["confidence"]
        knocks = httpx.get(f"{node.url}/api/v1/knocks", headers=headers, timeout=60).json()
        assert [knock["maker"] for knock in knocks] == ["dahua"]
        logs = "".join(file.read_text(errors="replace") for file in node.home.glob("logs/*"))
        assert path.split("/")[2] not in logs + node.lines_left()
