"""Accounts and API tokens in PostgreSQL."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability import (
    Account,
    LastAdministratorError,
    NoSuchAccountError,
    SignInRefusedError,
    User,
)
from morina.accountability.adapters import sql
from morina.accountability.adapters.passwords import (
    Passwords,
    new_password,
    new_token,
    token_hash,
)
from morina.accountability.adapters.postgres_giving import agreed, told
from morina.accountability.adapters.postgres_sessions import end_sessions
from morina.accountability.adapters.postgres_tokens import listed, unlisted
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.adapters.postgres_waits import count_try, succeeded
from morina.accountability.approvals import Giving
from morina.accountability.identity import Scopes, authority_in, named_for
from morina.accountability.own_sessions import NOWHERE, Whence
from morina.accountability.policy import Role, checked
from morina.accountability.trail import NODE, Act, Deed, What

FIRST_USER = "administrator"
RESERVED = NODE
"""Signs what the node does by itself, so no person may be called so."""
LANGUAGES = ("en", "sq")

_ACCOUNTS = 0x6163636F756E74
"""Taken by whoever decides by what accounts there are."""
_DOES_NOT_FIT = "name and password do not fit; try again"


class PostgresUsers:
    """The role Users. ``pool`` is opened and closed by the caller.

    From the fifth failed try in a row a name must wait at that address (``waits.py``); names nobody
    has are treated alike, so that trying tells nothing. A refusal is in the trail under a name
    that exists only, for people type passwords where names belong; tries while one must wait are
    not in it, so that trying cannot fill it.
    """

    def __init__(self, pool: AsyncConnectionPool, passwords: Passwords | None = None) -> None:
        self._pool = pool
        self._passwords = passwords or Passwords()

    async def sign_in(
        self, name: str, password: str, now: datetime, whence: Whence = NOWHERE
    ) -> User:
        """See Users."""
        if not _is_name(name):
            raise SignInRefusedError(_DOES_NOT_FIT)
        async with self._pool.connection() as connection:
            counted = await count_try(connection, "password", name, whence, now)
            rows = await connection.execute(sql.KEPT_HASH, (name,))
            kept = await rows.fetchone()
        if not await self._passwords.fits(password, kept[0] if kept else None):
            async with self._pool.connection() as connection:
                await _enter(connection, Act.SIGN_IN_REFUSED, name if kept else "")
            raise SignInRefusedError(_DOES_NOT_FIT)
        async with self._pool.connection() as connection:
            await succeeded(connection, counted)
        found = await self.user(name)
        if found is None:
            raise SignInRefusedError(_DOES_NOT_FIT)
        return found

    async def user(self, name: str) -> User | None:
        """One user whose account is open, or None."""
        if not _is_name(name):
            return None
        return await self._found(sql.USER, (name,))

    async def add(
        self, user: User, password: str, giving: Giving | None = None, first: bool = False
    ) -> None:
        """See Users."""
        if not _is_name(user.name) or user.name == RESERVED:
            raise ValueError(f"{user.name!r} cannot be a user name; choose another")
        if not _is_name(user.full_name):
            raise ValueError(f"{user.full_name!r} cannot be a full name; write it in short text")
        _check_preferences(user.language, user.time_zone)
        roles = checked(named_for(user).roles)
        kept = await self._passwords.hashed(password)
        try:
            async with self._pool.connection() as connection:
                await connection.execute(sql.ADD, _row(user, kept))
                if first:
                    await connection.execute(sql.MARK_FIRST, (user.name,))
                await agreed(connection, giving, user)
                await told(connection, giving, user.name, roles)
                await _configured(connection, user.name, f"added: {_said(roles)}")
        except UniqueViolation as taken:
            raise ValueError(f"there is a user {user.name!r} already") from taken

    async def all(self) -> list[Account]:
        """Every account by name, closed ones too."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = await (await cursor.execute(sql.ALL)).fetchall()
        return [_account(row) for row in rows]

    async def give_roles(
        self, name: str, roles: Iterable[Role], giving: Giving | None = None
    ) -> User:
        """See Users."""
        given = checked(roles)
        named_for(User(name=name, full_name="", roles=given, authority=authority_in(name)))
        async with self._pool.connection() as connection:
            if Role.ADMINISTRATOR not in given:
                await _refuse_last_administrator(connection, name)
            held = await (await connection.execute(sql.HELD, (name,))).fetchone()
            changed = await connection.execute(sql.GIVE_ROLES, (sorted(given), name))
            if not changed.rowcount:
                raise NoSuchAccountError(f"there is no user {name!r}")
            await agreed(connection, giving, User(name=name, full_name="", roles=given))
            await told(connection, giving, name, given - set(held[0] if held else ()))
            await _configured(connection, name, f"roles: {_said(given)}")
            await end_sessions(connection, name)
        return await self._known(name)

    async def close(self, name: str) -> None:
        """See Users."""
        async with self._pool.connection() as connection:
            await _refuse_last_administrator(connection, name)
            changed = await connection.execute(sql.CLOSE, (name,))
            if not changed.rowcount:
                raise NoSuchAccountError(f"there is no user {name!r}")
            await connection.execute(sql.FORGET_TOKENS, (name,))
            await _configured(connection, name, "closed")
            await end_sessions(connection, name)

    async def change_password(self, name: str, old: str, new: str, now: datetime) -> None:
        """Replace a password; SignInRefusedError when ``old`` is wrong."""
        await self.sign_in(name, old, now)
        if new == old:
            raise ValueError("the new password is the old one; choose another")
        kept = await self._passwords.hashed(new)
        async with self._pool.connection() as connection:
            await connection.execute(sql.CHANGE_HASH, (kept, name))
            await _configured(connection, name, "password changed", who=name)
            await end_sessions(connection, name)

    async def has_first_password(self, name: str) -> bool:
        """See Users."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(sql.HAS_FIRST, (name,))).fetchone()
        return bool(row and row[0])

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
        roles = frozenset({Role.ADMINISTRATOR})
        user = User(name=FIRST_USER, full_name="Administrator", roles=roles)
        async with self._pool.connection() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_ACCOUNTS,))
            made = await connection.execute(sql.ADD_FIRST, _row(user, kept))
            if made.rowcount:
                await connection.execute(sql.MARK_FIRST, (FIRST_USER,))
                await _configured(connection, FIRST_USER, f"added: {_said(roles)}")
        return password if made.rowcount else None

    async def issue_token(
        self, name: str, label: str, until: datetime, scopes: Scopes = None
    ) -> str:
        """A new API token of this user, returned once; only its hash is kept.

        LookupError when there is no such user, ValueError when the label is empty or no text.
        """
        await self._known(name)
        if not _is_name(label):
            raise ValueError(f"label {label!r} is no short text; say what the token is for")
        token = new_token()
        async with self._pool.connection() as connection:
            hashed = token_hash(token)
            await connection.execute(sql.ISSUE, (hashed, name, label, until, listed(scopes)))
            what = What("token", (name,), f"issued: {label}", digest=hashed.hex())
            await PostgresTrail().append(connection, Deed(act=Act.CONFIGURATION, what=what))
        return token

    async def user_of_token(self, token: str, now: datetime) -> User | None:
        """Whose valid token this is, or None."""
        keys = {"hash": token_hash(token), "now": now}
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            row = await (await cursor.execute(sql.OWNER, keys)).fetchone()
            if row and row.pop("is_used"):
                await connection.execute(sql.USED_IT, keys)
        return _user(row) if row else None

    async def _known(self, name: str) -> User:
        found = await self.user(name)
        if found is None:
            raise NoSuchAccountError(f"there is no user {name!r}")
        return found

    async def _found(self, query: str, keys: tuple[object, ...]) -> User | None:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            row = await (await cursor.execute(query, keys)).fetchone()
        return _user(row) if row else None


async def _refuse_last_administrator(connection: AsyncConnection, name: str) -> None:
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_ACCOUNTS,))
    rows = await connection.execute(sql.IS_LAST_ADMINISTRATOR, {"name": name})
    if (await rows.fetchone() or (False,))[0]:
        raise LastAdministratorError(
            f"{name} is the only administrator; give another person that role first"
        )


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


def _row(user: User, kept: str) -> tuple[object, ...]:
    roles = sorted(user.roles)
    who = (user.name, user.full_name, user.language, user.time_zone)
    return (*who, roles, kept, user.authority)


def _user(row: dict[str, Any]) -> User:
    row.pop("is_used", None)
    scopes = unlisted(row.pop("scopes", None))
    return User(**row | {"roles": frozenset(map(Role, row["roles"])), "scopes": scopes})


def _account(row: dict[str, Any]) -> Account:
    told = {name: row.pop(name) for name in ("signed_in_at", "closed_at")}
    return Account(_user(row), **told)


def _said(roles: Iterable[Role]) -> str:
    return ", ".join(sorted(roles)) or "no role"
