"""Breaches and requests of persons in PostgreSQL, which refuses to change what is in them."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg.errors import ForeignKeyViolation, UniqueViolation
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from morina.accountability.duties.matters import (
    Concern,
    Matter,
    NoSuchMatterError,
    Opened,
    RefusedMatterError,
    Step,
)
from morina.accountability.trail import Act, Deed, Trail, What, hash_of

_OPENING = 0x6D6174746572
_OPEN = """
INSERT INTO matter (matter_id, concern, number, began_at, opened_at, opened_by, said)
SELECT %s, %s, 1 + coalesce(max(number), 0), %s, %s, %s, %s FROM matter WHERE concern = %s
RETURNING number"""
_STEP = """
INSERT INTO matter_step (matter_id, number, at, by, kind, said) VALUES (%s, %s, %s, %s, %s, %s)"""
_MATTERS = """
SELECT m.matter_id, m.concern, m.number, m.began_at, m.opened_at, m.opened_by, m.said,
    coalesce((SELECT jsonb_agg(jsonb_build_array(s.at, s.by, s.kind, s.said) ORDER BY s.number)
              FROM matter_step s WHERE s.matter_id = m.matter_id), '[]') AS steps
FROM matter m"""


class PostgresMatters:
    """The role Matters. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool, trail: Trail[AsyncConnection]) -> None:
        self._pool, self._trail = pool, trail

    async def open(self, opened: Opened, now: datetime) -> Matter:
        """See Matters."""
        matter_id, concern = uuid4(), opened.concern.value
        said = dict(opened.said)
        values = (matter_id, concern, opened.began_at, now, opened.by, Jsonb(said), concern)
        async with self._pool.connection() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_OPENING,))
            [number] = await (await connection.execute(_OPEN, values)).fetchone() or ()
            what = What(concern, (str(matter_id),), "opened", digest=hash_of(said))
            await self._enter(connection, what, opened.by)
        return Matter(
            matter_id=matter_id, number=number, concern=opened.concern, began_at=opened.began_at,
            opened_at=now, opened_by=opened.by, said=said,
        )  # fmt: skip

    async def take(self, matter_id: UUID, steps_before: int, step: Step) -> Matter:
        """See Matters."""
        before = await self.matter(matter_id)
        said = dict(step.said)
        values = (matter_id, steps_before + 1, step.at, step.by, step.kind, Jsonb(said))
        try:
            async with self._pool.connection() as connection:
                await connection.execute(_STEP, values)
                ids = (str(matter_id),)
                what = What(before.concern.value, ids, step.kind, digest=hash_of(said))
                await self._enter(connection, what, step.by)
        except UniqueViolation:
            fault = "somebody else took a step meanwhile"
            raise RefusedMatterError("step", fault, "look at it again first") from None
        except ForeignKeyViolation:
            raise NoSuchMatterError("there is none of that id") from None
        return replace(before, steps=(*before.steps[:steps_before], step))

    async def matter(self, matter_id: UUID) -> Matter:
        """See Matters."""
        found = await self._found(f"{_MATTERS} WHERE m.matter_id = %s", (matter_id,))
        if not found:
            raise NoSuchMatterError("there is none of that id")
        return found[0]

    async def matters(self, concern: Concern, limit: int = 200) -> list[Matter]:
        """See Matters."""
        newest = f"{_MATTERS} WHERE m.concern = %s ORDER BY m.number DESC LIMIT %s"
        return await self._found(newest, (concern.value, limit))

    async def _found(self, query: str, values: tuple[Any, ...]) -> list[Matter]:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            return [_matter(row) for row in await (await cursor.execute(query, values)).fetchall()]

    async def _enter(self, connection: AsyncConnection, what: What, who: str) -> None:
        await self._trail.append(connection, Deed(act=Act.DUTY, what=what, who=who))


def _matter(row: dict[str, Any]) -> Matter:
    steps = tuple(
        Step(datetime.fromisoformat(at), by, kind, said) for at, by, kind, said in row["steps"]
    )
    return Matter(**row | {"concern": Concern(row["concern"]), "steps": steps})
