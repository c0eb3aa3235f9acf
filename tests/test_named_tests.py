"""Every test that the docs and the papers name is there, and every harm's test is named."""

import re
from pathlib import Path

import pytest

from morina.desk.duties.assessment import _RISKS
from morina.desk.duties.controls import CONTROLS

ROOT = Path(__file__).parent.parent
PAGES = ("harms", "threats")
NAMED = re.compile(r"`(tests/[^`:]+)::([\w*]+)`")


def named(page: str) -> list[tuple[str, str]]:
    """File and name of each test on a page."""
    return NAMED.findall((ROOT / "docs" / f"{page}.md").read_text())


@pytest.mark.parametrize("page", PAGES)
def test_each_test_the_page_names_is_there(page: str) -> None:
    assert len(named(page)) > 15
    for path, name in named(page):
        text = (ROOT / path).read_text()
        assert name == "*" or f"def {name}(" in text, f"{path}::{name}"


@pytest.mark.parametrize("page", PAGES)
def test_each_row_has_a_control_and_a_test(page: str) -> None:
    rows = [
        line
        for line in (ROOT / "docs" / f"{page}.md").read_text().splitlines()
        if line.startswith("| ") and not line.startswith(("| harm |", "| threat |"))
    ]
    assert len(rows) > 15
    for row in rows:
        assert all(NAMED.findall(row)) and NAMED.search(row), row
        assert row.split("|")[2].strip(), row


def test_each_test_named_after_a_harm_is_on_the_page() -> None:
    tests = re.findall(r"def (test_harm_\w+)\(", (ROOT / "tests" / "test_harms.py").read_text())
    assert set(tests) <= {name for _, name in named("harms")}


def test_the_tests_named_in_the_papers_are_there() -> None:
    files = [test for _, _, test in _RISKS] + [test for one in CONTROLS for test in one.tests]
    assert len(files) > 10
    for file in files:
        assert (ROOT / file).exists(), file
