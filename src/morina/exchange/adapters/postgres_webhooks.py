"""Webhooks in PostgreSQL: who is told of what, and what waits to be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.sealing import Sealing
from morina.accountability.trail import Act, Deed, Trail, What
from morina.exchange.adapters.trail_following import Happened, begun, next_of, taken_up
from morina.exchange.formats.webhooks import EVENTS, TEST, TYPES, USUAL, Event, new_secret
from morina.exchange.webhooks import (
    NoSuchWebhookError,
    RefusedWebhookError,
    Standing,
    Webhook,
    WebhookMessage,
)

NAME = "webhooks"
TRIES = 24
"""After so many, over about four days, a message is given up; that stays to be seen."""

NO_ENTRY = 0
"""What a message that tells of no entry of the trail is about."""

_ADD = "INSERT INTO webhook VALUES (%s, %s, %s, %s, %s, %s, %s, NULL)"
_ALL = """
SELECT webhook_id, address, events, plates, made_by, made_at, paused_at, ended_at FROM webhook
ORDER BY made_at"""
_NEWEST = """
SELECT message_id, webhook_id, body::json ->> 'type' AS kind, made_at, due_at, tries, done_at, said
FROM (SELECT *, row_number() OVER (
    PARTITION BY webhook_id ORDER BY made_at DESC, message_id) AS place FROM webhook_due) AS due
WHERE place <= %s ORDER BY webhook_id, place"""
_PAUSE = """
UPDATE webhook SET paused_at = %s
WHERE webhook_id = %s AND ended_at IS NULL AND paused_at IS NULL"""
_GO_ON = """
UPDATE webhook SET paused_at = NULL
WHERE webhook_id = %s AND ended_at IS NULL AND paused_at IS NOT NULL"""
_IS_TOLD = """
SELECT FROM webhook WHERE webhook_id = %s AND ended_at IS NULL AND paused_at IS NULL FOR SHARE"""
_END = "UPDATE webhook SET ended_at = %s WHERE webhook_id = %s AND ended_at IS NULL"
_DROP = (
    "UPDATE webhook_due SET done_at = %s, said = 'ended' WHERE webhook_id = %s AND done_at IS NULL"
)
_QUEUE = "INSERT INTO webhook_due (message_id, webhook_id, entry, body, made_at, due_at)" \
    " VALUES (%s, %s, %s, %s, %s, %s)"  # fmt: skip
_DUE = """
SELECT message_id, webhook_id, address, plates, secret, body, tries
FROM webhook_due JOIN webhook USING (webhook_id)
WHERE done_at IS NULL AND due_at <= %s AND ended_at IS NULL AND paused_at IS NULL
ORDER BY due_at LIMIT 1 FOR UPDATE OF webhook_due SKIP LOCKED"""
_DONE = "UPDATE webhook_due SET done_at = %s, tries = tries + 1, said = '' WHERE message_id = %s"
_LATER = """
UPDATE webhook_due SET tries = tries + 1, said = %(said)s, due_at = %(due_at)s,
    done_at = CASE WHEN tries + 1 >= %(most)s THEN %(now)s END WHERE message_id = %(message_id)s"""
_FORGET = "DELETE FROM webhook_due WHERE done_at < %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message whose time has come."""

    message_id: UUID
    webhook_id: UUID
    address: str
    plates: bool
    secret: bytes
    body: str
    tries: int


