"""The last message of each ordered pair in PostgreSQL, and who waits for whom.

Whoever adds a message takes the trail's lock first and the pair's row after it, so two who each
write to several partners wait for one another in one order.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from morina.accountability.trail import Act, Deed, What
from morina.exchange.kinds import RULES, Kind
from morina.exchange.message import NOTHING_BEFORE, Message

CHANNEL = "morina_exchange"
"""Told ``out GB`` when a message to GB was kept, ``in GB`` when one from it was."""
OUT, IN = "out", "in"

_TRAIL = "SELECT pg_advisory_xact_lock(x'747261696c'::bigint)"
_LAST = """
SELECT seq, digest, created_at FROM exchange_pair WHERE sender = %s AND receiver = %s FOR UPDATE"""
_FIRST = """
INSERT INTO exchange_pair (sender, receiver, digest, created_at) VALUES (%s, %s, %s, '1970-01-01Z')
ON CONFLICT DO NOTHING"""
_MOVE = """
UPDATE exchange_pair SET seq = %s, digest = %s, created_at = %s
WHERE sender = %s AND receiver = %s"""
_ADD = """
INSERT INTO exchange_message (
    message_id, sender, receiver, seq, partner, is_ours, kind, conversation, in_reply_to,
    agreement_id, agreement_version, officer, created_at, expires_at, at, digest, previous, signed,
    forget_at, receipt)
VALUES (
    %(message_id)s, %(sender)s, %(to)s, %(seq)s, %(partner)s, %(is_ours)s, %(kind)s,
    %(conversation)s, %(in_reply_to)s, %(agreement_id)s, %(agreement_version)s, %(officer)s,
    %(created_at)s, %(expires_at)s, %(at)s, %(digest)s, %(previous)s, %(signed)s, %(forget_at)s,
    %(receipt)s)"""

_SOON = """
WITH sooner AS (
    UPDATE exchange_message SET next_try_at = %(soon)s
    WHERE next_try_at > %(soon)s AND message_id = (
        SELECT message_id FROM exchange_message
        WHERE partner = %(partner)s AND is_ours AND done_at IS NULL ORDER BY seq LIMIT 1)
    RETURNING 1
) SELECT pg_notify(%(channel)s, %(told)s) FROM sooner"""


@dataclass(frozen=True, slots=True)
class Last:
    """The last message of a pair: its number (0: none yet), digest, and when it was made."""

    seq: int
    digest: str
    created_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of a message beside what it says."""

    partner: str
    at: datetime
    signed: bytes
    forget_at: datetime
    receipt: bytes | None = None


async def last_of(connection: AsyncConnection, sender: str, receiver: str) -> Last:
    """The last message of the pair, which is this transaction's to follow until it ends."""
    pair = (sender, receiver)
    async with connection.pipeline():
        await connection.execute(_TRAIL)
        found = await connection.execute(_LAST, pair)
    row = await found.fetchone()
    if row is None:
        await connection.execute(_FIRST, (*pair, NOTHING_BEFORE))
        return Last(0, NOTHING_BEFORE, None)
    return Last(*row)


async def add(connection: AsyncConnection, message: Message, kept: Kept) -> None:
    """Keep a message and wake whoever waits for it, once this transaction is committed."""
    parts: dict[str, Any] = {
        name: getattr(message, name)
        for name in ("message_id", "sender", "to", "seq", "conversation", "in_reply_to",
                     "agreement_version", "created_at", "expires_at", "digest", "previous")
    }  # fmt: skip
    parts |= {
        "partner": kept.partner, "is_ours": kept.partner == message.to, "kind": message.kind.value,
        "agreement_id": message.why.agreement_id if message.why else None,
        "officer": message.why.officer if message.why else "", "at": kept.at,
        "signed": kept.signed, "forget_at": kept.forget_at, "receipt": kept.receipt,
    }  # fmt: skip
    await connection.execute(_ADD, parts)
    await wake(connection, OUT if parts["is_ours"] else IN, kept.partner)


async def heard_of(connection: AsyncConnection, partner: str, soon: datetime) -> None:
    """Something came from this partner, so the link holds: what waits for it is tried by ``soon``
    at the latest, however often it failed before."""
    keys = {"partner": partner, "soon": soon, "channel": CHANNEL, "told": f"{OUT} {partner}"}
    await connection.execute(_SOON, keys)


async def move(connection: AsyncConnection, message: Message) -> None:
    """Let this message be the last of its pair."""
    pair = (message.sender, message.to)
    await connection.execute(_MOVE, (message.seq, message.digest, message.created_at, *pair))


async def wake(connection: AsyncConnection, way: str, partner: str) -> None:
    """Tell whoever works this way for this partner, at the end of the transaction."""
    await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, f"{way} {partner}"))


def deed_of(message: Message, partner: str, at: datetime) -> Deed:
    """What both trails say of a message; both name the same digest.

    Messages that need no agreement hold nothing of anybody's data: they are configuration, but for
    those that say something of a case.
    """
    rule = RULES[message.kind]
    act = Act.DISCLOSURE if partner == message.to else Act.COLLECTION
    if rule.category is None and not rule.of_a_case:
        act = Act.CONFIGURATION
    what = What("messages", (str(message.message_id),), message.kind.value, digest=message.digest)
    return Deed(act=act, what=what, with_whom=partner, why=_why(message), at=at)


def _why(message: Message) -> dict[str, str]:
    why = message.why
    if why is None:
        return {"answers": str(message.in_reply_to)} if message.kind is Kind.REFUSED else {}
    return {
        "code": why.purpose.value, "case_number": why.case_number,
        "justification": why.justification, "officer": why.officer, "approver": why.approver,
        "agreement": f"{why.agreement_id} version {message.agreement_version}",
    }  # fmt: skip
