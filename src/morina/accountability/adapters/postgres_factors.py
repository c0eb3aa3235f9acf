"""Second factors in PostgreSQL: secrets of one-time codes sealed, recovery codes as hashes."""

from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_sessions import end_sessions
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.adapters.postgres_waits import count_try, succeeded
from morina.accountability.factors import (
    OwnFactors,
    Passkey,
    new_recovery_codes,
    recovery_hash,
    step_of,
)
from morina.accountability.identity import SignInRefusedError
from morina.accountability.own_sessions import Way, Whence
from morina.accountability.sealing import Sealing
from morina.accountability.trail import Act, Deed, What

CHALLENGE_LASTS = timedelta(minutes=5)

_TOTP = "SELECT sealed, added_at, last_step FROM totp WHERE name = %s"
_ADD_TOTP = """
INSERT INTO totp (name, sealed, added_at, last_step) VALUES (%s, %s, %s, %s)
ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, added_at = excluded.added_at,
    last_step = excluded.last_step"""
_TOOK = "UPDATE totp SET last_step = %s WHERE name = %s AND last_step < %s"
_REMOVE_TOTP = "DELETE FROM totp WHERE name = %s"
_CODES_LEFT = "SELECT count(*) FROM recovery_code WHERE name = %s"
_TAKE_RECOVERY = "DELETE FROM recovery_code WHERE name = %s AND code_sha256 = %s"
_FORGET_RECOVERY = "DELETE FROM recovery_code WHERE name = %s"
_ADD_RECOVERY = "INSERT INTO recovery_code (name, code_sha256) VALUES (%s, %s)"
_PASSKEY = """
SELECT credential_id, name, label, host, public_key, sign_count, added_at, used_at FROM passkey"""
_ADD_PASSKEY = """
INSERT INTO passkey VALUES (%(credential_id)s, %(name)s, %(label)s, %(host)s, %(public_key)s,
    %(sign_count)s, %(added_at)s, %(used_at)s)"""
_USED_PASSKEY = """
UPDATE passkey SET sign_count = %(count)s, used_at = %(now)s WHERE credential_id = %(id)s
    AND (sign_count < %(count)s OR (sign_count = 0 AND %(count)s = 0))"""
_REMOVE_PASSKEY = "DELETE FROM passkey WHERE name = %s AND credential_id = %s"
_REMOVE_PASSKEYS = "DELETE FROM passkey WHERE name = %s"
_FORGET_CHALLENGES = "DELETE FROM used_challenge WHERE until < %s"
_USED_CHALLENGE = "INSERT INTO used_challenge VALUES (%s, %s) ON CONFLICT DO NOTHING"
_LOCK = "SELECT FROM account WHERE name = %s FOR UPDATE"


