"""Sorties are worked through: found, cut off, gone on with, and failed in words."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from flat_ground import FlatGround
from flown_sortie import BEGAN, Balls, transport
from kept_sorties import NOW, sent
from klv_made import video
from live_sent import WITHIN_S
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.sense.aerial import ObjectKind, SortieState, SortieStep, TelemetryError
from morina.sense.aerial.adapters.postgres_sorties import PostgresSorties
from morina.sense.aerial.adapters.postgres_sorties_work import PostgresSortieWork
from morina.sense.aerial.adapters.video_pictures import VideoPictures
from morina.sense.aerial.looking.eyes import ColourOnly
from morina.sense.aerial.roles import NewSortie
from morina.sense.aerial.sortie import Sortie
from morina.sense.aerial.stated import FilmKind, Stated
from morina.settings import Aerial, Engines, Settings
from morina.wiring.aerial.store import folder_of, sorties_of
from morina.wiring.aerial.working import SortieWorker

CSV = """time(millisecond),datetime(utc),latitude,longitude,height_above_takeoff(feet),\
height_above_ground_at_drone_location(feet),gimbal_heading(degrees),gimbal_pitch(degrees)
0,2026-03-01 06:30:00,10.0,20.0,300,300,0,-90
1000,2026-03-01 06:30:01,10.0001,20.0,300,300,0,-90
2000,2026-03-01 06:30:02,10.0002,20.0,300,300,0,-90
"""


@dataclass
class Made:
    settings: Settings
    sorties: PostgresSorties
    worker: SortieWorker

    async def received(
        self, telemetry: bytes, names: tuple[str, str], film: bytes | None = None
    ) -> Sortie:
        wanted = NewSortie(name="North", case_number="C-7", task="walkers", officer="ana")
        sortie = await self.sorties.plan(wanted, NOW)
        await self.sorties.step(sortie.sortie_id, SortieStep.CLEAR, "bea", NOW)
        sent_film = sent(film) if film else None
        return await self.sorties.take_in(
            sortie.sortie_id, sent_film, sent(telemetry), names, "ana"
        )


@pytest.fixture
async def made(pool: AsyncConnectionPool, dsn: str, tmp_path: Path) -> AsyncIterator[Made]:
    settings = Settings(
        home=tmp_path / "home", engines=Engines(postgres_dsn=dsn, min_free_bytes=0),
        aerial=Aerial(nice=0),
    )  # fmt: skip
    settings.home.mkdir()
    pictures, ground = VideoPictures(), FlatGround()
    sorties = sorties_of(settings, pool, ground, pictures)
    store = PostgresSortieWork(pool, PostgresTrail(), folder_of(settings))
    worker = SortieWorker(settings, store, lambda _: (Balls(),), lambda *_: ground)
    yield Made(settings, sorties, worker)
    await pictures.close()


async def test_a_transport_stream_becomes_moments_and_a_track(made: Made, tmp_path: Path) -> None:
    names = ("a.ts", "a.ts")
    sortie = await made.received(transport(tmp_path, 150), names)
    assert sortie.source == "MISB ST 0601 in MPEG-TS" and sortie.began_at == BEGAN
    assert await made.worker.once() and not await made.worker.once()
    ready = await made.sorties.sortie(sortie.sortie_id)
    assert (ready.state, ready.done, ready.width, ready.height) == (SortieState.READY, 1, 320, 240)
    moments = await made.sorties.moments(sortie.sortie_id)
    assert len(moments) == 12 and all(one.footprint for one in moments)
    [track] = await made.sorties.tracks(sortie.sortie_id)
    assert track.kind is ObjectKind.VEHICLE and len(track.points) > 5
    assert await made.sorties.picture(sortie.sortie_id, moments[4].at_s)


async def test_telemetry_alone_gives_positions_and_says_what_it_lacks(made: Made) -> None:
    sortie = await made.received(CSV.encode(), ("", "a.csv"))
    assert await made.worker.once()
    ready = await made.sorties.sortie(sortie.sortie_id)
    assert ready.state is SortieState.READY and "video" in ready.lacks
    moments = await made.sorties.moments(sortie.sortie_id)
    assert [one.latitude for one in moments] == pytest.approx([10.0, 10.0001, 10.0002])
    assert all(one.footprint is None for one in moments)


async def test_nothing_is_plotted_until_somebody_states_when_the_video_began(
    made: Made, tmp_path: Path
) -> None:
    rows = [
        f"{1000 * s},2026-03-01 06:30:0{s},{10 + s / 10_000:.4f},20.0,300,300,0,-90,0\n"
        for s in range(10)
    ]
    log = (CSV.partition("\n")[0] + ",gimbal_roll(degrees)\n" + "".join(rows)).encode()
    names = ("a.ts", "a.csv")
    sortie = await made.received(log, names, video(tmp_path / "a.ts", 100))
    assert "when the video began" in sortie.lacks
    assert await made.worker.once()
    ready = await made.sorties.sortie(sortie.sortie_id)
    assert (ready.state, ready.width) == (SortieState.READY, 320)
    assert ready.lacks == ("field of view", "when the video began")
    assert not await made.sorties.moments(sortie.sortie_id)

    stated = Stated(video_begins_s=3.0, view_across_deg=40.0)
    assert (await made.sorties.state(sortie.sortie_id, stated, "ana", NOW)).lacks == ready.lacks
    assert await made.worker.once()
    ready = await made.sorties.sortie(sortie.sortie_id)
    assert ready.lacks == () and any("does not say when" in note for note in ready.notes)
    assert ready.began_at == datetime(2026, 3, 1, 6, 30, 3, tzinfo=UTC)
    moments = await made.sorties.moments(sortie.sortie_id)
    assert moments[0].latitude == pytest.approx(10.0003) and moments[0].footprint
    assert await made.sorties.tracks(sortie.sortie_id)


async def test_what_is_stated_of_the_film_chooses_the_eyes(made: Made, tmp_path: Path) -> None:
    """The pictures are grey: by their colour the eye for daylight would see nothing."""
    made.worker.new_eyes = lambda _: (ColourOnly(Balls()),)
    sortie = await made.received(transport(tmp_path, 150), ("a.ts", "a.ts"))
    assert await made.worker.once()
    assert not await made.sorties.tracks(sortie.sortie_id)
    await made.sorties.state(sortie.sortie_id, Stated(film=FilmKind.DAYLIGHT), "ana", NOW)
    assert await made.worker.once()
    assert await made.sorties.tracks(sortie.sortie_id)


async def test_telemetry_nobody_can_read_is_refused_at_the_door(made: Made) -> None:
    with pytest.raises(TelemetryError, match="no telemetry known here"):
        await made.received(b"nothing of the kind", ("", "a.bin"))
    assert not [one for one in made.settings.home.rglob("*") if one.is_file()]


async def test_what_is_no_video_fails_in_words(made: Made) -> None:
    sortie = await made.received(CSV.encode(), ("a.csv", "a.csv"))
    assert await made.worker.once()
    failed = await made.sorties.sortie(sortie.sortie_id)
    assert failed.state is SortieState.FAILED and "no video" in failed.fault


async def test_a_worker_that_is_told_to_stop_leaves_the_sortie_waiting(
    made: Made, tmp_path: Path
) -> None:
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    class Slow(Balls):
        def see(self, image, metres_per_pixel):  # type: ignore[no-untyped-def]
            loop.call_soon_threadsafe(begun.set)
            time.sleep(0.05)
            return super().see(image, metres_per_pixel)

    sortie = await made.received(transport(tmp_path, 150), ("a.ts", "a.ts"))
    made.worker.new_eyes = lambda _: (Slow(),)
    working = asyncio.create_task(made.worker.once())
    await begun.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert (await made.sorties.sortie(sortie.sortie_id)).state is SortieState.WAITING
    made.worker.new_eyes = lambda _: (Balls(),)
    assert await made.worker.once()
    assert (await made.sorties.sortie(sortie.sortie_id)).state is SortieState.READY


async def process(settings: Settings) -> asyncio.subprocess.Process:
    environment = {
        "MORINA_HOME": str(settings.home),
        "MORINA_ENGINES__POSTGRES_DSN": settings.engines.postgres_dsn,
        "MORINA_AERIAL": settings.aerial.model_dump_json(),
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "morina.cli", "worker", "sorties",
        env={**os.environ, **environment}, cwd=settings.home,
    )  # fmt: skip


async def until(made: Made, sortie_id: UUID, *states: SortieState) -> Sortie:
    async with asyncio.timeout(WITHIN_S):
        while (sortie := await made.sorties.sortie(sortie_id)).state not in states:
            await asyncio.sleep(0.01)
    return sortie


HOLD = """
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM sortie_moment) THEN PERFORM pg_advisory_xact_lock(4711); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hold BEFORE INSERT ON sortie_moment FOR EACH ROW EXECUTE FUNCTION hold();
SELECT pg_advisory_lock(4711)"""


@asynccontextmanager
async def held_in_the_middle(dsn: str) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """No moment is kept after the first few; whether those are."""

    async def kept() -> bool:
        found = await connection.execute("SELECT EXISTS (SELECT FROM sortie_moment)")
        return await found.fetchone() == (True,)

    async with await AsyncConnection.connect(dsn, autocommit=True) as connection:
        await connection.execute(HOLD)
        yield kept
        await connection.execute("SELECT pg_advisory_unlock(4711)")
        await connection.execute("DROP TRIGGER hold ON sortie_moment")


async def test_killed_in_the_middle_it_is_worked_through_by_the_next_process(
    made: Made, dsn: str, tmp_path: Path
) -> None:
    sortie = await made.received(transport(tmp_path, 500), ("a.ts", "a.ts"))
    async with held_in_the_middle(dsn) as kept:
        first = await process(made.settings)
        async with asyncio.timeout(WITHIN_S):
            while not await kept():
                await asyncio.sleep(0.05)
        assert (await made.sorties.sortie(sortie.sortie_id)).state is SortieState.WORKING
        first.kill()
        await first.wait()
    second = await process(made.settings)
    try:
        ready = await until(made, sortie.sortie_id, SortieState.READY, SortieState.FAILED)
    finally:
        second.send_signal(signal.SIGTERM)
        assert await second.wait() == 0
    assert ready.state is SortieState.READY, ready.fault
    assert any("terrain import" in one for one in ready.lacks)
    moments = await made.sorties.moments(sortie.sortie_id)
    assert len(moments) == 40 and len({one.frame for one in moments}) == 40
