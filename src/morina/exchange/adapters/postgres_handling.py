"""Acting on what partners sent, in PostgreSQL: per partner in order, one transaction each."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from morina.exchange.adapters.postgres_judge import DENIED, Judge, kept_until
from morina.exchange.agreement import Agreement
from morina.exchange.deciding import NotAgreedError
from morina.exchange.kinds import Kind
from morina.exchange.message import Draft, Message
from morina.exchange.parties import Partners
from morina.exchange.roles import Outbox, RefusedMessageError, Takes
from morina.exchange.sealing import message_in
from morina.exchange.sending import AT_ONCE, NOTHING, pause_after, seconds_until

log = logging.getLogger(__name__)

SET_ASIDE = "set_aside"
EXPIRED = "expired"
LONGEST_PAUSE_S = 60.0
_NEXT = """
SELECT message_id, signed, at, tries, next_try_at FROM exchange_message
WHERE partner = %s AND NOT is_ours AND done_at IS NULL ORDER BY seq LIMIT 1 FOR UPDATE"""
_ANSWERED = "SELECT digest FROM exchange_message WHERE message_id = %s AND partner = %s"
_DONE = """
UPDATE exchange_message SET done_at = %(now)s, refused = %(refused)s, why = %(why)s,
    next_try_at = NULL, forget_at = %(forget_at)s,
    signed = CASE WHEN %(is_kept)s THEN signed END
WHERE message_id = %(message_id)s"""
_FAILED = """
UPDATE exchange_message SET tries = tries + 1, why = %(why)s, next_try_at = %(again_at)s,
    refused = CASE WHEN %(over)s THEN 'set_aside' ELSE refused END,
    done_at = CASE WHEN %(over)s THEN %(now)s END
