"""Hits a follow-up may rest on, as both nodes keep them."""

from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from morina.exchange.questions import Result
from morina.exchange.register import Named, RefusedVehicleError

_ANSWER_HEARD = """
SELECT plate, country, vin FROM partner_question q JOIN partner_answer a USING (question_id)
WHERE q.partner = %s AND q.question_id = %s AND a.result = %s"""
_ANSWER_TOLD = """
SELECT plate, country, vin FROM answer_given
WHERE partner = %s AND question_id = %s AND result = %s"""
_SIGHTING_HEARD = """
SELECT l.text, l.country, '' FROM sighting s JOIN listing l USING (listing_id)
WHERE s.told_by = %s AND s.sighting_id = %s ORDER BY l.added_revision DESC LIMIT 1"""
_SIGHTING_TOLD = """
SELECT l.text, l.country, '' FROM sighting_told t JOIN alert a USING (alert_id)
JOIN listing l ON l.listing_id = a.listing_id
WHERE t.partner = %s AND t.sighting_id = %s AND t.denied = ''
ORDER BY l.added_revision DESC LIMIT 1"""


class QuestionHits:
    """The role Hits over questions: the conversation of one that was answered with a hit."""

    async def heard(self, connection: AsyncConnection, partner: str, about: UUID) -> Named | None:
        """See Hits."""
        return await _named(connection, _ANSWER_HEARD, partner, about, Result.HIT.value)

    async def told(self, connection: AsyncConnection, partner: str, about: UUID) -> Named | None:
        """See Hits."""
        return await _named(connection, _ANSWER_TOLD, partner, about, Result.HIT.value)


class SightingHits:
    """The role Hits over sightings: the vehicle listed by the one who was told."""

    async def heard(self, connection: AsyncConnection, partner: str, about: UUID) -> Named | None:
        """See Hits."""
        return await _named(connection, _SIGHTING_HEARD, partner, about)

    async def told(self, connection: AsyncConnection, partner: str, about: UUID) -> Named | None:
        """See Hits."""
        return await _named(connection, _SIGHTING_TOLD, partner, about)


async def _named(connection: AsyncConnection, query: str, *keys: Any) -> Named | None:
    row = await (await connection.execute(query, keys)).fetchone()
    try:
        return Named.of(*row) if row else None
    except RefusedVehicleError:
        return None
