"""An export taken out of a running node, and checked without one."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from invented import read
from kept_reads import kept
from running import START_WITHIN_S, RunningNode, morina

PURPOSE = ("--purpose", "stolen_vehicle", "--case", "C-117", "--basis", "Invented Act")
WHY = ("--why", "stolen on Monday evening near the mill")


@pytest.fixture
def token(node: RunningNode, tmp_path: Path) -> Path:
    """A file with an officer's token."""
    file = tmp_path / "token"
    file.touch(0o600)
    file.write_text(node.token())
    return file


def verify(*arguments: str) -> tuple[int, str]:
    """The command as somebody elsewhere gives it, without a home."""
    with morina(["records", "verify", *arguments], {}) as process:
        output, _ = process.communicate(timeout=START_WITHIN_S)
        return process.returncode, output


def test_an_export_is_taken_out_checked_and_found_changed(
    node: RunningNode, token: Path, tmp_path: Path
) -> None:
    at = datetime.now(UTC) - timedelta(minutes=5)
    passed = read("EX17ORT", captured_at=at, received_at=at, evidence=None)
    kept(node, token.read_text(), [passed])
    asked = ("--plate", "EX17ORT", "--format", "csv", *PURPOSE, *WHY, "--token", str(token))
    folder = tmp_path / "case"
    taken = node.command("records", "export", str(folder), *asked)
    assert taken.returncode == 0, taken.stdout
    assert "1 rows for case C-117, audit reference" in taken.stdout
    log = node.command("records", "consultations", "--json", "--token", str(token))
    assert "export as csv of" in log.stdout
    with (folder / "reads.csv").open(newline="") as stream:
        [row] = csv.DictReader(stream)
    assert row["plate"] == "EX17ORT"

    key = node.command("records", "key").stdout.splitlines()[0]
    status, said = verify(str(folder), "--key", key)
    assert (status, "the signature holds, by the key" in said) == (0, True), said
    status, said = verify(str(folder))
    assert (status, "give it with --key" in said) == (0, True), said
    status, said = verify(str(folder), "--key", "ab" * 32)
    assert (status, "not with" in said) == (1, True), said
    file = folder / "reads.csv"
    file.write_text(file.read_text().replace("EX17ORT", "EX18ORT"))
    status, said = verify(str(folder), "--key", key)
    assert (status, "reads.csv was changed" in said) == (1, True), said
    again = node.command("records", "export", str(folder), *asked)
    assert (again.returncode, "name a new folder" in again.stdout) == (1, True)
