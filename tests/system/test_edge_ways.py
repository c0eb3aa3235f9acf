"""A running site takes what a broker, a TCP camera and a camera's own list bring."""

import asyncio
import json
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import aiomqtt
import pytest

import brokers
from beside import RunningSite
from brokers import Authority, mosquitto, passwords
from captured import PAYLOADS
from listed import listed_camera
from morina.sense.site import new_site, written
from morina.sense.site.certificate import self_signed
from running import free_port

TOPIC = "frigate/tracked_object_update"
FRIGATE = (PAYLOADS / "frigate" / "frigate_tracked_object_update_lpr.json").read_bytes()
TATTILE = (PAYLOADS / "tattile" / "tattile.xml").read_bytes()
LOGIN = "bob:an-invented-password-of-the-camera"
CAMERAS = """
[cameras.front]
latitude = 42.1
longitude = 20.4
[cameras.front.push]
maker = "frigate"
device_keys = {{ camera = "al_tia_rinas_n1" }}

[cameras.gate]
latitude = 42.1
longitude = 20.4
[cameras.gate.push]
maker = "tattile"
time_zone = "UTC"
addresses = ["127.0.0.1"]

[cameras.bridge]
latitude = 42.1
longitude = 20.4
[cameras.bridge.push]
maker = "hikvision"
time_zone = "Europe/Tirane"
pull_url = "{url}"
login = "{login}"
"""


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with suppress(FileNotFoundError):
            if true():
                return
        time.sleep(0.1)
    pytest.fail(what)


def published(port: int, authority: Authority, payload: bytes) -> None:
    """What a camera's server says to the broker."""

    async def say() -> None:
        tls = aiomqtt.TLSParameters(ca_certs=str(authority.file))
        client = aiomqtt.Client(
            "127.0.0.1", port, username=brokers.USER, password=brokers.PASSWORD, tls_params=tls
        )
        await brokers.publish(client, TOPIC, payload)

    asyncio.run(say())


def a_site(folder: Path, listed: str, environment: dict[str, str]) -> RunningSite:
    """One whose node cannot be reached."""
    certificate, _ = self_signed("127.0.0.1", datetime.now(UTC))
    _, token = new_site("kukes", (), f"127.0.0.1:{free_port()}", certificate, b"k" * 32)
    (folder / "token").write_bytes(written(token))
    return RunningSite(folder / "site", folder / "token", environment, listed=listed)


def test_a_site_takes_what_the_node_takes(reachable_folder: Path) -> None:
    folder = reachable_folder / "ways"
    folder.mkdir()
    broker_port, tcp_port = free_port(), free_port()
    ours = Authority(folder, "ours")
    certificate, key = ours.issue("broker")
    more = f"cafile {ours.file}\ncertfile {certificate}\nkeyfile {key}\n{passwords(folder)}"
    broker = {
        "host": "127.0.0.1", "port": broker_port, "tls": True, "ca": str(ours.file),
        "user": brokers.USER, "password": brokers.PASSWORD, "topics": {TOPIC: "frigate"},
    }  # fmt: skip
    listener = {"maker": "tattile", "port": tcp_port, "host": "127.0.0.1"}
    environment = {
        "MORINA_PUSH__BROKERS": json.dumps([broker]),
        "MORINA_PUSH__LISTENERS": json.dumps([listener]),
        "MORINA_PUSH__PULL_EVERY_S": "1",
        "MORINA_CAMERAS__MAY_BE_LOCAL": "true",
    }
    with listed_camera("bob") as camera:
        site = a_site(folder, CAMERAS.format(url=camera.url, login=LOGIN), environment)
        with site.start():
            until(lambda: site.state.reports.get("bridge", 0) == 2, "the list was not taken")
            until(lambda: "MQTT broker 127.0.0.1" in "".join(site.said), "no word of the broker")
            with mosquitto(folder, broker_port, more):
                until(lambda: heard(site, broker_port, ours), "nothing came from the broker")
                connection = socket.create_connection(("127.0.0.1", tcp_port), timeout=60)
                connection.sendall(TATTILE)
                until(lambda: site.state.reports.get("gate", 0) == 1, "the frame was not taken")
                until(lambda: site.state.reads_waiting == 4, "not every passage is one read")
                assert site.stop() == 0
                connection.close()
                published(broker_port, ours, FRIGATE.replace(b'"id": "', b'"id": "another-'))
                asked = len(camera.asked)
                with site.start():
                    until(lambda: site.state.reads_waiting == 5, "what waited did not come")
                    until(lambda: len(camera.asked) > asked, "the list is not asked for")
                    assert site.state.reports.get("bridge", 0) == 0
    assert camera.asked[asked] == camera.newest
    said = "".join(site.said)
    assert brokers.PASSWORD not in said
    assert LOGIN not in said and LOGIN.partition(":")[2] not in said


def heard(site: RunningSite, port: int, authority: Authority) -> bool:
    """Say the same once more, and see whether the site has heard it."""
    published(port, authority, FRIGATE)
    return site.state.reports.get("front", 0) > 0


def test_a_port_that_is_taken_is_named_and_had_later(tmp_path: Path) -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    listener = {"maker": "tattile", "port": port, "host": "127.0.0.1"}
    site = a_site(tmp_path, "", {"MORINA_PUSH__LISTENERS": json.dumps([listener])})
    with site.start():
        until(lambda: f"port {port}" in "".join(site.said), "the taken port is not named")
        assert "change it in [[push.listeners]]" in "".join(site.said)
        taken.close()
        until(lambda: is_open(port), "the port was not tried again")


def is_open(port: int) -> bool:
    """Whether somebody listens there."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=10):
        return True
    return False
