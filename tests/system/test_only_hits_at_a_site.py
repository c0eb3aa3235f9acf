"""A camera of which only hits are kept, at a site: what no file of site or node may hold."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from beside import RunningSite, hand_over
from invented import read
from kept_files import files_with
from mishaps import listing, put_on_a_hotlist
from pushed_passages import pushed, scene
from running import RunningNode, free_port

GROUPS = {
    "gate": {
        "cameras": ["gate-1"], "owner": "Border police", "policy": "Order 12/2026",
        "days": 30, "match_and_forget": True,
    }
}  # fmt: skip
CAMERAS = """
[cameras.gate-1]
latitude = 42.1
longitude = 20.4
[cameras.gate-1.push]
maker = "dahua"
secret = "a-secret-of-this-camera"
time_zone = "Europe/London"
"""


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        with suppress(FileNotFoundError):
            if true():
                return
        time.sleep(0.2)
    pytest.fail(what)


def test_a_non_hit_reaches_no_file_of_the_site_and_a_hit_is_handed_over(
    reachable_folder: Path,
) -> None:
    """Only the node's settings name the camera."""
    folder = reachable_folder / "hits-at-a-site"
    folder.mkdir()
    port, push_port = free_port(), free_port()
    chosen = {
        "MORINA_RETENTION__GROUPS": json.dumps(GROUPS),
        "MORINA_IMAGES__PATCH_BYTES": "9000",
        "MORINA_HEALTH__LOOK_EVERY_S": "2",
        "MORINA_SITES__PORT": str(port),
        "MORINA_SITES__ADDRESS": "127.0.0.1",
        "MORINA_SITES__HOST": "127.0.0.1",
    }
    at_site = {"MORINA_EDGE__PUSH_PORT": str(push_port), "MORINA_EDGE__PUSH_HOST": "127.0.0.1"}
    with RunningNode.start(folder / "node", chosen) as node:
        token = node.token()
        api = httpx.Client(
            base_url=f"{node.url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=60
        )
        (folder / "token").write_text(node.command("site", "add", "kukes").stdout)
        place = ["--name", "Gate", "--site", "kukes", "--place", "42.1", "20.4"]
        assert node.command("camera", "put", "gate-1", *place).returncode == 0
        listed = [listing(text, datetime.now(UTC)) for text in ("KT65XDW", "KT66XDW")]
        asyncio.run(put_on_a_hotlist(node.addresses["postgres"], "Stolen", listed))
        site = RunningSite(folder / "site", folder / "token", at_site, listed=CAMERAS)
        with site.start():
            until(lambda: (site.home / "run" / "rules.json").exists(), "the node said no rules")
            until(lambda: site.state.hotlist_entries == 2, "the site got no hotlist")
            rules = json.loads((site.home / "run" / "rules.json").read_text())
            assert (rules["only_hits"], rules["patch_bytes"]) == (["gate-1"], 9000)

            missed, wanted = scene("GB77NHT"), scene("KT65XDW")
            path = f"http://127.0.0.1:{push_port}/push/a-secret-of-this-camera/"
            for text, picture in (("GB77NHT", missed), ("KT65XDW", wanted)):
                answer = httpx.post(path, content=pushed(text, picture), timeout=60)
                assert answer.json()["Result"] is True
            assert (
                httpx.post(path, content=b'{"Picture": "GB80NHT"}', timeout=60).status_code >= 400
            )
            now = datetime.now(UTC)
            others = [
                read(text, "GB", camera_id="gate-1", captured_at=now, received_at=now,
                     evidence=None)
                for text in ("GB78NHT", "KT66XDW")
            ]  # fmt: skip
            asyncio.run(hand_over(site, others))

            until(lambda: len(api.get("/reads").json()) == 2, "the hits were not handed over")
            reads = api.get("/reads").json()
            assert sorted(one["plate"]["text"] for one in reads) == ["KT65XDW", "KT66XDW"]
            [pictured] = [one for one in reads if one["plate"]["text"] == "KT65XDW"]
            name = pictured["evidence"]["overview"]
            until(lambda: api.get(f"/images/{name}").content == wanted, "no picture of the hit")
            until(lambda: passages(api) == 4, "all are counted, hits too, and once")
            until(lambda: site.state.forgotten == {"gate-1": 2}, "the site does not say so")
            missing = ("GB77NHT", "GB78NHT", "GB80NHT")
            for home in (site.home, node.home):
                for text in missing:
                    assert files_with(home, text.encode()) == []
                assert files_with(home, missed[len(missed) // 2 :]) == []
            assert files_with(node.home, wanted[len(wanted) // 2 :]), "or nothing can be found"
            assert "GB7" not in "".join(site.said)
            assert site.stop() == 0
        for text in missing:
            assert files_with(site.home, text.encode()) == []
        api.close()
        assert node.stop() == 0


def passages(api: httpx.Client) -> int:
    cameras = api.get("/health/cameras").json()
    return sum(one["passed"]["passages"] for one in cameras)
