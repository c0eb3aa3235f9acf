"""Who looked at a plate is told of questions that named another text and covered it."""

from datetime import UTC, datetime

import pytest
from psycopg_pool import AsyncConnectionPool

from asked import purpose
from morina.accountability import Asked
from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.adapters.postgres_overseen import PostgresOverseen
from morina.records.asked_as import alike
from morina.records.texts import Exact, LookAlikes, Near, Partial, TextQuestion, Wildcard

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
QUESTIONS: tuple[TextQuestion, ...] = (
    Exact("AB12CDE"), Exact("A812COE"), LookAlikes("A812CDE"), LookAlikes("AB12CDE"),
    LookAlikes("ABI2CDE"), LookAlikes("AČ12CDE"), Near("AB12CD"), Near("AB12CDEF"), Near("AX12CDE"),
    Near("AX12CD"), Wildcard("AB1*"), Wildcard("A?12CDE"), Wildcard("B?12*"), Partial("EDC"),
    Partial("ABCDE12"), Partial("AAB"), Partial("CDE", 7), Partial("CDE", 6), Partial("CDE1", 8),
)  # fmt: skip


@pytest.mark.parametrize("plate", ["AB12CDE", "A812CDE", "AC12CDE", "ABI2COE", "ZZ99ZZZ", "AB"])
async def test_just_the_questions_that_cover_the_plate_are_told(
    plate: str, pool: AsyncConnectionPool
) -> None:
    log, due = PostgresConsultations(pool), []
    for question in QUESTIONS:
        words = f"{question.words()}, 2026-02-01T00:00Z to 2026-03-01T00:00Z, all cameras"
        asked = Asked(at=NOW, purpose=purpose("ana"), question=words, plates=(question.asked,))
        number = await log.begin(asked)
        if question.matches(plate):
            due.append(number)
    found = await PostgresOverseen(pool, alike).asked_for(plate, None, 100)
    assert [one.number for one in found] == sorted(due, reverse=True)
