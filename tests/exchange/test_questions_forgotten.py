"""What was asked is forgotten in time: vehicle, reason, officer; that it was asked stays."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from psycopg.errors import InsufficientPrivilege

from asking_nodes import AskingNode, Pair, asking_pair
from invented import NOW
from morina.exchange.adapters.questions_forgetting import QuestionsForgetting
from morina.exchange.follow_ups import NoSuchFollowUpError, RefusedBecause
from morina.exchange.questions import NoSuchPartnerQuestionError

LATER = NOW + timedelta(days=1097)
KEPT_MESSAGE = """
INSERT INTO exchange_message (message_id, sender, receiver, seq, partner, is_ours, kind,
    conversation, agreement_version, officer, created_at, at, digest, previous, signed, forget_at)
SELECT gen_random_uuid(), 'GB', 'AL', 1, 'AL', true, 'query', question_id, 1, '', now(), now(),
    'd', 'p', 'bytes', now() FROM partner_question"""


@pytest.fixture
async def pair(engines: Any) -> AsyncIterator[Pair]:
    async with asking_pair(engines.postgres) as made:
        yield made


async def forget(side: AskingNode, now: datetime) -> dict[str, int]:
    made = QuestionsForgetting(side.node.pool, side.node.trail, 1096)
    return {name: count for name, count in (await made.forget(now)).items() if count}


async def rows(side: AskingNode, query: str) -> list[tuple[Any, ...]]:
    async with side.node.pool.connection() as connection:
        return await (await connection.execute(query)).fetchall()


async def everything(side: AskingNode) -> str:
    """All that the tables of questions and follow-ups hold."""
    tables = ("partner_question", "partner_answer", "answer_given", "follow_up", "follow_up_step")
    return str([await rows(side, f"SELECT t::text FROM {one} t") for one in tables])


async def test_what_was_asked_is_forgotten_on_both_sides_and_entered(pair: Pair) -> None:
    one = await pair.standing()
    await pair.al.follow_ups.acknowledge(one.follow_up_id, "al.rel", NOW)
    await pair.al.follow_ups.clarify(one.follow_up_id, "al.rel", "which ferry was it", NOW)
    await pair.talk()
    await pair.al.follow_ups.refuse(one.follow_up_id, "al.rel", RefusedBecause.NOT_HELD, NOW)
    await pair.talk()
    for side in (pair.gb, pair.al):
        assert await forget(side, NOW + timedelta(days=1095)) == {}
        assert "AA111BB" in await everything(side)
    assert await forget(pair.gb, LATER) == {"asked of partners": 1, "follow-ups": 1}
    assert await forget(pair.al, LATER) == {"asked by partners": 1, "follow-ups": 1}
    for side, officer in ((pair.gb, "ian"), (pair.al, "GB:")):
        held = await everything(side)
        for gone in ("AA111BB", "C-2026-7", "grey van", "which ferry", officer, "al.rel"):
            assert gone not in held, gone
        assert await forget(side, LATER) == {}
        entered = "SELECT what ->> 'kind' FROM trail WHERE act = 'erasure' ORDER BY number"
        assert len(await rows(side, entered)) == 2
        assert await side.follow_ups.all_of("ian", releases=True) == []
        assert await side.follow_ups.look(LATER) == []
        with pytest.raises(NoSuchFollowUpError):
            await side.follow_ups.follow_up(one.follow_up_id, "ian", releases=True)
    assert await pair.gb.questions.newest("ian") == []
    with pytest.raises(NoSuchPartnerQuestionError):
        await pair.gb.questions.question(one.about, "ian")
    assert await pair.al.answers.sample("dpo", open_only=False) == []


async def test_nothing_is_forgotten_while_its_messages_are_kept(pair: Pair) -> None:
    await pair.written()
    async with pair.gb.node.pool.connection() as connection:
        await connection.execute(KEPT_MESSAGE)
    assert await forget(pair.gb, LATER) == {"follow-ups": 1}
    assert "AA111BB" in await everything(pair.gb)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE partner_question SET plate = 'ZZ999ZZ'",
        "UPDATE partner_question SET plate = ''",
        "UPDATE answer_given SET result = 'no_hit'",
        "UPDATE answer_given SET plate='', country='', vin='', officer='', why='{}', sampled=false",
        "UPDATE follow_up_step SET words = 'other words'",
        "DELETE FROM answer_given",
        "DELETE FROM partner_question",
        "TRUNCATE follow_up_step",
    ],
)
async def test_nothing_else_of_it_can_be_changed(pair: Pair, statement: str) -> None:
    await pair.standing()
    side = pair.al if "answer_given" in statement else pair.gb
    async with side.node.pool.connection() as connection:
        with pytest.raises(InsufficientPrivilege):
            await connection.execute(statement)
        await connection.rollback()
