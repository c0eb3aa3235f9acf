"""A replaced signing key: what no partner has received yet is signed anew, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import NODE, Act, Deed, Trail, What
from morina.exchange.adapters.postgres_pairs import last_of, move
from morina.exchange.message import NOTHING_BEFORE, Message
from morina.exchange.parties import Partners, Party
from morina.exchange.sealing import Keys, message_in, seal, signer_among

_FROM = """
SELECT signed FROM exchange_message
WHERE sender = %s AND receiver = %s AND seq >= %s ORDER BY seq FOR UPDATE"""
_BEFORE = "SELECT digest FROM exchange_message WHERE sender = %s AND receiver = %s AND seq = %s"
_ANEW = """
UPDATE exchange_message SET signed = %s, digest = %s, previous = %s, seq = %s, created_at = %s,
    next_try_at = NULL
WHERE message_id = %s"""


@dataclass(frozen=True, slots=True)
class Anew:
    """Signs messages of one pair one after the other; ``digests`` are those they have now, which
    later ones that respond to them must name."""

    keys: Keys
    to: Party
    trail: Trail[AsyncConnection]

    async def sign(
        self, connection: AsyncConnection, messages: Sequence[Message], previous: str, now: datetime
    ) -> None:
        """Each naming the one before it, as the last of its pair when all are done."""
        digests: dict[UUID, str] = {}
        for old in messages:
            answers = digests.get(old.in_reply_to or old.message_id, old.request_hash)
            made = replace(old, previous=previous, request_hash=answers)
            sealed = seal(made, self.keys, self.to)
            made = replace(made, digest=sealed.digest)
            place = (made.digest, previous, made.seq, made.created_at, made.message_id)
            await connection.execute(_ANEW, (sealed.signed, *place))
            await self.trail.append(connection, _deed(old, made, now))
            digests[made.message_id] = previous = made.digest
            await move(connection, made)


@dataclass(frozen=True, slots=True)
class PostgresResigning:
    """Signs from the first unreceived message of a pair to its last, each naming the new one before
    it; the trail keeps both digests."""

    pool: AsyncConnectionPool
    keys: Keys
    partners: Partners
    trail: Trail[AsyncConnection]

    async def anew(self, partner: str, seq: int, now: datetime) -> int:
        """How many were signed anew, from number ``seq`` on; none where they bear the key of now
        already: the partner has a newer directory. EnvelopeError, UnknownNodeError."""
        party = await self.partners.party(partner)
        known = {one.node_id: one for one in await self.partners.parties()}
        keys, pair = self.keys.listed(known.values()), (self.keys.node_id, partner)
        async with self.pool.connection() as connection:
            await last_of(connection, *pair)
            row = await (await connection.execute(_BEFORE, (*pair, seq - 1))).fetchone()
            rows = await (await connection.execute(_FROM, (*pair, seq))).fetchall()
            written = [bytes(signed) for (signed,) in rows]
            if not written or _is_by(keys, written[0], known):
                return 0
            messages = [message_in(signed, known) for signed in written]
            previous = str(row[0]) if row else NOTHING_BEFORE
            await Anew(keys, party, self.trail).sign(connection, messages, previous, now)
        return len(messages)


def _is_by(keys: Keys, signed: bytes, known: Mapping[str, Party]) -> bool:
    return signer_among(signed, known)[1] == keys.signer.public


def _deed(old: Message, made: Message, now: datetime) -> Deed:
    what = What("messages", (str(made.message_id),), "signed anew", digest=made.digest)
    why = {"before": old.digest}
    return Deed(act=Act.ALTERATION, what=what, who=NODE, with_whom=made.to, why=why, at=now)
