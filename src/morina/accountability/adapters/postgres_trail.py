"""The trail in PostgreSQL, which gives out numbers one transaction after the other."""

from collections.abc import AsyncIterator
from datetime import UTC
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import Act, Deed, Entry, Sought, What
from morina.accountability.trail_file import entry_of

_APPEND = "SELECT trail_append(%s, %s, %s, %s, %s, %s, %s, %s)"
_ALL = "SELECT number, at, who, act, what, why, with_whom, previous, hash FROM trail"
_NEWEST = f"""
{_ALL} WHERE (%(who)s = '' OR who = %(who)s) AND (%(act)s::text IS NULL OR act = %(act)s)
    AND (%(object_id)s = '' OR what -> 'ids' @> to_jsonb(ARRAY[%(object_id)s::text]))
    AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
    AND (%(before)s::bigint IS NULL OR number < %(before)s)
ORDER BY number DESC LIMIT %(limit)s"""
_PART = f"{_ALL} WHERE number > %s ORDER BY number LIMIT %s"
_AT_ONCE = 10_000


class PostgresTrail:
    """The role Trail."""

    async def append(self, connection: AsyncConnection, deed: Deed) -> None:
        """See Trail."""
        head, tail = deed.halves()
        values = (
            deed.at, deed.who, deed.act.value, Jsonb(dict(deed.what.said())), Jsonb(dict(deed.why)),
            deed.with_whom, head, tail,
        )  # fmt: skip
        await connection.execute(_APPEND, values)


class PostgresTrailReader:
    """The role TrailReader. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def read(self, sought: Sought) -> list[Entry]:
        """See TrailReader."""
        asked = {name: getattr(sought, name) for name in Sought.__slots__}
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = await (await cursor.execute(_NEWEST, asked)).fetchall()
            await PostgresTrail().append(connection, _reading(sought, rows))
        return [entry_of_row(row) for row in rows]

    async def entries(self) -> AsyncIterator[Entry]:
        """All of them; ValueError for one that cannot be read."""
        async for entry in self.raw():
            if entry is None:
                raise ValueError("an entry of the trail is broken; run morina audit verify")
            yield entry

    async def raw(self) -> AsyncIterator[Entry | None]:
        """See TrailReader; one statement, so that it is the trail of one moment."""
        async with (
            self._pool.connection() as connection,
            connection.cursor(name="trail", row_factory=dict_row) as cursor,
        ):
            cursor.itersize = _AT_ONCE
            await cursor.execute(f"{_ALL} ORDER BY number")
            async for row in cursor:
                yield _readable(row)

    async def part(self, after: int, limit: int) -> tuple[list[Entry | None], int]:
        """The next entries numbered above ``after``, None for one that cannot be read, and the
        number of the last of them; ``after`` itself where there are no more."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(_PART, (after, limit))
            rows = await cursor.fetchall()
        return [_readable(row) for row in rows], rows[-1]["number"] if rows else after

    async def last_number(self) -> int:
        """The number of the newest entry, 0 where there is none."""
        async with self._pool.connection() as connection:
            rows = await connection.execute("SELECT coalesce(max(number), 0) FROM trail")
            return int((await rows.fetchall())[0][0])

    async def hashes_after(self, number: int) -> list[str]:
        """The hashes of the entries after ``number``, in their order."""
        async with self._pool.connection() as connection:
            rows = await connection.execute(
                "SELECT hash FROM trail WHERE number > %s ORDER BY number", (number,)
            )
            return [row[0] for row in await rows.fetchall()]

    async def enter(self, *deeds: Deed) -> None:
        """Enter deeds that are done outside this database, in a transaction of their own."""
        async with self._pool.connection() as connection:
            for deed in deeds:
                await PostgresTrail().append(connection, deed)


def _reading(sought: Sought, rows: list[dict[str, Any]]) -> Deed:
    asked = {
        name: str(value)
        for name in ("who", "act", "object_id", "since", "until", "before")
        if (value := getattr(sought, name))
    }
    shown = tuple(str(row["number"]) for row in rows)
    return Deed(act=Act.CONSULTATION, what=What("trail", shown, "read"), why={"asked": str(asked)})


def entry_of_row(row: dict[str, Any]) -> Entry:
    """An entry of its row; ValueError, KeyError or TypeError for a broken one."""
    return entry_of(row | {"at": row["at"].astimezone(UTC).isoformat(timespec="microseconds")})


def _readable(row: dict[str, Any]) -> Entry | None:
    try:
        return entry_of_row(row)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
