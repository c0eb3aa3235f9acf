from dataclasses import replace

import pytest

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.sense.cameras import Camera, CameraIdError, NoSuchCameraError
from morina.sense.cameras.adapters.postgres import PostgresCameras

NORTH = Camera(
    camera_id="bridge-north",
    name="Ura — veri",
    site="Invented crossing",
    latitude=42.123456789,
    longitude=20.5,
    bearing=270.5,
    source="file:///invented/north.mp4",
)


@pytest.fixture
async def cameras(pool):
    return PostgresCameras(pool, PostgresTrail())


async def test_cameras_come_back_as_they_were_by_id(cameras):
    south = replace(NORTH, camera_id="a-south", source="")
    await cameras.put(NORTH)
    await cameras.put(south)
    assert await cameras.cameras() == [south, NORTH]
    assert await cameras.camera("bridge-north") == NORTH


async def test_putting_a_camera_again_changes_it(cameras):
    await cameras.put(NORTH)
    changed = Camera(camera_id="bridge-north", name="n", site="s", latitude=-1.5, longitude=2)
    await cameras.put(changed)
    assert await cameras.cameras() == [changed]


async def test_a_camera_that_is_not_there_is_named(cameras):
    await cameras.put(NORTH)
    await cameras.remove("bridge-north")
    with pytest.raises(NoSuchCameraError, match="'bridge-north'; `morina camera list`"):
        await cameras.remove("bridge-north")
    with pytest.raises(NoSuchCameraError, match="'bridge-north'"):
        await cameras.camera("bridge-north")


@pytest.mark.parametrize(
    "camera_id",
    ["", " ", "a b", "a!", "a/b", "..", ".a", "-a", "_a", "a\n", "a\0", "ë", "x" * 65],
)
def test_an_id_that_nothing_can_carry_is_refused(camera_id):
    with pytest.raises(CameraIdError, match="begin with a letter or digit and write up to 64"):
        replace(NORTH, camera_id=camera_id)


@pytest.mark.parametrize("camera_id", ["a", "7", "bridge-north", "Lane_2.west", "x" * 64])
def test_an_id_of_letters_digits_dots_dashes_and_underscores_is_kept(camera_id):
    assert replace(NORTH, camera_id=camera_id).camera_id == camera_id
