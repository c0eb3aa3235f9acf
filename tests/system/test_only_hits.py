"""A camera of which only hits are kept, on a running node: what no file of the home may hold."""

import asyncio
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import nats
import psycopg

from invented import read
from kept_files import files_with
from mishaps import listing, put_on_a_hotlist
from morina.sense import Evidence
from morina.sense.adapters.nats_passing import NatsPassing
from morina.sense.passing import HeldPictures, PassingRead
from pushed_passages import pushed, scene
from running import RunningNode

PATIENCE_S = 300
GROUPS = {
    "gate": {
        "cameras": ["gate-1", "gate-2"], "owner": "Border police", "policy": "Order 12/2026",
        "days": 30, "match_and_forget": True,
    }
}  # fmt: skip


def pass_on(node: RunningNode, *passing: tuple[str, bytes, bytes]) -> None:
    """As a camera worker does: text, overview, patch."""

    async def hand_on() -> None:
        client = await nats.connect(node.addresses["nats"])
        stream = NatsPassing(client)
        for text, overview, patch in passing:
            held, now = HeldPictures(), datetime.now(UTC)
            evidence = Evidence(await held.put(overview), await held.put(patch), (1, 2, 91, 12), ())
            seen = read(
                text, "GB", camera_id="gate-1", captured_at=now, received_at=now, evidence=evidence
            )
            await stream.pass_on(PassingRead(read=seen, pictures=held.of(seen)))
        await client.close()

    asyncio.run(hand_on())


def test_a_non_hit_reaches_no_file_and_a_hit_is_kept_with_its_pictures(
    reachable_folder: Path,
) -> None:
    chosen = {
        "MORINA_RETENTION__GROUPS": json.dumps(GROUPS),
        "MORINA_HEALTH__LOOK_EVERY_S": "2",
    }
    with RunningNode.start(reachable_folder / "only-hits", chosen) as node:
        token = node.token()
        api = httpx.Client(
            base_url=f"{node.url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=60
        )
        listed = [listing(text, datetime.now(UTC)) for text in ("KT65XDW", "KT66XDW")]
        asyncio.run(put_on_a_hotlist(node.addresses["postgres"], "Stolen", listed))
        place = ["--name", "Gate", "--site", "Gate", "--place", "51.1", "1.1"]
        for camera in ("gate-1", "gate-2"):
            assert node.command("camera", "put", camera, *place).returncode == 0
        added = node.command("camera", "add", "gate-2", "--maker", "dahua", "--time-zone", "UTC")
        path = next(word for word in added.stdout.split() if word.startswith("/push/"))

        missed, wanted = scene("GB77NHT"), scene("KT65XDW")
        pass_on(
            node,
            ("GB77NHT", missed, b"patch of what is no hit, as bytes"),
            ("KT65XDW", wanted, b"patch of what is a hit, as bytes"),
            ("GB78NHT", b"overview of another that is no hit", b"its patch, as bytes too"),
        )
        told = json.loads(pushed("GB79NHT", scene("GB79NHT")))
        for text in ("GB79NHT", "KT66XDW"):
            told["Picture"]["Plate"]["PlateNumber"] = text
            answer = httpx.post(f"{node.url}{path}", content=json.dumps(told), timeout=60)
            assert answer.json()["Result"] is True
        bad = httpx.post(f"{node.url}{path}", content=b'{"Picture": "GB80NHT"}', timeout=60)
        assert bad.status_code >= 400

        deadline, reads, alerts = time.monotonic() + PATIENCE_S, [], []
        while len(reads) + len(alerts) < 4 and time.monotonic() < deadline:
            time.sleep(0.5)
            reads, alerts = api.get("/reads").json(), api.get("/alerts").json()
        assert sorted(one["plate"]["text"] for one in reads) == ["KT65XDW", "KT66XDW"]
        [hit] = [one for one in reads if one["camera_id"] == "gate-1"]
        assert api.get(f"/images/{hit['evidence']['overview']}").content == wanted
        assert len(alerts) == 2

        passages, deadline = 0, time.monotonic() + PATIENCE_S
        while passages < 5 and time.monotonic() < deadline:
            time.sleep(0.5)
            cameras = api.get("/health/cameras").json()
            passages = sum(one["passed"]["passages"] for one in cameras)
        assert passages == 5, "all are counted, hits too, and once"
        assert (len(api.get("/reads").json()), len(api.get("/alerts").json())) == (2, 2)

        with psycopg.connect(node.owner_dsn, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        for text in ("GB77NHT", "GB78NHT", "GB79NHT", "GB80NHT"):
            assert files_with(node.home, text.encode()) == []
        middle = slice(len(missed) // 2, len(missed) // 2 + 60)
        for picture in (missed[middle], b"patch of what is no hit", b"overview of another"):
            assert files_with(node.home, picture) == []
        assert files_with(node.home, wanted[middle]) and files_with(node.home, b"KT65XDW")

        refused = api.post(
            "/captures",
            files={"image": ("a.jpg", missed, "image/jpeg")},
            data={"camera_id": "gate-1", "captured_at": datetime.now(UTC).isoformat()},
        )
        assert refused.status_code == 409 and "only hits" in refused.json()["detail"]
        api.close()
        assert node.stop() == 0
        assert files_with(node.home, b"GB77NHT") == []
