"""Asking under a purpose: the log on real PostgreSQL, questions that a test answers itself."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from asked import (
    LAST_DAY,
    NOW,
    PATIENT_S,
    Answering,
    Where,
    asking_of,
    at_once,
    purpose,
)
from morina.accountability import Outcome
from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.migrations import upgrade
from morina.records import Period
from morina.records.asking import (
    BROKEN,
    NOT_LOGGED,
    TOO_LONG,
    Asking,
    NoSuchQuestionError,
    Rules,
    Stage,
    State,
    TooManyQuestionsError,
)
from morina.records.kinds import RefusedQuestionError
from morina.records.questions import Answer, Coverage, Limits, Scope, Stop
from morina.records.running import Running, StoppedError
from morina.wiring.database import Database


@asynccontextmanager
async def asking(
    pool: AsyncConnectionPool, answer: Answering, rules: Rules | None = None
) -> AsyncIterator[Asking]:
    made = asking_of(pool, answer, rules)
    try:
        yield made
    finally:
        await made.close()


async def answered(made: Asking, asked: Where | None = None, officer: str = "ana") -> State:
    return await made.settled(
        await made.ask(purpose(officer), asked or Where()), officer, PATIENT_S
    )


async def outcome(made: Asking) -> Outcome | None:
    return (await made.consultations.newest(limit=1))[0].outcome


async def test_a_question_is_written_down_before_anything_is_read(
    pool: AsyncConnectionPool,
) -> None:
    log = PostgresConsultations(pool)
    seen = []

    async def look(question: Where, running: Running) -> Answer[str]:
        seen.extend(await log.newest())
        return await at_once(question, running)

    async with asking(pool, look) as made:
        state = await answered(made)
        assert state.stage is Stage.ANSWERED
        assert state.share == 1.0
        assert state.answer and state.answer.found == ("AA123BC",)
        [written] = seen
        assert (written.question, written.plates) == ("where was AA123BC", ("AA123BC",))
        assert written.purpose == purpose()
        assert (written.number, written.outcome) == (state.number, None)
        became = await outcome(made)
        assert became and became.shown == 1 and not became.failed
        assert became.covered.count("Z") == 2


async def test_without_a_log_nothing_is_read_and_nothing_is_shown(dsn: str) -> None:
    upgrade(dsn)
    name, read = dsn.rpartition("/")[2], asyncio.Event()
    on = asyncio.Event()

    async def look(question: Where, running: Running) -> Answer[str]:
        read.set()
        await on.wait()
        return await at_once(question, running)

    async with (
        Database(dsn, min_size=1, max_size=2, open=False) as pool,
        asking(pool, look) as made,
    ):
        question_id = await made.ask(purpose(), Where())
        await asyncio.wait_for(read.wait(), PATIENT_S)
        with psycopg.connect(dsn.replace(name, "postgres"), autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
            )
        pool.timeout = 1.0  # nothing is waited for that cannot come
        on.set()
        state = await made.settled(question_id, "ana", PATIENT_S)
        assert (state.stage, state.answer, state.failed) == (Stage.FAILED, None, NOT_LOGGED)
        read.clear()
        with pytest.raises(ConnectionError):
            await made.ask(purpose(), Where())
        assert not read.is_set()
        assert len(made.asked_by("ana")) == 1


async def test_an_answer_is_for_whoever_asked_and_for_nobody_else(
    pool: AsyncConnectionPool,
) -> None:
    async with asking(pool, at_once) as made:
        state = await answered(made)
        for looked in (made.state, made.cancel):
            with pytest.raises(NoSuchQuestionError):
                looked(state.question_id, "ben")
        with pytest.raises(NoSuchQuestionError):
            await made.more(state.question_id, "ben")
        with pytest.raises(NoSuchQuestionError):
            made.state(uuid4(), "ana")
        assert made.asked_by("ben") == []
        assert made.asked_by("ana") == [state]


async def test_an_answer_is_forgotten(pool: AsyncConnectionPool) -> None:
    async with asking(pool, at_once, Rules(kept_s=0.0)) as made:
        state = await answered(made)
        for _ in range(3):
            await asyncio.sleep(0)
        with pytest.raises(NoSuchQuestionError):
            made.state(state.question_id, "ana")


async def test_more_is_a_question_of_its_own(pool: AsyncConnectionPool) -> None:
    async with asking(pool, at_once) as made:
        first = await answered(made)
        second_id = await made.more(first.question_id, "ana")
        second = await made.settled(second_id, "ana", PATIENT_S)
        assert second.answer and second.answer.found == ("AA123BC2",)
        assert [one.number for one in await made.consultations.newest()] == [
            second.number, first.number,
        ]  # fmt: skip
        with pytest.raises(RefusedQuestionError, match="no more"):
            await made.more(second_id, "ana")


async def until_cancelled(_question: Where, running: Running) -> Answer[str]:
    running.share = 0.5
    while running.must_stop is None:
        await asyncio.sleep(0.01)
    raise StoppedError(running.must_stop)


async def until_running(made: Asking, question_id: UUID) -> State:
    while made.state(question_id, "ana").share < 0.5:
        await asyncio.sleep(0.01)
    return made.state(question_id, "ana")


async def test_a_question_is_cancelled_while_it_runs_and_while_it_waits(
    pool: AsyncConnectionPool,
) -> None:
    async with asking(pool, until_cancelled, Rules(at_once=1)) as made:
        running = await made.ask(purpose(), Where())
        waiting = await made.ask(purpose(), Where())
        assert (await until_running(made, running)).stage is Stage.RUNNING
        assert made.state(waiting, "ana").stage is Stage.WAITING
        for question_id in (waiting, running):
            assert made.cancel(question_id, "ana").stage is Stage.CANCELLED
            state = await made.settled(question_id, "ana", 0.0)
            assert state.answer is None
        for question_id in (waiting, running):
            state = await made.settled(question_id, "ana", PATIENT_S)
            assert (state.stage, state.failed) == (Stage.CANCELLED, "cancelled")
        for one in await made.consultations.newest():
            assert one.outcome and (one.outcome.shown, one.outcome.failed) == (None, "cancelled")


async def test_a_question_stops_at_its_limit_of_time(pool: AsyncConnectionPool) -> None:
    rules = Rules(limits=Limits(seconds=0.05))
    async with asking(pool, until_cancelled, rules) as made:
        state = await answered(made)
        assert (state.stage, state.failed) == (Stage.FAILED, TOO_LONG)
        became = await outcome(made)
        assert became and (became.shown, became.failed) == (None, TOO_LONG)


async def test_a_part_answer_says_where_it_stopped(pool: AsyncConnectionPool) -> None:
    half = Period(NOW - timedelta(hours=12), NOW)

    async def part(_question: Where, _running: Running) -> Answer[str]:
        return Answer(
            found=("a",), coverage=Coverage(asked=LAST_DAY, covered=half, stopped=Stop.TIME)
        )

    async with asking(pool, part) as made:
        state = await answered(made)
        assert state.answer and state.answer.coverage.covered == half
        became = await outcome(made)
        assert became and became.covered.endswith("; stopped: time")


async def test_what_fails_is_told_and_written_down_but_not_what_was_asked(
    pool: AsyncConnectionPool, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(question: Where, _running: Running) -> Answer[str]:
        raise ZeroDivisionError(question.plate)

    async with asking(pool, broken) as made:
        with caplog.at_level(logging.ERROR):
            state = await answered(made)
        assert (state.stage, state.failed) == (Stage.FAILED, BROKEN)
        became = await outcome(made)
        assert became and became.failed == BROKEN
        assert "ZeroDivisionError" in caplog.text and "AA123BC" not in caplog.text


async def test_one_officer_cannot_ask_without_end(pool: AsyncConnectionPool) -> None:
    async with asking(pool, until_cancelled, Rules(open_each=2)) as made:
        for _ in range(2):
            await made.ask(purpose(), Where())
        with pytest.raises(TooManyQuestionsError):
            await made.ask(purpose(), Where())
        await made.ask(purpose("ben"), Where())
        assert len(await made.consultations.newest()) == 3


@pytest.mark.parametrize(
    ("period", "says"),
    [
        (Period(NOW - timedelta(days=9), NOW), "at most 7 days ago"),
        (Period(NOW - timedelta(days=1), NOW + timedelta(days=2)), "in the future"),
    ],
)
async def test_a_period_too_long_ago_or_ahead_is_refused_unread(
    pool: AsyncConnectionPool, period: Period, says: str
) -> None:
    async with asking(pool, at_once, Rules(days_back=7)) as made:
        with pytest.raises(RefusedQuestionError, match=says):
            await made.ask(purpose(), Where(scope=Scope(period=period)))
        assert await made.consultations.newest() == []
