"""The nodes as the driver holds them: started, told what to do, killed, started again."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

import morina
from federating.network import Network, Place
from morina.accountability.signing import PublicKey
from morina.engines import Home, Supervisor, postgres_server
from morina.engines.authority import Authority, new_authority
from morina.exchange import Party
from morina.exchange.directory_making import founded, signed
from morina.exchange.entries import Entry
from morina.exchange.sealing import SEALING_SECRET, Keys
from morina.migrations import upgrade

PORT = 8443
START_S = 180.0


class DownError(Exception):
    """The node is dead, or died before it answered: nobody knows whether it did what was asked."""


@dataclass
class Node:
    """One of them."""

    place: Place
    port: int
    folder: Path
    dsn: str
    within_dsn: str
    kills: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _writer: asyncio.StreamWriter | None = None
    _reading: asyncio.Task[None] | None = None
    _waiting: dict[int, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    _number: int = 0

    @property
    def name(self) -> str:
        return self.place.name

    @property
    def is_up(self) -> bool:
        """Whether it listens to the driver."""
        return self._writer is not None

    def told(self, heedless: bool) -> None:
        """Write down for its process who it is."""
        told = {"name": self.name, "host": self.place.host, "port": self.port,
                "dsn": self.within_dsn, "heedless": heedless}  # fmt: skip
        (self.folder / "node.json").write_text(json.dumps(told))

    async def start(self) -> None:
        """Begin its process and wait until it listens."""
        places = (Path(__file__).parents[1], Path(morina.__file__).parents[1])
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, places))}
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self.place.within, sys.executable, "-m", "federating.node", str(self.folder)],
                stdout=log, stderr=log, env=environment,
            )  # fmt: skip
        async with asyncio.timeout(START_S):
            while True:
                if self._process.poll() is not None:
                    raise RuntimeError(f"{self.name} did not start; see {self.folder / 'log'}")
                try:
                    reader, writer = await asyncio.open_unix_connection(
                        self.folder / "node.sock", limit=2**22
                    )
                    break
                except OSError:
                    await asyncio.sleep(0.05)
        self._reading = asyncio.create_task(self._read(reader))
        self._writer = writer

    async def tell(self, act: str, **wanted: Any) -> dict[str, Any]:
        """What it answers; DownError where it died meanwhile."""
        if self._writer is None:
            raise DownError(self.name)
        self._number += 1
        line = {"number": self._number, "act": act, **wanted}
        waits = self._waiting[self._number] = asyncio.get_running_loop().create_future()
        self._writer.write(json.dumps(line).encode() + b"\n")
        answer: dict[str, Any] = await waits
        return answer

    async def kill(self) -> None:
        """kill -9, in the middle of whatever it does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(self._process.wait)
            self.kills += 1
        if self._reading is not None:
            await asyncio.wait([self._reading], timeout=5)
        (self.folder / "node.sock").unlink(missing_ok=True)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                told = json.loads(line)
                waits = self._waiting.pop(told.pop("number"))
                if not waits.done():
                    waits.set_result(told)
        except (OSError, ValueError):
            pass
        finally:
            if self._writer is not None:
                self._writer.close()
            self._writer = None
            for one in self._waiting.values():
                if not one.done():
                    one.set_exception(DownError(self.name))
            self._waiting.clear()


@asynccontextmanager
async def nodes_in(
    network: Network, folder: Path, heedless: bool = False
) -> AsyncIterator[dict[str, Node]]:
    """Every node with a database, keys, certificate and directory of its own, started;
    ``heedless`` ones act on whatever comes."""
    home = Home.open(folder / "engines")
    engine, dsn = postgres_server(home)
    sockets = folder / "sockets"
    sockets.mkdir()
    sockets.chmod(0o777)
    more = ["-c", f"unix_socket_directories={sockets}", "-c", "max_connections=200",
            "-c", "track_commit_timestamp=on"]  # fmt: skip
    engine = replace(engine, command=[*engine.command, *more])
    supervisor, nodes = Supervisor(), {}
    try:
        await supervisor.start(engine)
        nodes = await asyncio.to_thread(_made, network, folder, dsn, sockets)
        for one in nodes.values():
            one.told(heedless)
        await asyncio.gather(*(one.start() for one in nodes.values()))
        yield nodes
    finally:
        for one in nodes.values():
            await one.kill()
        await supervisor.stop()
        home.close()


def _made(network: Network, folder: Path, dsn: str, sockets: Path) -> dict[str, Node]:
    nodes, entries, keys = {}, [], {}
    databases = _databases(dsn, sockets, list(network.places))
    for name, place in network.places.items():
        port = PORT if place.namespace else _free_port()
        own = folder / name
        own.mkdir()
        nodes[name] = Node(place, port, own, *databases[name])
        keys[name] = Ed25519PrivateKey.generate()
        public = PublicKey(keys[name].public_key().public_bytes_raw().hex())
        entries.append(Entry(_party(nodes[name]), public))
    bundle = founded(entries, len(entries) // 2 + 1, datetime.now(UTC))
    for key in keys.values():
        bundle = signed(bundle, key)
    for node in nodes.values():
        (node.folder / "root.json").write_text(bundle.roots[0])
        with psycopg.connect(node.dsn) as connection:
            connection.execute(
                "INSERT INTO directory (version, bundle, taken_by, taken_at)"
                " VALUES (1, %s, 'benchmark', now())", (bundle.text(),),
            )  # fmt: skip
    return nodes


def _party(node: Node) -> Party:
    """Its keys and certificate made in its home; as the directory has it."""
    home = Home(node.folder)
    keys = Keys.of(node.name, home.secret("signing"), home.secret(SEALING_SECRET))
    now = datetime.now(UTC)
    root = Authority.opened(
        new_authority(f"Root of {node.name}", ["10.0.0.0/8", "127.0.0.0/8"], now)
    )
    pair = root.partner(node.name, [node.place.host], now)
    (node.folder / "exchange.pem").write_bytes(pair.certificate)
    home.write_private(node.folder / "exchange.key", pair.key.decode())
    return Party(
        node_id=node.name, name=f"Police of {node.name}", signing=keys.signer.public,
        address=f"https://{node.place.host}:{node.port}", sealing=keys.sealing,
        tls_root=root.certificate.public_bytes(Encoding.PEM).decode(),
    )  # fmt: skip


def _databases(dsn: str, sockets: Path, names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Per node its DSN for the driver, and for a process that shares no network with us."""
    head, _, place = dsn.rpartition("@")
    port = place.partition(":")[2].partition("/")[0]
    before = f"{head}@{place.partition('/')[0]}/"
    found = {}
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE DATABASE newest")
        upgrade(before + "newest")
        for name in names:
            connection.execute(f'CREATE DATABASE "node_{name.lower()}" TEMPLATE newest')
            own = f"node_{name.lower()}"
            found[name] = before + own, f"{head}@/{own}?host={sockets}&port={port}"
    return found


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])
