"""Cameras of which only hits are kept: what they see goes on in memory, with its pictures."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import nats
import pytest
from nats.js.api import StorageType, StreamConfig

from filming import Car, ScriptedRecogniser, filmed
from invented import read
from morina.records.adapters.obstore import ObstoreImages
from morina.sense.adapters.nats import NatsHandOver
from morina.sense.adapters.nats_passing import NatsPassing
from morina.sense.cameras import Camera
from morina.sense.cameras.arrivals import Arrivals
from morina.sense.cameras.following import Follower
from morina.sense.cameras.frames import Filmed, Frame, Picture
from morina.sense.cameras.memory_pending import MemoryPending
from morina.sense.cameras.reports import Report, SentImage
from morina.sense.passing import HeldPictures, PassedOn, PassingRead
from morina.sense.recogniser.passages import PassageFollower

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Scripted:
    """A source of these."""

    def __init__(self, *films: Filmed) -> None:
        self._films = films

    def frames(self):
        yield from self._films


class One:
    """The role Watched, of one camera."""

    async def cameras(self) -> list[Camera]:
        camera = Camera(
            camera_id="gate-1", name="c", site="s", latitude=42, longitude=20, source="usb:99"
        )
        return [camera]


@pytest.fixture
async def passing(nats_url: str):
    name = uuid4().hex
    client = await nats.connect(nats_url)
    yield NatsPassing(client, f"T{name}", f"t.{name}")
    await client.close()


async def test_a_passage_goes_on_in_memory_and_no_picture_into_the_store(
    tmp_path: Path, passing: NatsPassing, nats_url: str
) -> None:
    await passing.prepare()
    stream = await NatsHandOver.connect(nats_url, prefix=f"T{uuid4().hex}")
    road = [
        Frame(filmed([Car(200, -0.2)], n / 10), NOON + timedelta(seconds=n / 10)) for n in range(60)
    ]
    following = asyncio.create_task(
        Follower(
            registry=One(), stream=stream, pictures=ObstoreImages.at("", tmp_path),
            source_of=lambda _: Scripted(*road),
            new_follower=lambda: PassageFollower(ScriptedRecogniser({200: [("AB12CDE", 0.95)]})),
            forgets=lambda camera_id: camera_id == "gate-1", passing=passing,
        ).follow_all()
    )  # fmt: skip
    async with asyncio.timeout(120), aclosing(passing.passing()) as batches:
        batch = await anext(batches)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await stream.close()
    (one,) = batch.items
    assert one.read.plate is not None and one.read.plate.text == "AB12CDE"
    assert one.read.evidence is not None
    assert set(one.pictures) == {one.read.evidence.overview, one.read.evidence.patch}
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


async def test_a_picture_of_a_folder_is_refused_in_words(
    tmp_path: Path, passing: NatsPassing, nats_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    stream = await NatsHandOver.connect(nats_url, prefix=f"T{uuid4().hex}")
    picture = Picture(b"a picture", NOON, "a.jpg")
    following = asyncio.create_task(
        Follower(
            registry=One(), stream=stream, pictures=ObstoreImages.at("", tmp_path),
            source_of=lambda _: Scripted(picture),
            new_follower=lambda: PassageFollower(ScriptedRecogniser({})),
            forgets=lambda _: True, passing=passing,
        ).follow_all()
    )  # fmt: skip
    async with asyncio.timeout(120):
        while "files already" not in caplog.text:
            await asyncio.sleep(0.05)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    assert await stream.captures_waiting() == {}
    await stream.close()
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


async def test_a_pushed_passage_goes_on_by_the_cameras_word_with_its_picture(
    tmp_path: Path, passing: NatsPassing
) -> None:
    await passing.prepare()
    held, kept = HeldPictures(), ObstoreImages.at("", tmp_path)
    jpeg = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763"
        "f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
    )
    at_once = Arrivals(
        stream=PassedOn(passing, held), pictures=held, pending=MemoryPending(),
        reads_pictures=False,
    )  # fmt: skip
    arrivals = Arrivals(
        stream=PassedOn(passing, held), pictures=kept, pending=MemoryPending(),
        forgets=lambda camera_id: camera_id == "gate-1", at_once=at_once,
    )  # fmt: skip
    image = SentImage(kind="overview", name="a.png", content=jpeg)
    report = Report(plate_raw="GB77NHT", text="GB77NHT", images=(image,), captured_at=NOON)
    assert await arrivals.take(report, "gate-1", "dahua", NOON)
    assert not await arrivals.take(report, "gate-1", "dahua", NOON), "a repeat says nothing new"
    async with asyncio.timeout(120), aclosing(passing.passing()) as batches:
        batch = await anext(batches)
    (one,) = batch.items
    assert one.read.plate is not None and one.read.plate.text == "GB77NHT"
    assert list(one.pictures.values()) == [jpeg]
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


async def test_pictures_too_large_for_a_message_are_left_out(passing: NatsPassing) -> None:
    await passing.prepare()
    held = HeldPictures()
    large, small = await held.put(b"x" * 9_000_000), await held.put(b"small")
    await passing.pass_on(
        PassingRead(read=read(), pictures={large: b"x" * 9_000_000, small: b"small"})
    )
    async with asyncio.timeout(120), aclosing(passing.passing()) as batches:
        (one,) = (await anext(batches)).items
    assert dict(one.pictures) == {small: b"small"}


async def test_a_stream_of_that_name_in_a_file_is_not_used(nats_url: str) -> None:
    name = uuid4().hex
    client = await nats.connect(nats_url)
    config = StreamConfig(name=f"T{name}", subjects=[f"t.{name}"], storage=StorageType.FILE)
    await client.jetstream().add_stream(config)
    with pytest.raises(ValueError, match="kept in files"):
        await NatsPassing(client, f"T{name}", f"t.{name}").prepare()
    await client.close()


async def test_held_pictures_stay_within_their_bytes() -> None:
    held = HeldPictures(most_bytes=100)
    names = [await held.put(bytes([number]) * 40) for number in range(5)]
    with pytest.raises(LookupError):
        await held.get(names[0])
    assert await held.get(names[4]) == bytes([4]) * 40
