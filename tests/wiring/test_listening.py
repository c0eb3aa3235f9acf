"""Desk, exchange and cameras are listened to wherever the settings say."""

import socket
from contextlib import closing

import pytest

from morina.engines import EngineError
from morina.wiring import node
from morina.wiring.listening import listening_at


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_who_calls_where_it_listens_is_answered(host: str) -> None:
    with closing(listening_at(host, 0)) as listening:
        port = listening.getsockname()[1]
        with socket.create_connection((host, port)), closing(listening.accept()[0]):
            pass


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_address_of_the_desk_that_is_taken_is_named(host: str) -> None:
    with closing(node._listening(host, 0)) as desk:
        port = desk.getsockname()[1]
        with pytest.raises(EngineError, match=rf"{host}:{port}: Address already in use.*desk.port"):
            node._listening(host, port)
