"""A node put back to an older state from a backup goes on with its partners, and says so."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from exchanging import ExchangeNode, ExchangeNodes, exchanging, until
from morina.accountability.trail import NODE
from morina.exchange import Agreement, Category, Kind
from morina.exchange.adapters.postgres_settling import (
    By,
    PostgresSettling,
    Settled,
    UnsettledError,
)
from morina.exchange.checkpoints import Holds
from morina.exchange.delivering import Report, Verdict

REASON = "the disk broke on Monday, the backup is of Sunday"


@pytest.fixture
async def nodes(engines: Any, tmp_path: Path) -> AsyncIterator[ExchangeNodes]:
    async with exchanging(engines.postgres, tmp_path, "AL", "GB") as started:
        yield started


class Backup:
    """A copy of a node's database, put in its place later."""

    def __init__(self, node: ExchangeNode, postgres: str) -> None:
        self.node, self.postgres = node, postgres

    async def make(self) -> None:
        await self._copied("backup", self.node.dsn)

    async def restore(self) -> None:
        """The node goes on with what it was then; it is stopped meanwhile."""
        name = self.node.dsn.rpartition("/")[2]
        await self.node.stop()
        async with await self._server() as connection:
            await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            await connection.execute(f'ALTER DATABASE "{name}_backup" RENAME TO "{name}"')
        await self.node.start()

    async def _copied(self, what: str, dsn: str) -> None:
        name = dsn.rpartition("/")[2]
        await self.node.stop()
        async with await self._server() as connection:
            await connection.execute(f'CREATE DATABASE "{name}_{what}" TEMPLATE "{name}"')
        await self.node.start()

    async def _server(self) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(self.postgres, autocommit=True)


async def say(nodes: ExchangeNodes, agreement: Agreement, count: int) -> None:
    """So many from the giver to the receiver, all received."""
    giver = nodes[agreement.giver]
    for _ in range(count):
        await giver.post(agreement.receiver, Kind.SIGHTING, agreement)
    await until(lambda: none_waits(giver))


async def none_waits(node: ExchangeNode) -> bool:
    return await node.rows("SELECT 1 FROM exchange_message WHERE done_at IS NULL") == []


def settling(node: ExchangeNode) -> PostgresSettling:
    ground = node.on.ground
    return PostgresSettling(
        pool=ground.pool, keys=ground.keys, partners=ground.partners, outbox=ground.outbox,
        comparing=node.on.delivery.comparing, trail=ground.trail,
    )  # fmt: skip


async def settle(node: ExchangeNode, partner: str, after: int) -> Settled:
    by = By(officer="console:ana", reason=REASON, after=after)
    return await settling(node).settle(partner, by, datetime.now(UTC))


async def refused_as(node: ExchangeNode, code: str) -> bool:
    query = "SELECT 1 FROM exchange_message WHERE is_ours AND why LIKE %s"
    return bool(await node.rows(query, f"refused ({code})%"))


async def compared(nodes: ExchangeNodes, sender: str, to: str) -> list[Report]:
    deliveries = nodes[to].on.delivery.deliveries
    before = len(await deliveries.reports(sender, 100))
    await nodes[sender].on.delivery.deliveries.compare_now(to, datetime.now(UTC))

    async def more() -> list[Report]:
        found = list(await deliveries.reports(sender, 100))
        return found if len(found) > before else []

    return (await until(more))[:2]


