"""Sessions in PostgreSQL: of a session's id only the hash is kept."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.adapters.postgres_waits import remember
from morina.accountability.own_sessions import (
    HALF_WAY,
    LONGEST,
    Arrival,
    OwnSession,
    SessionRules,
    Stage,
    Way,
    Whence,
)
from morina.accountability.trail import Act, Deed, What

_WRITTEN_EVERY = timedelta(seconds=20)
"""Use is written down at most so often; a session may end so much early for lack of use."""

_ROW = """
SELECT encode(substr(session_sha256, 1, 8), 'hex') AS key, name, begun_at, used_at, ends_at,
    address, browser, way, stage
FROM session """
_LASTS = """ends_at > %(now)s AND begun_at <= %(now)s::timestamptz + interval '5 minutes'
    AND (%(idle)s::interval IS NULL OR used_at > %(now)s::timestamptz - %(idle)s::interval)"""
_OF = f"{_ROW} WHERE session_sha256 = %(hash)s AND {_LASTS}"
_OF_USER = f"{_ROW} WHERE name = %(name)s AND {_LASTS} ORDER BY used_at DESC"
_BEGIN = """
INSERT INTO session VALUES (%(hash)s, %(name)s, %(now)s, %(now)s, %(ends)s, %(address)s,
    %(browser)s, %(way)s, %(stage)s)"""
_USED = "UPDATE session SET used_at = %(now)s WHERE session_sha256 = %(hash)s"
_SWEEP = f"DELETE FROM session WHERE NOT ({_LASTS})"  # noqa: S608 - no values in it
_FORGET = f"DELETE FROM session WHERE session_sha256 = %(hash)s AND NOT ({_LASTS})"  # noqa: S608 - the same
_END = "DELETE FROM session WHERE session_sha256 = %s RETURNING name, stage"
_END_ONE = """
DELETE FROM session
WHERE name = %s AND encode(substr(session_sha256, 1, 8), 'hex') = %s RETURNING name"""
_END_ALL = "DELETE FROM session WHERE name = %s"


class PostgresSessions:
    """The role OwnSessions. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool, rules: SessionRules | None = None) -> None:
        self._pool = pool
        self.rules = rules or SessionRules()

    async def begin(self, arrival: Arrival, whence: Whence, now: datetime) -> str:
        """See OwnSessions."""
        session_id = token_urlsafe(32)
        lasts = HALF_WAY if arrival.stage is Stage.SECOND else min(self.rules.longest, LONGEST)
        row = {
            "hash": _hash(session_id), "name": arrival.name, "now": now, "ends": now + lasts,
            "address": whence.address, "browser": whence.browser, "way": arrival.way.value,
            "stage": arrival.stage.value,
        }  # fmt: skip
        async with self._pool.connection() as connection:
            await connection.execute(_SWEEP, self._at(now))
            await connection.execute(_BEGIN, row)
            if arrival.stage is not Stage.SECOND:
                await _enter(connection, Act.SIGN_IN, arrival.name, arrival.way.value)
        return session_id

    async def of(self, session_id: str, now: datetime, used: bool) -> OwnSession | None:
        """See OwnSessions."""
        asked = self._at(now) | {"hash": _hash(session_id)}
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            row = await (await cursor.execute(_OF, asked)).fetchone()
            found = _session(row) if row else None
            if found and used and found.used_at + _WRITTEN_EVERY <= now:
                await connection.execute(_USED, asked)
            if found is None:  # it stays ended, also when the clock is put back
                await connection.execute(_FORGET, asked)
        return found

    async def of_user(self, name: str, now: datetime) -> list[OwnSession]:
        """See OwnSessions."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = await cursor.execute(_OF_USER, self._at(now) | {"name": name})
            return [_session(row) for row in await rows.fetchall()]

    async def end(self, session_id: str) -> None:
        """See OwnSessions."""
        async with self._pool.connection() as connection:
            ended = await connection.execute(_END, (_hash(session_id),))
            if (row := await ended.fetchone()) and row[1] != Stage.SECOND:
                await _enter(connection, Act.SIGN_OUT, row[0])

    async def end_one(self, name: str, key: str) -> bool:
        """See OwnSessions."""
        async with self._pool.connection() as connection:
            ended = await connection.execute(_END_ONE, (name, key))
            if ended.rowcount:
                await _forced(connection, name, "session ended by force")
        return ended.rowcount > 0

    async def end_all(self, name: str) -> int:
        """See OwnSessions."""
        async with self._pool.connection() as connection:
            return await end_sessions(connection, name)

    async def remember(self, name: str, whence: Whence, now: datetime) -> str:
        """See OwnSessions."""
        async with self._pool.connection() as connection:
            return await remember(connection, name, whence, now)

    def _at(self, now: datetime) -> dict[str, object]:
        return {"now": now, "idle": self.rules.idle}


async def end_sessions(connection: AsyncConnection, name: str) -> int:
    """Sign an account out everywhere, in the transaction of what asks for it: a changed password
    or role, a closed account. How many sessions there were."""
    ended = await connection.execute(_END_ALL, (name,))
    if ended.rowcount:
        await _forced(connection, name, f"sessions ended by force: {ended.rowcount}")
    return ended.rowcount


async def _enter(connection: AsyncConnection, act: Act, name: str, step: str = "") -> None:
    deed = Deed(act=act, what=What("account", (name,), step), who=name)
    await PostgresTrail().append(connection, deed)


async def _forced(connection: AsyncConnection, name: str, step: str) -> None:
    deed = Deed(act=Act.SIGN_OUT, what=What("account", (name,), step))
    await PostgresTrail().append(connection, deed)


def _session(row: dict[str, Any]) -> OwnSession:
    return OwnSession(**row | {"way": Way(row["way"]), "stage": Stage(row["stage"])})


def _hash(session_id: str) -> bytes:
    return sha256(session_id.encode("utf-8", "surrogatepass")).digest()
