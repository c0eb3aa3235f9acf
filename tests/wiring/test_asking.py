"""The kinds of question a node can answer."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter

from morina.alerts.ahead import Ahead
from morina.cli.options import AskedKind
from morina.records import Period
from morina.records.convoy_chance import Chance
from morina.records.convoy_companion import Companion
from morina.records.finding import FindPassages
from morina.records.journeys import Travelled
from morina.records.questions import Scope
from morina.records.running import Rows
from morina.records.texts import Wildcard
from morina.records.weighing import facts_of
from morina.sense.cameras import CameraRegistry
from morina.settings import Settings
from morina.wiring import answer_tables, asking_commands
from morina.wiring.asking import kinds_of
from morina.wiring.refused import RefusedError

PAGE = (Path(__file__).parents[2] / "docs" / "records.md").read_text()
KINDS = kinds_of(cast(Rows, None), cast(CameraRegistry, None), Settings(), cast(Travelled, None))


def test_every_kind_is_on_the_page_once_and_has_a_name_and_a_type_of_its_own() -> None:
    assert (
        len({kind.name for kind in KINDS}) == len({kind.question for kind in KINDS}) == len(KINDS)
    )
    for kind in KINDS:
        assert f"`{kind.name}`" in PAGE, kind.name


def test_every_kind_can_be_asked_by_command_and_has_a_table() -> None:
    names = {kind.name for kind in KINDS}
    assert {kind.value for kind in AskedKind} == names == answer_tables.KINDS.keys()


def test_a_week_that_lies_before_all_time_is_refused_in_words() -> None:
    begins = datetime(1, 1, 2, tzinfo=UTC)
    wanted = asking_commands.Wanted(text={}, purpose={}, until=begins)
    with pytest.raises(RefusedError, match="--until 0001-01-02: no week is before it; say --since"):
        asking_commands._scope(wanted, ZoneInfo("UTC"))


def test_a_companion_is_a_row_of_its_table() -> None:
    one = Companion(
        plate="AA555ZX", convoy=False, perhaps_itself=True, places=3, journeys=2, met=(),
        chance=Chance(0.1, 0.01, 0.5), words="met at 3 of 4 places",
    )  # fmt: skip
    found = TypeAdapter(Companion).dump_python(one, mode="json")
    table = answer_tables.table_of("convoy", [{"found": [found]}], ZoneInfo("UTC"))
    assert [list(column.cells) for column in table.columns] == [
        ["AA555ZX"], ["perhaps the vehicle itself"], ["3"], ["2"], ["met at 3 of 4 places"],
    ]  # fmt: skip


def test_a_camera_ahead_is_a_row_of_its_table() -> None:
    soon, late = (datetime(2026, 3, 2, 12, minute, tzinfo=UTC) for minute in (10, 15))
    one = Ahead(camera_id="south-1", share=0.6, travels=1060, passed=1766, usual_at=soon,
                slow_at=late, over=True)  # fmt: skip
    found = TypeAdapter(Ahead).dump_python(one, mode="json")
    table = answer_tables.ahead_table([found], ZoneInfo("Europe/Tirane"))
    assert [list(column.cells) for column in table.columns] == [
        ["south-1"], ["60%"], ["1,060 of 1,766"], ["2026-03-02 13:10:00 +0100"],
        ["2026-03-02 13:15:00 +0100 (over)"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "is_pattern"), [("With four known characters or more", False), ("With fewer", True)]
)
def test_the_page_says_by_example_which_wildcard_names_no_vehicle(
    words: str, is_pattern: bool
) -> None:
    [example] = re.findall(words + ", such as `([^`]+)`", " ".join(PAGE.split()))
    now = datetime(2026, 3, 2, tzinfo=UTC)
    week = Scope(period=Period(now - timedelta(days=7), now))
    asked = FindPassages(scope=week, text=Wildcard(example))
    assert facts_of(KINDS[0], asked, now).is_pattern is is_pattern