class PostgresFactors:
    """The role Factors. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool, sealing: Sealing) -> None:
        self._pool = pool
        self._sealing = sealing

    async def of(self, name: str) -> OwnFactors:
        """See Factors."""
        async with self._pool.connection() as connection:
            return await _of(connection, name)

    async def add_totp(self, name: str, secret: str, code: str, now: datetime) -> list[str]:
        """See Factors."""
        step = step_of(secret, code, now, last_step=0)
        if step is None:
            raise SignInRefusedError("the code does not fit; type the one your app shows now")
        sealed = self._sealing.seal(secret.encode(), _context(name))
        async with self._pool.connection() as connection:
            await connection.execute(_LOCK, (name,))
            had_any = (await _of(connection, name)).has_any
            await connection.execute(_ADD_TOTP, (name, sealed, now, step))
            await _enter(connection, name, "one-time codes added")
            return [] if had_any else await _renewed(connection, name)

    async def remove_totp(self, name: str) -> None:
        """See Factors."""
        async with self._pool.connection() as connection:
            if (await connection.execute(_REMOVE_TOTP, (name,))).rowcount:
                await _enter(connection, name, "one-time codes removed")
                await _forget_useless_codes(connection, name)

    async def take_code(self, name: str, code: str, whence: Whence, now: datetime) -> Way:
        """See Factors."""
        async with self._pool.connection() as connection:
            counted = await count_try(connection, "code", name, whence, now)
        async with self._pool.connection() as connection:
            way = await self._taken(connection, name, code, now)
            if way:
                await succeeded(connection, counted)
            else:
                refused = Deed(act=Act.SIGN_IN_REFUSED, what=What("account", (name,), "code"),
                               who=name)  # fmt: skip
                await PostgresTrail().append(connection, refused)
        if way is None:
            raise SignInRefusedError("the code does not fit; type the one your app shows now")
        return way

    async def _taken(
        self, connection: AsyncConnection, name: str, code: str, now: datetime
    ) -> Way | None:
        row = await (await connection.execute(_TOTP, (name,))).fetchone()
        if row:
            secret = self._sealing.open(row[0], _context(name)).decode()
            step = step_of(secret, code, now, row[2])
            if step and (await connection.execute(_TOOK, (step, name, step))).rowcount:
                return Way.CODE
        taken = await connection.execute(_TAKE_RECOVERY, (name, recovery_hash(code)))
        if not taken.rowcount:
            return None
        await _enter(connection, name, "recovery code used", who=name)
        return Way.RECOVERY

    async def renew_recovery(self, name: str) -> list[str]:
        """See Factors."""
        async with self._pool.connection() as connection:
            return await _renewed(connection, name)

    async def add_passkey(self, passkey: Passkey) -> list[str]:
        """See Factors."""
        try:
            async with self._pool.connection() as connection:
                await connection.execute(_LOCK, (passkey.name,))
                had_any = (await _of(connection, passkey.name)).has_any
                await connection.execute(_ADD_PASSKEY, asdict(passkey))
                await _enter(connection, passkey.name, f"passkey added: {passkey.label}")
                return [] if had_any else await _renewed(connection, passkey.name)
        except UniqueViolation:
            raise ValueError("this passkey is known already; use another") from None

    async def passkey(self, credential_id: bytes) -> Passkey | None:
        """See Factors."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Passkey))
            await cursor.execute(f"{_PASSKEY} WHERE credential_id = %s", (credential_id,))
            return await cursor.fetchone()

    async def used_passkey(self, passkey: Passkey, challenge: bytes, now: datetime) -> None:
        """See Factors."""
        used = {"count": passkey.sign_count, "now": now, "id": passkey.credential_id}
        once = (sha256(challenge).digest(), now + 2 * CHALLENGE_LASTS)
        async with self._pool.connection() as connection:
            await connection.execute(_FORGET_CHALLENGES, (now,))
            first = (await connection.execute(_USED_CHALLENGE, once)).rowcount
            counted = (await connection.execute(_USED_PASSKEY, used)).rowcount
            if not (first and counted):
                raise SignInRefusedError("this answer of the passkey was given already; try again")

    async def remove_passkey(self, name: str, credential_id: bytes) -> bool:
        """See Factors."""
        async with self._pool.connection() as connection:
            removed = await connection.execute(_REMOVE_PASSKEY, (name, credential_id))
            if removed.rowcount:
                await _enter(connection, name, "passkey removed")
                await _forget_useless_codes(connection, name)
        return removed.rowcount > 0

    async def reset(self, name: str) -> None:
        """See Factors."""
        async with self._pool.connection() as connection:
            for statement in (_REMOVE_TOTP, _REMOVE_PASSKEYS, _FORGET_RECOVERY):
                await connection.execute(statement, (name,))
            await _enter(connection, name, "all factors removed")
            await end_sessions(connection, name)


async def _of(connection: AsyncConnection, name: str) -> OwnFactors:
    totp = await (await connection.execute(_TOTP, (name,))).fetchone()
    left = await (await connection.execute(_CODES_LEFT, (name,))).fetchone()
    cursor = connection.cursor(row_factory=class_row(Passkey))
    await cursor.execute(f"{_PASSKEY} WHERE name = %s ORDER BY added_at", (name,))
    passkeys = tuple(await cursor.fetchall())
    return OwnFactors(totp[1] if totp else None, left[0] if left else 0, passkeys)


async def _renewed(connection: AsyncConnection, name: str) -> list[str]:
    codes = new_recovery_codes()
    await connection.execute(_FORGET_RECOVERY, (name,))
    for code in codes:
        await connection.execute(_ADD_RECOVERY, (name, recovery_hash(code)))
    await _enter(connection, name, "recovery codes made")
    return codes


async def _forget_useless_codes(connection: AsyncConnection, name: str) -> None:
    """Recovery codes stand in for a factor; where none is left they stand in for nothing."""
    if not (await _of(connection, name)).has_any:
        await connection.execute(_FORGET_RECOVERY, (name,))


async def _enter(connection: AsyncConnection, name: str, step: str, **who: Any) -> None:
    deed = Deed(act=Act.CONFIGURATION, what=What("account", (name,), step), **who)
    await PostgresTrail().append(connection, deed)


def _context(name: str) -> str:
    return f"totp:{name}"
