import json
import socket
from pathlib import Path

import pytest

from morina.engines import EngineError, Home


def test_a_second_node_on_the_same_home_is_told_who_holds_it(tmp_path: Path) -> None:
    first = Home.open(tmp_path / "home")
    with pytest.raises(EngineError, match=r"another node \(process \d+\) already runs"):
        Home.open(tmp_path / "home")
    first.close()
    Home.open(tmp_path / "home").close()


def test_a_home_on_a_full_disk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="free some space"):
        Home.open(tmp_path / "home", min_free_bytes=10**18)


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(EngineError, match="choose another with --home"):
        Home.open(tmp_path / "home")


def test_a_secret_is_made_once_and_is_private(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    assert home.secret("a") == home.secret("a") != home.secret("b")
    assert (home.path / "secrets" / "a").stat().st_mode & 0o077 == 0
    home.close()


def test_an_engine_keeps_its_port_unless_somebody_took_it(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    port = home.port("nats")
    assert home.port("nats") == port
    with socket.socket() as thief:
        thief.bind(("127.0.0.1", port))
        thief.listen()
        assert home.port("nats") != port
    assert json.loads((home.path / "run" / "ports.json").read_text())["nats"] != port
    home.close()
