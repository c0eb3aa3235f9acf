"""The log of consultations in PostgreSQL, which refuses to change or delete what is in it."""

from datetime import datetime
from typing import Any

from psycopg.errors import ForeignKeyViolation, UniqueViolation
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.consultations import NoSuchConsultationError
from morina.accountability.purpose import Asked, Consultation, Outcome, Purpose, PurposeCode

_BEGIN = """
INSERT INTO consultation
    (asked_at, officer, code, case_number, legal_basis, justification, question, plates)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING number"""

_END = """
INSERT INTO consultation_outcome (number, at, shown, covered, failed)
VALUES (%s, %s, %s, %s, %s)"""

_NEWEST = """
SELECT number, asked_at, officer, code, case_number, legal_basis, justification, question, plates,
    at, shown, covered, failed
FROM consultation LEFT JOIN consultation_outcome USING (number)
WHERE (%(officer)s = '' OR officer = %(officer)s)
    AND (%(plate)s = '' OR plates @> ARRAY[%(plate)s::text])
    AND (%(before)s::bigint IS NULL OR number < %(before)s)
ORDER BY number DESC LIMIT %(limit)s"""


class PostgresConsultations:
    """The role Consultations. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def begin(self, asked: Asked) -> int:
        """See Consultations."""
        why = asked.purpose
        values = (
            asked.at, why.officer, why.code.value, why.case_number, why.legal_basis,
            why.justification, asked.question, list(asked.plates),
        )  # fmt: skip
        async with self._pool.connection() as connection:
            rows = await connection.execute(_BEGIN, values)
            [number] = await rows.fetchone() or ()
        return int(number)

    async def end(self, number: int, outcome: Outcome) -> None:
        """See Consultations."""
        values = (number, outcome.at, outcome.shown, outcome.covered, outcome.failed)
        try:
            async with self._pool.connection() as connection:
                await connection.execute(_END, values)
        except (ForeignKeyViolation, UniqueViolation):
            raise NoSuchConsultationError(
                f"no consultation {number} waits for its outcome; it is written once"
            ) from None

    async def newest(
        self, *, officer: str = "", plate: str = "", before: int | None = None, limit: int = 100
    ) -> list[Consultation]:
        """See Consultations."""
        wanted = {"officer": officer, "plate": plate, "before": before, "limit": limit}
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = await (await cursor.execute(_NEWEST, wanted)).fetchall()
        return [_consultation(row) for row in rows]


def _consultation(row: dict[str, Any]) -> Consultation:
    purpose = Purpose(
        officer=row["officer"],
        code=PurposeCode(row["code"]),
        case_number=row["case_number"],
        legal_basis=row["legal_basis"],
        justification=row["justification"],
    )
    return Consultation(
        number=row["number"],
        asked_at=row["asked_at"],
        purpose=purpose,
        question=row["question"],
        shown=row["shown"],
        plates=tuple(row["plates"]),
        outcome=_outcome(row["at"], row),
    )


def _outcome(at: datetime | None, row: dict[str, Any]) -> Outcome | None:
    if at is None:
        return None
    return Outcome(at=at, shown=row["shown"], covered=row["covered"], failed=row["failed"])
