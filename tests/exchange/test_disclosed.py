"""Whom of the partners a plate was told to: asked of what was really told."""

from datetime import timedelta

import pytest
from tests.exchange.test_follow_ups import granted, pair
from tests.exchange.test_sightings import CONFIRMED, agreements, al, entry, gb

from invented import NOW
from morina.exchange.adapters.postgres_disclosed import PostgresDisclosed
from morina.exchange.disclosed import Disclosure
from morina.exchange.register import Named
from morina.plates import Plate

__all__ = ["agreements", "al", "entry", "gb", "pair"]


async def test_answers_and_released_details_are_disclosures(pair) -> None:
    await granted(pair)
    disclosed = PostgresDisclosed(pair.al.node.pool)
    told = await disclosed.of_plate("AA111BB")
    assert sorted(one.what for one in told) == ["answer", "follow_up"]
    assert {one.partner for one in told} == {"GB"}
    assert [one.officer for one in told if one.what == "follow_up"] == ["al.rel"]
    assert await disclosed.of_plate("AA111BC") == []
    assert await PostgresDisclosed(pair.gb.node.pool).of_plate("AA111BB") == []


async def test_an_answer_that_nothing_is_known_is_one_too(pair) -> None:
    plate = Plate.of("AA222CC", "AL")
    await pair.asked(Named(plate=plate), NOW + timedelta(minutes=1))
    [told] = await PostgresDisclosed(pair.al.node.pool).of_plate("AA222CC")
    assert (told.what, told.partner) == ("answer", "GB")


@pytest.mark.usefixtures("entry")
async def test_sightings_and_shared_entries_are_disclosures(al, gb) -> None:
    await al.work(await al.hit(), *CONFIRMED)
    await al.telling.once(NOW)
    [told] = await PostgresDisclosed(al.pool).of_plate("AA11AAA")
    assert told == Disclosure("GB", NOW, "sighting", "", "")
    [shared] = await PostgresDisclosed(gb.pool).of_plate("AA11AAA")
    assert (shared.what, shared.partner) == ("hotlist", "AL")
    assert shared.case_number and shared.officer
