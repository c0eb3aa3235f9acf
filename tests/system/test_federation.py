"""Three nodes, disturbed at random: nothing arrives that may not, and the oracle would see it."""

import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from federating import drawing, setting_up
from federating.drawing import Book
from federating.driving import Driver, drained
from federating.judging import judged
from federating.network import network
from federating.nodes import nodes_in
from federation import DRAIN_S, QUICK, tried

SMALL = replace(QUICK, agreements=15, acts=100, rounds=2)


async def test_nothing_is_lost_and_nothing_arrives_that_is_not_agreed() -> None:
    found = await tried(SMALL, seed=3)
    assert found["missed"] == []
    assert found["counts"]["acted on"] > 50


async def test_the_oracle_sees_what_a_node_acts_on_without_an_agreement(
    reachable_folder: Path,
) -> None:
    folder = reachable_folder / "heedless"
    folder.mkdir(mode=0o755)
    with network(["AL", "GB"]) as net:
        async with nodes_in(net, folder, heedless=True) as nodes:
            driver = Driver(nodes, net, Book(drawing.now()), random.Random(3))
            await setting_up.prepare(driver)
            await setting_up.agree(driver, _open(driver), driver.dice)
            await setting_up.share_all(driver)
            await _told_for_another_purpose(driver)
            assert await drained(driver, DRAIN_S) == []
            found = judged(nodes, driver.book)
    assert found.counts["MISSED not allowed and acted on"] == 2


def _open(driver: Driver) -> list[dict[str, Any]]:
    """Lists and sightings both ways, for one purpose, in force."""
    texts = drawing.agreements(list(driver.nodes), 10, driver.book.begun, driver.dice)
    for_ever = {"valid_from": "2026-01-01T00:00:00+00:00", "valid_to": "2036-01-01T00:00:00+00:00"}
    same = for_ever | {"purposes": ["stolen_vehicle"], "camera_groups": ["*"], "max_age_days": 0}
    return [one | same for one in texts if one["category"] in ("hotlist", "sighting")]


async def _told_for_another_purpose(driver: Driver) -> None:
    for text in driver.book.newest("sighting"):
        listed = driver.book.lists[text["receiver"]]
        said = {"sighting_id": text["agreement_id"], "list_id": listed["hotlist"],
                "listing_id": listed["listing"], "state": 3}  # fmt: skip
        why = {"agreement": text["agreement_id"], "purpose": "serious_crime", "officer": "ian"}
        item = {"fields": {"plate": "AA111BB"}, "group": "border", "age_s": 60}
        await driver.post(text["giver"], {
            "to": text["receiver"], "kind": "sighting", "said": said, "items": [item],
            "why": why, "forced": True,
        })  # fmt: skip
