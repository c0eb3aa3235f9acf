"""``morina camera test`` against a camera that films, as a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from filming_servers import RtspServer, rtsp_server
from running import RunningNode

LOGIN = "bob:s3cr3tpass"


@contextmanager
def kept(node: RunningNode, login: str) -> Iterator[RtspServer]:
    """A camera that wants ``LOGIN``, known to the node with another or the same."""
    with rtsp_server(size=(640, 480), more=[LOGIN, "", "smpte"]) as server:
        source = f"rtsp://{login}@127.0.0.1:{server.port}/road"
        place = ("--name", "Invented lane", "--site", "Bridge", "--place", "42.1", "20.5")
        put = node.command("camera", "put", "filming-1", *place, "--source", source)
        assert put.returncode == 0, put.stdout
        try:
            yield server
        finally:
            assert node.command("camera", "remove", "filming-1").returncode == 0


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that shortens nothing."""
    monkeypatch.setenv("COLUMNS", "400")


def test_a_camera_that_films_well_is_found_well(node: RunningNode) -> None:
    with kept(node, LOGIN):
        tested = node.command("camera", "test", "filming-1")
    assert tested.returncode == 0, tested.stdout
    assert "H.264" in tested.stdout
    assert "640 x 480" in tested.stdout
    assert "WRONG" not in tested.stdout
    assert "s3cr3tpass" not in tested.stdout


def test_a_camera_that_refuses_the_login_is_told_and_how_to_mend_it(node: RunningNode) -> None:
    with kept(node, "bob:wr0ngpass"):
        tested = node.command("camera", "test", "filming-1")
    said = tested.stdout
    assert tested.returncode == 1
    assert "WRONG" in said
    assert "filming-1: name, port, login, codec" in said
    assert "it refuses the user or the password" in said
    assert "mend them in the source" in said
    assert "wr0ngpass" not in said
