"""Read-rate audits in PostgreSQL."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.records.audit import Audit, Drawn, NoSuchAuditError, Person, Verdict, checked_count
from morina.records.figures import Period

_ALL = """
SELECT audit_id, camera_id, purpose, begins_at, ends_at, made_by, made_at, counted, captured,
    counted_by, counted_at
FROM read_audit"""
_ONE = f"{_ALL} WHERE audit_id = %s"
_OF_CAMERA = f"{_ALL} WHERE camera_id = %s ORDER BY made_at DESC LIMIT %s"
_NEWEST = f"""
SELECT DISTINCT ON (camera_id) * FROM ({_ALL}) AS audits ORDER BY camera_id, made_at DESC"""  # noqa: S608 - constant columns
_PASSAGES = """
SELECT audit_id, number, read_id, is_unread, verdict, judged_by, judged_at
FROM read_audit_passage WHERE audit_id = ANY(%s) ORDER BY audit_id, number"""
_MAKE = """
INSERT INTO read_audit (audit_id, camera_id, purpose, begins_at, ends_at, made_by, made_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)"""
_DRAW = """
INSERT INTO read_audit_passage (audit_id, number, read_id, is_unread) VALUES (%s, %s, %s, %s)"""
_JUDGE = """
UPDATE read_audit_passage SET verdict = %s, judged_by = %s, judged_at = %s
WHERE audit_id = %s AND number = %s"""
_COUNT = """
UPDATE read_audit SET counted = %s, captured = %s, counted_by = %s, counted_at = %s
WHERE audit_id = %s"""


class PostgresAudits:
    """The role Audits. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def make(self, audit: Audit) -> None:
        """See Audits."""
        period = audit.period
        async with self._pool.connection() as connection:
            await connection.execute(
                _MAKE,
                (
                    audit.audit_id, audit.camera_id, audit.purpose, period.begins_at,
                    period.ends_at, audit.made_by, audit.made_at,
                ),
            )  # fmt: skip
            drawn = [(audit.audit_id, d.number, d.read_id, d.is_unread) for d in audit.passages]
            await connection.cursor().executemany(_DRAW, drawn)

    async def audit(self, audit_id: UUID) -> Audit:
        """See Audits."""
        found = await self._audits(_ONE, (audit_id,))
        if not found:
            raise NoSuchAuditError("no audit has that id; look at the camera's audits again")
        return found[0]

    async def of_camera(self, camera_id: str, limit: int = 20) -> list[Audit]:
        """See Audits."""
        return await self._audits(_OF_CAMERA, (camera_id, limit))

    async def newest(self) -> dict[str, Audit]:
        """See Audits."""
        return {audit.camera_id: audit for audit in await self._audits(_NEWEST, ())}

    async def judge(self, audit_id: UUID, drawn: Drawn) -> Audit:
        """See Audits."""
        verdict = drawn.verdict.value if drawn.verdict else None
        changed = (verdict, drawn.judged_by, drawn.judged_at, audit_id, drawn.number)
        return await self._changed(audit_id, _JUDGE, changed)

    async def take_count(self, audit_id: UUID, counted: int, captured: int, by: Person) -> Audit:
        """See Audits."""
        counts = checked_count(counted, captured)
        return await self._changed(audit_id, _COUNT, (*counts, by.name, by.at, audit_id))

    async def _changed(self, audit_id: UUID, query: str, values: tuple[object, ...]) -> Audit:
        async with self._pool.connection() as connection:
            changed = await connection.execute(query, values)
        if changed.rowcount == 0:
            raise NoSuchAuditError("no audit has that id, or no passage that number")
        return await self.audit(audit_id)

    async def _audits(self, query: str, keys: tuple[object, ...]) -> list[Audit]:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = await (await cursor.execute(query, keys)).fetchall()
            passages = await _passages(connection, [row["audit_id"] for row in rows])
        return [_audit(row, passages[row["audit_id"]]) for row in rows]


async def _passages(
    connection: AsyncConnection, audit_ids: Sequence[UUID]
) -> dict[UUID, list[Drawn]]:
    cursor = connection.cursor(row_factory=dict_row)
    found: dict[UUID, list[Drawn]] = defaultdict(list)
    for row in await (await cursor.execute(_PASSAGES, (list(audit_ids),))).fetchall():
        of = row.pop("audit_id")
        verdict = row.pop("verdict")
        found[of].append(Drawn(**row, verdict=Verdict(verdict) if verdict else None))
    return found


def _audit(row: dict[str, Any], passages: Sequence[Drawn]) -> Audit:
    period = Period(row.pop("begins_at"), row.pop("ends_at"))
    return Audit(**row, period=period, passages=tuple(passages))
