"""Cameras with a client certificate, behind a proxy that tells its fingerprint, at a real port."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from tests.wiring.test_edge_push import DAHUA, TOLLGATE, Site, site

from brokers import Authority
from morina.desk.proxies import LOOPBACK
from morina.settings import Edge, Push, Reading, Settings, SettingsError, load_settings

__all__ = ["site"]
HEADER = "X-Client-Certificate-SHA256"
CAMERA = """
[cameras.gate]
latitude = 42.1
longitude = 20.4
[cameras.gate.push]
maker = "dahua"
time_zone = "Europe/London"
certificate = "{}"
"""


@asynccontextmanager
async def door(
    site: Site, proxies: Sequence[str] = LOOPBACK, header: str = HEADER
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the site's own server, which it reaches from 127.0.0.1."""
    push = site.push(Settings(
        edge=Edge(cameras=site.cameras),
        reading=Reading(workers=0),
        push=Push(certificate_header=header, proxies=tuple(proxies)),
    ))  # fmt: skip
    listening = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(push.listen(listening))
    at = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        async with httpx.AsyncClient(base_url=at, timeout=120) as client:
            yield client
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        listening.close()


async def answered(client: httpx.AsyncClient, *shown: str, via: str = "") -> int:
    """The status of a push through a proxy that says ``shown`` of the certificate."""
    headers = [(HEADER, one) for one in shown] + ([("X-Forwarded-For", via)] if via else [])
    return (await client.post(TOLLGATE, json=DAHUA, headers=headers)).status_code


@pytest.fixture
def fingerprints(site: Site, tmp_path: Path) -> tuple[str, str]:
    """Of the camera's certificate, as the file knows it, and of another one's."""
    authority = Authority(tmp_path, "ours")
    files = [authority.issue(name)[0] for name in ("gate", "other")]
    found = [x509.load_pem_x509_certificate(one.read_bytes()) for one in files]
    known, other = (one.fingerprint(hashes.SHA256()).hex() for one in found)
    site.cameras.write_text(CAMERA.format(known))
    return known, other


async def test_the_right_certificate_is_let_in_and_no_other(
    site: Site, fingerprints: tuple[str, str]
) -> None:
    known, other = fingerprints
    colons = ":".join(known[at : at + 2] for at in range(0, len(known), 2)).upper()
    async with door(site) as client:
        assert await answered(client) == 401
        assert await answered(client, other) == 401
        assert await answered(client, "") == 401
        assert await site.logged() == []
        assert await answered(client, known) == 200
        assert await answered(client, colons, via="192.0.2.7") == 200
    [read] = await site.logged()
    assert read.camera_id == "gate"


async def test_a_camera_cannot_speak_for_the_proxy(
    site: Site, fingerprints: tuple[str, str]
) -> None:
    known, other = fingerprints
    async with door(site, proxies=["192.0.2.1"]) as client:
        assert await answered(client, known) == 401
        assert await answered(client, known, via="192.0.2.1") == 401
    async with door(site) as client:
        assert await answered(client, known, other) == 401
    async with door(site, header="") as client:
        assert await answered(client, known) == 401
    assert await site.logged() == []


def test_a_proxy_that_is_no_address_is_named(tmp_path: Path) -> None:
    file = tmp_path / "morina.toml"
    file.write_text("[push]\nproxies = ['proxy.example']\n")
    with pytest.raises(SettingsError, match=r"push\.proxies.*proxy\.example"):
        load_settings(file)
