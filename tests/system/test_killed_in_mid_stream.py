"""20,000 reads while something is killed three times: each kept once, each alert raised once."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from mishaps import (
    kill_nats,
    kill_node,
    kill_postgres,
    put_on_a_hotlist,
    traffic,
    until_matched,
    with_mishaps,
)
from running import RunningNode

READS = 20_000
HITS = 200


@pytest.mark.parametrize("mishap", [kill_node, kill_postgres, kill_nats])
def test_nothing_is_lost_or_doubled(
    reachable_folder: Path, mishap: Callable[[RunningNode], None]
) -> None:
    given = traffic(READS, HITS, seed=1)
    with RunningNode.start(reachable_folder / mishap.__name__) as node:
        asyncio.run(put_on_a_hotlist(node.addresses["postgres"], "Mishaps", given.listings))
        until_matched(node)
        outcome = with_mishaps(node, mishap, given, seed=2)
    assert (outcome.rows, outcome.stored) == (READS, READS)
    assert (outcome.alerts, outcome.alerts_repeated) == (given.alerts_due, 0)
