"""The nodes of the demo's authorities: folders, ports, certificates, and the directory they sign.

AL's node is the demo itself; those of GB and XK are processes of their own, without cameras.
"""

import asyncio
import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from morina.accountability.signing import Signer
from morina.engines import Engine, EngineError, Home, Supervisor, worker
from morina.exchange.directory import bundle_of
from morina.exchange.directory_making import founded, signed
from morina.exchange.entries import entry_of
from morina.settings import Desk, Exchange, Node, Reading, Settings
from morina.wiring.certs_commands import Certificates
from morina.wiring.exchange.console import node_at_console
from morina.wiring.exchange.directory_commands import (
    DIRECTORY_SECRET,
    Card,
    entry_made,
    put_in_force,
)
from morina.wiring.tls import desk_url

AL, GB, XK = "AL", "GB", "XK"
LOOPBACK = "127.0.0.1"
DESKS = {GB: "127.0.0.2", XK: "127.0.0.3"}
"""Hosts of the partners' desks: browsers keep one sign-in a host, whatever the port."""
INBOXES = range(8610, 8700)
"""Where ports for partners' messages are looked for; nobody opens them by hand."""
UP_WITHIN_S = 300.0
LOOK_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority of the demo: partners know it as ``node_id``."""

    node_id: str
    settings: Settings

    @property
    def url(self) -> str:
        """Where its desk is."""
        return desk_url(self.settings)


def authorities_of(settings: Settings, partner_ports: tuple[int, int]) -> tuple[Authority, ...]:
    """AL with these settings, GB and XK with desks at ``partner_ports``; keys, certificates and
    directory are made where the home has none. EngineError where a port is taken."""
    home = settings.home
    homes = {AL: home, GB: home / GB, XK: home / XK}
    for path in homes.values():
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o755)  # the database server runs as another user
    _refuse_taken(dict(zip((GB, XK), partner_ports, strict=True)))
    file = home / "directory.json"
    inboxes = _inboxes_of(file) if file.exists() else _free_inboxes()
    made = [_authority(settings, name, homes[name], inboxes[name]) for name in homes]
    desks = (settings.desk.port, *partner_ports)
    made = [_with_desk(one, port) for one, port in zip(made, desks, strict=True)]
    if not file.exists():
        _make_directory(made, file)
    return tuple(made)


async def start(authority: Authority, supervisor: Supervisor) -> None:
    """Start a partner's node and wait for its desk; EngineError where it does not come up."""
    home = Home(authority.settings.home.resolve())
    await supervisor.start(_node_of(authority, home))
    client = httpx.AsyncClient(base_url=authority.url)
    try:
        async with client, asyncio.timeout(UP_WITHIN_S):
            while not ((home.path / "run" / "node.json").exists() and await _answers(client)):
                await asyncio.sleep(LOOK_EVERY_S)
    except TimeoutError:
        log = home.path / "logs" / "node.log"
        raise EngineError(f"the node of {authority.node_id} did not start; see {log}") from None


async def take_directory(authority: Authority) -> None:
    """Put the directory in force at its running node, unless one is."""
    async with node_at_console(authority.settings) as node:
        if await node.directory.version():
            return
    file = authority.settings.exchange.directory
    if file is not None:
        await put_in_force(authority.settings, bundle_of(file.read_text()))


def _authority(settings: Settings, name: str, home: Path, inbox: int) -> Authority:
    exchange = Exchange(
        node_id=name, host=LOOPBACK, port=inbox, address=f"https://{LOOPBACK}:{inbox}",
        certificate=home / "certs" / f"{name}.pem", key=home / "secrets" / f"{name}.key",
        directory=settings.home / "directory.json",
    )  # fmt: skip
    return Authority(name, settings.model_copy(update={"home": home, "exchange": exchange}))


def _with_desk(one: Authority, port: int) -> Authority:
    """A partner has a desk and no cameras; AL stays as it is set."""
    if one.node_id == AL:
        return one
    changed = {
        "desk": Desk(host=DESKS[one.node_id], port=port),
        "node": Node(owner=f"Demo authority {one.node_id}", policy=one.settings.node.policy),
        "reading": Reading(workers=0),
    }
    return Authority(one.node_id, one.settings.model_copy(update=changed))


def _make_directory(made: Sequence[Authority], file: Path) -> None:
    """Certificates and entries of all, and a directory that all have signed."""
    entries = []
    for one in made:
        certificates = Certificates(Home(one.settings.home.resolve()))
        if not (one.settings.home / "certs" / "ca.pem").exists():
            certificates.found(f"Demo authority {one.node_id}", ["127.0.0.0/8"], b"")
        certificates.issue("exchange", [one.node_id, LOOPBACK], b"")
        card = Card(f"Demo authority {one.node_id}", "nobody (a demonstration)", None)
        entries.append(entry_made(one.settings, card))
    bundle = founded(entries, 2, datetime.now(UTC))
    for one in made:
        secret = Home(one.settings.home.resolve()).secret(DIRECTORY_SECRET)
        bundle = signed(bundle, Signer.of(secret).key)
    file.write_text(bundle.text())


def _node_of(authority: Authority, home: Home) -> Engine:
    """Its process. What stands in its own settings file stands in its environment too, or it would
    take what the demo was given in its own."""
    settings = authority.settings
    wanted = {"policy", "owner", "host", "port", "workers", "node_id", "address", "certificate",
              "key", "directory"}  # fmt: skip
    chosen = {
        section: json.loads(getattr(settings, section).model_dump_json(include=wanted))
        for section in ("node", "desk", "reading", "exchange")
    }
    chosen["desk"] = {"host": settings.desk.host, "port": settings.desk.port}
    file = home.path / "morina.toml"
    file.write_text("\n".join(
        f"[{section}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in rows.items())
        for section, rows in chosen.items()
    ))  # fmt: skip
    environment = {
        f"MORINA_{section}__{key}".upper(): str(value)
        for section, rows in chosen.items() for key, value in rows.items()
    }  # fmt: skip
    own = dict.fromkeys(("POSTGRES_DSN", "POSTGRES_OWNER_DSN", "NATS_URL", "CLICKHOUSE_DSN"), "")
    environment |= {f"MORINA_ENGINES__{name}": value for name, value in own.items()}
    arguments = ["up", "--home", str(home.path), "--settings", str(file)]
    log_file = home.folder("logs") / "node.log"
    return worker(f"node {authority.node_id}", arguments, log_file, environment)


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/sign-in")).is_success
    except httpx.TransportError:
        return False


def _refuse_taken(ports: dict[str, int]) -> None:
    for name, port in ports.items():
        if not _is_free(DESKS[name], port):
            raise EngineError(
                f"port {port}, where the desk of {name} is to be, is taken; stop what uses it, or"
                " name two others: morina demo --partner-ports 8701 8702"
            )


def _free_inboxes() -> dict[str, int]:
    free = [port for port in INBOXES if _is_free(LOOPBACK, port)][:3]
    if len(free) < 3:
        raise EngineError(f"no three ports of {INBOXES[0]} to {INBOXES[-1]} are free; free some")
    return dict(zip((AL, GB, XK), free, strict=True))


def _inboxes_of(directory: Path) -> dict[str, int]:
    """Those a kept home's directory names."""
    parties = [entry_of(text).party for text in bundle_of(directory.read_text()).files.values()]
    return {one.node_id: int(one.address.rpartition(":")[2]) for one in parties}


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError:
            return False
    return True
