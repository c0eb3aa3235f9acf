"""Cameras push to a site: its door, its files and its own NATS, a real one, without a node."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest

from captured import PAYLOADS
from filming_servers import jpeg
from invented import NOW, hotlist, listing, read
from kept_files import files_with
from morina.engines import Home, Supervisor, nats_server
from morina.records.unkept import Counting
from morina.sense import Read
from morina.sense.adapters.nats import NatsHandOver
from morina.sense.cameras.adapters.toml_file import TomlCameras
from morina.sense.cameras.pushing import secret_hash
from morina.sense.cameras.reports import Report
from morina.sense.site import Ledger, SiteState
from morina.sense.site.adapters.folder import FolderPictures
from morina.sense.site.adapters.nats import SiteStream
from morina.settings import Drop, Edge, Push, Reading, Settings
from morina.watch import Hotlists, Listed
from morina.wiring.edge.clocks import SiteClocks
from morina.wiring.edge.only_hits import OnlyHitsHere
from morina.wiring.edge.pushing import SiteParts, SitePush, push_of_site
from pushed_passages import pushed, scene

DAHUA_SECRET, HIKVISION_SECRET = "dahua-secret-for-tests", "hikvision-secret-for-tests"
CAMERAS = f"""
[cameras.gate]
latitude = 42.1
longitude = 20.4
[cameras.gate.push]
maker = "dahua"
secret = "{DAHUA_SECRET}"
time_zone = "Europe/London"
device_keys = {{ device_id = "KENT-1" }}

[cameras.bridge]
latitude = 42.1
longitude = 20.4
[cameras.bridge.push]
maker = "hikvision"
secret_sha256 = "{secret_hash(HIKVISION_SECRET).hex()}"
time_zone = "Europe/Tirane"
"""
DAHUA = {
    "Picture": {
        "Plate": {"IsExist": True, "PlateNumber": "KT65XDW", "Confidence": 204, "Region": "GB"},
        "SnapInfo": {"AccurateTime": "2026-03-14 08:26:53.589", "DeviceID": "KENT-1"},
    }
}
HIKVISION = (PAYLOADS / "hikvision" / "hikvision_push.multipart").read_bytes()
TOLLGATE = "/NotificationInfo/TollgateInfo"


@dataclass
class Site:
    """A site's parts that take pushes, and what a camera calls them with."""

    stream: SiteStream
    pictures: FolderPictures
    clocks: SiteClocks
    home: Home
    cameras: Path
    forgets: set[str] = field(default_factory=set)
    hotlists: Hotlists = field(default_factory=Hotlists)
    counting: Counting = field(default_factory=Counting)

    def push(self, settings: Settings | None = None, workers: int = 0) -> SitePush:
        """As after a start: on what is on disk."""
        settings = settings or Settings(
            edge=Edge(cameras=self.cameras), reading=Reading(workers=workers)
        )
        only_hits = OnlyHitsHere(
            self.stream, self.pictures, lambda name: name in self.forgets, lambda: self.hotlists,
            self.counting,
        )  # fmt: skip
        parts = SiteParts(self.stream, self.pictures, self.clocks, only_hits)
        return push_of_site(settings, self.home, TomlCameras(self.cameras, "kukes"), parts)

    async def logged(self) -> list[Read]:
        waiting = await self.stream.waiting(0)
        return list(waiting.reads) if waiting else []


def calling(push: SitePush) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(push.app(), client=("10.1.2.3", 40000))
    return httpx.AsyncClient(transport=transport, base_url="http://site.test")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    home = Home.open(tmp_path / "site")
    supervisor = Supervisor()
    engine, url = nats_server(home, 1_000_000_000)
    await supervisor.start(engine)
    captured = await NatsHandOver.connect(url)
    stream = await SiteStream.over(captured.client, captured, 100_000_000)
    cameras = tmp_path / "cameras.toml"
    cameras.write_text(CAMERAS)
    clocks = SiteClocks(2.0, Ledger())
    stream.published = clocks.marked
    pictures = FolderPictures(tmp_path / "pictures", 1_000_000_000)
    yield Site(stream, pictures, clocks, home, cameras)
    await stream.close()
    await supervisor.stop()
    home.close()