async def test_a_node_of_an_older_backup_goes_on_after_what_its_partner_holds(
    nodes: ExchangeNodes, engines: Any
) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    out = nodes.agree("AL", "GB", Category.SIGHTING)
    back = nodes.agree("GB", "AL", Category.SIGHTING)
    await say(nodes, out, 3)
    await say(nodes, back, 2)
    backup = Backup(al, engines.postgres)
    await backup.make()
    await say(nodes, out, 2)
    await say(nodes, back, 2)
    await backup.restore()

    waiting = [await al.post("GB", Kind.SIGHTING, out) for _ in range(2)]
    assert [one.seq for one in waiting] == [4, 5]
    await until(lambda: refused_as(al, "seen"))
    with pytest.raises(UnsettledError, match="morina exchange compare AL"):
        await settle(al, "GB", 5)
    await gb.on.delivery.deliveries.compare_now("AL", datetime.now(UTC))  # and what AL lost comes
    await until(lambda: came_from(al, "GB", 5))
    with pytest.raises(UnsettledError, match=r"number 5.*--after 5"):
        await settle(al, "GB", 0)
    assert await settle(al, "GB", 5) == Settled(before=3, after=5, moved=2)

    await until(lambda: none_waits(al))
    await until(lambda: came_from(gb, "AL", 8))
    ours = "SELECT seq FROM exchange_message WHERE is_ours ORDER BY seq"
    assert [row[0] for row in await al.rows(ours)] == [1, 2, 3, 6, 7, 8]
    assert [one.seq for one in gb.took.messages] == [1, 2, 3, 4, 5, 6, 7]
    assert gb.took.messages[-1].message_id == waiting[-1].message_id
    await say(nodes, out, 1)
    await say(nodes, back, 1)

    reports = await compared(nodes, "GB", "AL")
    [gap] = [one for one in reports if one.sender == "AL"]
    assert (gap.verdict, gap.missing) == (Verdict.MISSING, (4, 5))
    assert [one.verdict for one in reports if one.sender == "GB"] == [Verdict.AGREES]
    assert await said_in(al) == [("console:ana", "settled: after number 3 comes 6", REASON)]
    assert await said_in(gb) == [(NODE, "partner settled: after number 3 comes 6", None)]


async def came_from(node: ExchangeNode, sender: str, seq: int) -> bool:
    query = "SELECT 1 FROM exchange_message WHERE sender = %s AND seq = %s AND done_at IS NOT NULL"
    return bool(await node.rows(query, sender, seq))


async def said_in(node: ExchangeNode) -> list[tuple[Any, ...]]:
    return await node.rows(
        "SELECT who, what ->> 'step', why ->> 'reason' FROM trail"
        " WHERE what ->> 'step' LIKE '%%settled%%'"
    )


async def test_with_nothing_waiting_the_next_follows_the_partners_last(
    nodes: ExchangeNodes, engines: Any
) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    out = nodes.agree("AL", "GB", Category.SIGHTING)
    backup = Backup(al, engines.postgres)
    await backup.make()
    await say(nodes, out, 2)
    await backup.restore()
    await gb.on.delivery.deliveries.compare_now("AL", datetime.now(UTC))
    await until(lambda: came_from(al, "GB", 1))
    assert await settle(al, "GB", 2) == Settled(before=0, after=2, moved=0)
    await say(nodes, out, 1)
    await until(lambda: gb.has_kept(3))
    assert [one.seq for one in gb.took.messages] == [1, 2, 4]


async def test_a_node_that_lost_nothing_settles_nothing(nodes: ExchangeNodes) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    out = nodes.agree("AL", "GB", Category.SIGHTING)
    await say(nodes, out, 2)
    await gb.on.delivery.deliveries.compare_now("AL", datetime.now(UTC))
    await until(lambda: came_from(al, "GB", 1))
    with pytest.raises(UnsettledError, match="nothing is to be settled"):
        await settle(al, "GB", 2)
    await gb.stop()
    await al.post("GB", Kind.SIGHTING, out)
    await al.rows("UPDATE exchange_message SET digest = repeat('ab', 32) WHERE is_ours AND seq = 2")
    with pytest.raises(UnsettledError, match="its record is the older one"):
        await settle(al, "GB", 2)
    await al.rows("DELETE FROM exchange_message WHERE is_ours AND seq = 2")
    with pytest.raises(UnsettledError, match="morina exchange retry GB"):
        await settle(al, "GB", 2)
    await gb.start()


@pytest.mark.parametrize("said", [
    {}, {"seq": -1, "digest": "ab" * 32, "at": "2026-01-01T00:00:00+00:00"},
    {"seq": True, "digest": "ab" * 32, "at": "2026-01-01T00:00:00+00:00"},
    {"seq": 1, "digest": "ab", "at": "2026-01-01T00:00:00+00:00"},
    {"seq": 1, "digest": "ab" * 32, "at": "2026-01-01T00:00:00"},
])  # fmt: skip
def test_what_holds_nothing_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="which message it holds"):
        Holds.read(said)
