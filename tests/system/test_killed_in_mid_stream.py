"""20,000 reads while something is killed three times: each kept once, each alert raised once."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from psycopg_pool import AsyncConnectionPool

from mishaps import Traffic, kill_nats, kill_node, kill_postgres, traffic, with_mishaps
from morina.watch import Hotlist
from morina.watch.adapters.postgres import PostgresHotlists
from running import RunningNode

READS = 20_000
HITS = 200


def put_on_a_hotlist(node: RunningNode, given: Traffic) -> None:
    """List the vehicles as an import does."""

    async def listed() -> None:
        async with AsyncConnectionPool(node.addresses["postgres"], open=False) as pool:
            store = PostgresHotlists(pool)
            hotlist = await store.create(
                Hotlist(
                    hotlist_id=uuid4(),
                    name="Mishaps",
                    owner="Test unit",
                    purpose="test",
                    legal_basis="invented",
                    review_at=given.listings[0].review_at,
                )
            )
            await store.replace(hotlist.hotlist_id, given.listings, "test")

    asyncio.run(listed())
    time.sleep(1)  # a listing takes effect within one second


@pytest.mark.parametrize("mishap", [kill_node, kill_postgres, kill_nats])
def test_nothing_is_lost_or_doubled(
    reachable_folder: Path, mishap: Callable[[RunningNode], None]
) -> None:
    given = traffic(READS, HITS, seed=1)
    with RunningNode.start(reachable_folder / mishap.__name__) as node:
        put_on_a_hotlist(node, given)
        outcome = with_mishaps(node, mishap, given, seed=2)
    assert (outcome.rows, outcome.stored) == (READS, READS)
    assert (outcome.alerts, outcome.alerts_repeated) == (given.alerts_due, 0)
