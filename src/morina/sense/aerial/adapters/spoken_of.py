"""What people said of a flight's tracks is not put at risk by a press of a button."""

from psycopg import AsyncConnection

from morina.sense.aerial.reviewing import SpokenOfError
from morina.sense.aerial.sortie import Sortie, SortieState

_COUNTS = """
SELECT (SELECT count(DISTINCT track_id) FROM sortie_review WHERE sortie_id = %(sortie)s),
    (SELECT count(*) FROM aerial_task WHERE sortie_id = %(sortie)s)"""
_LOOKED_AT = (SortieState.READY, SortieState.FAILED)


async def refuse_unconfirmed(connection: AsyncConnection, before: Sortie, reason: str) -> None:
    """SpokenOfError where a flight that people looked at would be looked through anew, they named
    tracks or made tasks of it, and nobody said why."""
    if before.state not in _LOOKED_AT or reason:
        return
    found = await connection.execute(_COUNTS, {"sortie": before.sortie_id})
    row = await found.fetchone()
    if row and any(row):
        raise SpokenOfError(named=row[0], tasks=row[1])
