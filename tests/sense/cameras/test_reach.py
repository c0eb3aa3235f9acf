"""Server-side request forgery through cameras' addresses, and what of the disk they may lead to."""

from pathlib import Path
from typing import Any

import pytest
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.sense.cameras import Camera, reach
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.sense.cameras.frames import SourceError
from morina.sense.cameras.reach import OutOfReachError, Reach, is_local
from morina.sense.cameras.sources import parse
from morina.settings import Reading
from morina.wiring.sources import opener

LOCAL = (
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0", "0.0.0.0", "localhost",  # noqa: S104
    "db.localhost", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    "169.254.169.254", "[fe80::1]", "100.100.100.200", "[fd00:ec2::254]", "224.0.0.1",
)  # fmt: skip
ELSEWHERE = ("192.0.2.7", "10.1.2.3", "[2001:db8::7]", "[fd00::7]", "camera.example")


@pytest.mark.parametrize("host", LOCAL)
def test_a_camera_is_not_put_up_at_the_node_itself(host: str) -> None:
    for source in (f"rtsp://ana:secret@{host}/live", f"http+snapshot://{host}:8123/"):
        with pytest.raises(OutOfReachError, match="leads to this machine") as refused:
            Reach().refuse(source)
        assert "secret" not in str(refused.value)
    Reach(may_be_local=True).refuse(f"rtsp://{host}/live")


@pytest.mark.parametrize("host", ELSEWHERE)
def test_a_camera_elsewhere_is(host: str) -> None:
    Reach().refuse(f"rtsp://{host}/live")


@pytest.mark.parametrize("source", ["gopher://192.0.2.7/", "ftp://192.0.2.7/a", "http://192.0.2.7"])
def test_no_other_scheme_is_known(source: str) -> None:
    with pytest.raises(ValueError, match="give one of"):
        Reach().refuse(source)


@pytest.mark.parametrize("source", ["rtsp://localhost/live", "http+mjpeg://127.1:1/video"])
def test_what_a_name_means_is_looked_up_before_it_is_opened(source: str) -> None:
    with pytest.raises(SourceError, match="leads to this machine"):
        opener(Reading(), Reach())(source)


class Rebinding:
    """A name service that says one thing when asked first and another from then on."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers, self.asked = list(answers), 0

    def __call__(self, _host: str, port: object, **_: object) -> list[tuple[Any, ...]]:
        self.asked += 1
        found = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [(None, None, None, "", (one, port)) for one in found]


@pytest.mark.parametrize("scheme", ["rtsp", "http+mjpeg", "http+snapshot"])
def test_a_name_that_means_another_machine_a_moment_later_leads_nowhere_else(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: what was checked is what is connected to."""
    names = Rebinding(["192.0.2.7"], ["127.0.0.1"])
    monkeypatch.setattr(reach.socket, "getaddrinfo", names)
    films = opener(Reading(), Reach())(f"{scheme}://ana:secret@camera.example:81/live")
    source = films.source  # type: ignore[attr-defined]  # all three have one
    assert (source.host, source.port, source.name) == ("192.0.2.7", 81, "camera.example")
    assert "//192.0.2.7:81/live" in source.address
    assert "camera.example" not in source.address
    assert source.user == "ana"
    assert names.asked == 1
    with pytest.raises(SourceError, match="leads to this machine"):
        opener(Reading(), Reach())(f"{scheme}://camera.example/live")


def test_one_local_address_among_several_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reach.socket, "getaddrinfo", Rebinding(["192.0.2.7", "127.0.0.1"]))
    with pytest.raises(SourceError, match="leads to this machine"):
        opener(Reading(), Reach())("rtsp://camera.example/live")


@pytest.mark.parametrize(
    ("found", "address"),
    [(["2001:db8::7", "192.0.2.7"], "//192.0.2.7/live"), (["2001:db8::7"], "//[2001:db8::7]/live")],
)
def test_addresses_of_either_kind_are_written_into_the_url(
    found: list[str], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach.socket, "getaddrinfo", Rebinding(found))
    assert address in Reach().opened(parse("rtsp://camera.example/live")).address


def test_no_file_of_the_home_and_none_beyond_the_named_folders_is_a_source(tmp_path: Path) -> None:
    home, films = tmp_path / "home", tmp_path / "films"
    for folder in (home / "secrets", home / "clips", films):
        folder.mkdir(parents=True)
    (films / "way-out").symlink_to(home / "secrets")
    bounds = Reach(kept=home, files=(films, home / "clips"))
    for inside in (films / "a.mp4", home / "clips" / "a.avi"):
        bounds.refuse(inside.as_uri())
    for outside in (
        home / "secrets" / "session", tmp_path / "a.mp4", films / "way-out" / "postgres",
    ):  # fmt: skip
        with pytest.raises(OutOfReachError, match="no source may lie there"):
            bounds.refuse(outside.as_uri())
    with pytest.raises(OutOfReachError):
        bounds.refuse(f"file://{films}/../home/secrets/")


async def test_the_registry_takes_no_such_camera(pool: AsyncConnectionPool) -> None:
    cameras = PostgresCameras(pool, PostgresTrail(), reach=Reach())
    camera = Camera(
        camera_id="a", name="A", site="S", latitude=1, longitude=2,
        source="http+snapshot://169.254.169.254/latest/meta-data/",
    )  # fmt: skip
    with pytest.raises(ValueError, match="leads to this machine"):
        await cameras.put(camera)
    assert await cameras.cameras() == []


def test_an_ordinary_address_is_not_local() -> None:
    assert not any(map(is_local, ("192.168.1.4", "10.0.0.1", "fd12::1", "2a00::1")))
