"""Suspected clones in PostgreSQL: who labelled which plate and why, who withdrew it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import Act, Deed, Trail, What
from morina.plates import Plate
from morina.watch.clones import NoSuchLabelError, RefusedLabelError, SuspectedClone, Withdrawal

_ALL = """
SELECT label_id, text, country, reason, passages, review_on, labelled_by, labelled_at,
    withdrawn_by, withdrawn_at, withdrawn_reason
FROM suspected_clone"""
_ONE = f"{_ALL} WHERE label_id = %s"
_NEWEST = f"""
{_ALL} WHERE withdrawn_at IS NULL OR NOT %s ORDER BY labelled_at DESC, label_id LIMIT %s"""
_CONCERNING = f"{_ALL} WHERE withdrawn_at IS NULL AND text = ANY(%s) ORDER BY labelled_at"
_NAMING = "SELECT count(*) FROM suspected_clone WHERE text = %s"
_LABEL = """
INSERT INTO suspected_clone
    (label_id, text, country, reason, passages, review_on, labelled_by, labelled_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"""
_WITHDRAW = """
UPDATE suspected_clone SET withdrawn_by = %s, withdrawn_at = %s, withdrawn_reason = %s
WHERE label_id = %s AND withdrawn_at IS NULL"""


class PostgresClonedPlates:
    """The role ClonedPlates. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool, trail: Trail[AsyncConnection]) -> None:
        self._pool = pool
        self._trail = trail

    async def label(self, clone: SuspectedClone) -> SuspectedClone:
        """See ClonedPlates."""
        plate = clone.plate
        values = (
            clone.label_id, plate.text, plate.country, clone.reason, list(clone.passages),
            clone.review_on, clone.labelled_by, clone.labelled_at,
        )  # fmt: skip
        try:
            async with self._pool.connection() as connection:
                await connection.execute(_LABEL, values)
                await self._enter(connection, clone.label_id, "labelled", clone.labelled_by)
        except UniqueViolation:
            raise RefusedLabelError(
                f"{plate.country or 'no country'} {plate.text} is labelled already; withdraw that "
                "label first, if it is to be said anew"
            ) from None
        return clone

    async def withdraw(self, label_id: UUID, withdrawal: Withdrawal) -> SuspectedClone:
        """See ClonedPlates."""
        values = (withdrawal.by, withdrawal.at, withdrawal.reason, label_id)
        async with self._pool.connection() as connection:
            changed = (await connection.execute(_WITHDRAW, values)).rowcount
            if changed:
                await self._enter(connection, label_id, "withdrawn", withdrawal.by)
        found = await self._clones(_ONE, (label_id,))
        if not found:
            raise NoSuchLabelError("no suspected clone has that id")
        if not changed:
            raise RefusedLabelError("the label is withdrawn already; there is nothing to do")
        return found[0]

    async def labels(self, standing: bool = True, limit: int = 1000) -> list[SuspectedClone]:
        """See ClonedPlates."""
        return await self._clones(_NEWEST, (standing, limit))

    async def concerning(self, plates: Sequence[Plate]) -> list[SuspectedClone]:
        """See ClonedPlates."""
        found = await self._clones(_CONCERNING, (list({plate.text for plate in plates}),))
        return [one for one in found if any(one.concerns(plate) for plate in plates)]

    async def labelled(self, text: str) -> int:
        """See records.erasing.PlateLabels."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_NAMING, (text,))).fetchone()
        return int(row[0]) if row else 0

    async def _enter(self, connection: AsyncConnection, label_id: UUID, step: str, by: str) -> None:
        what = What("suspected clone", (str(label_id),), step)
        await self._trail.append(connection, Deed(act=Act.ALTERATION, what=what, who=by))

    async def _clones(self, query: str, keys: tuple[object, ...]) -> list[SuspectedClone]:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = await (await cursor.execute(query, keys)).fetchall()
        return [_clone(row) for row in rows]


def _clone(row: dict[str, Any]) -> SuspectedClone:
    plate = Plate(row.pop("text"), row.pop("country"))
    for name in ("withdrawn_by", "withdrawn_reason"):
        row[name] = row[name] or ""
    passages = tuple(row.pop("passages"))
    return SuspectedClone(plate=plate, passages=passages, **row)
