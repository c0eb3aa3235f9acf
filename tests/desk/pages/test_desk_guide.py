"""The guide of the desk tells what is true."""

from pathlib import Path

import pytest

from morina.alerts import Step
from morina.desk.pages.alert_row import URGENT
from morina.desk.pages.board import SECTIONS
from morina.desk.pages.frame import SHORTCUTS
from morina.desk.places import PLACES

GUIDE = (Path(__file__).parents[3] / "docs" / "desk.md").read_text()


@pytest.mark.parametrize(("key", "does"), SHORTCUTS)
def test_every_shortcut_is_in_the_guide(key: str, does: str) -> None:
    assert f"| {key} | {does} |" in GUIDE


def test_every_section_of_the_desk_is_in_the_guide() -> None:
    for title, _ in SECTIONS.values():
        assert f"| {title} |" in GUIDE
    for _, name in PLACES:
        assert f"## {name}\n" in GUIDE or f"**{name}**" in GUIDE


def test_every_step_an_officer_takes_is_in_the_guide() -> None:
    for step in set(Step) - {Step.EXPIRE}:
        assert f"**{step.value.capitalize()}**" in GUIDE
    assert f"({URGENT} and above is marked)" in GUIDE
