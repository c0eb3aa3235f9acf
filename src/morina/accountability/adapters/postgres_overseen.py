"""Consultations and the trail in PostgreSQL, as far as somebody oversees them."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from psycopg.rows import class_row, dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_consultations import consultation_of
from morina.accountability.adapters.postgres_trail import entry_of_row
from morina.accountability.months import Group
from morina.accountability.oversight import Alike, only_itself
from morina.accountability.purpose import Consultation
from morina.accountability.trail import Entry
from morina.accountability.watched import short

_OUTCOMES = """
SELECT number, asked_at, officer, code, case_number, legal_basis, justification, question, plates,
    at, shown, covered, failed
FROM consultation LEFT JOIN consultation_outcome USING (number)"""

_ASKED_FOR = f"""{_OUTCOMES}
WHERE number < %(before)s AND (plates @> ARRAY[%(plate)s::text]
    OR number IN (SELECT s.number FROM consultation_shown s WHERE s.marks @> ARRAY[%(mark)s::text])
    OR (question ~ 'or one character more, fewer or other' AND plates && %(near)s::text[])
    OR EXISTS (SELECT FROM unnest(plates) AS pattern WHERE
        pattern ~ '[*?]' AND %(plate)s LIKE translate(pattern, '*?', '%%_')
        OR question ~ 'and its look-alikes'
            AND translate(pattern, %(alike)s, %(heads)s) = %(skeleton)s
        OR question ~ 'in any order'
            AND %(sorted)s LIKE
                '%%' || array_to_string(string_to_array(pattern, NULL), '%%') || '%%'
            AND (question !~ 'plates of [0-9]+ characters with'
                OR question ~ ('plates of ' || length(%(plate)s) || ' characters with'))))
ORDER BY number DESC LIMIT %(limit)s"""  # noqa: S608 - only _OUTCOMES is put in
"""A question about look-alikes, nearly alike texts or known characters says so in its words
(records/texts.py, whose ``matches`` this repeats)."""

_NUMBERED = f"{_OUTCOMES} WHERE number = ANY(%s) ORDER BY number DESC"

_NAMING = """
SELECT number, at, who, act, what, why, with_whom, previous, hash FROM trail
WHERE what -> 'ids' ?| %s ORDER BY number DESC LIMIT %s"""

_GROUPS = """
SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, act, what ->> 'kind' AS kind,
    split_part(replace(what ->> 'step', ',', ' '), ' ', 1) AS step,
    coalesce(why ->> 'code', '') AS code, count(*) AS entries,
    sum((what ->> 'count')::bigint)::bigint AS objects
FROM trail
WHERE (%(since)s::timestamptz IS NULL OR at >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
GROUP BY 1, 2, 3, 4, 5"""


class PostgresOverseen:
    """The role Overseen. ``pool`` is opened and closed by the caller; ``mark`` makes the marks
    under which plates that were shown are kept."""

    def __init__(
        self, pool: AsyncConnectionPool, alike: Callable[[str], Alike] = only_itself,
        mark: Callable[[str], str] | None = None,
    ) -> None:  # fmt: skip
        self._pool, self._alike, self._mark = pool, alike, mark

    async def asked_for(self, plate: str, before: int | None, limit: int) -> list[Consultation]:
        """See Overseen."""
        alike = self._alike(plate)
        wanted = {
            "mark": short(self._mark(plate)) if self._mark else "",
            "plate": plate, "before": before or 2**62, "limit": limit, "near": list(alike.near),
            "alike": "".join(alike.folds), "heads": "".join(alike.folds.values()),
            "skeleton": alike.skeleton, "sorted": "".join(sorted(plate)),
        }  # fmt: skip
        return [consultation_of(row) for row in await self._rows(_ASKED_FOR, wanted)]

    async def numbered(self, numbers: Collection[int]) -> list[Consultation]:
        """See Overseen."""
        return [consultation_of(row) for row in await self._rows(_NUMBERED, (list(numbers),))]

    async def all(self) -> AsyncIterator[Consultation]:
        """Every consultation, by number; one statement, read in parts."""
        async with (
            self._pool.connection() as connection,
            connection.cursor(name="consultations", row_factory=dict_row) as cursor,
        ):
            cursor.itersize = 10_000
            await cursor.execute(f"{_OUTCOMES} ORDER BY number")
            async for row in cursor:
                yield consultation_of(row)

    async def naming(self, ids: Sequence[str], limit: int) -> list[Entry]:
        """See Overseen."""
        return [entry_of_row(row) for row in await self._rows(_NAMING, (list(ids), limit))]

    async def groups(self, since: datetime | None, until: datetime | None) -> list[Group]:
        """See Overseen."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Group))
            found = await cursor.execute(_GROUPS, {"since": since, "until": until})
            return await found.fetchall()

    async def _rows(self, query: str, values: Any) -> list[dict[str, Any]]:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            return await (await cursor.execute(query, values)).fetchall()
