import os
from pathlib import Path

import pytest

from morina.sense.cameras import NoSuchCameraError
from morina.sense.cameras.adapters.toml_file import CamerasFileError, TomlCameras

GOOD = """
[cameras.north]
name = "Bridge, northbound"
latitude = 42.1
longitude = 20.4
bearing = 10
source = "rtsp://192.0.2.1/stream"

[cameras.gate]
latitude = 42.1
longitude = 20
"""


def cameras(tmp_path: Path, text: str) -> TomlCameras:
    file = tmp_path / "cameras.toml"
    file.write_text(text)
    return TomlCameras(file, "kukes")


async def test_cameras_are_read_by_id(tmp_path: Path) -> None:
    gate, north = await cameras(tmp_path, GOOD).cameras()
    assert (gate.camera_id, gate.name, gate.site, gate.source) == ("gate", "gate", "kukes", "")
    assert (north.name, north.latitude, north.bearing) == ("Bridge, northbound", 42.1, 10)
    registry = cameras(tmp_path, GOOD)
    assert await registry.camera("north") == north
    with pytest.raises(NoSuchCameraError, match=r"cameras\.toml"):
        await registry.camera("south")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[cameras", "mend the TOML"),
        ("[camera.north]\n", r"only tables \[cameras.ID\]"),
        ("cameras = 3\n", r"only tables \[cameras.ID\]"),
        ("[cameras]\nnorth = 3\n", "north is no table"),
        ("[cameras.n]\nlatitude = 1\n", "longitude is missing"),
        ("[cameras.n]\nlatitude = 1\nlongitude = true\n", "are numbers"),
        ("[cameras.n]\nlatitude = 1\nlongitude = 1\nname = 3\n", "texts in quotes"),
        ("[cameras.n]\nlatitude = 1\nlongitude = 1\nlane = 3\n", "lane is not known"),
        ("[cameras.n]\nlatitude = 91\nlongitude = 1\n", "not on Earth"),
    ],
)
async def test_a_wrong_file_is_named_with_the_place(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(CamerasFileError, match=why):
        await cameras(tmp_path, text).cameras()


PUSH = """
[cameras.n]
latitude = 1
longitude = 1
[cameras.n.push]
"""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('secret = "a-secret-long-enough"', "maker is missing"),
        ('maker = "dahua"', "nothing lets it in"),
        ('maker = "dahua"\nsecret = "short"', "shorter than 20"),
        ('maker = "dahua"\nsecret_sha256 = "ab"', "64 hexadecimal digits"),
        ('maker = "dahua"\nsecret_sha256 = "xyz"', "64 hexadecimal digits"),
        ('maker = "dahua"\nsecret = "s"\nsecret_sha256 = "ab"', "leave one out"),
        ('maker = "dahua"\nlane = 3', "lane is not known"),
        ('maker = "dahua"\ncertificate = "ab:cd"', "64 hexadecimal digits"),
        ("maker = 3", "are texts in quotes"),
        ('maker = "dahua"\naddresses = "192.0.2.7"', "addresses is a list"),
        ('maker = "dahua"\naddresses = ["192.0.2.7/99"]', "no IP address"),
        ('maker = "dahua"\ndevice_keys = 3', "device_keys is a table"),
        ('maker = "dahua"\nconfidence_scale = "1"', "confidence_scale is a number"),
        ('maker = "dahua"\ntime_zone = "Nowhere"', "Europe/Tirane"),
        ('maker = "hikvision"\npull_url = "192.0.2.9"\nlogin = "a:b"', "http://192"),
        ('maker = "hikvision"\nlogin = "a:b"', "http://192"),
        ('maker = "hikvision"\npull_url = "http://192.0.2.9"', "needs login"),
        ('maker = "hikvision"\npull_url = "http://192.0.2.9"\nlogin = "a"', "needs login"),
        ('maker = "hikvision"\npull_url = "http://a:b@192.0.2.9"\nlogin = "a:b"', "holds a name"),
        (
            'maker = "hikvision"\npull_url = "http://192.0.2.9"\nlogin = "a:b"\nsecret = "s"',
            "leave it out",
        ),
    ],
)
async def test_a_wrong_way_to_push_is_named_with_the_place(
    tmp_path: Path, text: str, why: str
) -> None:
    with pytest.raises(CamerasFileError, match=rf"cameras\.n: .*{why}"):
        await cameras(tmp_path, PUSH + text).let_in()


async def test_only_cameras_with_a_push_table_are_let_in(tmp_path: Path) -> None:
    text = GOOD + PUSH + 'maker = "dahua"\naddresses = ["192.0.2.0/24"]\nconfidence_scale = 255'
    registry = cameras(tmp_path, text)
    [one] = await registry.let_in()
    assert (one.camera.camera_id, one.secret, one.secret_sha256) == ("n", "", b"")
    assert one.camera.may_come_from("192.0.2.7")
    assert one.camera.confidence_scale == 255
    assert len(await registry.cameras()) == 3


async def test_a_camera_asked_for_its_list_has_a_login_that_lets_nobody_in(tmp_path: Path) -> None:
    text = PUSH + 'maker = "hikvision"\npull_url = "http://192.0.2.9"\nlogin = "bob:pa:ss"'
    [one] = await cameras(tmp_path, text).let_in()
    assert (one.camera.pull_url, one.secret) == ("http://192.0.2.9", "bob:pa:ss")
    assert one.secret_sha256 == b""
    assert "pa:ss" not in repr(one)


async def test_a_camera_behind_a_broker_needs_only_how_it_names_itself(tmp_path: Path) -> None:
    text = PUSH + 'maker = "frigate"\ndevice_keys = { camera = "front" }'
    [one] = await cameras(tmp_path, text).let_in()
    assert not one.camera.may_come_from("127.0.0.1")
    assert (one.secret, one.secret_sha256) == ("", b"")


async def test_a_missing_file_says_which_setting(tmp_path: Path) -> None:
    with pytest.raises(CamerasFileError, match=r"edge\.cameras"):
        await TomlCameras(tmp_path / "none.toml", "kukes").cameras()


async def test_a_change_is_taken_up_and_a_mistake_changes_nothing(tmp_path: Path) -> None:
    registry = cameras(tmp_path, GOOD)
    assert len(await registry.cameras()) == 2
    changed(registry.file, "[cameras", 1)
    assert len(await registry.cameras()) == 2
    changed(registry.file, "", 2)
    assert await registry.cameras() == []


def changed(file: Path, text: str, tick: int) -> None:
    file.write_text(text)
    os.utime(file, ns=(tick, tick))
