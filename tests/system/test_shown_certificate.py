"""A camera with a client certificate pushes to a running node, behind a proxy on this machine."""

from hashlib import sha256

import httpx

from running import RunningNode

HEADER = "X-Client-Certificate-SHA256"
TOLLGATE = "/NotificationInfo/TollgateInfo"
PASSAGE = {
    "Picture": {
        "Plate": {"IsExist": True, "PlateNumber": "KT65XDW", "Confidence": 204},
        "SnapInfo": {"AccurateTime": "2026-03-14 08:26:53.589", "DeviceID": "SHOWN-1"},
    }
}


def test_only_the_certificate_that_was_added_is_let_in(node: RunningNode) -> None:
    known = sha256(b"an invented certificate").hexdigest()
    place = ["--name", "Shown", "--site", "M20", "--place", "51.1", "1.1"]
    assert node.command("camera", "put", "shown-1", *place).returncode == 0
    zone = ["--time-zone", "Europe/London", "--device", "device_id=SHOWN-1"]
    wrong = node.command("camera", "add", "shown-1", "--maker", "dahua", "--certificate", "ab")
    assert wrong.returncode != 0
    assert "64 hexadecimal digits" in " ".join(wrong.stdout.split())
    added = node.command(
        "camera", "add", "shown-1", "--maker", "dahua", *zone, "--certificate", known.upper()
    )
    assert added.returncode == 0, added.stdout
    # what a proxy before the node says of the camera: its address, and its certificate
    via = {"X-Forwarded-For": "192.0.2.7"}
    for shown, status in ((None, 401), (known[::-1], 401), (known, 200)):
        headers = via | ({HEADER: shown} if shown else {})
        answer = httpx.post(f"{node.url}{TOLLGATE}", json=PASSAGE, headers=headers, timeout=120)
        assert answer.status_code == status, shown
