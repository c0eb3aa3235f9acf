"""Failed tries in PostgreSQL, counted before each is made, so that many at once gain nothing."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

from psycopg import AsyncConnection

from morina.accountability.identity import SignInRefusedError
from morina.accountability.own_sessions import Whence
from morina.accountability.waits import Wait, waits

# a try of the future was made before somebody set the clock back, and keeps nobody out
_TRIES = """greatest(0, t.tries - CASE WHEN %(forgiven_s)s = 0 THEN 0
    ELSE greatest(0, extract(epoch FROM %(now)s::timestamptz - t.tried_at)) / %(forgiven_s)s
    END) + 1"""
_COUNT = f"""
INSERT INTO sign_in_wait AS t (key, tries, tried_at, blocked_until)
VALUES (%(key)s, 1, %(now)s, %(now)s)
ON CONFLICT (key) DO UPDATE SET
    tries = {_TRIES},
    tried_at = %(now)s,
    blocked_until = CASE WHEN {_TRIES} < %(free)s THEN %(now)s::timestamptz
        ELSE %(now)s + interval '1 s'
            * least(%(longest_s)s, %(first_s)s * 2 ^ least({_TRIES} - %(free)s, 20)) END
WHERE t.blocked_until <= %(now)s OR t.tried_at > %(now)s"""  # noqa: S608 - only statements of this module in it
_FORGET_OLD = "DELETE FROM sign_in_wait WHERE tried_at < %s - interval '1 day'"
_CLEAR = "DELETE FROM sign_in_wait WHERE key = %s"
_FORGIVE = """
UPDATE sign_in_wait SET tries = greatest(0, tries - 1), blocked_until = tried_at
WHERE key = %s"""
_IS_KNOWN = """
SELECT FROM known_device WHERE device_sha256 = %s AND name = %s
    AND seen_at > %s::timestamptz - interval '90 days'"""
_REMEMBER = """
INSERT INTO known_device (device_sha256, name, seen_at) VALUES (%s, %s, %s)
ON CONFLICT (device_sha256, name) DO UPDATE SET seen_at = excluded.seen_at"""
_FORGET_DEVICES = "DELETE FROM known_device WHERE seen_at < %s::timestamptz - interval '90 days'"


async def count_try(
    connection: AsyncConnection, what: str, name: str, whence: Whence, now: datetime
) -> Sequence[Wait]:
    """Count a try and say against what; SignInRefusedError where one has to wait, then the
    caller's transaction counts nothing."""
    await connection.execute(_FORGET_OLD, (now,))
    is_known = await _is_known(connection, name, whence, now)
    counted = waits(what, name, whence, is_known)
    for wait in counted:
        if (await connection.execute(_COUNT, asdict(wait) | {"now": now})).rowcount == 0:
            raise SignInRefusedError("too many tries; wait up to 15 minutes and try again")
    return counted


async def succeeded(connection: AsyncConnection, counted: Sequence[Wait]) -> None:
    """Forget the tries that led here."""
    for wait in counted:
        await connection.execute(_CLEAR if wait.cleared else _FORGIVE, (wait.key,))


async def remember(connection: AsyncConnection, name: str, whence: Whence, now: datetime) -> str:
    """Know this browser again as one of ``name``'s; the token it is to keep for 90 days."""
    token = whence.device or token_urlsafe(32)
    await connection.execute(_FORGET_DEVICES, (now,))
    await connection.execute(_REMEMBER, (_hash(token), name, now))
    return token


async def _is_known(connection: AsyncConnection, name: str, whence: Whence, now: datetime) -> bool:
    if not whence.device:
        return False
    rows = await connection.execute(_IS_KNOWN, (_hash(whence.device), name, now))
    return await rows.fetchone() is not None


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
