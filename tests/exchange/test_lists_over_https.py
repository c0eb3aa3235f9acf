"""The whole way: a list over HTTPS, a vehicle seen, confirmed, told, taken back, withdrawn."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from exchanging import ExchangeNodes, exchanging, until
from invented import hotlist, listing, read
from morina.alerts import Step
from morina.exchange import Category
from morina.exchange.listing_fields import TELLABLE
from morina.exchange.lists import Stage
from morina.exchange.sightings import SightingState
from morina.wiring.exchange import lists
from told_lists import Told, telling
from two_nodes import sharing


@pytest.fixture
async def pair(engines, tmp_path) -> AsyncIterator[tuple[ExchangeNodes, Told, Told]]:
    async with (
        exchanging(engines.postgres, tmp_path, "GB", "AL") as nodes,
        telling(nodes, "GB") as gb,
        telling(nodes, "AL") as al,
    ):
        yield nodes, gb, al


async def test_a_list_goes_and_comes_back_as_a_sighting_that_is_taken_back(pair):
    nodes, gb, al = pair
    now = datetime.now(UTC)
    agreement = nodes.agree("GB", "AL", Category.HOTLIST, fields=frozenset(TELLABLE))
    nodes.agree("AL", "GB", Category.SIGHTING, fields=frozenset({"plate", "country"}))
    made = await gb.hotlists.create(hotlist())
    entry = replace(listing("AA11AAA"), valid_to=now + timedelta(days=9))
    await gb.hotlists.add(made.hotlist_id, entry, "a.owner")
    await gb.made.lists.share(sharing(made.hotlist_id, agreement), now)
    alert_id = await _confirmed(al)
    [told] = await until(lambda: al.made.sightings.told(alert_id))
    assert told.denied == ""
    [heard] = await until(gb.made.sightings.heard)
    assert (heard.listing_id, heard.told_by) == (entry.listing_id, "AL")
    assert heard.fields == {"plate": "AA11AAA", "country": "GB"}
    await al.alerts.take(alert_id, Step.REJECT, "an.officer", now, "another car")

    async def corrected() -> bool:
        [one] = await gb.made.sightings.heard()
        return one.state is SightingState.FALSE_POSITIVE

    await until(corrected)
    await gb.made.lists.stop(made.hotlist_id, "AL", "a.owner", datetime.now(UTC))

    async def gone() -> bool:
        return len(await al.matched()) == 0

    await until(gone)
    [state] = await gb.made.lists.shares()
    assert state.stage is Stage.STOPPED
    async with await psycopg.AsyncConnection.connect(gb.node.dsn) as connection:
        rows = await connection.execute("SELECT count(*) FROM exchange_message WHERE refused <> ''")
        assert await rows.fetchall() == [(0,)]


async def test_a_confirmation_is_told_by_its_own_notice(engines, tmp_path, monkeypatch):
    monkeypatch.setattr(lists, "LOOK_EVERY_S", 3600.0)
    async with (
        exchanging(engines.postgres, tmp_path, "GB", "AL") as nodes,
        telling(nodes, "GB") as gb,
        telling(nodes, "AL") as al,
    ):
        now = datetime.now(UTC)
        agreement = nodes.agree("GB", "AL", Category.HOTLIST, fields=frozenset(TELLABLE))
        nodes.agree("AL", "GB", Category.SIGHTING, fields=frozenset({"plate"}))
        made = await gb.hotlists.create(hotlist())
        entry = replace(listing("AA11AAA"), valid_to=now + timedelta(days=9))
        await gb.hotlists.add(made.hotlist_id, entry, "a.owner")
        await gb.made.lists.share(sharing(made.hotlist_id, agreement), now)
        await _confirmed(al)
        assert await until(gb.made.sightings.heard)


async def _confirmed(al: Told) -> UUID:
    """An alert on the partner's entry as soon as it is here, confirmed by an officer."""
    now = datetime.now(UTC)
    one = read("AA11AAA", captured_at=now, received_at=now)

    async def hits() -> list[object]:
        return (await al.matched()).match(one)

    [hit] = await until(hits)
    [alert] = await al.alerts.raise_for([(one, hit)], now)
    await al.alerts.take(alert.alert_id, Step.ACKNOWLEDGE, "an.officer", now)
    await al.alerts.transcribe(alert.alert_id, "an.officer", "AA11AAA", now)
    await al.alerts.take(alert.alert_id, Step.CONFIRM, "an.officer", now)
    return alert.alert_id
