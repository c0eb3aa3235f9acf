"""TCP frames, and a camera's own list, with real sockets and a real database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from psycopg_pool import AsyncConnectionPool
from tests.desk.api.conftest import Intake

from captured import PAYLOADS
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.records.adapters.obstore import ObstoreImages
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.sense.cameras.adapters.postgres_pending import PostgresPending
from morina.sense.cameras.adapters.postgres_pushing import PostgresPushing
from morina.sense.cameras.adapters.pull import first_cursor
from morina.sense.cameras.adapters.tcp import LARGEST, Frames, TooLongError
from morina.sense.cameras.arrivals import Arrivals
from morina.sense.cameras.pushing import PushingCamera
from morina.sense.cameras.receiving import Receiving
from morina.sense.cameras.reports import Report
from morina.settings import Listener
from morina.wiring.decoding import MAKERS
from morina.wiring.pushing import Ways
from running import free_port

NOW = datetime(2026, 3, 14, 8, 30, tzinfo=UTC)
PATIENCE_S = 120


@pytest.fixture
def intake() -> Intake:
    return Intake()


@pytest.fixture
async def receiving(
    pool: AsyncConnectionPool, tmp_path: Path, intake: Intake
) -> AsyncIterator[Receiving]:
    images = ObstoreImages.at("", tmp_path / "images")
    arrivals = Arrivals(intake, images, PostgresPending(pool))  # type: ignore[arg-type]  # takes
    camera = Camera(camera_id="gate-1", name="Gate", site="North", latitude=42.1, longitude=20.4)
    await PostgresCameras(pool, PostgresTrail()).put(camera)
    yield Receiving(MAKERS, PostgresPushing(pool, "k" * 32, PostgresTrail()), arrivals)


def a_report(text: str, event: str | None, captured_at: datetime = NOW) -> Report:
    return Report(plate_raw=text, text=text, captured_at=captured_at, track_key="7", event=event)


async def test_the_final_word_of_a_track_is_the_one_that_is_read(
    receiving: Receiving, intake: Intake
) -> None:
    arrivals = receiving.arrivals
    assert await arrivals.take(a_report("AA769QE", "new"), "gate-1", "axis", NOW)
    assert await arrivals.hand_on_due(NOW) == 0
    assert intake.reads == []
    assert await arrivals.take(a_report("AA769OE", "lost"), "gate-1", "axis", NOW)
    (read,) = intake.reads
    assert read.said is not None and read.said.text == "AA769OE"
    assert not await arrivals.take(a_report("AA769QE", "update"), "gate-1", "axis", NOW)
    assert len(intake.reads) == 1


async def test_an_interim_word_is_read_when_no_final_one_comes(
    receiving: Receiving, intake: Intake
) -> None:
    arrivals = receiving.arrivals
    await arrivals.take(a_report("AA769QE", "new"), "gate-1", "axis", NOW)
    late = datetime(2026, 3, 14, 8, 30, 6, tzinfo=UTC)
    assert await arrivals.hand_on_due(late) == 1
    assert await arrivals.hand_on_due(late) == 0
    assert await arrivals.take(a_report("AA769OE", "lost"), "gate-1", "axis", late)
    first, last = intake.reads
    assert first.read_id == last.read_id
    assert last.said is not None and last.said.text == "AA769OE"


async def test_a_track_number_used_again_later_is_another_passage(
    receiving: Receiving, intake: Intake
) -> None:
    later = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
    await receiving.arrivals.take(a_report("AA769QE", "lost"), "gate-1", "axis", NOW)
    await receiving.arrivals.take(a_report("AA111AA", "lost", later), "gate-1", "axis", later)
    assert len({read.read_id for read in intake.reads}) == 2


async def test_a_time_that_cannot_be_is_the_arrivals(receiving: Receiving, intake: Intake) -> None:
    for year in (1970, 2026, 2150):
        at = datetime(year, 12, 31, tzinfo=UTC)
        await receiving.arrivals.take(
            Report(plate_raw="AA769QE", text="AA769QE", captured_at=at), "gate-1", "axis", NOW
        )
    assert [read.captured_at for read in intake.reads] == [NOW] * 3


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_frames_are_found_however_the_bytes_come(size: int) -> None:
    tattile = (PAYLOADS / "tattile" / "tattile.xml").read_bytes()
    both = tattile + b"\n" + tattile
    frames = Frames("tattile")
    found = [one for at in range(0, len(both), size) for one in frames.fed(both[at : at + size])]
    assert [one.strip() for one in found] == [tattile.strip()] * 2
    own = b"\xcc\xffone\xff\xdd"
    milesight = Frames("milesight")
    parts = [own[at : at + size] for at in range(0, len(own), size)] * 2
    assert [one for part in parts for one in milesight.fed(part)] == [own, own]


def test_a_frame_without_an_end_is_not_waited_for() -> None:
    with pytest.raises(TooLongError):
        Frames("tattile").fed(b"<a>" + b" " * LARGEST)


async def test_a_camera_on_tcp_is_heard_from_its_address_only(
    receiving: Receiving, intake: Intake
) -> None:
    port = free_port()
    listener = Listener(maker="tattile", port=port, host="127.0.0.1")
    payload = (PAYLOADS / "tattile" / "tattile.xml").read_bytes()
    listening = asyncio.create_task(Ways(receiving).listen(listener))
    try:
        async with asyncio.timeout(PATIENCE_S):
            await sent(port, payload)
            assert intake.reads + intake.captures == []
            (knock,) = await receiving.cameras.knocks()
            assert (knock.address, knock.maker) == ("127.0.0.1", "tattile")
            known = PushingCamera(
                camera_id="gate-1", maker="tattile", time_zone="UTC", addresses=("127.0.0.1",)
            )
            await receiving.cameras.put(known)
            await sent(port, payload)
            while not intake.reads + intake.captures:
                await asyncio.sleep(0.05)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def sent(port: int, payload: bytes) -> None:
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            break
        except OSError:
            await asyncio.sleep(0.05)
    writer.write(payload)
    writer.write_eof()
    await reader.read()
    writer.close()


async def test_what_is_new_in_a_cameras_list_is_taken_once(
    receiving: Receiving, intake: Intake
) -> None:
    answer = (PAYLOADS / "hikvision" / "hikvision_pull_response.xml").read_bytes()
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        asked.append(await reader.readexactly(length))
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(answer), answer)
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    camera = PushingCamera(
        camera_id="gate-1",
        maker="hikvision",
        time_zone="Europe/Tirane",
        pull_url=f"http://127.0.0.1:{port}",
    )
    async with server:
        await receiving.cameras.put(camera, "admin:an-invented-password")
        await receiving.cameras.take_cursor("gate-1", "202603140926530000")
        await Ways(receiving).pull_once(camera)
        await Ways(receiving).pull_once(camera)
    texts = [read.plate.text for read in intake.reads if read.plate]
    assert texts == ["AA417KD", "02234CD"]
    assert b"202603140926530000" in asked[0]
    assert b"202603140926581200" in asked[1]
    assert await receiving.cameras.of_secret(b"") == []


def test_a_list_is_begun_at_the_cameras_own_time() -> None:
    assert first_cursor(NOW, "Europe/Tirane") == "202603140930000000"
