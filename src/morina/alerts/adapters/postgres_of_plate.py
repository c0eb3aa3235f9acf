"""Which alerts are of a plate: as it was read, or as it was listed."""

from psycopg_pool import AsyncConnectionPool

_OF_PLATE = """
SELECT alert_id::text FROM alert
WHERE text = %(plate)s OR listed -> 'listing' -> 'plate' ->> 'text' = %(plate)s
ORDER BY raised_at DESC LIMIT 1000"""


class PostgresAlertsOf:
    """The role accountability.oversight.IdsOf. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def __call__(self, plate: str) -> list[str]:
        """See IdsOf; those that are forgotten hold no plate and are not found."""
        async with self._pool.connection() as connection:
            rows = await connection.execute(_OF_PLATE, {"plate": plate})
            return [row[0] for row in await rows.fetchall()]
