"""What live video shows becomes tracks while the drone flies: the demo's film over a real socket,
to the processes a node starts."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from uuid import UUID

import psutil
import pytest
from psycopg_pool import AsyncConnectionPool

from flown import DISTRESS
from kept_sorties import NOW
from live_sent import STUFFING, WITHIN_S, heard_at, send, unstuffed
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.demo.aerial import filmed, judged, write_sortie
from morina.sense.aerial import Named, SortieState, SortieStep, Track
from morina.sense.aerial.adapters.postgres_reviews import PostgresReviews
from morina.sense.aerial.adapters.postgres_sorties import PostgresSorties
from morina.sense.aerial.adapters.postgres_sorties_work import PostgresSortieWork
from morina.sense.aerial.adapters.postgres_tasks import PostgresTasks
from morina.sense.aerial.adapters.terrain_folder import TerrainFolder
from morina.sense.aerial.adapters.video_pictures import VideoPictures
from morina.sense.aerial.reviewing import TaskKind, TaskState
from morina.sense.aerial.roles import NewSortie
from morina.sense.aerial.sortie import Sortie
from morina.sense.aerial.terrain.terrain_ground import TerrainGround
from morina.settings import Aerial, Engines, LiveSource, Settings
from morina.wiring.aerial.ground import ground_of
from morina.wiring.aerial.store import folder_of, sorties_of
from morina.wiring.aerial.working import SortieWorker
from morina.wiring.demonstrating.flying import FPS, REACH_M, SPREADS, take_terrain, the_scene
from running import free_port

AIRFRAME = "rendered"
SECONDS = 24
BEHIND = 4
"""Pictures that may wait to be looked at before more of the film is sent."""


@dataclass
class Air:
    settings: Settings
    pool: AsyncConnectionPool
    sorties: PostgresSorties

    async def flies(self) -> Sortie:
        wanted = NewSortie(
            name="Ridge", case_number="C-7", task="walkers", officer="ana", airframe=AIRFRAME,
            rendered=True,
        )  # fmt: skip
        sortie = await self.sorties.plan(wanted, NOW)
        await self.sorties.step(sortie.sortie_id, SortieStep.CLEAR, "bea", NOW)
        return await self.sorties.step(sortie.sortie_id, SortieStep.FLY, "pilot", NOW)

    @property
    def port(self) -> int:
        """Where the recorder of the source hears."""
        return int(self.settings.aerial.live[0].address.rpartition(":")[2])

    async def send(self, stream: bytes, seconds: float = 0.0) -> None:
        """Spread over ``seconds``, and no faster than it is written down."""
        await asyncio.to_thread(send, stream, self.port, self.written, seconds)

    async def film(self, sortie_id: UUID, film: bytes, seconds: int) -> None:
        """At the pace it was filmed at, or at that of a slow machine: the next second once what
        came before was looked at. Meanwhile the stream stuffs, as one that stands still does."""

        async def followed() -> bool:
            await self.send(STUFFING)
            now = await self.sorties.sortie(sortie_id)
            due = now.seconds * self.settings.aerial.live_looks_per_s
            return now.looked + now.skipped >= due - BEHIND

        for second in seconds_of(film, seconds):
            await self.send(second, 1.0)
            await until(followed)

    def written(self) -> int:
        """Bytes recorded."""
        return sum(one.stat().st_size for one in (self.settings.home / "sorties").rglob("*.ts"))

    async def holds(self, count: int) -> bool:
        """Whether so many bytes of the film are written."""
        return len(self.recorded()) >= count

    def recorded(self) -> bytes:
        """What lies in its one file, without what only stuffs."""
        [file] = (self.settings.home / "sorties").rglob("*.ts")
        return unstuffed(file.read_bytes())

    async def hears(self) -> bool:
        """Whether a recorder has the port."""
        return heard_at(self.port)

    async def tracks(self, sortie_id: UUID) -> Sequence[Track]:
        return await self.sorties.tracks(sortie_id)


def seconds_of(film: bytes, seconds: int) -> Iterator[bytes]:
    """A film in so many parts of about the same length, cut between packets."""
    cuts = [len(film) * n // seconds // 188 * 188 for n in range(seconds + 1)]
    return (film[begins:ends] for begins, ends in pairwise(cuts))


def settings_of(home: Path, dsn: str, port: int) -> Settings:
    source = LiveSource(name="ridge", address=f"udp://127.0.0.1:{port}", airframe=AIRFRAME)
    aerial = Aerial(nice=0, live=(source,), spreads=SPREADS, reach_m=REACH_M)
    engines = Engines(postgres_dsn=dsn, min_free_bytes=0)
    return Settings(home=home, engines=engines, aerial=aerial)


@pytest.fixture
async def air(pool: AsyncConnectionPool, dsn: str, tmp_path: Path) -> AsyncIterator[Air]:
    settings = settings_of(tmp_path / "home", dsn, free_port())
    settings.home.mkdir()
    take_terrain(settings)
    pictures = VideoPictures()
    yield Air(settings, pool, sorties_of(settings, pool, ground_of(settings), pictures))
    await pictures.close()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The beginning of the demo's flight, MPEG-TS."""
    home = tmp_path_factory.mktemp("film")
    terrain = TerrainFolder(take_terrain(Settings(home=home)))
    ground = TerrainGround(terrain, reach_m=REACH_M)
    pictures = islice(filmed(the_scene(), ground, ground.height, NOW, FPS), round(SECONDS * FPS))
    write_sortie(home / "film.ts", pictures, FPS)
    return (home / "film.ts").read_bytes()


