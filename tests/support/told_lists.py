"""Nodes over HTTPS with the conversations about lists and sightings, as ``wiring`` builds them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from exchanging import ExchangeNode, ExchangeNodes
from list_changes import changes_since
from morina.alerts import AlertRules
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.watch import Hotlists
from morina.watch.adapters.postgres import PostgresHotlists
from morina.wiring.ending import ended
from morina.wiring.exchange.lists import ListsAndSightings
from morina.wiring.repeating import every


@dataclass
class Told:
    """One node with its conversation about lists and sightings, as ``wiring`` builds it."""

    node: ExchangeNode
    made: ListsAndSightings
    hotlists: PostgresHotlists
    alerts: PostgresAlerts

    async def matched(self) -> Hotlists:
        found = Hotlists()
        found.apply(await changes_since(self.hotlists, 0))
        return found


@asynccontextmanager
async def telling(nodes: ExchangeNodes, name: str) -> AsyncIterator[Told]:
    """Everything of lists and sightings goes on by itself while the body runs."""
    node = nodes[name]
    made = ListsAndSightings(node.on.ground)
    await node.stop()
    node.takes = made.takes
    ground = (await node.start()).ground
    made = ListsAndSightings(ground)
    tasks = [asyncio.create_task(every(*one)) for one in made.work()]
    trail = ground.trail
    alerts = PostgresAlerts(ground.pool, AlertRules(), trail)
    try:
        yield Told(node, made, PostgresHotlists(ground.pool, trail), alerts)
    finally:
        await ended(tasks)
