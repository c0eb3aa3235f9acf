"""Live video is recorded to the sortie that flies, over a real socket."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from psycopg_pool import AsyncConnectionPool

from flat_ground import FlatGround
from flown_sortie import Balls, transport
from kept_sorties import NOW
from live_sent import STUFFING, WITHIN_S, heard_at, send, unstuffed
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.sense.aerial import SortieState, SortieStep
from morina.sense.aerial.adapters.postgres_sorties import PostgresSorties
from morina.sense.aerial.adapters.postgres_sorties_live import PostgresLive
from morina.sense.aerial.adapters.postgres_sorties_work import PostgresSortieWork
from morina.sense.aerial.adapters.video_pictures import VideoPictures
from morina.sense.aerial.roles import NewSortie
from morina.sense.aerial.sortie import Sortie
from morina.settings import Aerial, Engines, LiveSource, Settings
from morina.wiring.aerial.live import LiveRecorder
from morina.wiring.aerial.store import folder_of, sorties_of
from morina.wiring.aerial.working import SortieWorker
from running import free_port


@dataclass
class Air:
    settings: Settings
    sorties: PostgresSorties
    recorder: LiveRecorder
    worker: SortieWorker

    async def flies(self) -> Sortie:
        wanted = NewSortie(
            name="North", case_number="C-7", task="walkers", officer="ana", airframe="M30"
        )
        sortie = await self.sorties.plan(wanted, NOW)
        await self.sorties.step(sortie.sortie_id, SortieStep.CLEAR, "bea", NOW)
        return await self.sorties.step(sortie.sortie_id, SortieStep.FLY, "pilot", NOW)

    @property
    def port(self) -> int:
        """Where the recorder of the source hears."""
        return int(self.settings.aerial.live[0].address.rpartition(":")[2])

    async def send(self, stream: bytes) -> None:
        """As fast as it is written down."""
        await asyncio.to_thread(send, stream + STUFFING, self.port, self.written)

    def written(self) -> int:
        """Bytes recorded."""
        return sum(one.stat().st_size for one in self.files())

    async def holds(self, count: int) -> bool:
        """Whether so many bytes of the stream are written."""
        return len(self.recorded()) >= count

    def recorded(self) -> bytes:
        """What lies in its one file, without what only stuffs."""
        [file] = self.files()
        return unstuffed(file.read_bytes())

    async def hears(self) -> bool:
        """Whether a recorder has the port."""
        return heard_at(self.port)

    def files(self) -> list[Path]:
        return [one for one in (self.settings.home / "sorties").rglob("*") if one.is_file()]


@pytest.fixture
async def air(pool: AsyncConnectionPool, dsn: str, tmp_path: Path) -> AsyncIterator[Air]:
    source = LiveSource(name="north", address=f"udp://127.0.0.1:{free_port()}", airframe="M30")
    settings = Settings(
        home=tmp_path / "home", engines=Engines(postgres_dsn=dsn, min_free_bytes=0),
        aerial=Aerial(nice=0, live=(source,)),
    )  # fmt: skip
    settings.home.mkdir()
    pictures, ground, files = VideoPictures(), FlatGround(), folder_of(settings)
    sorties = sorties_of(settings, pool, ground, pictures)
    live = PostgresLive(pool, PostgresTrail(), files, 30)
    work = PostgresSortieWork(pool, PostgresTrail(), files)
    worker = SortieWorker(settings, work, lambda _: (Balls(),), lambda *_: ground)
    yield Air(settings, sorties, LiveRecorder(settings, source, live, ground), worker)
    await pictures.close()


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not await is_so():
            await asyncio.sleep(0.05)


async def test_moments_appear_while_it_flies_and_then_it_is_worked_through(
    air: Air, tmp_path: Path
) -> None:
    sortie, stream = await air.flies(), transport(tmp_path, 150)
    following = asyncio.create_task(air.recorder.follow())

    async def seen() -> bool:
        return len(await air.sorties.moments(sortie.sortie_id)) >= 10

    await until(air.hears)
    await air.send(stream)
    await until(seen)
    await until(lambda: air.holds(len(stream)))
    flying = await air.sorties.sortie(sortie.sortie_id)
    assert flying.state is SortieState.FLYING and flying.seconds > 4
    assert all(one.footprint for one in await air.sorties.moments(sortie.sortie_id))
    await air.sorties.step(sortie.sortie_id, SortieStep.RECEIVE, "pilot", NOW)

    async def worked() -> bool:
        return await air.worker.once()

    await until(worked)
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following
    ready = await air.sorties.sortie(sortie.sortie_id)
    assert ready.state is SortieState.READY, ready.fault
    assert air.recorded() == stream
    assert len(await air.sorties.tracks(sortie.sortie_id)) == 1


async def test_a_recorder_cut_off_goes_on_and_a_silent_stream_has_landed(
    air: Air, tmp_path: Path
) -> None:
    sortie, stream = await air.flies(), transport(tmp_path, 150)
    sent, half = 0, len(stream) // 2 // 188 * 188
    for part in (stream[:half], stream[half:]):
        before = len(await air.sorties.moments(sortie.sortie_id))
        following = asyncio.create_task(air.recorder.follow())
        await until(air.hears)
        await air.send(part)

        async def more(before: int = before) -> bool:
            return len(await air.sorties.moments(sortie.sortie_id)) > before

        await until(more)
        sent += len(part)
        await until(lambda: air.holds(sent))  # noqa: B023 - waited for at once
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
    assert (await air.sorties.sortie(sortie.sortie_id)).state is SortieState.FLYING
    assert air.recorded() == stream
    air.recorder.end_after_s = 0.5
    await air.recorder.record(sortie)
    landed = await air.sorties.sortie(sortie.sortie_id)
    assert landed.state is SortieState.WAITING
    moments = await air.sorties.moments(sortie.sortie_id)
    assert len({one.frame for one in moments}) == len(moments)


async def test_the_process_of_the_node_records(air: Air, tmp_path: Path) -> None:
    sortie, stream = await air.flies(), transport(tmp_path, 50)
    environment = {
        "MORINA_HOME": str(air.settings.home),
        "MORINA_ENGINES__POSTGRES_DSN": air.settings.engines.postgres_dsn,
        "MORINA_AERIAL": air.settings.aerial.model_dump_json(),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "morina.cli", "worker", "live", "--group", "0",
        env={**os.environ, **environment}, cwd=air.settings.home,
    )  # fmt: skip

    try:
        await until(air.hears)
        await air.send(stream)
        await until(lambda: air.holds(len(stream)))
    finally:
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert air.recorded() == stream
    assert (await air.sorties.sortie(sortie.sortie_id)).state is SortieState.FLYING


async def test_a_flight_nothing_came_of_leaves_no_file(air: Air) -> None:
    sortie = await air.flies()
    air.recorder.end_after_s = 0.2
    await air.recorder.record(sortie)
    assert air.files() == []
    assert (await air.sorties.sortie(sortie.sortie_id)).state is SortieState.FLYING


async def test_a_disk_that_refuses_is_told_and_recording_goes_on_once_it_takes_more(
    air: Air, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that leads to /dev/full opens, and has no room."""
    sortie, stream = await air.flies(), transport(tmp_path, 150)
    file = await air.recorder.store.begin(sortie.sortie_id)
    file.symlink_to("/dev/full")
    air.recorder.again_s = 0.1
    following = asyncio.create_task(air.recorder.follow())

    async def told() -> bool:
        await asyncio.to_thread(send, STUFFING, air.port)
        return "No space left" in (await air.sorties.sortie(sortie.sortie_id)).fault

    await until(told)
    assert "live north: what comes in live cannot be written down" in caplog.text
    assert (await air.sorties.sortie(sortie.sortie_id)).state is SortieState.FLYING
    file.unlink()

    async def recorded() -> bool:
        await asyncio.to_thread(send, stream + STUFFING, air.port)
        return (await air.sorties.sortie(sortie.sortie_id)).fault == ""

    await until(recorded)
    assert await air.sorties.moments(sortie.sortie_id) and not following.done()
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following
