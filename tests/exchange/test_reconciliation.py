"""What you say you sent me, and what I have: compared, and what is missing asked again."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from exchanging import ExchangeNode, ExchangeNodes, exchanging, until
from morina.exchange import Category, Kind
from morina.exchange.checkpoints import Side, compared, missing
from morina.exchange.delivering import Report, SoughtMessages, State, Verdict


@pytest.fixture
async def nodes(engines: Any, tmp_path: Path) -> AsyncIterator[ExchangeNodes]:
    async with exchanging(engines.postgres, tmp_path, "AL", "GB") as started:
        agreement = started.agree("AL", "GB", Category.SIGHTING)
        for _ in range(5):
            await started["AL"].post("GB", Kind.SIGHTING, agreement)
        await until(lambda: started["GB"].has_kept(5))
        await until(lambda: _none_waits(started["AL"]))
        yield started


async def test_both_sides_agree(nodes: ExchangeNodes) -> None:
    reports = await _compared(nodes, "AL", "GB")
    assert {(one.sender, one.verdict, one.theirs, one.ours) for one in reports} == {
        ("AL", Verdict.AGREES, 5, 5), ("GB", Verdict.AGREES, 0, 0)
    }  # fmt: skip


async def test_what_was_lost_is_found_asked_again_and_comes(nodes: ExchangeNodes) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    await gb.rows("DELETE FROM exchange_message WHERE seq IN (2, 4) AND NOT is_ours")
    await gb.rows("DELETE FROM took")
    reports = await _compared(nodes, "AL", "GB")
    (lost,) = [one for one in reports if one.sender == "AL"]
    assert (lost.verdict, lost.theirs, lost.ours, lost.missing) == (Verdict.MISSING, 5, 3, (2, 4))
    await until(lambda: gb.has_kept(2))
    assert {one.seq for one in gb.took.messages[5:]} == {2, 4}
    reports = await _compared(nodes, "AL", "GB")
    assert all(one.verdict is Verdict.AGREES for one in reports[:2])
    assert await gb.rows("SELECT count(*) FROM exchange_attack") == [(0,)]
    await until(lambda: _none_waits(al))


async def test_a_record_changed_on_one_side_shows(nodes: ExchangeNodes) -> None:
    gb = nodes["GB"]
    await gb.rows("UPDATE exchange_message SET digest = repeat('ab', 32) WHERE seq = 3")
    reports = await _compared(nodes, "AL", "GB")
    assert [one.verdict for one in reports if one.sender == "AL"] == [Verdict.DIFFERS]
    troubles = await gb.on.delivery.deliveries.troubles(datetime.now(UTC))
    assert any("differs" in one for one in troubles)


async def test_a_sender_that_lost_its_own_is_told_so(nodes: ExchangeNodes) -> None:
    """AL's record of what it sent has a hole: GB has more than AL says it sent."""
    await nodes["AL"].rows("DELETE FROM exchange_message WHERE seq = 3 AND is_ours")
    reports = await _compared(nodes, "AL", "GB")
    (lost,) = [one for one in reports if one.sender == "AL"]
    assert (lost.verdict, lost.theirs, lost.ours) == (Verdict.MISSING, 4, 5)


async def test_the_next_checkpoint_begins_where_both_agreed(nodes: ExchangeNodes) -> None:
    await _compared(nodes, "AL", "GB")
    await _compared(nodes, "GB", "AL")
    al = nodes["AL"]
    await al.on.delivery.comparing.send("GB", datetime.now(UTC))
    (newest,) = await al.on.delivery.deliveries.messages(SoughtMessages(limit=1))
    message = await al.on.delivery.deliveries.message(newest.message_id)
    assert message
    assert Side.read(message.said["sent"]).first == 7


async def test_a_checkpoint_is_due_once_a_day_for_whom_something_passed_with(
    nodes: ExchangeNodes,
) -> None:
    al, now = nodes["AL"], datetime.now(UTC)
    upkeep = al.on.delivery.upkeep
    assert await upkeep.due("AL", now - timedelta(days=1)) == []
    assert await upkeep.due("AL", now) == ["GB"]
    await al.on.delivery.comparing.send("GB", datetime.now(UTC))
    assert await upkeep.due("AL", now) == []


@pytest.mark.parametrize("said", [{}, {"first": 0, "last": 1, "count": 1, "root": "a"},
                                  {"first": 1, "last": True, "count": 1, "root": "a"}])  # fmt: skip
def test_what_is_no_side_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="checkpoint"):
        Side.read(said)


def test_sides_compare_by_count_then_by_root() -> None:
    one, two = "11" * 32, "22" * 32
    side = Side.of(1, 2, [one, two])
    assert compared(side, side) is Verdict.AGREES
    assert compared(side, Side.of(1, 2, [two, one])) is Verdict.DIFFERS
    assert compared(side, Side.of(1, 2, [one])) is Verdict.MISSING
    assert missing(side, [2]) == (1,)


async def _compared(nodes: ExchangeNodes, sender: str, to: str) -> list[Report]:
    """Have a checkpoint sent; the two reports of it, newest first."""
    deliveries = nodes[to].on.delivery.deliveries
    before = len(await deliveries.reports(sender))
    await nodes[sender].on.delivery.deliveries.compare_now(to, datetime.now(UTC))

    async def more() -> list[Report]:
        found = list(await deliveries.reports(sender))
        return found if len(found) > before else []

    return (await until(more))[:2]


async def _none_waits(node: ExchangeNode) -> bool:
    sought = SoughtMessages(state=State.WAITING)
    return not await node.on.delivery.deliveries.messages(sought)
