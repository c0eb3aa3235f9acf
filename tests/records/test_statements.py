"""A chain of statements holds, or names the first that does not."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from morina.accountability.signing import Signer
from morina.records.adapters.folder_statements import FolderStatements
from morina.records.statements import RefusedStatementError, Statement, verified

NOW = datetime(2026, 11, 22, 0, 5, tzinfo=UTC)
SIGNER = Signer.of("A" * 43)


@pytest.fixture
def chain(tmp_path: Path) -> list[Statement]:
    kept = FolderStatements(tmp_path / "statements", SIGNER)
    for number in range(3):
        kept.add({"kind": "daily", "texts_removed": number}, NOW)
    return FolderStatements(tmp_path / "statements").all()


def test_a_chain_holds_and_names_its_key(chain: list[Statement]) -> None:
    assert [one.number for one in chain] == [1, 2, 3]
    assert chain[2].said["previous"] == chain[1].sha256 and chain[0].said["previous"] == ""
    assert verified(chain) == SIGNER.public.text == verified(chain, SIGNER.public.text)


def test_a_statement_changed_left_out_or_exchanged_is_named(chain: list[Statement]) -> None:
    whole = json.loads(chain[1].raw)
    whole["statement"]["texts_removed"] = 7
    changed = Statement(json.dumps(whole).encode())
    for broken, place in (
        ([chain[0], changed, chain[2]], "after number 1"),
        ([chain[0], chain[2]], "after number 1"),
        (chain[1:], "the first one"),
        ([*chain[:2], chain[1]], "after number 2"),
        ([Statement(b"{}"), *chain[1:]], "the first one"),
    ):
        with pytest.raises(RefusedStatementError, match=place):
            verified(broken)


def test_another_key_than_the_one_written_down_does_not_hold(chain: list[Statement]) -> None:
    other = Signer.of("B" * 42 + "A")
    with pytest.raises(RefusedStatementError, match="the first one"):
        verified(chain, other.public.text)


def test_a_statement_rewritten_with_another_layout_breaks_the_next(chain: list[Statement]) -> None:
    rewritten = Statement(json.dumps(json.loads(chain[1].raw), indent=1).encode())
    with pytest.raises(RefusedStatementError, match="after number 2"):
        verified([chain[0], rewritten, chain[2]])


def test_statements_cannot_be_made_without_the_key(tmp_path: Path) -> None:
    with pytest.raises(PermissionError):
        FolderStatements(tmp_path).add({}, NOW)