async def test_a_push_is_one_read_in_the_sites_log_also_after_a_restart(site: Site) -> None:
    for _ in range(2):
        async with calling(site.push()) as camera:
            for _ in range(2):
                answer = await camera.post(f"/push/{DAHUA_SECRET}/x", json=DAHUA)
                assert answer.json()["Result"] is True
    [read] = await site.logged()
    assert read.plate is not None and read.said is not None
    assert (read.camera_id, read.plate.text, read.plate.country) == ("gate", "KT65XDW", "GB")
    assert read.said.by == "dahua"


async def test_a_multipart_push_brings_its_pictures_into_the_sites_folder(site: Site) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=----SampleBoundary7MA4YWxk"}
    async with calling(site.push()) as camera:
        for _ in range(2):
            path = f"/push/{HIKVISION_SECRET}"
            assert (await camera.post(path, content=HIKVISION, headers=headers)).status_code == 200
    [read] = await site.logged()
    assert read.plate is not None and read.evidence is not None
    assert (read.camera_id, read.plate.text) == ("bridge", "AA417KD")
    assert await site.pictures.get(read.evidence.overview)
    assert site.pictures.waiting == 2


async def test_of_a_camera_of_which_only_hits_are_kept_no_other_passage_reaches_a_file(
    site: Site, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    entry = listing("KT65XDW", "GB", valid_from=now - timedelta(days=1),
                    valid_to=now + timedelta(days=1), review_at=now.date())  # fmt: skip
    missed, wanted = scene("GB77NHT"), scene("KT65XDW")
    push = site.push(workers=1)
    site.forgets.add("gate")
    async with calling(push) as camera:
        path = f"/push/{DAHUA_SECRET}/"
        for text, picture in (("GB77NHT", missed), ("KT65XDW", wanted)):
            answer = await camera.post(path, content=pushed(text, picture))
            assert answer.json()["Result"] is True
        assert (await camera.post(path, content=b'{"Picture": "GB78NHT"}')).status_code >= 400
        assert await site.logged() == [], "without a hotlist nothing is a hit"
        site.hotlists = Hotlists([Listed(hotlist(), entry)])
        told = json.loads(pushed("KT65XDW", wanted))
        told["Picture"]["SnapInfo"]["AccurateTime"] = f"{now:%Y-%m-%d %H:%M:%S}.001"
        await camera.post(path, content=json.dumps(told))
        await camera.post(path, content=pushed("GB79NHT", missed))
    [hit] = await site.logged()
    assert hit.plate is not None and hit.plate.text == "KT65XDW"
    assert hit.evidence is not None and await site.pictures.get(hit.evidence.overview) == wanted
    assert sum(one.passages for one in site.counting.taken().values()) == 3
    for text in ("GB77NHT", "GB78NHT", "GB79NHT"):
        assert files_with(tmp_path, text.encode()) == []
    assert files_with(tmp_path, missed[-200:]) == [], "the picture of what is no hit"
    assert files_with(tmp_path, wanted[-200:]) and files_with(tmp_path, b"KT65XDW")
    assert await site.stream.captures_waiting() == {}


async def test_whatever_hands_a_read_to_the_log_only_hits_pass(site: Site, tmp_path: Path) -> None:
    site.forgets.add("gate")
    site.push()
    site.stream.may_stay = OnlyHitsHere(
        site.stream, site.pictures, lambda name: name in site.forgets, lambda: site.hotlists,
        site.counting,
    ).may_stay  # fmt: skip
    await site.stream.publish_reads(
        [read("GB77NHT", camera_id="gate"), read("GB78NHT", camera_id="bridge")]
    )
    assert [one.camera_id for one in await site.logged()] == ["bridge"]
    assert files_with(tmp_path, b"GB77NHT") == [] and files_with(tmp_path, b"GB78NHT")


async def test_where_pictures_are_read_the_reader_gets_the_capture(site: Site) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=----SampleBoundary7MA4YWxk"}
    async with calling(site.push(workers=1)) as camera:
        await camera.post(f"/push/{HIKVISION_SECRET}/", content=HIKVISION, headers=headers)
    assert await site.stream.captures_waiting() == {"bridge": 1}
    captures = site.stream.captures()
    batch = await anext(captures)
    [capture] = batch.items
    await batch.acknowledge()
    assert capture.image and capture.said is not None
    assert (capture.camera_id, capture.said.text) == ("bridge", "AA417KD")
    assert await site.logged() == []


async def test_unknown_ones_are_refused_counted_and_named(site: Site) -> None:
    push = site.push()
    async with calling(push) as camera:
        for _ in range(2):
            answer = await camera.post("/push/not-a-secret-of-this-site/", json=DAHUA)
            assert (answer.status_code, answer.json()["place"]) == (403, "path")
        other = {"Picture": DAHUA["Picture"] | {"SnapInfo": {"DeviceID": "KENT-2"}}}
        assert (await camera.post(f"/push/{DAHUA_SECRET}/", json=other)).status_code == 403
        assert (await camera.post(f"/push/{DAHUA_SECRET}/", content=b"{")).status_code == 422
        assert (await camera.get("/")).status_code == 404
    assert await site.logged() == []
    state = await push.told(a_state())
    assert state.knocks == 3
    assert state.knocking == {
        "10.1.2.3 dahua device_id=KENT-1": 2, "10.1.2.3 dahua device_id=KENT-2": 1,
    }  # fmt: skip
    assert list(state.bad_payloads) == ["gate"]
    assert DAHUA_SECRET not in str(msgspec.json.encode(state))


async def test_a_fixed_path_takes_the_cameras_login(site: Site) -> None:
    async with calling(site.push()) as camera:
        assert (await camera.post(TOLLGATE, json=DAHUA)).status_code == 401
        wrong = httpx.DigestAuth("gate", "wrong")
        assert (await camera.post(TOLLGATE, json=DAHUA, auth=wrong)).status_code == 401
        right = httpx.DigestAuth("gate", DAHUA_SECRET)
        assert (await camera.post(TOLLGATE, json=DAHUA, auth=right)).json()["Result"] is True
    assert len(await site.logged()) == 1


async def test_a_camera_added_to_the_file_may_push_without_a_restart(site: Site) -> None:
    site.cameras.write_text("")
    async with calling(site.push()) as camera:
        assert (await camera.post(f"/push/{DAHUA_SECRET}/", json=DAHUA)).status_code == 403
        site.cameras.write_text(CAMERAS)
        assert (await camera.post(f"/push/{DAHUA_SECRET}/", json=DAHUA)).status_code == 200


async def test_too_much_and_what_cannot_be_kept_are_said(site: Site) -> None:
    push = site.push()
    async with calling(push) as camera:
        big = b" " * (push.settings.push.bytes + 1)
        assert (await camera.post(f"/push/{DAHUA_SECRET}/", content=big)).status_code == 413
        await site.stream.close()
        answer = await camera.post(f"/push/{DAHUA_SECRET}/", json=DAHUA)
        assert (answer.status_code, answer.json()["place"]) == (503, "site")


def report(text: str, *, provisional: bool) -> Report:
    return Report(plate_raw=text, text=text, track_key="7", provisional=provisional)


async def test_an_interim_reading_waits_on_disk_over_a_restart(site: Site) -> None:
    interim = report("AA417KO", provisional=True)
    await site.push().receiving.arrivals.take(interim, "bridge", "hikvision", NOW)
    assert await site.logged() == []
    again = site.push().receiving.arrivals
    assert await again.hand_on_due(NOW) == 0
    assert await again.hand_on_due(NOW + timedelta(seconds=5)) == 1
    assert await again.hand_on_due(NOW + timedelta(seconds=6)) == 0
    assert len(await site.logged()) == 1
    assert await again.hand_on_due(NOW + timedelta(hours=2)) == 0
    assert list(site.home.folder("arrivals").iterdir()) == []


async def test_a_corrected_text_follows_the_one_handed_on_under_the_same_id(site: Site) -> None:
    arrivals = site.push().receiving.arrivals
    await arrivals.take(report("AA417KO", provisional=True), "bridge", "hikvision", NOW)
    await arrivals.hand_on_due(NOW + timedelta(seconds=5))
    final = report("AA417KD", provisional=False)
    await arrivals.take(final, "bridge", "hikvision", NOW + timedelta(seconds=8))
    first, second = await site.logged()
    assert first.read_id == second.read_id
    assert [one.plate and one.plate.text for one in (first, second)] == ["AA417KO", "AA417KD"]


async def test_a_broken_arrival_on_disk_stops_nothing(site: Site) -> None:
    (site.home.folder("arrivals") / "broken").write_bytes(b"{")
    async with calling(site.push()) as camera:
        assert (await camera.post(f"/push/{DAHUA_SECRET}/", json=DAHUA)).status_code == 200
    assert len(await site.logged()) == 1


async def test_a_wrong_clock_of_a_camera_that_reads_is_flagged(site: Site) -> None:
    now = datetime.now(UTC)
    push = site.push()
    async with calling(push) as camera:
        for second in range(4):
            local = (now - timedelta(seconds=90 + second)).strftime("%Y-%m-%d %H:%M:%S.000")
            snap = {"AccurateTime": local, "DeviceID": "KENT-1"}
            sent = {"Picture": DAHUA["Picture"] | {"SnapInfo": snap}}
            await camera.post(f"/push/{DAHUA_SECRET}/", json=sent)
    assert list(site.clocks.cameras.wrong()) == ["gate"]
    assert [read.clock_wrong for read in await site.logged()][-1]


async def test_a_file_uploaded_at_the_site_is_one_read(site: Site, tmp_path: Path) -> None:
    name = "20260314092653589_AA769QE_VEHICLE_DETECTION.jpg"
    site.cameras.write_text(
        "[cameras.exit]\nlatitude = 42.1\nlongitude = 20.4\n[cameras.exit.push]\n"
        'maker = "hikvision"\nuploads = true\ntime_zone = "Europe/Tirane"\n'
    )
    (tmp_path / "ftp" / "exit").mkdir(parents=True)
    (tmp_path / "ftp" / "exit" / name).write_bytes(jpeg(1))
    folders = (Drop(path=tmp_path / "ftp"),)
    edge, push = Edge(cameras=site.cameras), Push(folders=folders)
    settings = Settings(edge=edge, push=push, reading=Reading(workers=0))
    work = [asyncio.create_task(one) for one in site.push(settings).work(None)]
    try:
        async with asyncio.timeout(120):
            while not (tmp_path / "ftp" / "taken" / "exit" / name).exists():
                await asyncio.sleep(0.05)
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
    [read] = await site.logged()
    assert read.plate is not None and read.evidence is not None
    assert (read.camera_id, read.plate.text) == ("exit", "AA769QE")
    assert await site.pictures.get(read.evidence.overview) == jpeg(1)


def a_state() -> SiteState:
    return SiteState(
        site="kukes", at=NOW, linked=False, reads_waiting=0, reads_waiting_bytes=0,
        oldest_waiting_at=None, pictures_waiting=0, pictures_bytes=0, reads_sent=0,
        pictures_sent=0, reads_dropped=0, pictures_dropped=0, disk_bytes=100,
    )  # fmt: skip