async def recorder(settings: Settings) -> asyncio.subprocess.Process:
    """The process a node starts for a source."""
    environment = {
        "MORINA_HOME": str(settings.home),
        "MORINA_ENGINES__POSTGRES_DSN": settings.engines.postgres_dsn,
        "MORINA_ENGINES__MIN_FREE_BYTES": "0",
        "MORINA_AERIAL": settings.aerial.model_dump_json(),
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "morina.cli", "worker", "live", "--group", "0",
        env={**os.environ, **environment}, cwd=settings.home,
    )  # fmt: skip


async def until(is_so: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not await is_so():
            await asyncio.sleep(0.1)


def looking(process: asyncio.subprocess.Process) -> psutil.Process | None:
    """The process that looks, which the recorder began."""
    return next(iter(psutil.Process(process.pid).children()), None)


async def test_somebody_seen_live_is_handed_to_rescue_in_flight_and_keeps_its_name(
    air: Air, film: bytes
) -> None:
    sortie_id = (await air.flies()).sortie_id
    process = await recorder(air.settings)
    reviews = PostgresReviews(air.pool, PostgresTrail())
    tasks = PostgresTasks(air.pool, PostgresTrail())
    try:
        await until(air.hears)
        sending = asyncio.create_task(air.film(sortie_id, film, SECONDS))
        await until(lambda: air.tracks(sortie_id))
        [first, *_] = await air.tracks(sortie_id)
        assert first.live
        await reviews.name(sortie_id, first.track_id, Named.IN_TROUBLE, DISTRESS, "lies there")
        [rescue] = await tasks.tasks(frozenset(TaskKind), frozenset(TaskState))
        assert rescue.track_id == first.track_id
        await sending

        async def three_followed() -> bool:
            live = judged(the_scene(), await air.tracks(sortie_id))
            return sum(bool(one.name) for one in live) >= 3

        async def looked_at() -> bool:
            now = await air.sorties.sortie(sortie_id)
            return now.looked > 10 and now.looked + now.skipped > 30

        await until(three_followed)
        await until(looked_at)
        flying = await air.sorties.sortie(sortie_id)
        assert flying.state is SortieState.FLYING
        assert flying.looked <= 2 * SECONDS + 1
        live = judged(the_scene(), await air.tracks(sortie_id))
        assert all(one.p90_m < 15 for one in live if one.name)
        await air.sorties.step(sortie_id, SortieStep.RECEIVE, "pilot", NOW)
        await until(lambda: landed(air, sortie_id))
    finally:
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    work = PostgresSortieWork(air.pool, PostgresTrail(), folder_of(air.settings))
    assert await SortieWorker(air.settings, work).once()
    ready = await air.sorties.sortie(sortie_id)
    assert ready.state is SortieState.READY, ready.fault
    final = await air.tracks(sortie_id)
    names = [one.track_id for one in final]
    assert names.count(first.track_id) == 1 and len(set(names)) == len(names)
    assert not any(one.live for one in final if one.track_id != first.track_id)
    [again] = [one for one in final if one.track_id == first.track_id]
    assert not again.live, "found again in the recording"
    followed = [one.name for one in judged(the_scene(), final) if one.name]
    assert len(followed) == len(set(followed)) or len(followed) - len(set(followed)) <= 2


async def landed(air: Air, sortie_id: UUID) -> bool:
    """Whether its recording is whole."""
    async with air.pool.connection() as connection:
        whole = "SELECT bool_and(sha256 <> '') FROM sortie_file WHERE sortie_id = %s"
        row = await (await connection.execute(whole, (sortie_id,))).fetchone()
        return bool(row and row[0])


async def test_a_process_that_looks_no_more_delays_neither_telemetry_nor_recording(
    air: Air, film: bytes
) -> None:
    sortie_id = (await air.flies()).sortie_id
    process = await recorder(air.settings)
    thirds = list(seconds_of(film, 3))
    try:
        await until(air.hears)

        async def begun() -> bool:
            one = looking(process)
            return one is not None and (await air.sorties.sortie(sortie_id)).looked > 0

        await air.film(sortie_id, thirds[0], SECONDS // 3)
        await until(begun)
        looks = looking(process)
        assert looks is not None
        looks.suspend()
        await until(lambda: nothing_open(air.pool))
        before = (await air.sorties.sortie(sortie_id)).looked
        await air.send(thirds[1] + STUFFING)

        async def all_here() -> bool:
            return (await air.sorties.sortie(sortie_id)).seconds > SECONDS * 2 / 3 - 1.5

        await until(all_here)
        assert (await air.sorties.sortie(sortie_id)).looked == before
        await until(lambda: air.holds(len(thirds[0]) + len(thirds[1])))
        assert looks.status() == psutil.STATUS_STOPPED, "all that while it stands still"
        looks.resume()
        await air.film(sortie_id, thirds[2], SECONDS // 3)

        async def looks_again() -> bool:
            now = await air.sorties.sortie(sortie_id)
            return now.looked > before + 2 and now.skipped > 0

        await until(looks_again)
        await air.send(STUFFING)
        await until(lambda: air.holds(len(film)))
        assert psutil.Process(process.pid).memory_info().rss < 1_000_000_000
    finally:
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert air.recorded() == film


async def nothing_open(pool: AsyncConnectionPool) -> bool:
    """Whether no process is in the middle of a transaction: what one that stopped had said is
    written down by now or given up."""
    others = "datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
    async with pool.connection() as connection:
        asked = await connection.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {others}")
        return await asked.fetchone() == (0,)
