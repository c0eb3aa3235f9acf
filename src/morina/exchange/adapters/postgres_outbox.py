"""Messages to partners in PostgreSQL: numbered, chained and signed in the caller's transaction."""

from dataclasses import dataclass, replace
from datetime import datetime

from psycopg import AsyncConnection

from morina.accountability.trail import Trail
from morina.exchange.adapters.postgres_judge import Judge, kept_until
from morina.exchange.adapters.postgres_pairs import Kept, Last, add, deed_of, last_of, move
from morina.exchange.ids import message_id
from morina.exchange.message import Draft, Message
from morina.exchange.parties import Partners, UnknownNodeError
from morina.exchange.sealing import Keys, sealed_size, signed_by

_DIGEST = "SELECT digest FROM exchange_message WHERE message_id = %s AND partner = %s"


@dataclass(frozen=True, slots=True)
class PostgresOutbox:
    """The role Outbox. Callers write their own tables first and post last: from then on everybody
    else who enters the trail waits for this transaction."""

    keys: Keys
    partners: Partners
    judge: Judge
    trail: Trail[AsyncConnection]
    log_days: int = 1096
    most_bytes: int = 8_000_000

    async def post(self, connection: AsyncConnection, draft: Draft, now: datetime) -> Message:
        """See Outbox; ValueError for a message that is too large or cannot be written."""
        if draft.to == self.keys.node_id:
            raise UnknownNodeError(f"{draft.to} is this node; name a partner")
        await self.partners.party(draft.to)
        keys = self.keys.listed(await self.partners.parties())
        agreement = await self.judge.agreement(self.keys.node_id, draft.to, draft.why, now)
        last = await last_of(connection, self.keys.node_id, draft.to)
        version = agreement.version if agreement else 0
        message = await _naming(connection, self._message(draft, last, version, now))
        await self.judge.refuse(connection, message, agreement, now)
        signed, digest = signed_by(message, keys)
        if sealed_size(signed) > self.most_bytes:
            raise ValueError(
                f"the {draft.kind} has {sealed_size(signed):,} bytes sealed and partners take"
                f" {self.most_bytes:,}; send it in parts"
            )
        message = replace(message, digest=digest)
        kept = Kept(
            partner=draft.to, at=now, signed=signed,
            forget_at=kept_until(agreement, now, self.log_days),
        )  # fmt: skip
        async with connection.pipeline():
            await add(connection, message, kept)
            await move(connection, message)
            await self.trail.append(connection, deed_of(message, draft.to, now))
        return message

    def _message(self, draft: Draft, last: Last, version: int, now: datetime) -> Message:
        """Never made before the last one: a clock set back changes no order."""
        answers = draft.answers
        return Message(
            message_id=message_id(now), sender=self.keys.node_id, to=draft.to, kind=draft.kind,
            conversation=draft.conversation, seq=last.seq + 1, previous=last.digest,
            created_at=max(now, last.created_at or now), said=draft.said, items=draft.items,
            why=draft.why, agreement_version=version,
            in_reply_to=answers.message_id if answers else None,
            request_hash=answers.digest if answers else "",
            expires_at=draft.expires_at, classification=draft.classification,
        )  # fmt: skip


async def _naming(connection: AsyncConnection, message: Message) -> Message:
    """With the digest that what it answers has now: it may have been signed anew meanwhile."""
    if message.in_reply_to is None:
        return message
    asked = (message.in_reply_to, message.to)
    row = await (await connection.execute(_DIGEST, asked)).fetchone()
    return replace(message, request_hash=str(row[0])) if row else message
