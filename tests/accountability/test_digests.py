"""What an entry carries of a consultation is held against the consultation."""

from dataclasses import replace
from datetime import UTC, datetime

import psycopg
from psycopg_pool import AsyncConnectionPool

from morina.accountability import Asked, Outcome, Purpose, PurposeCode
from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.adapters.postgres_overseen import PostgresOverseen
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.digests import Digests

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
PURPOSE = Purpose(
    officer="ana", code=PurposeCode.CRIME, case_number="C-7", legal_basis="Act 1",
    justification="seen near the mill",
)  # fmt: skip


async def test_a_consultation_changed_gone_or_never_entered_is_found(
    pool: AsyncConnectionPool,
) -> None:
    log = PostgresConsultations(pool)
    for plate in ("AB12CDE", "CD34EFG", "EF56GHI"):
        asked = Asked(at=NOW, purpose=PURPOSE, question=f"plate {plate}", plates=(plate,))
        await log.end(await log.begin(asked), Outcome(at=NOW, shown=3, covered="all"))
    kept = [one async for one in PostgresOverseen(pool).all()]
    digests = Digests.of([one async for one in PostgresTrailReader(pool).raw()])
    assert list(digests.faults(kept)) == []
    first, second, third = kept
    assert first.outcome is not None
    for changed, said in (
        ([replace(first, plates=("ZZ99ZZZ",)), second, third], "1: "),
        ([first, replace(second, question="plate ZZ99ZZZ"), third], "3: "),
        ([replace(first, outcome=Outcome(at=NOW, shown=0)), second, third], "2: "),
        ([replace(first, purpose=replace(PURPOSE, officer="ben")), second, third], "1: "),
        ([first, replace(second, purpose=replace(PURPOSE, case_number="C-8")), third], "3: "),
        (
            [
                first,
                second,
                replace(third, purpose=replace(PURPOSE, justification="stolen on Monday evening")),
            ],
            "5: ",
        ),
        (
            [first, second, replace(third, purpose=replace(PURPOSE, code=PurposeCode.TERRORISM))],
            "5: ",
        ),
        ([first, second, replace(third, purpose=replace(PURPOSE, legal_basis="Act 2"))], "5: "),
        ([first, second], "5: "),
        ([first, second, third, replace(third, number=4)], "0: "),
    ):
        [found] = digests.faults(changed)
        assert str(found).startswith(said + "what is kept of it is not what was entered")


async def test_what_was_asked_before_there_was_a_trail_has_no_entry(
    pool: AsyncConnectionPool, dsn: str
) -> None:
    log = PostgresConsultations(pool)
    asked = Asked(at=NOW, purpose=PURPOSE, question="plate", plates=())
    for _ in range(2):
        await log.begin(asked)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM trail WHERE number = 1")
    kept = [one async for one in PostgresOverseen(pool).all()]
    digests = Digests.of([one async for one in PostgresTrailReader(pool).raw()])
    assert list(digests.faults(kept)) == []