class PostgresWebhooks:
    """Subscriptions and their outbox. ``pool`` is opened and closed by the caller."""

    def __init__(
        self, pool: AsyncConnectionPool, sealing: Sealing, trail: Trail[AsyncConnection]
    ) -> None:
        self.pool, self._sealing, self._trail = pool, sealing, trail

    async def add(
        self, address: str, events: Sequence[str], plates: bool, by: str
    ) -> tuple[UUID, str]:
        """See Webhooks; its address is judged by who sends to it."""
        if unknown := sorted(set(events) - set(TYPES)):
            raise RefusedWebhookError(
                f"event {unknown[0]!r} is unknown; write of {', '.join(TYPES)}"
            )
        webhook_id, secret, now = uuid4(), new_secret(), datetime.now().astimezone()
        sealed = self._sealing.seal(secret.encode(), f"webhook:{webhook_id}")
        async with self.pool.connection() as connection:
            await begun(connection, NAME)
            values = (webhook_id, address, sorted(set(events or USUAL)), plates, sealed, by, now)
            await connection.execute(_ADD, values)
            await self._configured(connection, webhook_id, "added", by)
        return webhook_id, secret

    async def end(self, webhook_id: UUID, by: str, now: datetime) -> None:
        """See Webhooks."""
        async with self.pool.connection() as connection:
            if not (await connection.execute(_END, (now, webhook_id))).rowcount:
                raise NoSuchWebhookError(f"no webhook {webhook_id} is told anything")
            await connection.execute(_DROP, (now, webhook_id))
            await self._configured(connection, webhook_id, "ended", by)

    async def pause(self, webhook_id: UUID, by: str, now: datetime) -> None:
        """See Webhooks."""
        async with self.pool.connection() as connection:
            if not (await connection.execute(_PAUSE, (now, webhook_id))).rowcount:
                raise NoSuchWebhookError(f"no webhook {webhook_id} is told anything")
            await self._configured(connection, webhook_id, "paused", by)

    async def go_on(self, webhook_id: UUID, by: str, _now: datetime) -> None:
        """See Webhooks."""
        async with self.pool.connection() as connection:
            if not (await connection.execute(_GO_ON, (webhook_id,))).rowcount:
                raise NoSuchWebhookError(f"no webhook {webhook_id} is paused")
            await self._configured(connection, webhook_id, "told again", by)

    async def test(self, webhook_id: UUID, by: str, now: datetime) -> None:
        """See Webhooks."""
        async with self.pool.connection() as connection:
            if not (await connection.execute(_IS_TOLD, (webhook_id,))).rowcount:
                raise NoSuchWebhookError(f"no webhook {webhook_id} is told anything")
            body = Event(TEST, now, ()).body()
            await connection.execute(_QUEUE, (uuid4(), webhook_id, NO_ENTRY, body, now, now))
            await self._configured(connection, webhook_id, "tried", by)

    async def all(self) -> list[Webhook]:
        """See Webhooks."""
        async with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Webhook))
            return await (await cursor.execute(_ALL)).fetchall()

    async def newest(self, most: int) -> Mapping[UUID, Sequence[WebhookMessage]]:
        """See Webhooks."""
        async with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(WebhookMessage))
            rows = await (await cursor.execute(_NEWEST, (most,))).fetchall()
        return {hook: [*found] for hook, found in groupby(rows, lambda one: one.webhook_id)}

    async def take_up(self, now: datetime) -> int:
        """Queue what happened since, once for each subscription; how many messages."""
        hooks = [one for one in await self.all() if one.standing is Standing.TOLD]
        queued = 0
        async with self.pool.connection() as connection:
            found = await next_of(connection, NAME)
            for one in found:
                kind = EVENTS.get((one.kind, one.step))
                told = [hook for hook in hooks if kind in hook.events]
                for hook in told:
                    queued += 1
                    await self._queue(connection, hook, (one, kind or ""), now)
                await taken_up(connection, NAME, one.number)
        return queued

    async def due(self, connection: AsyncConnection, now: datetime) -> tuple[Waiting, str] | None:
        """The next message whose time has come with the secret of its webhook, held by the
        transaction; None for none. SealError."""
        cursor = connection.cursor(row_factory=class_row(Waiting))
        found = await (await cursor.execute(_DUE, (now,))).fetchone()
        if found is None:
            return None
        opened = self._sealing.open(found.secret, f"webhook:{found.webhook_id}")
        return found, opened.decode()

    async def taken(self, connection: AsyncConnection, one: Waiting, now: datetime) -> None:
        """It was taken; that it was told is entered."""
        await connection.execute(_DONE, (now, one.message_id))
        what = What("webhook_message", (str(one.message_id),), "told")
        deed = Deed(act=Act.DISCLOSURE, what=what, at=now, with_whom=f"webhook {one.webhook_id}")
        await self._trail.append(connection, deed)

    async def not_taken(
        self, connection: AsyncConnection, one: Waiting, said: str, now: datetime
    ) -> None:
        """It was not; later again, at most every four hours."""
        pause = min(timedelta(seconds=5 * 2**one.tries), timedelta(hours=4))
        values = {"said": said[:200], "due_at": now + pause, "most": TRIES, "now": now,
                  "message_id": one.message_id}  # fmt: skip
        await connection.execute(_LATER, values)

    async def forget(self, before: datetime) -> None:
        """Messages dealt with before."""
        async with self.pool.connection() as connection:
            await connection.execute(_FORGET, (before,))

    async def _queue(
        self, connection: AsyncConnection, hook: Webhook, of: tuple[Happened, str], now: datetime
    ) -> None:
        one, kind = of
        plates = await _plates(connection, one) if hook.plates else {}
        body = Event(kind, one.at, one.ids, plates).body()
        await connection.execute(_QUEUE, (uuid4(), hook.webhook_id, one.number, body, now, now))

    async def _configured(
        self, connection: AsyncConnection, webhook_id: UUID, step: str, by: str
    ) -> None:
        what = What("webhook", (str(webhook_id),), step)
        await self._trail.append(connection, Deed(act=Act.CONFIGURATION, what=what, who=by))


_PLATES = """
SELECT alert_id, listed -> 'listing' -> 'plate' ->> 'text' FROM alert WHERE alert_id = ANY (%s)"""


async def _plates(connection: AsyncConnection, one: Happened) -> dict[str, str]:
    """The listed plates of confirmed alerts, by alert; of nothing else."""
    if (one.kind, one.step) != ("alert", "confirm"):
        return {}
    rows = await connection.execute(_PLATES, ([UUID(i) for i in one.ids],))
    return {str(row[0]): row[1] for row in await rows.fetchall() if row[1]}
