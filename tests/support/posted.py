"""An outbox of tests: keeps what was posted, as messages the partner would take in."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from psycopg import AsyncConnection

from morina.exchange import Draft, Kind, Message, Partners


@dataclass
class Posted:
    """The role Outbox without sealing and sending. Of messages that need no agreement only."""

    node_id: str
    partners: Partners
    messages: list[Message] = field(default_factory=list)

    async def post(self, connection: AsyncConnection, draft: Draft, now: datetime) -> Message:
        """See Outbox."""
        if draft.kind not in (Kind.AGREEMENT, Kind.DIRECTORY):
            raise AssertionError(f"{draft.kind} needs an agreement; this outbox asks none")
        await self.partners.party(draft.to)
        await connection.execute("SELECT 1")
        message = Message(
            message_id=uuid4(), sender=self.node_id, to=draft.to, kind=draft.kind,
            conversation=draft.conversation, seq=len(self.messages) + 1, previous="0" * 64,
            created_at=now, said=draft.said, digest="0" * 64,
        )  # fmt: skip
        self.messages.append(message)
        return message
