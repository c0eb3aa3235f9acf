"""The reference register: one table in PostgreSQL, with what each vehicle was when."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Protocol

from psycopg import AsyncConnection, Error, sql
from psycopg.rows import dict_row

from morina.exchange.register import FIELDS, Named, RegisteredVehicle
from morina.exchange.register_file import rows as checked_rows
from morina.migrations.versions.r0018_questions import REGISTER, REGISTER_KEYS

MOST = 50
"""Vehicles told of one plate or VIN."""

_AT_ONCE = 5000
_NAMES = ", ".join(one.name for one in FIELDS)
_WHEN = """valid_from <= coalesce(%(at)s::timestamptz, now())
    AND (valid_to IS NULL OR valid_to > coalesce(%(at)s::timestamptz, now()))
ORDER BY valid_from DESC LIMIT %(most)s"""
_SELECT = "SELECT " + _NAMES + " FROM registered_vehicle WHERE "  # noqa: S608 - constant columns
_BY_PLATE = _SELECT + "plate = %(plate)s AND register_country = %(country)s AND " + _WHEN
_BY_VIN = _SELECT + "vin = %(vin)s AND " + _WHEN
_READERS = """
SELECT DISTINCT grantee FROM information_schema.role_table_grants
WHERE table_name = 'registered_vehicle' AND privilege_type = 'SELECT'"""


class Connects(Protocol):
    """Gives connections: a pool, or ``Fresh``."""

    def connection(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One for one transaction."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """A connection a question, to a database of its own: nothing to open before or close after,
    and a register that is away keeps no node from beginning."""

    dsn: str

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """See Connects."""
        async with await AsyncConnection.connect(self.dsn) as connection:
            yield connection


@dataclass(frozen=True, slots=True)
class PostgresRegister:
    """The role VehicleRegister. ``pool`` is opened and closed by the caller."""

    pool: Connects

    async def look_up(
        self, named: Named, at: datetime | None = None
    ) -> Sequence[RegisteredVehicle]:
        """See VehicleRegister."""
        wanted = {**named.said, "at": at, "most": MOST}
        try:
            async with self.pool.connection() as connection:
                cursor = connection.cursor(row_factory=dict_row)
                asked = _BY_VIN if named.plate is None else _BY_PLATE
                found = await (await cursor.execute(asked, wanted)).fetchall()
        except Error as error:
            raise ConnectionError(f"the register does not answer: {error}") from error
        return [_vehicle(row) for row in found]


async def states_held(connection: AsyncConnection) -> int:
    """States of vehicles in the register, about: as the database estimates."""
    query = "SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass('registered_vehicle')"
    [count] = await (await connection.execute(query)).fetchone() or (0,)
    return max(int(count), 0)


async def import_register(connection: AsyncConnection, lines: Iterable[str]) -> int:
    """Make the lines of a file the whole register, all or nothing; how many there are.

    Looking up goes on in the register there was until the very end. ``connection`` owns the table,
    or makes it where there is none. RegisterFileError names the line at fault.
    """
    async with connection.transaction():
        await connection.execute("SET LOCAL TimeZone = 'UTC'")
        await connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
        await connection.execute("SELECT pg_advisory_xact_lock(hashtext('registered_vehicle'))")
        await connection.execute(REGISTER)
        await connection.execute(
            "CREATE TABLE register_new (LIKE registered_vehicle INCLUDING ALL EXCLUDING INDEXES)"
        )
        count = await _copied(connection, checked_rows(lines))
        await _swapped(connection)
    await connection.execute("ANALYZE registered_vehicle")
    return count


async def _copied(connection: AsyncConnection, rows: Iterator[list[str]]) -> int:
    columns = sql.SQL(", ").join(map(sql.Identifier, next(rows)))
    into = sql.SQL("COPY register_new ({}) FROM STDIN (FORMAT csv)").format(columns)
    count = 0
    async with connection.cursor().copy(into) as copy:
        while part := list(islice(rows, _AT_ONCE)):
            text = io.StringIO()
            csv.writer(text).writerows(part)
            await copy.write(text.getvalue())
            count += len(part)
    return count


async def _swapped(connection: AsyncConnection) -> None:
    for name, columns in REGISTER_KEYS.items():
        await connection.execute(f"CREATE INDEX {name}_new ON register_new {columns}")
    readers = [row[0] for row in await (await connection.execute(_READERS)).fetchall()]
    await connection.execute("DROP TABLE registered_vehicle")
    await connection.execute("ALTER TABLE register_new RENAME TO registered_vehicle")
    for name in REGISTER_KEYS:
        await connection.execute(f"ALTER INDEX {name}_new RENAME TO {name}")
    for reader in readers:
        role = sql.SQL("PUBLIC") if reader == "PUBLIC" else sql.Identifier(reader)
        await connection.execute(sql.SQL("GRANT SELECT ON registered_vehicle TO {}").format(role))


def _vehicle(row: dict[str, Any]) -> RegisteredVehicle:
    return RegisteredVehicle(
        {name: _value(value) for name, value in row.items() if value not in (None, "")}
    )


def _value(value: Any) -> str | int:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return int(value) if isinstance(value, int) else str(value)
