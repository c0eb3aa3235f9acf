"""Nodes that exchange: each with a database of its own on the session's PostgreSQL, its own keys
and certificates, an inbox on loopback, and the real loops. Directory and agreements are in memory,
so that a test may change them at once.

    async with exchanging(engines.postgres, tmp_path, "AL", "GB", "XK") as nodes:
        agreement = nodes.agree("AL", "GB", Category.SIGHTING)
        message = await nodes["AL"].post("GB", Kind.SIGHTING, agreement)
        await nodes["GB"].until(lambda: nodes["GB"].took.messages)
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from psycopg import AsyncConnection

from databases import databases_of
from morina.accountability import PurposeCode
from morina.accountability.signing import Signer
from morina.engines.authority import Authority, Pair, new_authority
from morina.exchange import (
    Agreement,
    Category,
    Draft,
    Item,
    Kind,
    Message,
    Party,
    Signed,
    UnknownNodeError,
    Why,
)
from morina.exchange.adapters.mutual_tls import OwnCertificate
from morina.exchange.roles import Takes
from morina.exchange.sealing import Keys
from morina.settings import Settings
from morina.wiring.database import Database
from morina.wiring.exchange.assembly import Running, running
from morina.wiring.exchange.ground import Ground
from running import free_port

WAIT_S = 120.0
"""A test that waits longer has failed; nothing is decided by it."""
PLATE = "AA123BB"
_TOOK = "CREATE TABLE took (message_id uuid PRIMARY KEY)"


@dataclass
class Known:
    """The role Partners, changed by tests."""

    by_name: dict[str, Party] = field(default_factory=dict)
    number: int = 1

    async def party(self, node_id: str) -> Party:
        if node_id not in self.by_name:
            raise UnknownNodeError(f"{node_id} does not stand in the directory")
        return self.by_name[node_id]

    async def parties(self) -> Sequence[Party]:
        return [self.by_name[name] for name in sorted(self.by_name)]

    async def version(self) -> int:
        return self.number

    def put(self, party: Party) -> None:
        self.by_name[party.node_id] = party
        self.number += 1

    def drop(self, name: str) -> None:
        del self.by_name[name]
        self.number += 1


@dataclass
class Agreed:
    """The role Agreements: signed by both, the newest version in force."""

    kept: list[Agreement] = field(default_factory=list)

    async def versions(self, agreement_id: UUID) -> Sequence[Signed]:
        found = [one for one in self.kept if one.agreement_id == agreement_id]
        return [Signed(one) for one in sorted(found, key=lambda one: -one.version)]

    async def in_force(self, giver: str, receiver: str, now: datetime) -> Sequence[Agreement]:
        newest: dict[UUID, Agreement] = {}
        for one in sorted(self.kept, key=lambda one: one.version):
            if (one.giver, one.receiver) == (giver, receiver) and one.valid_from <= now:
                newest[one.agreement_id] = one
        return [one for one in newest.values() if not one.ended and now < one.valid_to]

    async def of_this_node(self) -> Sequence[Signed]:
        return [Signed(one) for one in self.kept]


@dataclass
class Took:
    """The role Takes: keeps what it is given, and fails or refuses where a test wants it to."""

    kinds: Sequence[Kind] = tuple(
        kind for kind in Kind if kind not in {Kind.REFUSED, Kind.CHECKPOINT}
    )
    messages: list[Message] = field(default_factory=list)
    before: Callable[[Message], None] = lambda _message: None

    async def take(self, connection: AsyncConnection, message: Message, _now: datetime) -> None:
        await connection.execute("INSERT INTO took VALUES (%s)", (message.message_id,))
        self.before(message)
        self.messages.append(message)


@dataclass
class ExchangeNode:
    """One node's exchange; ``running`` is there between ``start`` and ``stop``."""

    name: str
    dsn: str
    folder: Path
    keys: Keys
    certificates: Authority
    port: int
    known: Known
    agreed: Agreed
    took: Took = field(default_factory=Took)
    takes: Sequence[Takes[AsyncConnection]] = ()
    chosen: dict[str, Any] = field(default_factory=dict)
    running: Running | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def party(self) -> Party:
        """As the directory has it."""
        return Party(
            node_id=self.name, name=f"Authority of {self.name}", address=self.address,
            signing=self.keys.signer.public, sealing=self.keys.sealing,
            tls_root=_pem(self.certificates),
        )  # fmt: skip

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def own(self) -> OwnCertificate:
        return OwnCertificate(self.folder / "exchange.pem", self.folder / "exchange.key")

    @property
    def on(self) -> Running:
        assert self.running, "start it first"
        return self.running

    def settings(self) -> Settings:
        exchange = {
            "node_id": self.name, "host": "127.0.0.1", "port": self.port,
            "certificate": self.own.chain, "key": self.own.key, "retry_max_s": 1,
        }  # fmt: skip
        return Settings(home=self.folder, exchange=exchange | self.chosen)

    async def start(self, keys: Keys | None = None) -> Running:
        """Begin everything of the exchange; again after ``stop`` on what is in the database."""
        self.keys = keys or self.keys
        self._stack = AsyncExitStack()
        pool = Database(self.dsn, open=False, min_size=1, max_size=6)
        await self._stack.enter_async_context(pool)
        ground = Ground(
            settings=self.settings(), dsn=self.dsn, pool=pool, keys=self.keys, partners=self.known,
            agreements=self.agreed, secret="a secret of the tests",
        )  # fmt: skip
        takes = [self.took, *self.takes]
        self.running = await self._stack.enter_async_context(running(ground, takes))
        return self.running

    async def stop(self) -> None:
        """End everything."""
        self.running = None
        await self._stack.aclose()

    async def post(self, to: str, kind: Kind, agreement: Agreement | None = None, **changed: Any
    ) -> Message:  # fmt: skip
        """Post one message in a transaction of its own."""
        ground = self.on.ground
        async with ground.pool.connection() as connection:
            draft = draft_to(to, kind, agreement, **changed)
            return await ground.outbox.post(connection, draft, datetime.now(UTC))

    async def rows(self, query: str, *keys: Any) -> list[tuple[Any, ...]]:
        """What the database says, in a connection of its own."""
        async with await psycopg.AsyncConnection.connect(self.dsn, autocommit=True) as connection:
            cursor = await connection.execute(query, keys)
            return await cursor.fetchall() if cursor.description else []

    async def has_kept(self, count: int) -> bool:
        """Whether so many messages were handled, and that they were is committed."""
        return await self.rows("SELECT count(*) FROM took") == [(count,)]

    async def until(self, what: Callable[[], Any]) -> Any:
        """Wait until it is so; TimeoutError fails the test."""
        return await until(what)


