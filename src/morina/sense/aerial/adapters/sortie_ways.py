"""Which ways flown meet a box and a time, told by the database: no moment leaves it for that."""

from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from morina.sense.aerial.adapters.sortie_rows import SORTIE, sortie_of
from morina.sense.aerial.roles import WaysWanted
from morina.sense.aerial.sortie import Sortie

_COUNT = "SELECT count(*) AS n FROM sortie"
_KEPT = "WHERE state <> 'forgotten'"
_WAY = """
CROSS JOIN LATERAL (
    SELECT min(at_s) AS from_s, max(at_s) AS to_s, min(latitude) AS south, max(latitude) AS north,
        min(longitude) AS west, max(longitude) AS east
    FROM sortie_moment WHERE sortie_moment.sortie_id = sortie.sortie_id) AS way"""
_IN_BOX = """
AND way.south <= %(north)s AND way.north >= %(south)s
AND (way.west <= %(east)s AND way.east >= %(west)s
    OR way.west <= %(beyond_east)s AND way.east >= %(beyond_west)s)"""
_IN_TIME = """
AND clocked AND way.from_s IS NOT NULL
AND (%(end)s::timestamptz IS NULL
    OR began_at + way.from_s * interval '1 second' <= %(end)s)
AND (%(start)s::timestamptz IS NULL
    OR began_at + way.to_s * interval '1 second' >= %(start)s)"""
_PAGE = "ORDER BY made_at DESC, sortie_id LIMIT %(limit)s OFFSET %(offset)s"


async def ways(connection: AsyncConnection, wanted: WaysWanted) -> tuple[list[Sortie], int]:
    """See Sorties."""
    values: dict[str, Any] = {"limit": wanted.limit, "offset": wanted.offset}
    which = _KEPT
    if wanted.box is not None:
        which += _IN_BOX
        values |= _sides(*wanted.box)
    if wanted.span is not None:
        which += _IN_TIME
        values |= dict(zip(("start", "end"), wanted.span, strict=True))
    if wanted.box or wanted.span:
        which = f"{_WAY} {which}"
    cursor = connection.cursor(row_factory=dict_row)
    [counted] = await (await cursor.execute(f"{_COUNT} {which}", values)).fetchall()
    rows = await (await cursor.execute(f"{SORTIE} {which} {_PAGE}", values)).fetchall()
    return [sortie_of(row) for row in rows], counted["n"]


def _sides(west: float, south: float, east: float, north: float) -> dict[str, float]:
    """Over the date line a box is two, on either side of it."""
    sides = {"south": south, "north": north, "beyond_west": west, "beyond_east": east}
    if west > east:
        return sides | {"west": west, "east": 180.0, "beyond_west": -180.0}
    return sides | {"west": west, "east": east}
