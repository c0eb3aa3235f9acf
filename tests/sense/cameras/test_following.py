"""What happens when a source fails, a clock jumps, a process dies."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from psycopg_pool import AsyncConnectionPool

from filming import Car, ScriptedRecogniser, filmed
from filming_servers import jpeg
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.engines import Supervisor
from morina.records.adapters.obstore import ObstoreImages
from morina.sense.adapters.nats import NatsHandOver
from morina.sense.cameras import Camera, SourceState
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.sense.cameras.adapters.postgres_groups import PostgresGroup, PostgresGroups
from morina.sense.cameras.adapters.postgres_states import PostgresStates
from morina.sense.cameras.following import Follower, Seen, passages, pauses
from morina.sense.cameras.frames import WAITING, Filmed, Frame, Picture, SourceError
from morina.sense.cameras.groups import shared_out
from morina.sense.cameras.states import Meter
from morina.sense.recogniser.passages import PassageFollower
from morina.settings import Reading
from morina.wiring.cameras import CameraProcesses
from morina.wiring.sources import opener

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECRET = "s3cr3t"


def camera(camera_id: str, source: str = "usb:99") -> Camera:
    return Camera(camera_id=camera_id, name="c", site="s", latitude=42, longitude=20, source=source)


class Scripted:
    """A source that gives these, an error raised in its turn."""

    def __init__(self, *films: Filmed | SourceError) -> None:
        self._films = films

    def frames(self) -> Iterator[Filmed]:
        for film in self._films:
            if isinstance(film, SourceError):
                raise film
            yield film


def road(count: int, start: datetime = NOON) -> list[Frame]:
    """A car with a plate of red 200 on its way, ten frames a second."""
    return [
        Frame(filmed([Car(200, -0.2)], index / 10), start + timedelta(seconds=index / 10))
        for index in range(count)
    ]


def follower() -> PassageFollower:
    return PassageFollower(ScriptedRecogniser({200: [("AB12CDE", 0.95)]}))


def plates(found: Iterator[Seen | Picture | None]) -> list[str]:
    seen = [one for one in found if isinstance(one, Seen)]
    return [one.passage.plate.text for one in seen if one.passage.plate]


def test_back_off_doubles_up_to_a_minute_with_some_chance_in_it() -> None:
    assert list(islice(pauses(lambda: 0.5), 8)) == [1, 2, 4, 8, 16, 32, 60, 60]
    assert list(islice(pauses(lambda: 0.0), 2)) == pytest.approx([0.9, 1.8])
    assert list(islice(pauses(lambda: 1.0), 2)) == pytest.approx([1.1, 2.2])


def test_what_passed_before_a_failure_is_not_lost() -> None:
    seen: list[Seen | Picture | None] = []
    with pytest.raises(SourceError, match="gone"):
        for one in passages(Scripted(*road(6), SourceError("gone")), follower()):
            seen += [one]
    assert plates(iter(seen)) == ["AB12CDE"]


def test_a_clock_set_back_begins_another_film() -> None:
    films = [*road(6), *road(6, NOON - timedelta(hours=1)), None]
    found = [one for one in passages(Scripted(*films), follower()) if isinstance(one, Seen)]
    assert plates(iter(found)) == ["AB12CDE", "AB12CDE"]
    assert [one.epoch for one in found] == [NOON, NOON - timedelta(hours=1)]


def test_waiting_ends_no_passage() -> None:
    frames = road(6)
    films = [*frames[:3], WAITING, WAITING, *frames[3:], None]
    assert plates(passages(Scripted(*films), follower())) == ["AB12CDE"]


def test_the_state_tells_what_came_and_what_went_wrong() -> None:
    meter = Meter("c")
    assert meter.state().connected_at is None
    meter.told(Frame(np.zeros((1, 1, 3), np.uint8), NOON, dropped=3))
    meter.told(Picture(b"", NOON, "a"))
    meter.told(WAITING)
    meter.told(None)
    state = meter.state()
    assert (state.frames, state.dropped, state.connections) == (2, 3, 1)
    assert state.connected_at is not None
    assert state.frames_per_s > 0
    meter.failed("why")
    gone = meter.state()
    assert (gone.connected_at, gone.last_error, gone.frames_per_s) == (None, "why", 0.0)
    meter.told(Picture(b"", NOON, "b"))
    assert (meter.state().connections, meter.state().last_error) == (2, "why")


def test_cameras_stay_in_their_group_when_others_come_and_go() -> None:
    first = shared_out(["a", "b", "c", "d"], {}, 2)
    assert first == {"a": 0, "b": 0, "c": 1, "d": 1}
    assert shared_out(["a", "aa", "c", "d"], first, 2) == {"a": 0, "aa": 0, "c": 1, "d": 1}
    assert shared_out(["c", "d"], first, 2) == {"c": 1, "d": 1}
    assert sorted(shared_out(["a", "b", "c"], {"a": 0, "b": 0, "c": 0}, 1).values()) == [0, 1, 2]


async def test_groups_and_states_are_kept_with_their_cameras(pool: AsyncConnectionPool) -> None:
    cameras, groups, states = (
        PostgresCameras(pool, PostgresTrail()),
        PostgresGroups(pool),
        PostgresStates(pool),
    )
    for name in ("a", "b", "c"):
        await cameras.put(camera(name))
    await cameras.put(camera("pushes", source=""))
    assert await groups.share_out(2) == {0, 1}
    assert [one.camera_id for one in await PostgresGroup(pool, 0).cameras()] == ["a", "b"]
    await cameras.put(camera("a", source=""))
    assert await groups.share_out(2) == {0, 1}
    assert [one.camera_id for one in await PostgresGroup(pool, 0).cameras()] == ["b"]
    state = SourceState(camera_id="b", reported_at=NOON, connected_at=NOON, dropped=7)
    state = replace(state, light=0.25, spread=0.125)
    await states.keep([state, SourceState(camera_id="unknown", reported_at=NOON)])
    assert await states.states() == {"b": state}
    await cameras.remove("b")
    assert await states.states() == {}


async def test_a_login_is_kept_when_a_camera_is_saved_as_it_was_shown(
    pool: AsyncConnectionPool,
) -> None:
    cameras = PostgresCameras(pool, PostgresTrail())
    kept = camera("c", f"rtsp://bob:{SECRET}@192.0.2.7/road")
    await cameras.put(kept)
    await cameras.put(kept.shown())
    assert (await cameras.camera("c")).source == kept.source
    with pytest.raises(ValueError, match="with its user and password again"):
        await cameras.put(camera("c", "rtsp://***@192.0.2.8/road"))


async def test_a_picture_in_a_folder_is_handed_over_once_and_a_failing_camera_logs_no_secret(
    tmp_path: Path,
    pool: AsyncConnectionPool,
    nats_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    cameras, states = PostgresCameras(pool, PostgresTrail()), PostgresStates(pool)
    folder = tmp_path / "gate"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(jpeg(9))
    await cameras.put(camera("folder", f"{folder.as_uri()}/"))
    await cameras.put(camera("gone", f"rtsp://bob:{SECRET}@127.0.0.1:9/road"))
    stream = await NatsHandOver.connect(nats_url, prefix=f"T{uuid4().hex}")
    images = ObstoreImages.at("", tmp_path / "images")
    following = asyncio.create_task(
        Follower(
            registry=cameras,
            stream=stream,
            pictures=images,
            source_of=opener(Reading(stall_s=2)),
            new_follower=follower,
            states=states,
        ).follow_all()
    )
    async with asyncio.timeout(120), aclosing(stream.captures()) as batches:
        batch = await anext(batches)
    (capture,) = batch.items
    assert await images.get(capture.image) == jpeg(9)
    known = await _until(
        states.states,
        lambda found: (
            {"gone", "folder"} <= found.keys()
            and found["gone"].last_error
            and found["folder"].frames
        ),
    )
    assert "nothing listens at 127.0.0.1 port 9" in known["gone"].last_error
    assert known["gone"].last_error.startswith("rtsp://***@127.0.0.1:9/road")
    assert known["folder"].frames == 1
    async with asyncio.timeout(120):
        while not (folder / "taken" / "a.jpg").exists():
            await asyncio.sleep(0.05)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await stream.close()
    assert "rtsp://***@" in caplog.text
    assert SECRET not in caplog.text + repr(known)


async def test_a_crashed_process_is_started_again_alone(
    tmp_path: Path, pool: AsyncConnectionPool, dsn: str, nats_url: str
) -> None:
    cameras, supervisor = PostgresCameras(pool, PostgresTrail()), Supervisor()
    for name in ("a", "b"):
        await cameras.put(camera(name))
    processes = CameraProcesses(
        supervisor=supervisor,
        groups=PostgresGroups(pool),
        size=1,
        logs=tmp_path,
        environment={
            "MORINA_HOME": str(tmp_path),
            "MORINA_ENGINES__POSTGRES_DSN": dsn,
            "MORINA_ENGINES__NATS_URL": nats_url,
        },
    )
    keeping = asyncio.create_task(processes.keep_up())
    try:
        async with asyncio.timeout(120):
            before = await _until_running(supervisor, ["cameras 0", "cameras 1"])
            os.kill(before[0], signal.SIGKILL)
            while supervisor.process_id("cameras 0") in (None, before[0]):
                await asyncio.sleep(0.05)
            assert supervisor.process_id("cameras 1") == before[1]
            await cameras.remove("b")
            while "cameras 1" in supervisor.states():
                await asyncio.sleep(0.05)
        assert set(supervisor.states()) == {"cameras 0"}
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await supervisor.stop()


async def _until_running(supervisor: Supervisor, names: list[str]) -> list[int]:
    while True:
        found = [supervisor.process_id(name) for name in names]
        if None not in found:
            return [one for one in found if one]
        await asyncio.sleep(0.05)


async def _until(
    look: Callable[[], Awaitable[dict[str, SourceState]]],
    enough: Callable[[dict[str, SourceState]], object],
) -> dict[str, SourceState]:
    async with asyncio.timeout(120):
        while not enough(found := await look()):
            await asyncio.sleep(0.1)
    return found
