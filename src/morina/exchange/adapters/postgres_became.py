"""What became of messages that somebody waits for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from morina.exchange.kinds import Kind
from morina.exchange.questions import Became

_BECAME = """
SELECT conversation, done_at, refused <> '', why FROM exchange_message
WHERE conversation = ANY(%s) AND is_ours AND kind = %s"""
UNSAID = "it was not acted on"


@dataclass(frozen=True, slots=True)
class PostgresBecame:
    """The role Messages."""

    pool: AsyncConnectionPool

    async def became(self, conversations: Sequence[UUID]) -> Mapping[UUID, Became]:
        """See Messages."""
        keys = (list(conversations), Kind.QUERY.value)
        async with self.pool.connection() as connection:
            rows = await (await connection.execute(_BECAME, keys)).fetchall()
        return {
            conversation: Became(received_at, (why or UNSAID) if is_refused else "")
            for conversation, received_at, is_refused, why in rows
        }
