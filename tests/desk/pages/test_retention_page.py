"""What the page of retention and the counter say, without a browser."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest

from morina.accountability import User
from morina.accountability.signing import Signer
from morina.desk.pages.retention_lines import (
    LIMITS_SAID,
    Row,
    asked,
    chain,
    counter,
    pinned,
    policies,
    stated,
)
from morina.desk.pages.site_lines import Line
from morina.desk.pages.visit import Visit
from morina.desk.services import Services
from morina.desk.words import Words
from morina.records.adapters.folder_statements import FolderStatements
from morina.records.erasing import Asked, Erased, ErasureStage
from morina.records.forgetting import LIMITS
from morina.records.pins import CaseOfPins
from morina.records.remembered import Remembered
from morina.records.retention import Group, Retention
from morina.records.statements import Statement, chain_of

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SIGNER = Signer.of("A" * 43)
TOLD = Remembered(
    day=TODAY, reads=1_234_567, oldest=date(2026, 8, 25), due=13_000, overdue=0, dropped=12_000,
    dropped_on=TODAY,
)  # fmt: skip
SAID: dict[str, Any] = {
    "kind": "daily",
    "due": [{"table": "reads", "rows": 40}, {"table": "passed", "rows": 40}],
    "dropped": [{"table": "reads", "rows": 30}],
    "still_there": [{"table": "reads", "rows": 10}],
    "pictures": {"due": 9, "removed": 8, "unreferred_removed": 2},
    "alerts_forgotten": {"alerts": 3, "in_files": ""},
    "files_left": 0,
}


def visit(language: str = "en") -> Visit:
    user = User(name="arta", full_name="Arta", time_zone="UTC")
    return Visit(cast(Services, None), user, Words(language))


def said(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


def wrong(lines: list[Line]) -> list[str]:
    return [line.text for line in lines if "faulty" in line.classes]


def cells(row: Row) -> list[list[str]]:
    return [[line.text for line in cell] for cell in row.cells]


def test_the_counter_says_how_much_how_old_what_goes_and_what_went() -> None:
    assert said(counter(TOLD, visit())) == [
        "1,234,567 reads remembered", "the oldest 89 days old", "13,000 due tonight",
        "12,000 dropped last night",
    ]  # fmt: skip
    assert wrong(counter(TOLD, visit())) == []
    assert said(counter(TOLD, visit("sq")))[2] == "13\xa0000 hiqen sonte"


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"overdue": 7}, "7 should be gone already"),
        ({"dropped_on": None}, "nothing was forgotten here yet"),
        ({"dropped_on": TODAY - timedelta(days=2)},
         "not forgotten since 20 Nov 2026: 12,000 dropped then"),
    ],
)  # fmt: skip
def test_what_should_be_gone_is_marked(fields: dict[str, Any], what: str) -> None:
    assert wrong(counter(replace(TOLD, **fields), visit())) == [what]


def test_an_empty_node_and_the_hour_before_five_past_midnight_are_no_fault() -> None:
    empty = replace(TOLD, reads=0, oldest=None, due=0, dropped=0)
    assert said(counter(empty, visit()))[0] == "0 reads remembered"
    early = replace(TOLD, dropped_on=TODAY - timedelta(days=1))
    for told in (empty, early):
        assert wrong(counter(told, visit())) == []


def test_policies_name_who_answers_and_every_list() -> None:
    gate = Group(name="gate", owner="Border police", policy="Order 12", days=30,
                 cameras=frozenset({"gate-2", "gate-1"}), match_and_forget=True)  # fmt: skip
    town = Group(name="town", owner="Town", policy="Order 8", days=1, sites=frozenset({"Kukes"}))
    rules = Retention(groups=(gate, town), lists={"Missing persons": 365})
    assert [cells(row) for row in policies(rules, Words("en"))] == [
        [["gate", "gate-1, gate-2"], ["only hits, 30 days"], ["Border police"], ["Order 12"]],
        [["town", "site Kukes"], ["1 day"], ["Town"], ["Order 8"]],
        [["all other cameras"], ["90 days"], [], []],
        [["alerts, after they are closed"], ["90 days"], [], []],
        [["closed alerts of the hotlist Missing persons"], ["365 days"], [], []],
    ]
    [first, *_] = policies(Retention(), Words("en"))
    assert cells(first)[0] == ["all cameras"]


@pytest.fixture
def kept(tmp_path: Path) -> list[Statement]:
    statements = FolderStatements(tmp_path / "statements", SIGNER)
    statements.add(SAID, NOW)
    erasure = {
        "kind": "erasure", "reference": "ER-1", "reads_removed": 4,
        "pictures": {"removed": 5, "shared_and_kept": 0},
        "alerts_forgotten": {"alerts": 0, "in_files": ""},
    }  # fmt: skip
    statements.add(erasure, NOW)
    return statements.all()


def test_a_statement_says_what_went_and_what_did_not(kept: list[Statement]) -> None:
    row = stated(kept[0], visit())
    assert cells(row) == [
        ["22 Nov 2026"], ["40"], ["30", "10 still there"], ["10"], ["3"],
    ]  # fmt: skip
    assert wrong([line for cell in row.cells for line in cell]) == ["10 still there"]
    assert cells(stated(kept[1], visit())) == [
        ["22 Nov 2026", "erasure of one plate, request ER-1"], [], ["4"], ["5"], ["0"],
    ]  # fmt: skip


def test_a_broken_chain_is_said_and_a_whole_one_tells_what_to_note(kept: list[Statement]) -> None:
    holds = chain(chain_of(kept, SIGNER.public.text), Words("en"))
    assert said(holds) == [
        "2 statements: all signed by this node and chained.",
        f"Note the last one elsewhere: number 2, SHA-256 {kept[1].sha256}",
    ]
    [broken] = chain(chain_of(kept[1:], SIGNER.public.text), Words("en"))
    assert broken.classes == "wrong" and "the first one does not hold" in broken.text
    [none] = chain(chain_of([], SIGNER.public.text), Words("en"))
    assert none.classes == ""


def test_a_review_that_is_due_is_marked() -> None:
    case = CaseOfPins(case_number="C-7", reads=1200, plates=2, review_at=TODAY, pinned_by=("ana",))
    row = pinned(case, visit(), TODAY)
    assert cells(row) == [
        ["C-7"], ["1,200"], ["2"], ["22 Nov 2026", "the review is due"], ["ana"],
    ]  # fmt: skip
    later = pinned(replace(case, review_at=TODAY + timedelta(days=1)), visit(), TODAY)
    assert wrong([line for cell in later.cells for line in cell]) == []


def test_an_erasure_tells_how_far_it_is_and_what_stays(kept: list[Statement]) -> None:
    erased = Erased(
        reads=1, mentions=0, pictures=2, pictures_shared=0, alerts=0, under_alerts=2, pinned=3,
        suspected_clones=1, cases=("C-7", "C-8"), statement=kept[1],
    )  # fmt: skip
    one = Asked(erasure_id=uuid4(), reference="ER-1", by="ana", begun_at=NOW,
                stage=ErasureStage.DONE, erased=erased)  # fmt: skip
    assert cells(asked(one, visit()))[3] == [
        "done: 1 read removed", "2 reads stay until their alerts are decided",
        "3 stay pinned to C-7, C-8", "1 label of a suspected clone stays",
    ]  # fmt: skip
    going = replace(one, stage=ErasureStage.UNDER_WAY, erased=None)
    assert cells(asked(going, visit()))[3] == ["under way: files take minutes to go"]
    failed = asked(replace(going, stage=ErasureStage.FAILED), visit())
    assert wrong(list(failed.cells[3]))


def test_what_is_not_promised_is_translated() -> None:
    assert LIMITS_SAID == LIMITS
    for text in LIMITS:
        assert Words("sq")(text) != text
