"""A question and a follow-up between two real nodes over HTTPS, sealed, with receipts."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from asking_nodes import NAME_TOLD, purpose, to_ask, wanted
from asking_over_https import began
from exchanging import ExchangeNodes, exchanging
from morina.accountability.approvals import Verdict
from morina.exchange import Category
from morina.exchange.adapters.postgres_register import import_register
from morina.exchange.follow_ups import Grant, Handling, Stage
from morina.exchange.questions import Result, State
from morina.exchange.register import Named

PLATE = Named.of("AA111BB", "AL")
CAR = "AA111BB,AL,WVWZZZ1KZAW000001,Volkswagen,Golf,silver,registered,2019-03-01"


@pytest.fixture
async def nodes(engines: Any, tmp_path: Path) -> AsyncIterator[ExchangeNodes]:
    async with exchanging(engines.postgres, tmp_path, "AL", "GB") as made:
        yield made


async def test_a_hit_a_follow_up_and_its_release_pass_between_two_nodes(
    nodes: ExchangeNodes,
) -> None:
    now = datetime.now(UTC)
    told = frozenset({"category", "plate", "make", "model", "colour"})
    nodes.agree("AL", "GB", Category.VEHICLE, fields=told)
    nodes.agree("AL", "GB", Category.FOLLOW_UP, fields=frozenset({"holder_name"}))
    async with await psycopg.AsyncConnection.connect(nodes["AL"].dsn, autocommit=True) as opened:
        head = "plate,register_country,vin,make,model,colour,status,valid_from"
        await import_register(opened, [head, CAR])
    async with AsyncExitStack() as stack:
        gb, al = await began(nodes["GB"], stack), await began(nodes["AL"], stack)
        [one] = await gb.questions.ask(to_ask(PLATE), now)

        async def answered() -> Any:
            return (await gb.questions.question(one.question_id, "ian")).answer

        answer = await nodes["GB"].until(answered)
        assert answer.result is Result.HIT
        assert answer.found == (
            {"category": "registered", "plate": "AA111BB", "make": "Volkswagen", "model": "Golf",
             "colour": "silver"},
        )  # fmt: skip
        asked = await gb.questions.question(one.question_id, "ian")
        assert asked.state(now) is State.ANSWERED and gb.questions.messages is not None
        messages = gb.questions.messages

        async def received() -> Any:
            return (await messages.became([one.question_id]))[one.question_id].received_at

        assert await nodes["GB"].until(received)

        follow = await gb.follow_ups.write(wanted(one.question_id, officers=()), now)
        assert follow.approval_id is not None
        verdict = Verdict("sup", True, "it is needed for the case")
        await gb.follow_ups.approvals.decide(follow.approval_id, verdict, now)
        await gb.follow_ups.send(follow.follow_up_id, "ian", datetime.now(UTC))

        async def standing() -> Any:
            return await al.follow_ups.all_of("al.rel", releases=True)

        assert await nodes["AL"].until(standing)
        await al.follow_ups.acknowledge(follow.follow_up_id, "al.rel", datetime.now(UTC))
        grant = Grant(fields={"holder_name": NAME_TOLD}, handling=Handling.POLICE_USE,
                      forget_at=now + timedelta(days=3))  # fmt: skip
        await al.follow_ups.grant(follow.follow_up_id, "al.rel", grant, datetime.now(UTC))

        async def released() -> Any:
            found = await gb.follow_ups.follow_up(follow.follow_up_id, "ian", releases=False)
            return found.granted if found.stage is Stage.GRANTED else None

        assert await nodes["GB"].until(released) == grant
        with_hash = await nodes["GB"].rows(
            "SELECT count(*) FROM exchange_message WHERE in_reply_to IS NOT NULL AND NOT is_ours"
        )
        assert with_hash[0][0] >= 3


async def test_a_question_turned_down_there_says_so_here(nodes: ExchangeNodes) -> None:
    agreement = nodes.agree("AL", "GB", Category.VEHICLE, fields=frozenset({"category"}))
    async with AsyncExitStack() as stack:
        gb = await began(nodes["GB"], stack)
        await began(nodes["AL"], stack)
        nodes["AL"].known.drop("GB")
        [one] = await gb.questions.ask(to_ask(PLATE, purpose=purpose()), datetime.now(UTC))
        nodes.change(agreement, ended=True)
        nodes["AL"].known.put(nodes["GB"].party)

        async def turned_down() -> Any:
            return (await gb.questions.question(one.question_id, "ian")).became.turned_down

        assert "no agreement" in await nodes["GB"].until(turned_down)
