"""Agreements in PostgreSQL: versions and signatures are added, never changed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from morina.exchange.agreement import Agreement, Signed
from morina.exchange.agreement_rules import KnownKeys, agreement_of, in_force_of
from morina.exchange.parties import Partners

_SELECT = """
SELECT v.agreement_id, v.said, coalesce(jsonb_object_agg(s.node_id, s.signature)
        FILTER (WHERE s.node_id IS NOT NULL), '{}') AS signatures,
    coalesce(jsonb_object_agg(s.node_id, s.officer)
        FILTER (WHERE s.node_id IS NOT NULL), '{}') AS officers
FROM agreement_version v LEFT JOIN agreement_signature s USING (agreement_id, digest)
"""
_GROUP = " GROUP BY v.agreement_id, v.digest ORDER BY v.version DESC, v.ended DESC, v.known_at DESC"
_OF_ONE = _SELECT + "WHERE v.agreement_id = %s" + _GROUP
_BETWEEN = _SELECT + "WHERE v.giver = %s AND v.receiver = %s" + _GROUP
_ALL = _SELECT + _GROUP

_VERSION = """
INSERT INTO agreement_version (agreement_id, digest, version, ended, giver, receiver, said,
    known_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (agreement_id, digest) DO NOTHING"""
_SIGNATURE = """
INSERT INTO agreement_signature (agreement_id, digest, node_id, signature, officer, at)
VALUES (%s, %s, %s, %s, %s, %s)"""
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))"


@dataclass(frozen=True, slots=True)
class Hand:
    """One party's signature under an agreement; ``officer`` by pseudonym."""

    node_id: str
    signature: str
    officer: str


@dataclass(frozen=True, slots=True)
class PostgresAgreements:
    """The role Agreements. A signature counts where it holds under a key of the directory in force,
    looked at anew with each question: a row somebody altered is not in force."""

    pool: AsyncConnectionPool
    partners: Partners

    async def versions(self, agreement_id: UUID) -> Sequence[Signed]:
        """See Agreements."""
        async with self.pool.connection() as connection:
            return await versions_of(connection, agreement_id)

    async def in_force(self, giver: str, receiver: str, now: datetime) -> Sequence[Agreement]:
        """See Agreements."""
        async with self.pool.connection() as connection:
            found = await _found(connection, _BETWEEN, (giver, receiver))
        keys = await self.keys()
        each = (in_force_of(versions, keys, now) for versions in _by_id(found).values())
        return [one for one in each if one is not None]

    async def of_this_node(self) -> Sequence[Signed]:
        """See Agreements."""
        async with self.pool.connection() as connection:
            found = _by_id(await _found(connection, _ALL))
        newest = [versions[0] for versions in found.values()]
        return sorted(newest, key=lambda one: (one.agreement.giver, one.agreement.receiver))

    async def keys(self) -> KnownKeys:
        """What signatures of every node are checked with."""
        known = await self.partners.parties()
        return {one.node_id: (one.signing, *one.old_keys) for one in known}


async def versions_of(connection: AsyncConnection, agreement_id: UUID) -> Sequence[Signed]:
    """Every version of one within the caller's transaction, newest first."""
    return await _found(connection, _OF_ONE, (agreement_id,))


async def hold(connection: AsyncConnection, agreement_id: UUID) -> Sequence[Signed]:
    """Let nobody else change this agreement before the transaction ends; its versions."""
    await connection.execute(_LOCK, (f"agreement {agreement_id}",))
    return await versions_of(connection, agreement_id)


async def add_signature(
    connection: AsyncConnection, agreement: Agreement, hand: Hand, now: datetime
) -> None:
    """Keep a version, where it is new, and a signature under it."""
    values = (
        agreement.agreement_id, agreement.digest, agreement.version, agreement.ended,
        agreement.giver, agreement.receiver, Jsonb(dict(agreement.said())), now,
    )  # fmt: skip
    await connection.execute(_VERSION, values)
    signed = (agreement.agreement_id, agreement.digest, hand.node_id, hand.signature, hand.officer)
    await connection.execute(_SIGNATURE, (*signed, now))


async def _found(
    connection: AsyncConnection, query: str, keys: tuple[Any, ...] = ()
) -> Sequence[Signed]:
    cursor = connection.cursor(row_factory=dict_row)
    rows = await (await cursor.execute(query, keys)).fetchall()
    return [Signed(agreement_of(row["said"]), row["signatures"], row["officers"]) for row in rows]


def _by_id(found: Sequence[Signed]) -> dict[UUID, list[Signed]]:
    made: dict[UUID, list[Signed]] = defaultdict(list)
    for one in found:
        made[one.agreement.agreement_id].append(one)
    return made
