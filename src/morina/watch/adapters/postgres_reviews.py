"""Which entries of hotlists are due for review."""

from datetime import date

from psycopg_pool import AsyncConnectionPool

from morina.watch.reviews import ReviewOfEntries

_DUE = """
SELECT h.name, count(*), min((l.entry ->> 'review_at')::date)
FROM listing l JOIN hotlist h USING (hotlist_id)
WHERE l.withdrawn_revision IS NULL AND (l.entry ->> 'review_at')::date <= %s
    AND (l.entry ->> 'valid_to')::timestamptz > now()
GROUP BY h.name ORDER BY 3, 1"""


class PostgresReviews:
    """The role Reviews. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def entries_due(self, until: date) -> list[ReviewOfEntries]:
        """See Reviews."""
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_DUE, (until,))).fetchall()
        return [ReviewOfEntries(*row) for row in rows]