WHERE message_id = %(message_id)s AND done_at IS NULL"""
_REOPEN = """
UPDATE exchange_message SET done_at = NULL, tries = 0, next_try_at = NULL, refused = '', why = ''
WHERE partner = %s AND NOT is_ours AND refused = 'set_aside'"""

AllTakes = Mapping[Kind, Sequence[Takes[AsyncConnection]]]


class _Row(NamedTuple):
    message_id: UUID
    signed: bytes
    at: datetime
    tries: int
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True)
class PostgresHandling:
    """Hands each message to all that take its kind. What an agreement does not allow is refused
    and its content dropped; the digest stays."""

    pool: AsyncConnectionPool
    partners: Partners
    judge: Judge
    outbox: Outbox[AsyncConnection]
    takes: AllTakes
    most_tries: int = 8
    log_days: int = 1096

    async def one(self, partner: str) -> float | None:
        """Act on the next. Seconds until the next try: 0 at once, None: nothing waits.

        ConnectionError where the database does not answer."""
        row: _Row | None = None
        try:
            async with self.pool.connection() as connection:
                row, left = await self._next(connection, partner)
                if row is None or left:
                    return left
                await self._handle(connection, row)
                return AT_ONCE
        except (ConnectionError, PoolTimeout):
            raise
        except Exception as error:
            # Broad on purpose: whatever one message meets, the others must go on.
            if row is None:
                raise
            log.exception("a message of %s could not be acted on", partner)
            return await self._failed(row, error)

    async def _next(
        self, connection: AsyncConnection, partner: str
    ) -> tuple[_Row | None, float | None]:
        """The next, and in how many seconds it is due."""
        rows = await connection.execute(_NEXT, (partner,), binary=True)
        found = await rows.fetchone()
        if found is None:
            return None, NOTHING
        row = _Row(*found)
        return row, seconds_until(row.next_try_at, LONGEST_PAUSE_S)

    async def again(self, partner: str) -> None:
        """Let what was set aside be tried again."""
        async with self.pool.connection() as connection:
            await connection.execute(_REOPEN, (partner,))

    async def _handle(self, connection: AsyncConnection, row: _Row) -> None:
        now = datetime.now(UTC)
        known = {one.node_id: one for one in await self.partners.parties()}
        message = message_in(row.signed, known, again=True)
        agreement = await self.judge.agreement(message.sender, message.to, message.why, row.at)
        try:
            async with connection.transaction():
                await self._refuse(connection, message, agreement, row.at)
                for one in self.takes.get(message.kind, ()):
                    await one.take(connection, message, now)
        except RefusedMessageError as refused:
            await self._tell(connection, message, refused, now)
            done = _done(row, agreement, now, self.log_days)
            done |= {"refused": refused.code, "why": str(refused)}
            await connection.execute(_DONE, done | {"is_kept": refused.code not in DENIED})
            return
        await connection.execute(_DONE, _done(row, agreement, now, self.log_days))

    async def _refuse(
        self, connection: AsyncConnection, message: Message, agreement: Agreement | None,
        at: datetime,
    ) -> None:  # fmt: skip
        """RefusedMessageError where it may not be acted on, judged when it was taken in."""
        if message.expires_at and message.expires_at <= at:
            raise RefusedMessageError(
                EXPIRED, f"it was good until {message.expires_at:%d %B %H:%M}"
            )
        if not self.takes.get(message.kind):
            raise RefusedMessageError("not_kept", f"this node does not take {message.kind}")
        await _refuse_unasked(connection, message)
        try:
            await self.judge.refuse(connection, message, agreement, at)
        except NotAgreedError as error:
            raise RefusedMessageError(error.denial.because, error.denial.said) from None
        except ValueError as error:
            raise RefusedMessageError("malformed", str(error)) from None

    async def _tell(
        self, connection: AsyncConnection, message: Message, refused: RefusedMessageError,
        now: datetime,
    ) -> None:  # fmt: skip
        """The sender; never for its own telling, or both would tell one another for ever."""
        if message.kind is Kind.REFUSED:
            return
        draft = Draft(
            to=message.sender, kind=Kind.REFUSED, conversation=message.conversation,
            answers=message, said={"code": refused.code, "said": str(refused)},
        )  # fmt: skip
        await self.outbox.post(connection, draft, now)

    async def _failed(self, row: _Row, error: Exception) -> float:
        """Count it; set it aside where it was tried often enough."""
        now = datetime.now(UTC)
        pause = pause_after(row.tries, LONGEST_PAUSE_S)
        what = {
            "why": f"{type(error).__name__}: {error}"[:500], "now": now,
            "again_at": now + timedelta(seconds=pause), "message_id": row.message_id,
            "over": row.tries + 1 >= self.most_tries,
        }  # fmt: skip
        async with self.pool.connection() as connection:
            await connection.execute(_FAILED, what)
        return AT_ONCE if what["over"] else pause


async def _refuse_unasked(connection: AsyncConnection, message: Message) -> None:
    """RefusedMessageError where it responds to a message that never was between these two, or names
    another hash than that message has."""
    if message.in_reply_to is None:
        return
    asked = (message.in_reply_to, message.sender)
    row = await (await connection.execute(_ANSWERED, asked)).fetchone()
    if row is None:
        raise RefusedMessageError("unknown_request", "it responds to a message nobody knows here")
    if row[0] != message.request_hash:
        raise RefusedMessageError("request_hash", "it responds to another message than it names")


def by_kind(takes: Iterable[Takes[AsyncConnection]]) -> AllTakes:
    """All that take each kind, in the order given."""
    made: dict[Kind, list[Takes[AsyncConnection]]] = defaultdict(list)
    for one in takes:
        for kind in one.kinds:
            made[kind].append(one)
    return made


def _done(
    row: _Row, agreement: Agreement | None, now: datetime, log_days: int
) -> dict[str, object]:
    return {
        "now": now, "refused": "", "why": "", "is_kept": True, "message_id": row.message_id,
        "forget_at": kept_until(agreement, row.at, log_days),
    }  # fmt: skip
