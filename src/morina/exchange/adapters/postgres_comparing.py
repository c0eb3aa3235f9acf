"""Checkpoints to and from partners in PostgreSQL: sent, compared as they come, reports kept."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import NODE, Act, Deed, Trail, What
from morina.exchange.adapters.postgres_pairs import OUT, wake
from morina.exchange.checkpoints import MOST_ASKED, Holds, Side, compared, missing
from morina.exchange.delivering import Report, Verdict
from morina.exchange.kinds import Kind
from morina.exchange.message import NOTHING_BEFORE, Draft, Message
from morina.exchange.roles import Outbox, RefusedMessageError

_SPAN = """
SELECT seq, digest FROM exchange_message
WHERE sender = %s AND receiver = %s AND seq >= %s AND seq <= %s ORDER BY seq"""
_HOLDS = "SELECT seq, digest, created_at FROM exchange_pair WHERE sender = %s AND receiver = %s"
_NEVER = datetime.fromtimestamp(0, UTC)
_LAST = "SELECT coalesce(max(seq), 0) FROM exchange_message WHERE sender = %s AND receiver = %s"
_AGREED = """
SELECT coalesce(max(up_to), 0) FROM exchange_report
WHERE partner = %s AND sender = %s AND verdict = 'agrees'"""
_REPORT = """
INSERT INTO exchange_report
    (at, partner, sender, up_to, theirs, ours, verdict, missing, message_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_AGAIN = """
UPDATE exchange_message SET done_at = NULL, next_try_at = NULL
WHERE partner = %s AND is_ours AND seq = ANY(%s) AND signed IS NOT NULL"""
_REPORTS = """
SELECT at, partner, sender, up_to, theirs, ours, verdict, missing FROM exchange_report
WHERE %s = '' OR partner = %s ORDER BY number DESC LIMIT %s"""


@dataclass(frozen=True, slots=True)
class PostgresComparing:
    """Takes CHECKPOINT, and sends ours."""

    pool: AsyncConnectionPool
    node_id: str
    outbox: Outbox[AsyncConnection]
    trail: Trail[AsyncConnection]

    kinds: ClassVar[Sequence[Kind]] = (Kind.CHECKPOINT,)

    async def send(self, partner: str, now: datetime, whole: bool = False) -> None:
        """Tell the partner what we sent it and what we have of it: all of it, or only what came
        after both last agreed."""
        async with self.pool.connection() as connection:
            said = await self.said(connection, partner, whole)
            draft = Draft(to=partner, kind=Kind.CHECKPOINT, said=said)
            await self.outbox.post(connection, draft, now)

    async def said(
        self, connection: AsyncConnection, partner: str, whole: bool
    ) -> Mapping[str, Any]:
        """What a checkpoint says."""
        return {
            "sent": await self._ours(connection, partner, self.node_id, partner, whole),
            "had": await self._ours(connection, partner, partner, self.node_id, whole),
            "holds": (await self.holds(connection, partner)).said(),
        }

    async def holds(self, connection: AsyncConnection, partner: str) -> Holds:
        """The last of the partner's messages that is here."""
        pair = (partner, self.node_id)
        row = await (await connection.execute(_HOLDS, pair)).fetchone()
        return Holds(*row) if row else Holds(0, NOTHING_BEFORE, _NEVER)

    async def take(self, connection: AsyncConnection, message: Message, now: datetime) -> None:
        """See Takes: compare both sides and keep a report of each; ask again what is missing."""
        said, partner = message.said, message.sender
        if isinstance(told := said.get("settled"), Mapping):
            await self._settled(connection, message, told, now)
        await self._send_again(connection, partner, said.get("again", []))
        try:
            sides = [
                (sender, Side.read(said[name]))
                for name, sender in (("sent", partner), ("had", self.node_id))
                if name in said
            ]
        except ValueError as error:
            raise RefusedMessageError("malformed", str(error)) from None
        lost: tuple[int, ...] = ()
        for sender, theirs in sides:
            gone = await self._compare(connection, message, sender, theirs, now)
            lost = gone if sender == partner else lost
        if lost:
            draft = Draft(
                to=partner, kind=Kind.CHECKPOINT, answers=message, said={"again": list(lost)}
            )
            await self.outbox.post(connection, draft, now)

    async def _settled(
        self, connection: AsyncConnection, message: Message, told: Mapping[str, Any], now: datetime
    ) -> None:
        """The partner went back to an older state: what it sent in between it has no more."""
        before, after = told.get("before"), told.get("after")
        if not isinstance(before, int) or not isinstance(after, int):
            return
        step = f"partner settled: after number {before} comes {after + 1}"
        what = What("messages", (str(message.message_id),), step, digest=message.digest)
        deed = Deed(act=Act.ALTERATION, what=what, who=NODE, with_whom=message.sender, at=now)
        await self.trail.append(connection, deed)

    async def reports(self, partner: str, limit: int) -> Sequence[Report]:
        """Newest first."""
        async with self.pool.connection() as connection:
            asked = (partner, partner, limit)
            rows = await (await connection.execute(_REPORTS, asked)).fetchall()
        return [
            Report(
                at=at,
                partner=of,
                sender=sender,
                up_to=up_to,
                theirs=theirs,
                ours=ours,
                verdict=Verdict(verdict),
                missing=tuple(gone),
            )
            for at, of, sender, up_to, theirs, ours, verdict, gone in rows
        ]

    async def _ours(
        self, connection: AsyncConnection, partner: str, sender: str, receiver: str, whole: bool
    ) -> Mapping[str, Any]:
        row = await (await connection.execute(_LAST, (sender, receiver))).fetchone()
        last = int(row[0]) if row else 0
        first = 1
        if not whole:
            row = await (await connection.execute(_AGREED, (partner, sender))).fetchone()
            first = min(int(row[0]) if row else 0, last) + 1
        side, _ = await _side(connection, (sender, receiver), first, last)
        return side.said()

    async def _compare(
        self, connection: AsyncConnection, message: Message, sender: str, theirs: Side,
        now: datetime,
    ) -> tuple[int, ...]:  # fmt: skip
        """Numbers that are not here."""
        partner = message.sender
        pair = (sender, self.node_id if sender == partner else partner)
        ours, numbers = await _side(connection, pair, theirs.first, theirs.last)
        verdict, gone = compared(theirs, ours), missing(theirs, numbers)
        what = (now, partner, sender, theirs.last, theirs.count, ours.count, verdict.value,
                list(gone), message.message_id)  # fmt: skip
        await connection.execute(_REPORT, what)
        return gone

    async def _send_again(self, connection: AsyncConnection, partner: str, numbers: object) -> None:
        if not isinstance(numbers, list) or not numbers:
            return
        asked = [one for one in numbers if type(one) is int][:MOST_ASKED]
        await connection.execute(_AGAIN, (partner, asked))
        await wake(connection, OUT, partner)


async def _side(
    connection: AsyncConnection, pair: tuple[str, str], first: int, last: int
) -> tuple[Side, list[int]]:
    """Our side of the span, and the numbers there are."""
    rows = await (await connection.execute(_SPAN, (*pair, first, last))).fetchall()
    digests = [digest for _, digest in rows]
    return await asyncio.to_thread(Side.of, first, last, digests), [seq for seq, _ in rows]


@dataclass(frozen=True, slots=True)
class PostgresRefusals:
    """Takes REFUSED: what a partner did not act on is shown as refused, and why."""

    kinds: ClassVar[Sequence[Kind]] = (Kind.REFUSED,)

    async def take(self, connection: AsyncConnection, message: Message, now: datetime) -> None:  # noqa: ARG002 - the role's signature
        """See Takes."""
        await connection.execute(
            "UPDATE exchange_message SET refused = %s, why = %s WHERE message_id = %s AND is_ours"
            " AND partner = %s",
            (str(message.said.get("code", ""))[:64] or "refused",
             str(message.said.get("said", ""))[:500], message.in_reply_to, message.sender),
        )  # fmt: skip
