"""The door for partners' messages: each taken in once, in the order of its pair, with a receipt."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.signing import Signer
from morina.accountability.trail import Trail
from morina.exchange.adapters.postgres_attacks import PostgresAttacks, Refused
from morina.exchange.adapters.postgres_pairs import (
    Kept,
    Last,
    add,
    deed_of,
    heard_of,
    last_of,
    move,
)
from morina.exchange.faults import EnvelopeError, Fault
from morina.exchange.message import Message
from morina.exchange.parties import Partners, UnknownNodeError
from morina.exchange.receipts import Receipt
from morina.exchange.sealing import Bounds, Keys, Opened, digest_of, opened
from morina.exchange.sending import FIRST_PAUSE_S
from morina.exchange.transport import BACKDATED, CHAIN, GAP, PEER, SEEN, RefusedAtDoorError

MOST_AT_ONCE = 64
_SAME = """
SELECT message_id, seq, digest, receipt FROM exchange_message
WHERE message_id = %s OR (sender = %s AND receiver = %s AND seq = %s)"""
_BEFORE = """
SELECT receipt FROM (
    SELECT digest, receipt FROM exchange_message WHERE sender = %s AND receiver = %s
    ORDER BY seq DESC LIMIT 10000) AS newest
WHERE digest = %s"""
_BESIDE = """
SELECT seq, digest, previous FROM exchange_message
WHERE sender = %s AND receiver = %s AND seq IN (%s, %s)"""


@dataclass(frozen=True, slots=True)
class PostgresInbox:
    """The role Inbox. What cannot be taken is recorded in ``attacks``, but for gaps and repeats."""

    pool: AsyncConnectionPool
    keys: Keys
    partners: Partners
    trail: Trail[AsyncConnection]
    attacks: PostgresAttacks
    bounds: Bounds = field(default_factory=Bounds)
    log_days: int = 1096

    async def accept(self, sealed: bytes, peer: str, now: datetime) -> bytes:
        """See Inbox."""
        sender = peer
        try:
            one = await self.opened(sealed, peer, now)
            sender = one.message.sender
            signer = self.keys.listed(await self.partners.parties()).signer
            async with self.pool.connection() as connection:
                return await self._taken(connection, one, signer, now)
        except EnvelopeError as error:
            if error.code is Fault.OLD_KEY and (receipt := await self._receipt_of(sealed, peer)):
                return receipt
            sender = error.sender or peer
            refused = RefusedAtDoorError(error.code, str(error))
        except RefusedAtDoorError as error:
            refused = error
        if refused.code != GAP:
            said = Refused(sender, peer, refused.code, str(refused), sealed)
            await self.attacks.record(said, now)
        raise refused

    async def accept_all(self, sealed: Sequence[bytes], peer: str, now: datetime) -> list[bytes]:
        """See Inbox: in one transaction, but for what is refused or comes alone."""
        receipts: list[bytes] = []
        if came := await self._opened_first(sealed[:MOST_AT_ONCE], peer, now):
            signer = self.keys.listed(await self.partners.parties()).signer
            async with self.pool.connection() as connection:
                with suppress(RefusedAtDoorError):
                    for one in came:
                        receipts.append(await self._taken(connection, one, signer, now))
        return receipts or [await self.accept(sealed[0], peer, now)]

    async def _opened_first(
        self, sealed: Sequence[bytes], peer: str, now: datetime
    ) -> Sequence[Opened]:
        """Those before the first that does not open; none of one alone."""
        found: list[Opened] = []
        with suppress(EnvelopeError, RefusedAtDoorError):
            for one in sealed if len(sealed) > 1 else ():
                found.append(await self.opened(one, peer, now))
        return found

    async def opened(self, sealed: bytes, peer: str, now: datetime) -> Opened:
        """The message within. One that is only too old keeps its place, and is refused later."""
        known = {one.node_id: one for one in await self.partners.parties()}
        try:
            one = opened(sealed, self.keys, known, now, self.bounds)
        except EnvelopeError as error:
            if error.code is not Fault.EXPIRED or error.message is None:
                raise
            one = Opened(error.message, error.signed)
        try:
            await self.partners.party(one.message.sender)
        except UnknownNodeError as error:
            raise RefusedAtDoorError(Fault.UNKNOWN_SENDER, str(error)) from None
        if peer and one.message.sender != peer:
            raise RefusedAtDoorError(
                PEER, f"{peer} brought a message of {one.message.sender}; each brings its own"
            )
        return one

    async def _receipt_of(self, sealed: bytes, peer: str) -> bytes | None:
        """Of a message taken in before its sender replaced its key; the receipt was lost."""
        digest = digest_of(self.keys.unseal(sealed))
        async with self.pool.connection() as connection:
            asked = (peer, self.keys.node_id, digest)
            row = await (await connection.execute(_BEFORE, asked)).fetchone()
        return bytes(row[0]) if row else None

    async def _taken(
        self, connection: AsyncConnection, one: Opened, signer: Signer, now: datetime
    ) -> bytes:
        message = one.message
        last = await last_of(connection, message.sender, message.to)
        await heard_of(connection, message.sender, now + timedelta(seconds=FIRST_PAUSE_S))
        if receipt := await _seen(connection, message):
            return receipt
        is_next = await _is_next(connection, message, last)
        receipt = Receipt.of(message, now, signer).written()
        kept = Kept(
            partner=message.sender, at=now, signed=one.signed,
            forget_at=now + timedelta(days=self.log_days), receipt=receipt,
        )  # fmt: skip
        async with connection.pipeline():
            await add(connection, message, kept)
            if is_next:
                await move(connection, message)
            await self.trail.append(connection, deed_of(message, message.sender, now))
        return receipt


async def _seen(connection: AsyncConnection, message: Message) -> bytes | None:
    """The receipt given before; RefusedAtDoorError for another message in its place."""
    asked = (message.message_id, message.sender, message.to, message.seq)
    rows = await (await connection.execute(_SAME, asked)).fetchall()
    for message_id, seq, digest, receipt in rows:
        if (message_id, seq, digest) == (message.message_id, message.seq, message.digest):
            return bytes(receipt)
        raise RefusedAtDoorError(
            SEEN, f"number {message.seq} or its id came before and was another message; one of"
            " both nodes was put back to an older state, or somebody forges: compare both"
        )  # fmt: skip
    return None


async def _is_next(connection: AsyncConnection, message: Message, last: Last) -> bool:
    """Whether it is the next; False where it fills a hole. RefusedAtDoorError where neither."""
    if message.seq > last.seq + 1:
        raise RefusedAtDoorError(
            GAP, f"number {last.seq + 1} is awaited and {message.seq} came", last.seq + 1
        )
    if message.seq <= last.seq:
        await _refuse_beside(connection, message)
        return False
    if message.previous != last.digest:
        raise RefusedAtDoorError(
            CHAIN, f"number {message.seq} names another message before it than came; one of both"
            " nodes was put back to an older state, or somebody forges: compare both"
        )  # fmt: skip
    if last.created_at and message.created_at < last.created_at:
        raise RefusedAtDoorError(
            BACKDATED, f"number {message.seq} says it was made before number {last.seq}"
        )
    return True


async def _refuse_beside(connection: AsyncConnection, message: Message) -> None:
    """RefusedAtDoorError where it does not fit between those around a hole."""
    asked = (message.sender, message.to, message.seq - 1, message.seq + 1)
    for seq, digest, previous in await (await connection.execute(_BESIDE, asked)).fetchall():
        before = seq < message.seq
        if (digest if before else message.digest) != (message.previous if before else previous):
            raise RefusedAtDoorError(
                CHAIN, f"number {message.seq} does not fit to number {seq}, which came before"
            )
