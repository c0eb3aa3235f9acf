"""An import cut off anywhere goes on where it was: nothing twice, nothing lost."""

import csv
from pathlib import Path

import pytest

from history import (
    CSV_MAPPING,
    JSON_MAPPING,
    PARQUET_MAPPING,
    RememberingNode,
    mapping,
    rows,
    write_csv,
    write_jsonl,
    write_parquet,
)
from morina.records.imports import rows as rows_module
from morina.records.imports.progress import Beside, Progress, ProgressError, sha256_of
from morina.records.imports.sending import Sending


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module.parts_of, "__defaults__", (5,))


def sending(
    file: Path, how: bytes, node: RememberingNode, resume: bool = False, key: str = "m"
) -> Sending:
    beside = Beside(file)
    begin = beside.resume if resume else beside.begin
    return Sending(node, mapping(how), beside, begin(sha256_of(file), key))


def report(file: Path) -> list[dict[str, str]]:
    with Beside(file).report_file.open(newline="") as stream:
        return list(csv.DictReader(stream))


async def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    file = write_jsonl(tmp_path / "history.jsonl", rows(23))
    node = RememberingNode()
    done = await sending(file, JSON_MAPPING, node).run()
    assert (done.kept, done.unread, done.refused, done.done) == (23, 2, 0, True)
    before = dict(node.kept)
    assert len(before) == 23
    await sending(file, JSON_MAPPING, node).run()
    assert node.kept == before
    parts = node.parts
    await sending(file, JSON_MAPPING, node, resume=True).run()
    assert node.parts == parts  # nothing is left, nothing is sent


@pytest.mark.parametrize("cut_after", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("form", ["jsonl", "parquet"])
async def test_cut_off_after_any_part_and_resumed_all_is_there_once(
    tmp_path: Path, form: str, cut_after: int
) -> None:
    passages = rows(23)
    for number in (3, 11, 22):
        passages[number]["camera"] = "elsewhere"
    passages[12]["country"] = "Ruritania"
    json = form == "jsonl"
    write, how = (write_jsonl, JSON_MAPPING) if json else (write_parquet, PARQUET_MAPPING)
    file = write(tmp_path / f"history.{form}", passages)
    node = RememberingNode(cut_after, unknown="elsewhere")
    with pytest.raises(KeyboardInterrupt):
        await sending(file, how, node).run()
    node.cut_after = 10**9
    done = await sending(file, how, node, resume=True).run()
    assert (done.kept, done.refused) == (19, 4)
    assert len(node.kept) == 19
    assert [int(row["row"]) for row in report(file)] == [4, 12, 13, 23]


async def test_cut_off_between_report_and_note_no_row_is_reported_twice(tmp_path: Path) -> None:
    passages = rows(12)
    passages[7]["country"] = "Ruritania"
    file = write_jsonl(tmp_path / "history.jsonl", passages)
    work = sending(file, JSON_MAPPING, RememberingNode())
    note, notes = work.beside.note, [0]

    def cut(progress: Progress) -> None:
        notes[0] += 1
        if notes[0] == 2:
            raise KeyboardInterrupt
        note(progress)

    work.beside.note = cut  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        await work.run()
    assert len(report(file)) == 1
    done = await sending(file, JSON_MAPPING, RememberingNode(), resume=True).run()
    assert (done.kept, done.refused, len(report(file))) == (11, 1, 1)


async def test_the_report_says_file_row_field_fault_and_mend(tmp_path: Path) -> None:
    header = ("ID", "REG", "CAM", "DATE", "TIME", "NAT", "SURE", "MAKE", "COLOUR", "MPH")
    good = ["1", "AA123BC", "Kamera 1", "14.03.2026", "09:00:00", "KS", 90, "", "", ""]
    bad = [*good]
    bad[5] = "=cmd|' /C calc'!A0"
    file = write_csv(tmp_path / "=history.csv", header, [good, bad, good[:3]])
    done = await sending(file, CSV_MAPPING, RememberingNode()).run()
    assert (done.kept, done.refused) == (1, 2)
    country, short = report(file)
    assert country["file"] == "'=history.csv"  # what a spreadsheet would run is not
    assert (country["row"], country["field"]) == ("3", "country")
    assert country["fault"].startswith("\"=cmd|' /C calc'!A0\" is no country")
    assert "[countries]" in country["mend"]
    assert (short["row"], short["field"], short["fault"]) == (
        "4", "row", "3 cells, the header has 10",
    )  # fmt: skip


async def test_a_node_that_is_away_for_a_while_is_waited_for(tmp_path: Path) -> None:
    file = write_jsonl(tmp_path / "history.jsonl", rows(12))
    node, away = RememberingNode(), [3]
    work = sending(file, JSON_MAPPING, node)
    take = node.take

    async def sometimes(source: str, past: object) -> object:
        if away[0]:
            away[0] -= 1
            raise ConnectionRefusedError
        return await take(source, past)  # type: ignore[arg-type]

    async def no_pause(_seconds: float) -> None:
        return

    node.take = sometimes  # type: ignore[method-assign,assignment]
    work.pause = no_pause
    assert (await work.run()).kept == 12
    away[0] = 10**6
    with pytest.raises(ConnectionError):
        again = sending(file, JSON_MAPPING, node)
        again.pause = no_pause
        await again.run()


def test_another_file_or_mapping_is_not_gone_on_with(tmp_path: Path) -> None:
    file = write_jsonl(tmp_path / "history.jsonl", rows(3))
    with pytest.raises(ProgressError, match=r"no import .* was begun"):
        sending(file, JSON_MAPPING, RememberingNode(), resume=True)
    sending(file, JSON_MAPPING, RememberingNode())
    with pytest.raises(ProgressError, match="the mapping was changed"):
        sending(file, JSON_MAPPING, RememberingNode(), resume=True, key="other")
    write_jsonl(file, rows(4))
    with pytest.raises(ProgressError, match=r"history.jsonl was changed"):
        sending(file, JSON_MAPPING, RememberingNode(), resume=True)
    Beside(file).progress_file.write_text("{")
    with pytest.raises(ProgressError, match="is broken"):
        sending(file, JSON_MAPPING, RememberingNode(), resume=True)


def test_a_report_that_is_gone_is_not_gone_on_with(tmp_path: Path) -> None:
    file = write_jsonl(tmp_path / "history.jsonl", rows(3))
    beside = Beside(file)
    beside.begin("a", "b")
    beside.note(Progress(file_sha256="a", mapping_sha256="b", report_bytes=10**6))
    with pytest.raises(ProgressError, match="gone or was shortened"):
        beside.resume("a", "b")
