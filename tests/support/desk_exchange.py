"""A desk whose node exchanges: real messages over HTTPS between nodes with databases of their own,
agreements signed by both; only the directory is a list in memory."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

from exchanging import ExchangeNode, Known, Took, draft_to, give_back, new_node, until
from morina.accountability import PurposeCode
from morina.accountability.adapters.postgres_approvals import PostgresApprovals, use_approval
from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.accountability.approvals import Verdict
from morina.desk.exchange import ExchangeServices
from morina.exchange import Agreement, Category, Kind, Message, Signed
from morina.exchange.adapters.agreement_takes import AgreementTakes
from morina.exchange.adapters.postgres_agreeing import PostgresAgreeing
from morina.exchange.adapters.postgres_agreements import PostgresAgreements
from morina.exchange.adapters.tuf_directory import TufDirectory
from morina.exchange.agreeing import Signing
from morina.wiring.database import Database
from morina.wiring.exchange.desk import giving_evidence

OTHERS = frozenset(Kind) - {Kind.REFUSED, Kind.CHECKPOINT, Kind.AGREEMENT}


class KnownDirectory(Known):
    """A directory in memory that lists no agreement."""

    async def listed(self, _agreement_id: UUID, _version: int) -> str:
        return ""

    async def until(self) -> datetime | None:
        return datetime.now(UTC) + timedelta(days=21)


@dataclass
class DeskNode:
    """One node of them, and what its desk is given."""

    node: ExchangeNode
    pool: Database
    agreeing: PostgresAgreeing
    services: ExchangeServices

    async def signs(self, agreement: Agreement, by: str = "mira", other: str = "sup") -> Signed:
        """Sign as a person would: another agrees first."""
        request = await self.agreeing.to_approve(agreement, by, "agreed at the meeting")
        approvals, now = PostgresApprovals(self.pool), datetime.now(UTC)
        asked = await approvals.ask(request, now)
        await approvals.decide(asked.approval_id, Verdict(other, True, "read and compared"), now)
        signing = Signing(officer=by, reason="agreed at the meeting", at=now,
                          approval_id=asked.approval_id)  # fmt: skip
        return await self.agreeing.sign(agreement, signing)


@dataclass
class DeskNodes:
    """All of them by name."""

    by_name: dict[str, DeskNode] = field(default_factory=dict)

    def __getitem__(self, name: str) -> DeskNode:
        return self.by_name[name]

    async def agree(self, agreement: Agreement) -> Agreement:
        """Signed by its giver, sent, signed by its receiver, sent back: in force on both sides."""
        giver, receiver = self[agreement.giver], self[agreement.receiver]
        await giver.signs(agreement)
        await until(lambda: _signatures(receiver, agreement, 1))
        await receiver.signs(agreement)
        await until(lambda: _signatures(giver, agreement, 2))
        return agreement

    async def pass_on(self, giver: str, receiver: str, kind: Kind, agreement: Agreement,
                      **changed: Any) -> Message:  # fmt: skip
        """One message, until its receiver acted on it."""
        sender, taker = self[giver].node, self[receiver].node
        ground = sender.on.ground
        async with ground.pool.connection() as connection:
            draft = draft_to(receiver, kind, agreement, **changed)
            message = await ground.outbox.post(connection, draft, datetime.now(UTC))
        await until(lambda: _done(taker, message))
        return message


def agreement(giver: str, receiver: str, category: Category, **changed: Any) -> Agreement:
    """A first version between the two, in force from yesterday for a month."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    plain = Agreement(
        agreement_id=uuid4(), version=1, giver=giver, receiver=receiver, category=category,
        purposes=frozenset({PurposeCode.STOLEN_VEHICLE, PurposeCode.SERIOUS_CRIME}),
        fields=frozenset({"plate", "make", "colour"}), legal_basis="Memorandum of the tests",
        valid_from=today - timedelta(days=1), valid_to=today + timedelta(days=30), keep_days=90,
        officer_cap=20, node_cap=200, camera_groups=frozenset({"*"}),
    )  # fmt: skip
    return replace(plain, **changed)


@asynccontextmanager
async def desk_nodes(
    postgres: str, folder: Path, dsns: dict[str, str], names: Sequence[str] = ("AL", "GB")
) -> AsyncIterator[DeskNodes]:
    """Nodes of these names, started; the one named in ``dsns`` keeps all in that database, for a
    desk that is there already."""
    known, found = KnownDirectory(), DeskNodes()
    made = {
        name: await new_node(postgres, folder, name, cast(Any, None), dsns.get(name, ""))
        for name in names
    }
    known.by_name = {name: one.party for name, one in made.items()}
    async with AsyncExitStack() as stack:
        for name, node in made.items():
            found.by_name[name] = await _started(stack, node, known)
        yield found
    for name in made.keys() - dsns.keys():
        await give_back(postgres, made[name].dsn)


async def _started(stack: AsyncExitStack, node: ExchangeNode, known: KnownDirectory) -> DeskNode:
    pool = await stack.enter_async_context(Database(node.dsn, open=False, min_size=1, max_size=4))
    async with pool.connection() as connection:
        await connection.execute("CREATE TABLE IF NOT EXISTS took (message_id uuid PRIMARY KEY)")
    agreements = PostgresAgreements(pool, known)
    node.known, node.agreed = known, cast(Any, agreements)
    node.took = Took(kinds=tuple(OTHERS))
    node.takes = [AgreementTakes(node.name, cast(TufDirectory, known), PostgresTrail())]
    running = await node.start()
    stack.push_async_callback(node.stop)
    ground = running.ground
    agreeing = PostgresAgreeing(agreements=agreements, witness=known, keys=node.keys,
                                outbox=ground.outbox, secret=ground.secret,
                                trail=ground.trail, use_approval=use_approval)  # fmt: skip
    services = ExchangeServices(
        node_id=node.name, partners=known, agreements=agreements, agreeing=agreeing,
        enter=PostgresTrailReader(pool).enter, deliveries=running.delivery.deliveries,
        evidence=giving_evidence(pool, node.name), directory_until=known.until,
    )  # fmt: skip
    return DeskNode(node, pool, agreeing, services)


async def _signatures(one: DeskNode, text: Agreement, count: int) -> bool:
    found = await one.services.agreements.versions(text.agreement_id)
    return bool(found and len(found[0].signatures) == count)


async def _done(node: ExchangeNode, message: Message) -> bool:
    query = "SELECT 1 FROM exchange_message WHERE message_id = %s AND done_at IS NOT NULL"
    return bool(await node.rows(query, message.message_id))
