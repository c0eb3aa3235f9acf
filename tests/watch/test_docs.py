import re
from datetime import UTC, datetime
from pathlib import Path

from morina.watch import (
    FIELD_NAMES,
    MOST_ROWS,
    Action,
    ReasonCode,
    SubjectCategory,
    dump_hotlist,
    parse_hotlist,
)
from morina.watch.fields import FIELDS

PAGE = (Path(__file__).parents[2] / "docs" / "hotlists.md").read_text()
ROWS = re.findall(r"^\| `(\w+)` \| (yes|) ?\| (.*) \|$", PAGE, re.MULTILINE)


def test_the_example_is_taken_and_comes_back_byte_for_byte():
    found = re.search(r"<!-- example -->\n```csv\n(.*?)```", PAGE, re.DOTALL)
    assert found
    content = found[1].encode()
    listings = parse_hotlist(content, "csv", now=datetime(2026, 11, 1, tzinfo=UTC))
    assert len(listings) == 2
    assert dump_hotlist(listings, "csv") == content


def test_every_column_is_documented_in_its_order_and_as_required_or_not():
    documented = [(name, bool(required)) for name, required, _ in ROWS]
    assert documented == [(field.name, field.required) for field in FIELDS]


def test_every_code_is_documented_beside_its_column():
    texts = {name: text for name, _, text in ROWS}
    for name, codes in (
        ("reason_code", ReasonCode),
        ("subject_category", SubjectCategory),
        ("action", Action),
    ):
        assert re.findall(r"`(\w+)`", texts[name]) == [code.value for code in codes]


def test_the_limits_are_those_of_the_program():
    assert f"At most {MOST_ROWS:,} listings" in PAGE
    assert {field.longest for field in FIELDS if field.name != "instruction"} == {200}
    assert "up to 2,000 characters" in PAGE
    assert {field.name: field.longest for field in FIELDS}["instruction"] == 2000
    assert "instruction" in FIELD_NAMES
