"""`morina aerial add` and `morina aerial state`: what a flight lacks is stated at the console."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import pytest
from psycopg_pool import AsyncConnectionPool

from flat_ground import FlatGround
from morina.sense.aerial import HeightDatum, SortieState
from morina.sense.aerial.adapters.video_pictures import VideoPictures
from morina.sense.aerial.sortie import Sortie
from morina.sense.aerial.stated import FilmKind, Stated
from morina.settings import Engines, Settings
from morina.wiring.aerial.store import sorties_of

SRT = """1
00:00:00,000 --> 00:00:01,000
HOME(20.4200,42.1500) 2026.02.03 04:05:06
GPS(20.4100,42.1500,14) BAROMETER:7.5
ISO:100

"""


@pytest.fixture
def home(dsn: str, tmp_path: Path) -> Path:
    """The home of a node that runs, with a flight's telemetry in it."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "node.json").write_text(json.dumps({"postgres": dsn}))
    (tmp_path / "flight.srt").write_text(SRT)
    return tmp_path


async def given(home: Path, *words: str) -> tuple[int | None, str]:
    """How the command ended, and what it said."""
    where = ["--home", str(home), "--settings", str(home / "none.toml")]
    command = [sys.executable, "-m", "morina.cli", "aerial", *words, *where]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=STDOUT, cwd=home)
    said, _ = await process.communicate()
    return process.returncode, said.decode()


async def kept(pool: AsyncConnectionPool, dsn: str, home: Path) -> list[Sortie]:
    settings = Settings(home=home, engines=Engines(postgres_dsn=dsn))
    pictures = VideoPictures()
    try:
        return list(await sorties_of(settings, pool, FlatGround(), pictures).sorties())
    finally:
        await pictures.close()


async def test_what_a_flight_lacks_is_stated_with_its_files_and_later(
    pool: AsyncConnectionPool, dsn: str, home: Path
) -> None:
    why = ("--name", "North", "--case", "C-7", "--task", "walkers", "--takeoff-here")
    code, said = await given(home, "add", str(home / "flight.srt"), *why, "--film", "thermal")
    assert code == 0, said
    [one] = await kept(pool, dsn, home)
    assert one.stated == Stated(takeoff_here=True, film=FilmKind.THERMAL)
    assert one.notes and "order lon_lat" in one.notes[0]
    words = ("--video-begins", "12.5", "--heights-from", "egm96", "--takeoff", "640")
    _, said = await given(home, "state", str(one.sortie_id), *words)
    assert "video_begins_s, heights_from, takeoff_m stated; it is waiting" in said
    [one] = await kept(pool, dsn, home)
    assert one.state is SortieState.WAITING
    assert one.stated == Stated(
        video_begins_s=12.5, heights_from=HeightDatum.EGM96, takeoff_m=640.0
    )


async def test_what_cannot_be_stated_is_refused_in_words(
    pool: AsyncConnectionPool,  # noqa: ARG001 - its tables are there
    home: Path,
) -> None:
    code, said = await given(
        home, "state", "6f0c2c1e-0000-4000-8000-000000000001", "--takeoff", "600", "--takeoff-here"
    )
    assert code == 1
    assert "the take-off is stated twice" in said
    code, said = await given(home, "state", "6f0c2c1e-0000-4000-8000-000000000001")
    assert code == 1
    assert "there is no sortie" in said
