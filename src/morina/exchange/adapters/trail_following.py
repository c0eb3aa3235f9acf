"""What was entered in the trail since a follower last looked: the feed of all that leaves the node.

Whoever changes something enters it in the same transaction, so nothing is missed.
"""

from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncConnection

_BEGIN = """
INSERT INTO trail_follower (name, number)
SELECT %s, coalesce(max(number), 0) FROM trail ON CONFLICT (name) DO NOTHING"""
_HELD = "SELECT number FROM trail_follower WHERE name = %s FOR UPDATE"
_NEXT = """
SELECT number, at, what ->> 'kind', what ->> 'step',
    ARRAY(SELECT jsonb_array_elements_text(what -> 'ids'))
FROM trail WHERE number > %s ORDER BY number LIMIT %s"""
_UP_TO = "UPDATE trail_follower SET number = %s WHERE name = %s"


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry: what was done to which objects."""

    number: int
    at: datetime
    kind: str
    step: str
    ids: tuple[str, ...]


async def begun(connection: AsyncConnection, name: str) -> None:
    """A follower follows from now on; one that did before goes on where it was."""
    await connection.execute(_BEGIN, (name,))


async def next_of(connection: AsyncConnection, name: str, most: int = 1000) -> list[Happened]:
    """What comes next, held for this transaction; mark it with ``taken_up`` before it ends."""
    row = await (await connection.execute(_HELD, (name,))).fetchone()
    number = row[0] if row else 0
    rows = await connection.execute(_NEXT, (number, most))
    return [
        Happened(n, at, kind, step, tuple(ids)) for n, at, kind, step, ids in await rows.fetchall()
    ]


async def taken_up(connection: AsyncConnection, name: str, number: int) -> None:
    """All up to ``number`` was dealt with."""
    await connection.execute(_UP_TO, (number, name))
