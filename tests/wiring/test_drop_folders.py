"""Files that cameras upload into a folder, with a real database and a real folder."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from psycopg_pool import AsyncConnectionPool
from tests.desk.api.conftest import Intake

from filming_servers import jpeg
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.records.adapters.obstore import ObstoreImages
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.drop_folder import DropFolder
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.sense.cameras.adapters.postgres_pending import PostgresPending
from morina.sense.cameras.adapters.postgres_pushing import PostgresPushing
from morina.sense.cameras.arrivals import Arrivals
from morina.sense.cameras.left_files import Keep
from morina.sense.cameras.pushing import PushingCamera
from morina.sense.cameras.receiving import Receiving
from morina.wiring.decoding import MAKERS
from morina.wiring.drop_folders import Dropped, Patience
from morina.wiring.pushing import Ways

NAME = "20260314092653589_AA769QE_VEHICLE_DETECTION.jpg"
PATCH = "20260314092653589_AA769QE_PLATE_PICTURE.jpg"
XML = b"""<?xml version="1.0"?><AutoVu><Plate>AA417KD</Plate><Guid>17</Guid>
<UTCDate>2026:03:14</UTCDate><UTCTime>08:26:53.589</UTCTime></AutoVu>"""
AT_ONCE = Patience(settled_s=0, rows_s=0)
HOPELESS = Patience(settled_s=0, rows_s=0, give_up_after_s=0)
PATIENCE_S = 120


@pytest.fixture
def intake() -> Intake:
    return Intake()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for camera in ("gate-1", "gate-2"):
        (tmp_path / "ftp" / camera).mkdir(parents=True)
    return tmp_path / "ftp"


@pytest.fixture
async def receiving(
    pool: AsyncConnectionPool, tmp_path: Path, intake: Intake
) -> AsyncIterator[Receiving]:
    images = ObstoreImages.at("", tmp_path / "images")
    arrivals = Arrivals(intake, images, PostgresPending(pool))  # type: ignore[arg-type]  # takes
    pushing = PostgresPushing(pool, "k" * 32, PostgresTrail())
    for camera_id, maker, zone in (
        ("gate-1", "hikvision", "Europe/Tirane"),
        ("gate-2", "genetec", ""),
    ):
        place = Camera(camera_id=camera_id, name="Gate", site="N", latitude=42.1, longitude=20.4)
        await PostgresCameras(pool, PostgresTrail()).put(place)
        await pushing.put(PushingCamera(camera_id=camera_id, maker=maker, time_zone=zone))
    yield Receiving(MAKERS, pushing, arrivals)


def dropped(receiving: Receiving, root: Path, patience: Patience = AT_ONCE) -> Dropped:
    return Dropped(receiving, DropFolder(root, most_bytes=1_000_000), Keep(), patience)


def lying(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir()}


async def test_a_picture_whose_name_holds_the_plate_is_one_passage(
    receiving: Receiving, intake: Intake, root: Path
) -> None:
    (root / "gate-1" / "2026-03-14").mkdir()
    (root / "gate-1" / "2026-03-14" / NAME).write_bytes(jpeg(1))
    taking = dropped(receiving, root)
    await taking.look()
    await taking.look()
    (capture,) = intake.captures
    assert capture.said is not None and capture.said.text == "AA769QE"
    assert capture.captured_at == datetime(2026, 3, 14, 8, 26, 53, 589000, UTC)
    assert await receiving.arrivals.pictures.get(capture.image) == jpeg(1)
    assert lying(root) == {f"taken/gate-1/2026-03-14/{NAME}"}
    assert (await receiving.cameras.heard())["gate-1"].reports == 1


async def test_a_passage_without_a_time_is_of_when_its_file_came(
    receiving: Receiving, intake: Intake, root: Path
) -> None:
    untimed = b"<AutoVu><Plate>AA417KD</Plate></AutoVu>"
    (root / "gate-2" / "a.xml").write_bytes(untimed)
    came_at = (root / "gate-2" / "a.xml").stat().st_ctime
    await dropped(receiving, root).look()
    (read,) = intake.reads
    assert read.captured_at.timestamp() == pytest.approx(came_at, abs=1e-5)


async def test_the_picture_of_the_plate_joins_its_passage(
    receiving: Receiving, intake: Intake, root: Path
) -> None:
    (root / "gate-1" / NAME).write_bytes(jpeg(1))
    (root / "gate-1" / PATCH).write_bytes(jpeg(2))
    await dropped(receiving, root).look()
    assert len({capture.capture_id for capture in intake.captures}) == 1
    assert await receiving.arrivals.pictures.get(intake.captures[-1].patch) == jpeg(2)


async def test_what_changes_between_two_looks_is_not_complete(
    receiving: Receiving, intake: Intake, root: Path
) -> None:
    taking = dropped(receiving, root, Patience(settled_s=1e-9))
    for size in (200, 400, len(jpeg(1))):
        (root / "gate-1" / NAME).write_bytes(jpeg(1)[:size])
        await taking.look()
    assert intake.captures == []
    await taking.look()
    assert len(intake.captures) == 1


async def test_half_a_picture_waits_for_the_rest(
    receiving: Receiving, intake: Intake, root: Path
) -> None:
    path, taking = root / "gate-1" / NAME, dropped(receiving, root)
    path.write_bytes(jpeg(1)[:-30])
    await taking.look()
    await taking.look()
    assert intake.captures == [] and path.exists()
    path.write_bytes(jpeg(1))
    await taking.look()
    (capture,) = intake.captures
    assert await receiving.arrivals.pictures.get(capture.image) == jpeg(1)


async def test_what_the_name_says_is_read_though_the_picture_never_came_whole(
    receiving: Receiving, intake: Intake, root: Path
) -> None:
    (root / "gate-1" / NAME).write_bytes(b"")
    await dropped(receiving, root, HOPELESS).look()
    (read,) = intake.reads
    assert read.plate is not None and read.plate.text == "AA769QE"
    assert lying(root) == {f"taken/gate-1/{NAME}"}


async def test_half_a_document_waits_and_is_refused_when_hope_is_given_up(
    receiving: Receiving, intake: Intake, root: Path
) -> None:
    (root / "gate-2" / "a.xml").write_bytes(XML[:-20])
    await dropped(receiving, root).look()
    assert lying(root) == {"gate-2/a.xml"}
    assert await receiving.cameras.bad_payloads("gate-2") == []
    await dropped(receiving, root, HOPELESS).look()
    assert lying(root) == {"refused/gate-2/a.xml"}
    (bad,) = await receiving.cameras.bad_payloads("gate-2")
    assert bad.fault.startswith("file a.xml: ")
    assert bad.content == XML[:-20]
    assert intake.reads == []


async def test_a_picture_whose_name_holds_no_plate_is_refused_when_hope_is_given_up(
    receiving: Receiving, intake: Intake, root: Path
) -> None:
    (root / "gate-1" / "IMG_0001.jpg").write_bytes(jpeg(3))
    await dropped(receiving, root).look()
    assert lying(root) == {"gate-1/IMG_0001.jpg"}
    await dropped(receiving, root, HOPELESS).look()
    assert lying(root) == {"refused/gate-1/IMG_0001.jpg"}
    (bad,) = await receiving.cameras.bad_payloads("gate-1")
    assert bad.fault.startswith("file IMG_0001.jpg: neither an ANPR event")
    assert intake.captures == intake.reads == []


async def test_the_picture_beside_a_document_goes_with_it(
    receiving: Receiving, intake: Intake, root: Path
) -> None:
    taking = dropped(receiving, root)
    (root / "gate-2" / "a.jpg").write_bytes(jpeg(1)[:-30])
    (root / "gate-2" / "a_plate.jpg").write_bytes(jpeg(2))
    (root / "gate-2" / "a.xml").write_bytes(XML)
    await taking.look()
    assert intake.captures == intake.reads == []
    (root / "gate-2" / "a.jpg").write_bytes(jpeg(1))
    await taking.look()
    (capture,) = intake.captures
    assert capture.said is not None and capture.said.text == "AA417KD"
    assert await receiving.arrivals.pictures.get(capture.image) == jpeg(1)
    assert await receiving.arrivals.pictures.get(capture.patch) == jpeg(2)
    assert lying(root) == {f"taken/gate-2/{name}" for name in ("a.jpg", "a_plate.jpg", "a.xml")}


async def test_a_document_does_not_wait_for_ever_for_its_picture(
    receiving: Receiving, intake: Intake, root: Path
) -> None:
    (root / "gate-2" / "a.xml").write_bytes(XML)
    (root / "gate-2" / "a.jpg").write_bytes(b"\xff\xd8" + bytes(1_000_000))
    await dropped(receiving, root, HOPELESS).look()
    assert len(intake.reads) == 1
    assert lying(root) == {"taken/gate-2/a.xml", "refused/gate-2/a.jpg"}


async def test_links_and_what_is_too_large_are_refused_and_shown(
    receiving: Receiving, intake: Intake, root: Path
) -> None:
    secret = root.parent / "secret.jpg"
    secret.write_bytes(jpeg(1))
    (root / "gate-1" / NAME).symlink_to(secret)
    (root / "gate-1" / "elsewhere").symlink_to(root.parent)
    (root / "gate-1" / "large.jpg").write_bytes(bytes(1_000_001))
    os.mkfifo(root / "gate-1" / "pipe.jpg")
    await dropped(receiving, root).look()
    assert intake.captures == intake.reads == []
    assert list((root / "gate-1").iterdir()) == []
    assert secret.read_bytes() == jpeg(1)
    faults = {bad.fault for bad in await receiving.cameras.bad_payloads("gate-1")}
    assert len(faults) == 4
    assert any("1000001 bytes, more than push.bytes" in fault for fault in faults)


async def test_a_folder_swapped_for_a_link_is_not_followed(root: Path) -> None:
    folder, inner = DropFolder(root), root / "gate-1" / "day"
    inner.mkdir()
    (inner / NAME).write_bytes(jpeg(1))
    (file,) = folder.left()
    outside = root.parent / "outside"
    inner.rename(outside)
    inner.symlink_to(outside)
    with pytest.raises(OSError):
        folder.content(file)
    with pytest.raises(OSError):
        folder.put_away(file, "taken")
    assert (outside / NAME).exists()


async def test_a_file_stays_until_what_it_says_is_kept(
    receiving: Receiving, intake: Intake, root: Path
) -> None:
    (root / "gate-1" / NAME).write_bytes(jpeg(1))
    intake.failing = ConnectionError("away")
    taking = dropped(receiving, root)
    with pytest.raises(ConnectionError):
        await taking.look()
    assert lying(root) == {f"gate-1/{NAME}"}
    intake.failing = None
    await taking.look()
    assert len(intake.captures) == 1
    assert lying(root) == {f"taken/gate-1/{NAME}"}


async def test_a_file_taken_again_after_a_kill_is_the_same_passage(
    receiving: Receiving, intake: Intake, root: Path
) -> None:
    (root / "gate-1" / NAME).write_bytes(jpeg(1))
    await dropped(receiving, root).look()
    (root / "taken" / "gate-1" / NAME).rename(root / "gate-1" / NAME)
    await dropped(receiving, root).look()
    assert len({capture.capture_id for capture in intake.captures}) == 1
    assert (await receiving.cameras.heard())["gate-1"].repeats == 1


async def test_a_name_used_again_replaces_nothing(receiving: Receiving, root: Path) -> None:
    taking = dropped(receiving, root)
    for shade in (1, 2):
        (root / "gate-1" / NAME).write_bytes(jpeg(shade))
        await taking.look()
    assert {path.read_bytes() for path in (root / "taken" / "gate-1").iterdir()} == {
        jpeg(1),
        jpeg(2),
    }


async def test_what_was_written_anew_under_the_name_meanwhile_stays(root: Path) -> None:
    folder = DropFolder(root)
    (root / "gate-1" / NAME).write_bytes(jpeg(1))
    (file,) = folder.left()
    (root / "gate-1" / NAME).write_bytes(jpeg(2))
    folder.put_away(file, "taken")
    assert lying(root) == {f"gate-1/{NAME}"}
    assert folder.content(file) is None


async def test_unfinished_and_hidden_files_are_left_alone(
    receiving: Receiving, intake: Intake, root: Path
) -> None:
    (root / "gate-1" / f".{NAME}").write_bytes(jpeg(1))
    (root / "gate-1" / f"{NAME}.part").write_bytes(jpeg(1))
    await dropped(receiving, root, HOPELESS).look()
    assert intake.captures == []
    assert lying(root) == {f"gate-1/.{NAME}", f"gate-1/{NAME}.part"}


async def test_a_folder_of_no_camera_knocks_once_and_waits(
    receiving: Receiving, intake: Intake, root: Path
) -> None:
    (root / "gate-3").mkdir()
    (root / "gate-3" / NAME).write_bytes(jpeg(1))
    (root / NAME).write_bytes(jpeg(1))
    taking = dropped(receiving, root)
    await taking.look()
    await taking.look()
    (knock,) = await receiving.cameras.knocks()
    assert (knock.address, knock.times) == ("folder gate-3", 1)
    assert lying(root) == {f"gate-3/{NAME}", NAME}
    assert intake.captures == intake.reads == []


async def test_what_was_taken_is_removed_where_that_is_wished(
    receiving: Receiving, intake: Intake, root: Path
) -> None:
    (root / "gate-1" / NAME).write_bytes(jpeg(1))
    await Dropped(receiving, DropFolder(root, removes=True), Keep(), AT_ONCE).look()
    assert len(intake.captures) == 1
    assert lying(root) == set()


async def test_a_file_that_cannot_be_moved_is_taken_once_and_told_of(
    receiving: Receiving, intake: Intake, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (root / "taken").write_bytes(b"in the way")
    (root / "gate-1" / NAME).write_bytes(jpeg(1))
    taking = dropped(receiving, root)
    for _ in range(3):
        await taking.look()
    assert len(intake.captures) == 1
    assert (await receiving.cameras.heard())["gate-1"].reports == 1
    assert caplog.text.count("cannot be moved") == 1


async def test_old_files_are_removed_and_new_ones_stay(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for where in ("taken", "refused"):
        (root / where / "gate-1" / "day").mkdir(parents=True)
        (root / where / "gate-1" / "day" / "a.jpg").write_bytes(b"a")
    (root / "taken" / "link").symlink_to(root / "gate-1")
    (root / "gate-1" / "b.jpg").write_bytes(b"b")
    folder, keep, now = DropFolder(root), Keep(taken_s=3600, refused_s=7200), time.time()
    assert folder.drop_old(keep, now) == 0
    with caplog.at_level(logging.INFO):
        assert folder.drop_old(keep, now + 3700) == 2
    assert "2 files taken or refused long ago were removed" in caplog.text
    assert lying(root) == {"refused/gate-1/day/a.jpg", "gate-1/b.jpg"}
    assert not (root / "taken" / "gate-1").exists()


async def test_folders_a_camera_left_empty_are_removed_after_a_day_but_not_its_own(
    root: Path,
) -> None:
    (root / "gate-1" / "2026" / "03").mkdir(parents=True)
    os.utime(root / "gate-1" / "2026" / "03", (0, 0))
    DropFolder(root).drop_old(Keep(), time.time())
    assert not (root / "gate-1" / "2026" / "03").exists()
    DropFolder(root).drop_old(Keep(), time.time() + 90_000)
    assert list((root / "gate-1").iterdir()) == []


async def test_the_folder_is_followed_and_an_outage_is_waited_out(
    receiving: Receiving,
    intake: Intake,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("morina.wiring.pushing.TRY_AGAIN_AFTER_S", 0.01)
    intake.failing = RuntimeError("the picture store says no")
    following = asyncio.create_task(Ways(receiving).folder(dropped(receiving, root)))
    try:
        async with asyncio.timeout(PATIENCE_S):
            (root / "gate-1" / NAME).write_bytes(jpeg(1))
            while "the picture store says no" not in caplog.text:
                await asyncio.sleep(0.05)
            assert lying(root) == {f"gate-1/{NAME}"}
            intake.failing = None
            while not intake.captures:
                await asyncio.sleep(0.05)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
