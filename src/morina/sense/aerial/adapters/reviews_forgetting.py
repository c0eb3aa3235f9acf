"""Reviews and finished tasks go with their sortie; of reviews the numbers are left."""

from uuid import UUID

from psycopg import AsyncConnection

_COUNTED = """
INSERT INTO review_count (machine, named, tracks)
SELECT machine, named, count(*) FROM (
    SELECT DISTINCT ON (track_id) machine, named FROM sortie_review
    WHERE sortie_id = %(sortie)s ORDER BY track_id, review_id DESC) AS newest
GROUP BY machine, named
ON CONFLICT (machine, named) DO UPDATE SET tracks = review_count.tracks + EXCLUDED.tracks"""
_REVIEWS = "DELETE FROM sortie_review WHERE sortie_id = %(sortie)s"
_FINISHED = """
DELETE FROM aerial_task WHERE sortie_id = %(sortie)s AND state IN ('done', 'cancelled')"""
_OPEN = "SELECT count(*) FROM aerial_task WHERE sortie_id = %(sortie)s"


class ReviewsForgetting:
    """What is kept of sorties beside them: reviews and tasks."""

    async def forget(self, connection: AsyncConnection, sortie_id: UUID) -> bool:
        """Remove all but open tasks, within the caller's transaction; whether none is left.

        Somebody is perhaps on the way to what is open: it keeps its place until it is finished."""
        asked = {"sortie": sortie_id}
        for part in (_COUNTED, _REVIEWS, _FINISHED):
            await connection.execute(part, asked)
        row = await (await connection.execute(_OPEN, asked)).fetchone()
        return row is not None and row[0] == 0
