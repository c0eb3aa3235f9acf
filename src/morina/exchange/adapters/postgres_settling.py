"""Going on with a partner after this node was put back to an older state from a backup.

What this node sent since is lost here; the partner has it, and takes no second message of the same
number. What waits goes on after the partner's last, the hole stays and is named by comparisons.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import Act, Deed, Trail, What
from morina.exchange.adapters.postgres_comparing import PostgresComparing
from morina.exchange.adapters.postgres_pairs import last_of
from morina.exchange.adapters.postgres_resigning import Anew
from morina.exchange.checkpoints import Holds
from morina.exchange.kinds import Kind
from morina.exchange.message import Draft, Message
from morina.exchange.parties import Partners, Party
from morina.exchange.roles import Outbox
from morina.exchange.sealing import Keys, message_in
from morina.exchange.transport import CHAIN, SEEN

_CHECKPOINTS = """
SELECT signed FROM exchange_message
WHERE partner = %s AND NOT is_ours AND kind = 'checkpoint' AND signed IS NOT NULL
ORDER BY seq DESC LIMIT 20"""
_OURS = """
SELECT message_id, seq, digest, signed, done_at IS NULL, why FROM exchange_message
WHERE partner = %s AND is_ours AND (done_at IS NULL OR seq >= %s) ORDER BY seq FOR UPDATE"""
_ASIDE = "UPDATE exchange_message SET seq = -seq, tries = 0, why = '' WHERE message_id = ANY(%s)"
_AFTER = """
UPDATE exchange_pair SET seq = %s, digest = %s, created_at = %s
WHERE sender = %s AND receiver = %s"""


class UnsettledError(Exception):
    """Nothing was settled; says what to do first."""


class Settled(NamedTuple):
    """``before`` is the last number this node knew of, ``after`` the partner's last; ``moved`` how
    many messages that waited have other numbers now."""

    before: int
    after: int
    moved: int


class _Own(NamedTuple):
    message_id: UUID
    seq: int
    digest: str
    signed: bytes | None
    waits: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who settles it and why; ``after`` is the number the partner said it holds, as heard from it
    by telephone."""

    officer: str
    reason: str
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresSettling:
    """Settles with one partner at a time."""

    pool: AsyncConnectionPool
    keys: Keys
    partners: Partners
    outbox: Outbox[AsyncConnection]
    comparing: PostgresComparing
    trail: Trail[AsyncConnection]

    async def settle(self, partner: str, by: By, now: datetime) -> Settled:
        """Let what waits go on after the partner's last message of ours, and tell it so.

        UnsettledError, UnknownNodeError, EnvelopeError; then nothing is changed.
        """
        party = await self.partners.party(partner)
        known = {one.node_id: one for one in await self.partners.parties()}
        async with self.pool.connection() as connection:
            last = await last_of(connection, self.keys.node_id, partner)
            holds = await self._holds(connection, partner, known)
            rows = await connection.execute(_OURS, (partner, holds.seq))
            own = [_Own(*row) for row in await rows.fetchall()]
            _refuse(partner, holds, own, by)
            moved = await self._move(connection, party, holds, own, now)
            waited = [one.seq for one in own if one.waits]
            before = min([last.seq + 1, *waited]) - 1
            settled = Settled(before, holds.seq, len(moved))
            await self._enter(connection, partner, settled, by, now)
        return settled

    async def _holds(
        self, connection: AsyncConnection, partner: str, known: Mapping[str, Party]
    ) -> Holds:
        rows = await (await connection.execute(_CHECKPOINTS, (partner,))).fetchall()
        for (signed,) in rows:
            said = message_in(bytes(signed), known).said.get("holds")
            if said is not None:
                return Holds.read(said)
        raise UnsettledError(
            f"{partner} did not say what it holds of ours; have it run there: morina exchange"
            f" compare {self.keys.node_id}"
        )

    async def _move(
        self, connection: AsyncConnection, party: Party, holds: Holds, own: Sequence[_Own],
        now: datetime,
    ) -> list[Message]:  # fmt: skip
        """Give what waits the numbers after the partner's last, signed anew."""
        parties = await self.partners.parties()
        known = {one.node_id: one for one in parties}
        waiting = [one for one in own if one.waits]
        await connection.execute(_ASIDE, ([one.message_id for one in waiting],))
        messages = []
        for seq, one in enumerate(waiting, holds.seq + 1):
            old = message_in(one.signed or b"", known)
            messages.append(replace(old, seq=seq, created_at=max(old.created_at, holds.at)))
        place = (holds.seq, holds.digest, holds.at, self.keys.node_id, party.node_id)
        await connection.execute(_AFTER, place)
        anew = Anew(self.keys.listed(parties), party, self.trail)
        await anew.sign(connection, messages, holds.digest, now)
        return messages

    async def _enter(
        self, connection: AsyncConnection, partner: str, settled: Settled, by: By, now: datetime
    ) -> None:
        step = f"settled: after number {settled.before} comes {settled.after + 1}"
        deed = Deed(act=Act.ALTERATION, what=What("messages", (partner,), step), who=by.officer,
                    with_whom=partner, why={"reason": by.reason}, at=now)  # fmt: skip
        await self.trail.append(connection, deed)
        said: dict[str, Any] = {"settled": {"before": settled.before, "after": settled.after}}
        said |= await self.comparing.said(connection, partner, whole=True)
        await self.outbox.post(connection, Draft(to=partner, kind=Kind.CHECKPOINT, said=said), now)


def _refuse(partner: str, holds: Holds, own: Sequence[_Own], by: By) -> None:
    """UnsettledError where nothing is to be settled, or not by this."""
    if holds.seq == 0 or any((one.seq, one.digest) == (holds.seq, holds.digest) for one in own):
        raise UnsettledError(
            f"the last {partner} said it holds of ours, number {holds.seq}, is in our record as"
            " well: nothing is to be settled; if it refuses what we send, have it compare anew"
        )
    if any(not one.waits for one in own):
        raise UnsettledError(
            f"{partner} gave receipts beyond number {holds.seq}, the last it said it holds: its"
            " record is the older one; have it settle, or compare anew"
        )
    first = next((one for one in own if one.waits), None)
    if first and not any(f"({code})" in first.why for code in (SEEN, CHAIN)):
        raise UnsettledError(
            f"number {first.seq} waits and was not refused by {partner} for its number: it may be"
            f" one it has; try first: morina exchange retry {partner}"
        )
    if by.after != holds.seq:
        raise UnsettledError(
            f"{partner} says it holds our messages up to number {holds.seq},"
            f" {json.dumps(holds.digest[:16])}; ask it over the telephone, then: --after"
            f" {holds.seq}"
        )
