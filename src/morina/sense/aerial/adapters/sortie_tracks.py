"""Tracks of an earlier look, live or of the recording, and those of the look that goes on.

Earlier ones stay as they are until the new look has ended; then what is found again keeps its name,
and with it what people said of it and the tasks that came of it. What a person spoke of is kept
though it is not found again.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from morina.sense.aerial.adapters.sortie_rows import track_of
from morina.sense.aerial.track import Track
from morina.sense.aerial.tracking.again import found_again

_CUT_OFF = """
DELETE FROM sortie_track WHERE sortie_id = %(sortie)s AND NOT earlier AND EXISTS (
    SELECT FROM sortie_track WHERE sortie_id = %(sortie)s AND earlier)"""
_ASIDE = "UPDATE sortie_track SET earlier = true WHERE sortie_id = %s"
_ALL = """
SELECT track_id, sortie_id, kind, points, agreeing, share, hint, live
FROM sortie_track WHERE sortie_id = %s AND earlier = %s ORDER BY began_s, track_id"""
_SPOKEN_OF = """
SELECT track_id FROM sortie_review WHERE sortie_id = %(sortie)s
UNION SELECT track_id FROM aerial_task WHERE sortie_id = %(sortie)s AND track_id IS NOT NULL"""
_REMOVE = "DELETE FROM sortie_track WHERE sortie_id = %s AND track_id = ANY(%s)"
_NAME = "UPDATE sortie_track SET track_id = %s WHERE sortie_id = %s AND track_id = %s"
_SHOWN = "UPDATE sortie_track SET earlier = false WHERE sortie_id = %s AND earlier"


async def set_aside(connection: AsyncConnection, sortie_id: UUID) -> None:
    """A look begins: what there is becomes of an earlier one. What a look left behind that was cut
    off beside earlier ones, and was never shown, goes."""
    await connection.execute(_CUT_OFF, {"sortie": sortie_id})
    await connection.execute(_ASIDE, (sortie_id,))


async def brought_together(connection: AsyncConnection, sortie_id: UUID, *, ended: bool) -> None:
    """The look is over. Where it did not reach its end, nothing earlier is removed; its sortie is
    locked by the caller."""
    before = await _tracks(connection, sortie_id, earlier=True)
    if not before:
        return
    spoken = await spoken_of(connection, sortie_id)
    now = await _tracks(connection, sortie_id, earlier=False)
    again = await asyncio.to_thread(found_again, before, now, spoken)
    gone = set(again.values())
    if ended:
        gone |= {one.track_id for one in before} - spoken
    await connection.execute(_REMOVE, (sortie_id, list(gone)))
    named = [(old, sortie_id, new) for new, old in again.items()]
    if named:
        await connection.cursor().executemany(_NAME, named)
    await connection.execute(_SHOWN, (sortie_id,))


async def withdrawn(connection: AsyncConnection, sortie_id: UUID, gone: Sequence[UUID]) -> None:
    """What turned out to be no thing is removed, unless a person spoke of it."""
    if gone:
        spoken = await spoken_of(connection, sortie_id)
        left = [one for one in gone if one not in spoken]
        await connection.execute(_REMOVE, (sortie_id, left))


async def spoken_of(connection: AsyncConnection, sortie_id: UUID) -> set[UUID]:
    """Tracks somebody named or handed over."""
    rows = await (await connection.execute(_SPOKEN_OF, {"sortie": sortie_id})).fetchall()
    return {row[0] for row in rows}


async def _tracks(connection: AsyncConnection, sortie_id: UUID, *, earlier: bool) -> list[Track]:
    cursor = connection.cursor(row_factory=dict_row)
    rows = await (await cursor.execute(_ALL, (sortie_id, earlier))).fetchall()
    return [track_of(row) for row in rows]
