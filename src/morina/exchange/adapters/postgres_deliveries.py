"""What passes between this node and its partners, from PostgreSQL, for those who look after it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.exchange.adapters.postgres_attacks import PostgresAttacks
from morina.exchange.adapters.postgres_comparing import PostgresComparing
from morina.exchange.adapters.postgres_handling import SET_ASIDE, PostgresHandling
from morina.exchange.adapters.postgres_judge import most_used
from morina.exchange.adapters.postgres_stamps import PostgresStamps
from morina.exchange.adapters.postgres_waiting import PostgresWaiting
from morina.exchange.agreement import Agreement
from morina.exchange.deciding import Used
from morina.exchange.delivering import (
    Attack,
    Passed,
    Queue,
    Report,
    SoughtMessages,
    State,
    Verdict,
)
from morina.exchange.kinds import Kind
from morina.exchange.message import Message
from morina.exchange.parties import Partners
from morina.exchange.sealing import message_in

LATE = timedelta(minutes=10)
_STATE = """
CASE WHEN refused = 'set_aside' THEN 'set_aside' WHEN refused <> '' THEN 'refused'
    WHEN is_ours AND done_at IS NULL THEN 'waiting' WHEN is_ours THEN 'received'
    WHEN done_at IS NULL THEN 'taken' ELSE 'handled' END"""
_PASSED = f"""
SELECT message_id, partner, is_ours, seq, kind, conversation, created_at, at, digest, in_reply_to,
    agreement_id, officer, done_at, tries, next_try_at, why, signed IS NOT NULL AS is_kept,
    {_STATE} AS state
FROM exchange_message"""  # noqa: S608 - of this module's own texts
_SOUGHT = f"""
SELECT * FROM ({_PASSED}) AS passed
WHERE (%(partner)s = '' OR partner = %(partner)s)
    AND (%(kind)s::text IS NULL OR kind = %(kind)s)
    AND (%(state)s::text IS NULL OR state = %(state)s)
    AND (%(conversation)s::uuid IS NULL OR conversation = %(conversation)s)
    AND (%(before)s::timestamptz IS NULL OR at < %(before)s)
ORDER BY at DESC, seq DESC LIMIT %(limit)s"""  # noqa: S608 - the same
_CONVERSATION = f"{_PASSED} WHERE conversation = %s ORDER BY at, seq"
_QUEUES = """
SELECT partner, coalesce(sum(seq) FILTER (WHERE is_ours), 0)::bigint AS sent,
    coalesce(sum(seq) FILTER (WHERE NOT is_ours), 0)::bigint AS taken,
    max(created_at) FILTER (WHERE is_ours) AS last_sent_at,
    max(created_at) FILTER (WHERE NOT is_ours) AS last_taken_at,
    max(waiting) AS waiting, max(oldest_at) AS oldest_at, max(unhandled) AS unhandled,
    max(set_aside) AS set_aside, max(refused) AS refused
FROM (
    SELECT CASE sender WHEN %(node)s THEN receiver ELSE sender END AS partner,
        sender = %(node)s AS is_ours, seq, created_at FROM exchange_pair) AS pair,
LATERAL (
    SELECT count(*) FILTER (WHERE m.is_ours) AS waiting, min(at) FILTER (WHERE m.is_ours)
        AS oldest_at, count(*) FILTER (WHERE NOT m.is_ours) AS unhandled
    FROM exchange_message m WHERE m.partner = pair.partner AND done_at IS NULL) AS open,
LATERAL (
    SELECT count(*) FILTER (WHERE refused = 'set_aside') AS set_aside,
        count(*) FILTER (WHERE refused <> 'set_aside') AS refused
    FROM exchange_message m WHERE m.partner = pair.partner AND refused <> '') AS bad
