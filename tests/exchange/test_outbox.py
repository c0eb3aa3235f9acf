"""What is posted: numbered without gaps, chained, allowed, entered; or nothing at all."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from exchanging import ExchangeNode, ExchangeNodes, draft_to, exchanging
from morina.exchange import Category, Item, Kind, NotAgreedError, UnknownNodeError
from morina.exchange.adapters.postgres_judge import most_used
from morina.exchange.deciding import Used
from morina.exchange.message import NOTHING_BEFORE


@pytest.fixture
async def nodes(engines: Any, tmp_path: Path) -> AsyncIterator[ExchangeNodes]:
    """Nodes that reach nobody, so that what is posted stays."""
    async with exchanging(engines.postgres, tmp_path, "AL", "GB", "XK", port=0) as started:
        yield started


@pytest.fixture
def al(nodes: ExchangeNodes) -> ExchangeNode:
    return nodes["AL"]


async def _sent(node: ExchangeNode) -> list[tuple[Any, ...]]:
    return await node.rows(
        "SELECT receiver, seq, previous, digest FROM exchange_message ORDER BY receiver, seq"
    )


async def test_numbers_are_gapless_for_each_partner_and_each_names_the_one_before(
    nodes: ExchangeNodes, al: ExchangeNode
) -> None:
    agreed = {to: nodes.agree("AL", to, Category.SIGHTING) for to in ("GB", "XK")}
    await asyncio.gather(
        *(al.post(to, Kind.SIGHTING, agreed[to]) for _ in range(10) for to in ("GB", "XK"))
    )
    rows = await _sent(al)
    for to in ("GB", "XK"):
        mine = [row for row in rows if row[0] == to]
        assert [row[1] for row in mine] == list(range(1, 11))
        assert [row[2] for row in mine] == [NOTHING_BEFORE, *(row[3] for row in mine[:-1])]


async def test_a_transaction_that_rolls_back_leaves_no_gap_and_no_entry(
    nodes: ExchangeNodes, al: ExchangeNode
) -> None:
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    ground = al.on.ground

    async def fails() -> None:
        async with ground.pool.connection() as connection:
            draft = draft_to("GB", Kind.SIGHTING, agreement)
            await ground.outbox.post(connection, draft, datetime.now(UTC))
            raise LookupError("the caller's own work failed")

    with pytest.raises(LookupError):
        await fails()
    assert await _sent(al) == []
    message = await al.post("GB", Kind.SIGHTING, agreement)
    assert (message.seq, message.previous) == (1, NOTHING_BEFORE)
    assert len(await al.rows("SELECT number FROM trail")) == 1


async def test_what_no_agreement_allows_is_not_queued(
    nodes: ExchangeNodes, al: ExchangeNode
) -> None:
    agreement = nodes.agree("AL", "GB", Category.SIGHTING, max_age_days=2)
    later = nodes.agree("AL", "XK", Category.SIGHTING)
    old = datetime.now(UTC) - timedelta(days=3)
    refused = {
        "no_agreement": al.post("GB", Kind.SIGHTING, later),
        "field": al.post("GB", Kind.SIGHTING, agreement, items=(Item(fields={"driver": "?"}),)),
        "age": al.post("GB", Kind.SIGHTING, agreement, items=(Item(fields={}, at=old),)),
        "category": al.post("GB", Kind.HOTLIST_DELTA, agreement),
        "parties": nodes["GB"].post("AL", Kind.SIGHTING, agreement),
    }
    for because, tried in refused.items():
        with pytest.raises(NotAgreedError) as caught:
            await tried
        assert caught.value.denial.because == because
    assert await _sent(al) == []
    assert await al.rows("SELECT number FROM trail") == []


async def test_an_agreement_that_was_ended_allows_nothing_more(
    nodes: ExchangeNodes, al: ExchangeNode
) -> None:
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    await al.post("GB", Kind.SIGHTING, agreement)
    nodes.change(agreement, ended=True)
    with pytest.raises(NotAgreedError):
        await al.post("GB", Kind.SIGHTING, agreement)


async def test_caps_count_the_day_and_hold_where_many_ask_at_once(
    nodes: ExchangeNodes, al: ExchangeNode
) -> None:
    agreement = nodes.agree("GB", "AL", Category.VEHICLE, officer_cap=5, node_cap=5)
    ground, now = al.on.ground, datetime.now(UTC)

    async def ask() -> None:
        async with ground.pool.connection() as connection:
            await ground.outbox.post(connection, draft_to("GB", Kind.QUERY, agreement), now)

    tried = await asyncio.gather(*(ask() for _ in range(12)), return_exceptions=True)
    refused = [one for one in tried if isinstance(one, NotAgreedError)]
    assert (len(tried) - len(refused), {one.denial.because for one in refused}) == (
        5, {"officer_cap"}
    )  # fmt: skip
    [terms] = await al.agreed.in_force("GB", "AL", now)
    async with await psycopg.AsyncConnection.connect(al.dsn) as connection:
        assert await most_used(connection, terms, now) == Used(5, 5)
    await al.rows(
        "UPDATE exchange_message SET created_at = created_at - interval '1 day' WHERE seq <= 2"
    )
    await al.post("GB", Kind.QUERY, agreement)


async def test_kinds_without_agreement_carry_no_data(al: ExchangeNode) -> None:
    with pytest.raises(ValueError, match="no items"):
        await al.post("GB", Kind.CHECKPOINT, items=(Item(fields={"plate": "AA123BB"}),))


async def test_nobody_posts_to_itself_or_to_a_stranger(al: ExchangeNode) -> None:
    for to in ("AL", "DE"):
        with pytest.raises(UnknownNodeError):
            await al.post(to, Kind.CHECKPOINT)


async def test_what_partners_would_not_take_is_refused_where_it_is_made(
    engines: Any, tmp_path: Path
) -> None:
    async with exchanging(engines.postgres, tmp_path, "AL", "GB", message_bytes=9000) as nodes:
        with pytest.raises(ValueError, match="in parts"):
            await nodes["AL"].post("GB", Kind.CHECKPOINT, said={"text": "a" * 9000})
        assert await _sent(nodes["AL"]) == []


async def test_a_clock_set_back_changes_no_order(al: ExchangeNode) -> None:
    ground, now = al.on.ground, datetime.now(UTC)
    made = []
    for at in (now, now - timedelta(hours=1)):
        async with ground.pool.connection() as connection:
            draft = draft_to("GB", Kind.CHECKPOINT, None)
            made.append(await ground.outbox.post(connection, draft, at))
    assert made[1].created_at == made[0].created_at


async def test_a_connection_that_dies_within_the_transaction_leaves_nothing(
    nodes: ExchangeNodes, al: ExchangeNode
) -> None:
    """As after kill -9 of the node: the database undoes what was not committed."""
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    ground = al.on.ground

    async def dies() -> None:
        async with ground.pool.connection() as connection:
            draft = draft_to("GB", Kind.SIGHTING, agreement)
            await ground.outbox.post(connection, draft, datetime.now(UTC))
            await al.rows("SELECT pg_terminate_backend(%s)", connection.info.backend_pid)

    with pytest.raises(ConnectionError):
        await dies()
    assert await _sent(al) == []
    message = await al.post("GB", Kind.SIGHTING, agreement)
    assert (message.seq, message.previous) == (1, NOTHING_BEFORE)


async def test_two_who_write_to_two_partners_each_do_not_wait_in_a_circle(
    nodes: ExchangeNodes, al: ExchangeNode
) -> None:
    agreed = {to: nodes.agree("AL", to, Category.SIGHTING) for to in ("GB", "XK")}
    ground = al.on.ground

    async def both(first: str, second: str) -> None:
        async with ground.pool.connection() as connection:
            for to in (first, second):
                draft = draft_to(to, Kind.SIGHTING, agreed[to])
                await ground.outbox.post(connection, draft, datetime.now(UTC))

    await asyncio.gather(*(both(*to) for to in [("GB", "XK"), ("XK", "GB")] * 5))
    assert len(await _sent(al)) == 20
