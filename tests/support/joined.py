"""Nodes that share joint operations: each its own database, an outbox that judges and numbers, and
messages that wait until a test lets them arrive."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability import PurposeCode
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.exchange import (
    RULES,
    Agreement,
    Category,
    Denial,
    Draft,
    Message,
    NotAgreedError,
    RefusedMessageError,
    Signed,
    Told,
    denial,
)
from morina.exchange.adapters.operations_taking import TakesOperations
from morina.exchange.adapters.operations_telling import Ways
from morina.exchange.adapters.postgres_operations import PostgresOperations
from morina.exchange.operations import OPERATION_FIELDS
from morina.migrations import upgrade
from morina.records.adapters.obstore import ObstoreImages

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@dataclass
class Agreed:
    """The agreements of one test, the same for every node."""

    kept: list[Agreement] = field(default_factory=list)

    def add(self, giver: str, receiver: str, **changed: object) -> Agreement:
        plain = Agreement(
            agreement_id=uuid4(), version=1, giver=giver, receiver=receiver,
            category=Category.OPERATION, purposes=frozenset({PurposeCode.SERIOUS_CRIME}),
            fields=frozenset(OPERATION_FIELDS), legal_basis="Memorandum of the tests",
            valid_from=NOW - timedelta(days=1), valid_to=NOW + timedelta(days=30), keep_days=10,
        )  # fmt: skip
        self.kept.append(replace(plain, **changed))  # type: ignore[arg-type]
        return self.kept[-1]

    def end(self, giver: str, receiver: str) -> None:
        pair = (giver, receiver)
        self.kept = [one for one in self.kept if (one.giver, one.receiver) != pair]

    async def versions(self, agreement_id: UUID) -> Sequence[Signed]:
        return [Signed(one) for one in self.kept if one.agreement_id == agreement_id]

    async def in_force(self, giver: str, receiver: str, now: datetime) -> Sequence[Agreement]:
        pair = (giver, receiver)
        return [
            one for one in self.kept
            if (one.giver, one.receiver) == pair and one.valid_from <= now < one.valid_to
        ]  # fmt: skip

    async def of_this_node(self) -> Sequence[Signed]:
        return [Signed(one) for one in self.kept]

    def judge(self, draft: Draft | Message, sender: str, at: datetime) -> Denial | None:
        """What ``denial`` says of a message under the agreement it names."""
        if RULES[draft.kind].category is None:
            return None
        assert draft.why
        told = Told(sender=sender, to=draft.to, kind=draft.kind, why=draft.why,
                    items=draft.items, at=at)  # fmt: skip
        named = [one for one in self.kept if one.agreement_id == draft.why.agreement_id]
        return denial(named[0] if named else None, told)


@dataclass
class Posted:
    """The role Outbox: keeps what an agreement allows, in a table, so that it rolls back."""

    node: str
    agreed: Agreed
    sent: dict[UUID, Message] = field(default_factory=dict)

    async def post(self, connection: AsyncConnection, draft: Draft, now: datetime) -> Message:
        if refused := self.agreed.judge(draft, self.node, now):
            raise NotAgreedError(refused)
        message = Message(
            message_id=uuid4(), sender=self.node, to=draft.to, kind=draft.kind,
            conversation=draft.conversation, seq=1, previous="", created_at=now,
            said=draft.said, items=draft.items, why=draft.why,
            agreement_version=1 if draft.why else 0,
        )  # fmt: skip
        await connection.execute("INSERT INTO posted VALUES (%s)", (message.message_id,))
        self.sent[message.message_id] = message
        return message


@dataclass
class Node:
    """One authority's node."""

    name: str
    pool: AsyncConnectionPool
    outbox: Posted
    ways: Ways
    operations: PostgresOperations
    takes: TakesOperations
    refused: list[str] = field(default_factory=list)


@dataclass
class Nodes:
    """All of them, and the way between."""

    agreed: Agreed
    by_name: dict[str, Node] = field(default_factory=dict)
    passed: list[Message] = field(default_factory=list)

    def __getitem__(self, name: str) -> Node:
        return self.by_name[name]

    async def waiting(self) -> list[Message]:
        """What was posted in transactions that stood, and has not arrived."""
        found = []
        for node in self.by_name.values():
            async with node.pool.connection() as connection:
                rows = await (
                    await connection.execute("SELECT * FROM posted ORDER BY n")
                ).fetchall()
            found += [node.outbox.sent[row[0]] for row in rows]
        done = {one.message_id for one in self.passed}
        return [one for one in found if one.message_id not in done]

    async def arrive(self, now: datetime = NOW, twice: bool = False) -> list[Message]:
        """Let all arrive, and what follows from it; refusals are kept, as a node tells them."""
        gone: list[Message] = []
        while waiting := await self.waiting():
            for message in waiting:
                self.passed.append(message)
                for _ in range(1 + twice):
                    await self.hand(message, now)
            gone += waiting
        return gone

    async def hand(self, message: Message, now: datetime = NOW) -> None:
        """Hand one message to whom it is for, as the inbox does: judged first."""
        node = self.by_name[message.to]
        assert self.agreed.judge(message, message.sender, now) is None
        try:
            async with node.pool.connection() as connection:
                await node.takes.take(connection, message, now)
        except RefusedMessageError as refused:
            node.refused.append(refused.code)


@contextmanager
def databases(postgres: str, *names: str) -> Iterator[dict[str, str]]:
    """A database with the schema for each node of these names."""
    base = f"test_{uuid4().hex}"
    place = postgres.rpartition("/")[0]
    own = {name: f"{base}_{name.lower()}" for name in names}
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{base}"')
        upgrade(f"{place}/{base}")
        with psycopg.connect(f"{place}/{base}") as connection:
            connection.execute("CREATE TABLE posted (id uuid, n bigserial)")
        for one in own.values():
            admin.execute(f'CREATE DATABASE "{one}" TEMPLATE "{base}"')
        yield {name: f"{place}/{one}" for name, one in own.items()}
        for one in (base, *own.values()):
            admin.execute(f'DROP DATABASE "{one}" WITH (FORCE)')


@asynccontextmanager
async def joined(dsns: dict[str, str], folder: Path) -> AsyncIterator[Nodes]:
    """Nodes on these databases, emptied, every one with an agreement to tell every other."""
    nodes = Nodes(Agreed())
    async with AsyncExitStack() as opened:
        for name, dsn in dsns.items():
            pool = AsyncConnectionPool(dsn, min_size=1, max_size=3, open=False)
            await opened.enter_async_context(pool)
            async with pool.connection() as connection:
                await connection.execute("SET LOCAL session_replication_role = replica")
                await connection.execute("TRUNCATE operation_item, posted, trail")
            nodes.by_name[name] = _node(name, pool, nodes.agreed, folder)
            for other in dsns.keys() - {name}:
                nodes.agreed.add(name, other)
        yield nodes


def _node(name: str, pool: AsyncConnectionPool, agreed: Agreed, folder: Path) -> Node:
    outbox = Posted(name, agreed)
    ways = Ways(
        node_id=name, secret=f"secret of {name}", outbox=outbox, agreements=agreed,
        trail=PostgresTrail(), files=ObstoreImages.at("", folder / name), largest=100_000,
    )  # fmt: skip
    return Node(name, pool, outbox, ways, PostgresOperations(pool, ways), TakesOperations(ways))