@dataclass
class ExchangeNodes:
    """All of them."""

    by_name: dict[str, ExchangeNode]
    agreed: Agreed

    def __getitem__(self, name: str) -> ExchangeNode:
        return self.by_name[name]

    def agree(self, giver: str, receiver: str, category: Category, **changed: Any) -> Agreement:
        """One in force, with fields plate, place and colour."""
        now = datetime.now(UTC)
        plain = Agreement(
            agreement_id=uuid4(), version=1, giver=giver, receiver=receiver, category=category,
            purposes=frozenset({PurposeCode.STOLEN_VEHICLE}),
            fields=frozenset({"plate", "place", "colour"}), legal_basis="Treaty of the tests",
            valid_from=now - timedelta(days=1), valid_to=now + timedelta(days=30), keep_days=30,
            officer_cap=1000, node_cap=1000, camera_groups=frozenset({"*"}),
        )  # fmt: skip
        self.agreed.kept.append(replace(plain, **changed))
        return self.agreed.kept[-1]

    def change(self, agreement: Agreement, **changed: Any) -> Agreement:
        """A new version of one, in force at once."""
        now = datetime.now(UTC)
        made = replace(agreement, version=agreement.version + 1, valid_from=now, **changed)
        self.agreed.kept.append(made)
        return made


def draft_to(to: str, kind: Kind, agreement: Agreement | None, **changed: Any) -> Draft:
    """A message with one item, but for what is changed."""
    why = Why(
        agreement_id=agreement.agreement_id, purpose=PurposeCode.STOLEN_VEHICLE,
        case_number="C-1", justification="a vehicle taken near the mill", officer="AL:0123",
    ) if agreement else None  # fmt: skip
    plain = Draft(to=to, kind=kind, said={}, why=why)
    if agreement:
        plain = replace(plain, items=(Item(fields={"plate": PLATE}, at=datetime.now(UTC)),))
    return replace(plain, **changed)


async def until(what: Callable[[], Any | Awaitable[Any]]) -> Any:
    """Wait until ``what`` gives something true, and give that."""
    async with asyncio.timeout(WAIT_S):
        while True:
            found = what()
            found = await found if isinstance(found, Awaitable) else found
            if found:
                return found
            await asyncio.sleep(0.02)


@asynccontextmanager
async def exchanging(postgres: str, folder: Path, *names: str, **chosen: Any
) -> AsyncIterator[ExchangeNodes]:  # fmt: skip
    """Nodes of these names, started; ``chosen`` are settings of the exchange for each."""
    agreed = Agreed()
    nodes = {name: await new_node(postgres, folder, name, agreed) for name in names}
    for node in nodes.values():
        node.chosen = dict(chosen)
        node.known = Known({name: one.party for name, one in nodes.items()})
    try:
        for node in nodes.values():
            await node.start()
        yield ExchangeNodes(nodes, agreed)
    finally:
        for node in nodes.values():
            await node.stop()
        for node in nodes.values():
            await give_back(postgres, node.dsn)


async def new_node(
    postgres: str, folder: Path, name: str, agreed: Agreed, dsn: str = ""
) -> ExchangeNode:
    """A node with an empty database, or that at ``dsn``, and fresh keys; known to nobody, not
    started."""
    dsn = dsn or await new_database(postgres)
    place = folder / name
    place.mkdir()
    keys = Keys(name, Signer(Ed25519PrivateKey.generate()), X25519PrivateKey.generate())
    certificates = new_certificates(name)
    write_certificate(certificates.partner(name, ["127.0.0.1"], datetime.now(UTC)), place)
    return ExchangeNode(name, dsn, place, keys, certificates, free_port(), Known(), agreed)


async def new_database(postgres: str) -> str:
    """With the newest schema and the table ``took``, and nothing in it."""
    return await asyncio.to_thread(databases_of(postgres, _TOOK).take)


async def give_back(postgres: str, dsn: str) -> None:
    """Whoever comes next may have it, emptied."""
    await asyncio.to_thread(databases_of(postgres, _TOOK).give_back, dsn)


def new_certificates(name: str) -> Authority:
    """A root of certificates for this machine."""
    pair = new_authority(f"Root of {name}", ["127.0.0.0/8", "localhost"], datetime.now(UTC))
    return Authority.opened(pair)


def write_certificate(pair: Pair, folder: Path, name: str = "exchange") -> OwnCertificate:
    """Its files, the key for its owner only."""
    own = OwnCertificate(folder / f"{name}.pem", folder / f"{name}.key")
    own.chain.write_bytes(pair.certificate)
    own.key.touch(0o600)
    own.key.write_bytes(pair.key)
    return own


def _pem(authority: Authority) -> str:
    return authority.certificate.public_bytes(Encoding.PEM).decode()
