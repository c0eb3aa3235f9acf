"""API tokens in PostgreSQL, as their owner sees and ends them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.identity import Scopes
from morina.accountability.policy import Action
from morina.accountability.tokens import OwnToken
from morina.accountability.trail import Act, Deed, What

_OF = """
SELECT encode(substr(token_sha256, 1, 8), 'hex') AS key, label, issued_at, valid_until, used_at,
    scopes
FROM api_token WHERE name = %s AND valid_until > %s ORDER BY issued_at DESC"""
_REVOKE = """
DELETE FROM api_token WHERE name = %s AND encode(substr(token_sha256, 1, 8), 'hex') = %s
RETURNING label, encode(token_sha256, 'hex')"""


class PostgresTokens:
    """The role OwnTokens. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def of(self, name: str, now: datetime) -> list[OwnToken]:
        """See OwnTokens."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = await (await cursor.execute(_OF, (name, now))).fetchall()
        return [_token(row) for row in rows]

    async def revoke(self, name: str, key: str) -> bool:
        """See OwnTokens."""
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_REVOKE, (name, key))).fetchall()
            for label, digest in rows:
                what = What("token", (name,), f"revoked: {label}", digest=digest)
                deed = Deed(act=Act.CONFIGURATION, what=what)
                await PostgresTrail().append(connection, deed)
        return bool(rows)


def listed(scopes: Scopes) -> list[str] | None:
    """Scopes as they are kept."""
    return None if scopes is None else sorted(scopes)


def unlisted(kept: Iterable[str] | None) -> Scopes:
    """The same read; what is no action any more is left out, which allows less."""
    if kept is None:
        return None
    known = {action.value for action in Action}
    return frozenset(Action(one) for one in kept if one in known)


def _token(row: dict[str, Any]) -> OwnToken:
    return OwnToken(**row | {"scopes": unlisted(row["scopes"])})
