"""Delivery of a node, put together: the door, what waits, what is acted on, and how it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from psycopg import AsyncConnection

from morina.exchange.adapters.postgres_attacks import PostgresAttacks
from morina.exchange.adapters.postgres_comparing import PostgresComparing, PostgresRefusals
from morina.exchange.adapters.postgres_deliveries import PostgresDeliveries
from morina.exchange.adapters.postgres_early import PostgresEarly
from morina.exchange.adapters.postgres_handling import PostgresHandling, by_kind
from morina.exchange.adapters.postgres_inbox import PostgresInbox
from morina.exchange.adapters.postgres_stamps import PostgresStamps
from morina.exchange.adapters.postgres_upkeep import PostgresUpkeep
from morina.exchange.adapters.postgres_waiting import PostgresWaiting
from morina.exchange.roles import Takes
from morina.exchange.sealing import Bounds
from morina.wiring.exchange.ground import Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Everything between a posted message and one that was acted on."""

    inbox: PostgresInbox
    early: PostgresEarly
    waiting: PostgresWaiting
    handling: PostgresHandling
    comparing: PostgresComparing
    stamps: PostgresStamps
    upkeep: PostgresUpkeep
    attacks: PostgresAttacks
    deliveries: PostgresDeliveries

    async def act(self, partner: str) -> float | None:
        """Act on the next of a partner's messages; where there is none, let one in that waited for
        its turn. Seconds as of ``working.Job``."""
        pause = await self.handling.one(partner)
        return await self.early.one(partner) if pause is None else pause


def delivery_of(ground: Ground, takes: Sequence[Takes[AsyncConnection]]) -> Delivery:
    """``takes`` are the conversations; checkpoints and refusals are taken here."""
    chosen = ground.settings.exchange
    attacks = PostgresAttacks(ground.pool, chosen.attacks_kept)
    inbox = PostgresInbox(
        ground.pool, ground.keys, ground.partners, ground.trail, attacks,
        Bounds(skew_s=chosen.skew_s, most_bytes=chosen.message_bytes), chosen.log_days,
    )  # fmt: skip
    waiting = PostgresWaiting(ground.pool)
    comparing = PostgresComparing(ground.pool, ground.node_id, ground.outbox, ground.trail)
    handling = PostgresHandling(
        ground.pool, ground.partners, ground.judge, ground.outbox,
        by_kind([PostgresRefusals(), comparing, *takes]), chosen.handling_tries, chosen.log_days,
    )  # fmt: skip
    alarm = timedelta(hours=chosen.timestamp_alarm_h) if chosen.timestamp_url else None
    stamps = PostgresStamps(ground.pool, alarm)
    deliveries = PostgresDeliveries(
        ground.pool,
        ground.node_id,
        ground.partners,
        waiting,
        handling,
        comparing,
        attacks,
        stamps,
        ground.troubles,
    )
    return Delivery(
        inbox=inbox, early=PostgresEarly(ground.pool, inbox), waiting=waiting, handling=handling,
        comparing=comparing, stamps=stamps, upkeep=PostgresUpkeep(ground.pool, ground.trail),
        attacks=attacks, deliveries=deliveries,
    )  # fmt: skip
