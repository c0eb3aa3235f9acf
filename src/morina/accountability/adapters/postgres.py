"""Accounts and API tokens in PostgreSQL."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability import SignInRefusedError, User
from morina.accountability.adapters import sql
from morina.accountability.adapters.passwords import (
    Passwords,
    new_password,
    new_token,
    token_hash,
)
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.trail import NODE, Act, Deed, What

FIRST_USER = "administrator"
RESERVED = NODE
"""Signs what the node does by itself, so no person may be called so."""
LANGUAGES = ("en", "sq")

_FIRST_RUN = 0x6163636F756E74
_DOES_NOT_FIT = "name and password do not fit; try again"


class PostgresUsers:
    """The role Users. ``pool`` is opened and closed by the caller.

    From the fifth failed try in a row a name must wait 15 s, doubling with each further one up to
    15 minutes; names nobody has are treated alike, so that trying tells nothing. A refusal is in
    the trail under a name that exists only, for people type passwords where names belong; tries
    while a name must wait are not in it, so that trying cannot fill it.
    """

    def __init__(self, pool: AsyncConnectionPool, passwords: Passwords | None = None) -> None:
        self._pool = pool
        self._passwords = passwords or Passwords()

    async def sign_in(self, name: str, password: str, now: datetime) -> User:
        """The user of these credentials; SignInRefusedError."""
        return await self._proven(name, password, now, Act.SIGN_IN)

    async def sign_out(self, name: str) -> None:
        """See Users."""
        async with self._pool.connection() as connection:
            await _enter(connection, Act.SIGN_OUT, name)

    async def _proven(self, name: str, password: str, now: datetime, act: Act) -> User:
        if not _is_name(name):
            raise SignInRefusedError(_DOES_NOT_FIT)
        async with self._pool.connection() as connection:
            await _count_try(connection, name, now)
            rows = await connection.execute(sql.KEPT_HASH, (name,))
            kept = await rows.fetchone()
        if not await self._passwords.fits(password, kept[0] if kept else None):
            async with self._pool.connection() as connection:
                await _enter(connection, Act.SIGN_IN_REFUSED, name if kept else "")
            raise SignInRefusedError(_DOES_NOT_FIT)
        async with self._pool.connection() as connection:
            await connection.execute(sql.FORGET_TRIES, (name,))
            if act is Act.SIGN_IN:
                await _enter(connection, act, name)
        found = await self.user(name)
        if found is None:
            raise SignInRefusedError(_DOES_NOT_FIT)
        return found

    async def user(self, name: str) -> User | None:
        """One user, or None."""
        if not _is_name(name):
            return None
        return await self._found(sql.USER, (name,))

    async def add(self, user: User, password: str) -> None:
        """A new account; ValueError when the name is taken or the password too short."""
        if not _is_name(user.name) or user.name == RESERVED:
            raise ValueError(f"{user.name!r} cannot be a user name; choose another")
        if not _is_name(user.full_name):
            raise ValueError(f"{user.full_name!r} cannot be a full name; write it in short text")
        _check_preferences(user.language, user.time_zone)
        kept = await self._passwords.hashed(password)
        try:
            async with self._pool.connection() as connection:
                await connection.execute(sql.ADD, _row(user, kept))
                await _configured(connection, user.name, "added")
        except UniqueViolation as taken:
            raise ValueError(f"there is a user {user.name!r} already") from taken

    async def change_password(self, name: str, old: str, new: str, now: datetime) -> None:
        """Replace a password; SignInRefusedError when ``old`` is wrong."""
        await self._proven(name, old, now, Act.CONFIGURATION)
        kept = await self._passwords.hashed(new)
        async with self._pool.connection() as connection:
            await connection.execute(sql.CHANGE_HASH, (kept, name))
            await _configured(connection, name, "password changed", who=name)

    async def prefer(self, name: str, language: str, time_zone: str) -> User:
        """Keep a user's language and zone; ValueError for unknown ones, LookupError."""
        _check_preferences(language, time_zone)
        async with self._pool.connection() as connection:
            await connection.execute(sql.PREFER, (language, time_zone, name))
        return await self._known(name)

    async def first_run(self) -> str | None:
        """Make the administrator when no user exists and return the password once, else None."""
        password = new_password()
        kept = await self._passwords.hashed(password)
        user = User(name=FIRST_USER, full_name="Administrator")
        async with self._pool.connection() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_FIRST_RUN,))
            made = await connection.execute(sql.ADD_FIRST, _row(user, kept))
            if made.rowcount:
                await _configured(connection, FIRST_USER, "added")
        return password if made.rowcount else None

    async def issue_token(self, name: str, label: str, until: datetime) -> str:
        """A new API token of this user, returned once; only its hash is kept.

        LookupError when there is no such user, ValueError when the label is empty or no text.
        """
        await self._known(name)
        if not _is_name(label):
            raise ValueError(f"label {label!r} is no short text; say what the token is for")
        token = new_token()
        async with self._pool.connection() as connection:
            hashed = token_hash(token)
            await connection.execute(sql.ISSUE, (hashed, name, label, until))
            what = What("token", (name,), f"issued: {label}", digest=hashed.hex())
            await PostgresTrail().append(connection, Deed(act=Act.CONFIGURATION, what=what))
        return token

    async def user_of_token(self, token: str, now: datetime) -> User | None:
        """Whose valid token this is, or None."""
        return await self._found(sql.OWNER, (token_hash(token), now))

    async def _known(self, name: str) -> User:
        found = await self.user(name)
        if found is None:
            raise LookupError(f"there is no user {name!r}")
        return found

    async def _found(self, query: str, keys: tuple[object, ...]) -> User | None:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(User))
            return await (await cursor.execute(query, keys)).fetchone()


async def _count_try(connection: AsyncConnection, name: str, now: datetime) -> None:
    """Count the try before it is made, so that many at once gain nothing; refuse a blocked name."""
    await connection.execute(sql.FORGET_OLD_TRIES, {"now": now})
    counted = await connection.execute(sql.COUNT_TRY, {"name": name, "now": now})
    if counted.rowcount == 0:
        raise SignInRefusedError("too many tries; wait up to 15 minutes and try again")


async def _enter(connection: AsyncConnection, act: Act, name: str) -> None:
    ids = (name,) if name else ()
    await PostgresTrail().append(connection, Deed(act=act, what=What("account", ids), who=name))


async def _configured(connection: AsyncConnection, name: str, step: str, who: str = "") -> None:
    deed = Deed(act=Act.CONFIGURATION, what=What("account", (name,), step))
    await PostgresTrail().append(connection, replace(deed, who=who) if who else deed)


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _check_preferences(language: str, time_zone: str) -> None:
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is not one of {', '.join(LANGUAGES)}")
    if time_zone not in _time_zones():
        raise ValueError(f"time zone {time_zone!r} is unknown; write one such as Europe/Tirane")


def _is_name(name: str) -> bool:
    return 1 <= len(name) <= 64 and name.isprintable() and name == name.strip()


def _row(user: User, kept: str) -> tuple[str, ...]:
    return (user.name, user.full_name, user.language, user.time_zone, kept)
