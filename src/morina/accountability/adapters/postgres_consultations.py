"""The log of consultations in PostgreSQL, which refuses to change or delete what is in it."""

from datetime import datetime
from typing import Any

from psycopg.errors import ForeignKeyViolation, UniqueViolation
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_approvals import use_approval
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.consultations import NoSuchConsultationError
from morina.accountability.digests import BEGUN, KIND, digest_asked, digest_outcome
from morina.accountability.purpose import Asked, Consultation, Outcome, Purpose, PurposeCode
from morina.accountability.trail import Act, Deed, What, why_of

_BEGIN = """
INSERT INTO consultation
    (asked_at, officer, code, case_number, legal_basis, justification, question, plates)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING number"""

_END = """
INSERT INTO consultation_outcome (number, at, shown, covered, failed)
VALUES (%s, %s, %s, %s, %s)"""

_OFFICER = "SELECT officer FROM consultation WHERE number = %s"

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
            if asked.approval_id is not None:
                digest, what = asked.approval_digest, f"consultation {number}"
                await use_approval(connection, asked.approval_id, digest, asked.at, what)
            await PostgresTrail().append(connection, _begun(number, asked))
        return int(number)

    async def end(self, number: int, outcome: Outcome) -> None:
        """See Consultations."""
        values = (number, outcome.at, outcome.shown, outcome.covered, outcome.failed)
        try:
            async with self._pool.connection() as connection:
                await connection.execute(_END, values)
                [officer] = await (await connection.execute(_OFFICER, (number,))).fetchone() or ()
                await PostgresTrail().append(connection, _ended(number, officer, outcome))
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
        return [consultation_of(row) for row in rows]


def _begun(number: int, asked: Asked) -> Deed:
    digest = digest_asked(asked.question, asked.plates)
    what = What(KIND, (str(number),), BEGUN, digest=digest)
    purpose = asked.purpose
    return Deed(act=Act(asked.act), what=what, who=purpose.officer, why=why_of(purpose))


def _ended(number: int, officer: str, outcome: Outcome) -> Deed:
    step = "failed" if outcome.failed else "answered"
    what = What(KIND, (str(number),), step, digest=digest_outcome(outcome))
    return Deed(act=Act.CONSULTATION, what=what, who=officer)


def consultation_of(row: dict[str, Any]) -> Consultation:
    """A row with its outcome, if there is one yet."""
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