GROUP BY partner"""
_FIRST = """
SELECT DISTINCT ON (partner) partner, tries, next_try_at, why FROM exchange_message
WHERE done_at IS NULL AND (is_ours OR why <> '') ORDER BY partner, is_ours DESC, seq"""


@dataclass(frozen=True, slots=True)
class PostgresDeliveries:
    """The role Deliveries."""

    pool: AsyncConnectionPool
    node_id: str
    partners: Partners
    waiting: PostgresWaiting
    handling: PostgresHandling
    comparing: PostgresComparing
    refused: PostgresAttacks
    stamps: PostgresStamps
    others: Callable[[datetime], Awaitable[Sequence[str]]] | None = None
    """Troubles seen elsewhere: those of the directory."""

    async def queues(self) -> Sequence[Queue]:
        """See Deliveries."""
        parties = await self.partners.parties()
        counted = {row["partner"]: row for row in await self._rows(_QUEUES, {"node": self.node_id})}
        first = {row["partner"]: row for row in await self._rows(_FIRST)}
        names = [one.node_id for one in parties if one.node_id != self.node_id]
        blank: dict[str, Any] = {}
        return [
            Queue(**({"partner": name} | counted.get(name, blank) | first.get(name, blank)))
            for name in sorted({*names, *counted})
        ]

    async def messages(self, sought: SoughtMessages) -> Sequence[Passed]:
        """See Deliveries."""
        asked = {name: getattr(sought, name) for name in SoughtMessages.__slots__}
        return [_passed(row) for row in await self._rows(_SOUGHT, asked)]

    async def conversation(self, conversation: UUID) -> Sequence[Passed]:
        """See Deliveries."""
        return [_passed(row) for row in await self._rows(_CONVERSATION, (conversation,))]

    async def message(self, message_id: UUID) -> Message | None:
        """See Deliveries."""
        rows = await self._rows(
            "SELECT signed FROM exchange_message WHERE message_id = %s", (message_id,)
        )
        if not rows or rows[0]["signed"] is None:
            return None
        known = {one.node_id: one for one in await self.partners.parties()}
        return message_in(rows[0]["signed"], known)

    async def used(self, agreement: Agreement, now: datetime) -> Used:
        """See Deliveries."""
        async with self.pool.connection() as connection:
            return await most_used(connection, agreement, now)

    async def retry_now(self, partner: str) -> None:
        """See Deliveries."""
        await self.handling.again(partner)
        await self.waiting.at_once(partner)

    async def compare_now(self, partner: str, now: datetime) -> None:
        """See Deliveries."""
        await self.comparing.send(partner, now, whole=True)

    async def attacks(self, limit: int = 100) -> Sequence[Attack]:
        """See Deliveries."""
        return await self.refused.newest(limit)

    async def reports(self, partner: str = "", limit: int = 100) -> Sequence[Report]:
        """See Deliveries."""
        return await self.comparing.reports(partner, limit)

    async def troubles(self, now: datetime) -> Sequence[str]:
        """See Deliveries."""
        found = [said for one in await self.queues() for said in _troubles(one, now)]
        day = now - timedelta(days=1)
        refused = [one for one in await self.attacks(20) if one.last_at > day]
        if refused:
            found.append(
                f"{sum(one.times for one in refused)} messages were refused at the door since"
                f" yesterday, the last: {refused[0].said[:200]}"
            )
        found += [
            f"what {one.partner} and this node have differs: look at the reconciliation"
            for one in await self.reports(limit=20)
            if one.verdict is Verdict.DIFFERS and one.at > day
        ]
        others = await self.others(now) if self.others else ()
        return [*others, *found, *await self.stamps.troubles(now)]

    async def _rows(self, query: str, keys: Any = ()) -> list[dict[str, Any]]:
        async with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            return await (await cursor.execute(query, keys)).fetchall()


def _troubles(queue: Queue, now: datetime) -> list[str]:
    found = []
    if queue.waiting and queue.tries and queue.oldest_at and now - queue.oldest_at > LATE:
        found.append(
            f"{queue.waiting} messages wait for {queue.partner} since"
            f" {queue.oldest_at:%Y-%m-%d %H:%M} UTC: {queue.why}"
        )
    if queue.set_aside:
        found.append(
            f"{queue.set_aside} messages of {queue.partner} could not be acted on ({SET_ASIDE});"
            " look at the log, then have them tried again"
        )
    return found


def _passed(row: dict[str, Any]) -> Passed:
    return Passed(**row | {"kind": Kind(row["kind"]), "state": State(row["state"])})
