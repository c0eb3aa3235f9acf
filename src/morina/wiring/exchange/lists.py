"""Hotlists shared and partners' lists, sightings told and heard: put together for a node."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg import AsyncConnection

from morina.alerts import AlertRules
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.exchange.adapters.keeping_lists import ListKeeping
from morina.exchange.adapters.postgres_lists import PostgresSharedLists
from morina.exchange.adapters.postgres_sightings import (
    HeardSightings,
    PostgresSightings,
    SightingAnswers,
)
from morina.exchange.adapters.posting_lists import ListPosting
from morina.exchange.adapters.sql_sightings import LISTEN_DUE
from morina.exchange.adapters.taking_lists import ListAnswers, PartnerLists
from morina.exchange.adapters.telling_sightings import AT_ONCE, SightingTelling
from morina.exchange.adapters.told_passages import Sources
from morina.exchange.roles import Takes
from morina.watch.adapters.postgres_copies import PostgresListCopies
from morina.wiring.exchange.ground import Ground
from morina.wiring.pictures import pictures_of
from morina.wiring.registry import cameras_of
from morina.wiring.retention import retention_of

TELL_EVERY_S = 0.25
LOOK_EVERY_S = 1.0
"""For sightings due that no notice was given of: those to be told again."""
END_EVERY_S = 1.0
SWEEP_EVERY_S = 2.0
FORGET_EVERY_S = 60.0

Work = tuple[float, Callable[[], Awaitable[Any]], str]
"""Seconds between two times, what is done, and what it is called."""


class ListsAndSightings:
    """What a conversation is made of: who takes, what the desk gets, what is done by the clock."""

    def __init__(self, ground: Ground) -> None:
        copies, here = PostgresListCopies(), ground.node_id
        self._dsn = ground.dsn
        agreed, trail = ground.agreements, ground.trail
        tells: dict[str, Any] = {
            "pool": ground.pool, "outbox": ground.outbox, "agreements": agreed, "here": here,
            "as_known": ground.as_known,
        }  # fmt: skip
        self.lists = PostgresSharedLists(copies=copies, trail=trail, **tells)
        self.sightings = PostgresSightings(ground.pool, trail)
        self._posting = ListPosting(copies=copies, **tells)
        self._keeping = ListKeeping(ground.pool, copies, agreed, trail, here)
        self._telling = SightingTelling(sources=sources_of(ground), **tells)
        self.takes: tuple[Takes[AsyncConnection], ...] = (
            PartnerLists(copies, agreed, trail, here), ListAnswers(),
            HeardSightings(agreed, trail, here), SightingAnswers(),
        )  # fmt: skip
        self.shown: dict[str, Any] = {
            "lists": self.lists, "sightings": self.sightings,
            "sighting_preview": self._telling,
            "list_old_after": timedelta(hours=ground.settings.exchange.list_old_h),
        }  # fmt: skip

    def work(self) -> tuple[Work, ...]:
        """What goes on by itself."""
        return (
            (TELL_EVERY_S, self._post, "hotlists to partners"),
            (TELL_EVERY_S, self._tell, "sightings to partners"),
            (END_EVERY_S, self._end, "agreements of partners' hotlists"),
            (SWEEP_EVERY_S, self._sweep, "entries of hotlists that were taken out"),
            (FORGET_EVERY_S, self._forget, "sightings and entries of partners"),
        )

    async def _post(self) -> None:
        while await self._posting.once(datetime.now(UTC)):
            pass

    async def _tell(self) -> None:
        """For ever: at once where the database says that a sighting is due."""
        async with await AsyncConnection.connect(self._dsn, autocommit=True) as heard:
            await heard.execute(LISTEN_DUE)
            while True:
                while await self._telling.once(datetime.now(UTC)) == AT_ONCE:
                    pass
                async for _ in heard.notifies(timeout=LOOK_EVERY_S, stop_after=1):
                    pass

    async def _end(self) -> None:
        await self._keeping.end_due(datetime.now(UTC))

    async def _sweep(self) -> None:
        while await self._keeping.sweep():
            pass

    async def _forget(self) -> None:
        await self.sightings.forget(datetime.now(UTC))
        await self._keeping.forget(datetime.now(UTC))


def sources_of(ground: Ground) -> Sources:
    """Where what partners are told of a passage comes from."""
    settings = ground.settings
    return Sources(
        alerts=PostgresAlerts(ground.pool, AlertRules(), ground.trail),
        cameras=cameras_of(settings, ground.pool), images=pictures_of(settings),
        policies=retention_of(settings),
    )  # fmt: skip
