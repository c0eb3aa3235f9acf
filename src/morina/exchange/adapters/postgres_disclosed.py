"""The role Disclosed, over what each conversation keeps of what it told."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from morina.exchange.disclosed import Disclosure
from morina.exchange.follow_ups import Side, Step
from morina.exchange.questions import Result

_OF_PLATE = """
SELECT partner, answered_at AS at, 'answer' AS what, '' AS officer,
    coalesce(why ->> 'case_number', '') AS case_number
FROM answer_given WHERE plate = %(plate)s AND result <> %(refused)s
UNION ALL
SELECT sighting_told.partner, sighting_told.at, 'sighting', '', ''
FROM sighting_told JOIN alert USING (alert_id)
WHERE alert.text = %(plate)s AND sighting_told.denied = ''
UNION ALL
SELECT list_share.partner, list_share.shared_at, 'hotlist', list_share.officer,
    list_share.case_number
FROM list_share JOIN listing USING (hotlist_id)
WHERE listing.text = %(plate)s AND listing.added_revision <= list_share.posted_revision
UNION ALL
SELECT follow_up.partner, follow_up_step.at, 'follow_up', follow_up_step.by, ''
FROM follow_up JOIN follow_up_step USING (follow_up_id)
WHERE side = %(owning)s AND step = %(grant)s AND said -> 'named' ->> 'plate' = %(plate)s
ORDER BY at DESC
"""


@dataclass(frozen=True, slots=True)
class PostgresDisclosed:
    """``pool`` is opened and closed by the caller."""

    pool: AsyncConnectionPool

    async def of_plate(self, plate: str) -> Sequence[Disclosure]:
        """See Disclosed."""
        asked = {
            "plate": plate, "refused": Result.REFUSED, "owning": Side.OWNING, "grant": Step.GRANT,
        }  # fmt: skip
        async with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Disclosure))
            return await (await cursor.execute(_OF_PLATE, asked)).fetchall()
