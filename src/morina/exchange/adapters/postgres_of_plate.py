"""Which conversations with partners were about a plate they named."""

from psycopg_pool import AsyncConnectionPool

from morina.exchange.follow_ups import Side

_OF_PLATE = """
SELECT question_id::text, answered_at AS at FROM answer_given WHERE plate = %(plate)s
UNION ALL
SELECT follow_up_id::text, written_at FROM follow_up
WHERE side = %(owning)s AND said -> 'named' ->> 'plate' = %(plate)s
ORDER BY at DESC LIMIT 1000"""


class PostgresPartnersAsked:
    """The role accountability.oversight.IdsOf, of questions partners asked here and of their
    requests for more. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def __call__(self, plate: str) -> list[str]:
        """See IdsOf; those that are forgotten hold no plate and are not found."""
        asked = {"plate": plate, "owning": Side.OWNING}
        async with self._pool.connection() as connection:
            rows = await connection.execute(_OF_PLATE, asked)
            return [row[0] for row in await rows.fetchall()]
