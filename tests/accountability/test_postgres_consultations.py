"""The log of what was asked, on real PostgreSQL."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.consultations import NoSuchConsultationError
from morina.accountability.purpose import Asked, Outcome, Purpose, PurposeCode

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def asked(plate: str = "AA123BC", officer: str = "ana", minutes: int = 0) -> Asked:
    purpose = Purpose(
        officer=officer,
        code=PurposeCode.STOLEN_VEHICLE,
        case_number="C-7",
        legal_basis="Police Act 12",
        justification="stolen on Monday evening",
    )
    at = NOW + timedelta(minutes=minutes)
    return Asked(at=at, purpose=purpose, question=f"where was {plate}", plates=(plate,))


async def test_what_was_asked_is_listed_newest_first_with_what_became_of_it(
    pool: AsyncConnectionPool,
) -> None:
    log = PostgresConsultations(pool)
    first, second = await log.begin(asked()), await log.begin(asked("AB12CDE", minutes=1))
    outcome = Outcome(at=NOW + timedelta(minutes=2), shown=3, covered="all of it")
    await log.end(first, outcome)
    newest, older = await log.newest()
    assert (newest.number, newest.shown, newest.outcome) == (second, None, None)
    assert (older.number, older.shown, older.outcome) == (first, 3, outcome)
    assert older.purpose == asked().purpose
    assert (older.question, older.plates) == ("where was AA123BC", ("AA123BC",))
    assert older.asked_at == NOW


async def test_listed_by_officer_by_plate_and_page_by_page(pool: AsyncConnectionPool) -> None:
    log = PostgresConsultations(pool)
    numbers = [
        await log.begin(asked(plate, officer))
        for plate, officer in (("AA123BC", "ana"), ("AB12CDE", "ana"), ("AA123BC", "ben"))
    ]

    async def found(**wanted: object) -> list[int]:
        return [one.number for one in await log.newest(**wanted)]  # type: ignore[arg-type]  # its own names

    assert await found(officer="ana") == numbers[1::-1]
    assert await found(plate="AA123BC") == [numbers[2], numbers[0]]
    assert await found(plate="AA123BC", officer="ben") == [numbers[2]]
    assert await found(limit=1) == [numbers[2]]
    assert await found(before=numbers[2], limit=1) == [numbers[1]]


async def test_an_outcome_is_written_once_and_only_of_what_was_asked(
    pool: AsyncConnectionPool,
) -> None:
    log = PostgresConsultations(pool)
    number = await log.begin(asked())
    await log.end(number, Outcome(at=NOW, failed="cancelled"))
    for unknown in (number, number + 1):
        with pytest.raises(NoSuchConsultationError):
            await log.end(unknown, Outcome(at=NOW, shown=0))
    [kept] = await log.newest()
    assert kept.outcome == Outcome(at=NOW, failed="cancelled")


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM consultation",
        "DELETE FROM consultation_outcome",
        "UPDATE consultation SET officer = 'ben'",
        "UPDATE consultation_outcome SET shown = 0",
        "TRUNCATE consultation, consultation_outcome CASCADE",
    ],
)
async def test_the_database_refuses_to_change_what_was_written(
    pool: AsyncConnectionPool, change: str
) -> None:
    log = PostgresConsultations(pool)
    await log.end(await log.begin(asked()), Outcome(at=NOW, shown=3))
    before = await log.newest()
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="never changed"):
        async with pool.connection() as connection:
            await connection.execute(change)
    assert await log.newest() == before
