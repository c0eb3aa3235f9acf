"""Cameras' passwords in the database: sealed with a key of the home."""

import logging

import pytest
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.sealing import Sealing
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.sense.cameras.adapters.postgres_groups import PostgresGroup, PostgresGroups

KEY, OTHER = Sealing(b"k" * 32), Sealing(b"o" * 32)
SOURCE = "rtsp://ana:a-secret-word@192.0.2.7/live"
CAMERA = Camera(camera_id="a", name="A", site="S", latitude=1, longitude=2, source=SOURCE)


async def kept(pool: AsyncConnectionPool) -> str:
    async with pool.connection() as connection:
        [(source,)] = await (await connection.execute("SELECT source FROM camera")).fetchall()
    return str(source)


async def test_the_database_alone_tells_no_password(pool: AsyncConnectionPool) -> None:
    cameras = PostgresCameras(pool, PostgresTrail(), sealing=KEY)
    await cameras.put(CAMERA)
    assert (await kept(pool)).startswith("sealed:")
    assert "a-secret-word" not in await kept(pool)
    assert (await cameras.camera("a")).source == SOURCE
    await PostgresGroups(pool).share_out(8)
    assert [one.source for one in await PostgresGroup(pool, 0, KEY).cameras()] == [SOURCE]


async def test_a_form_saved_without_its_password_keeps_it(pool: AsyncConnectionPool) -> None:
    cameras = PostgresCameras(pool, PostgresTrail(), sealing=KEY)
    await cameras.put(CAMERA)
    await cameras.put((await cameras.camera("a")).shown())
    assert (await cameras.camera("a")).source == SOURCE


async def test_what_an_older_node_kept_openly_is_sealed(pool: AsyncConnectionPool) -> None:
    await PostgresCameras(pool, PostgresTrail()).put(CAMERA)
    assert await kept(pool) == SOURCE
    cameras = PostgresCameras(pool, PostgresTrail(), sealing=KEY)
    assert await cameras.seal_all() == 1
    assert await cameras.seal_all() == 0
    assert "a-secret-word" not in await kept(pool)
    assert (await cameras.camera("a")).source == SOURCE


@pytest.mark.parametrize("sealing", [OTHER, None])
async def test_without_the_key_a_camera_is_there_and_not_followed(
    pool: AsyncConnectionPool, sealing: Sealing | None, caplog: pytest.LogCaptureFixture
) -> None:
    await PostgresCameras(pool, PostgresTrail(), sealing=KEY).put(CAMERA)
    with caplog.at_level(logging.ERROR):
        camera = await PostgresCameras(pool, PostgresTrail(), sealing=sealing).camera("a")
    assert (camera.name, camera.source) == ("A", "")
    assert "cannot be opened" in caplog.text
    assert "a-secret-word" not in caplog.text


async def test_a_source_moved_to_another_camera_does_not_open(pool: AsyncConnectionPool) -> None:
    cameras = PostgresCameras(pool, PostgresTrail(), sealing=KEY)
    await cameras.put(CAMERA)
    async with pool.connection() as connection:
        await connection.execute(
            "INSERT INTO camera SELECT 'b', name, site, latitude, longitude, bearing, source"
            " FROM camera"
        )
    assert (await cameras.camera("b")).source == ""
