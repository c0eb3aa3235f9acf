"""Files of each format give the same rows, whole, from any place on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from history import (
    CSV_MAPPING,
    JSON_MAPPING,
    PARQUET_MAPPING,
    mapping,
    rows,
    write_csv,
    write_jsonl,
    write_parquet,
)
from morina.records.imports.mapping import FileMapping, MappingError
from morina.records.imports.rows import LONGEST_LINE, Place, Row, parts_of

HEADER = ("ID", "REG", "CAM", "DATE", "TIME", "NAT", "SURE", "MAKE", "COLOUR", "MPH")


def all_rows(file: Path, how: FileMapping, most: int = 4, start: Place | None = None) -> list[Row]:
    return [row for part in parts_of(file, how, start or Place(), most) for row in part.rows]


def a_csv(file: Path, n: int) -> Path:
    cells = [(f"e{i}", f'A"{i}', "two\nlines", "", "", "AL", 9, "Š", "", "") for i in range(n)]
    return write_csv(file, HEADER, cells)


FILES: list[tuple[str, Callable[[Path, int], Path], bytes]] = [
    ("history.csv", a_csv, CSV_MAPPING),
    ("history.jsonl", lambda file, n: write_jsonl(file, rows(n)), JSON_MAPPING),
    ("history.parquet", lambda file, n: write_parquet(file, rows(n)), PARQUET_MAPPING),
]


@pytest.mark.parametrize(("name", "write", "how"), FILES, ids=[one[0] for one in FILES])
def test_going_on_at_any_part_loses_and_doubles_nothing(
    tmp_path: Path, name: str, write: Callable[[Path, int], Path], how: bytes
) -> None:
    file = write(tmp_path / name, 23)
    whole = all_rows(file, mapping(how), 1000)
    assert len(whole) == 23
    assert not any(row.fault for row in whole)
    read = []
    for part in parts_of(file, mapping(how), Place(), 4):
        read += part.rows
        assert len(part.rows) <= 4
        assert [*read, *all_rows(file, mapping(how), 5, part.after)] == whole


def test_a_row_is_named_by_the_line_it_begins_on(tmp_path: Path) -> None:
    file = a_csv(tmp_path / "history.csv", 3)
    assert [row.number for row in all_rows(file, mapping(CSV_MAPPING))] == [2, 4, 6]


def test_what_is_no_row_is_a_fault_and_the_next_row_is_read(tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    good = "e1;AA1BB;K;1;2;AL;9;;;"
    file.write_text("\n".join([";".join(HEADER), good, "too;few", 'x;"un"closed;;', good, ""]))
    found = all_rows(file, mapping(CSV_MAPPING))
    assert [(row.number, bool(row.fault)) for row in found] == [
        (2, False), (3, True), (4, True), (5, False),
    ]  # fmt: skip
    lines = tmp_path / "history.jsonl"
    first = write_jsonl(lines, rows(1)).read_text()
    lines.write_text(first + "{broken\n\n[1]\n" + "[" * 100_000 + "\n" + first)
    found = all_rows(lines, mapping(JSON_MAPPING))
    faulty = [(row.number, bool(row.fault)) for row in found]
    assert faulty == [(1, False), (2, True), (4, True), (5, True), (6, False)]


def test_a_line_without_end_is_not_read_into_memory(tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    first = write_jsonl(file, rows(1)).read_text()
    file.write_text(first + "x" * (3 * LONGEST_LINE) + "\n" + first)
    found = all_rows(file, mapping(JSON_MAPPING))
    assert (found[0].fault, found[-1].fault) == ("", "")
    assert all(row.fault for row in found[1:-1])


def test_an_unclosed_quote_does_not_swallow_the_file(tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    good = "e1;AA1BB;K;1;2;AL;9;;;"
    file.write_text("\n".join([";".join(HEADER), '"e0;A', *[good] * 20_000]))
    found = all_rows(file, mapping(CSV_MAPPING))
    assert found[0].fault
    assert sum(not row.fault for row in found) > 10_000


def test_a_mapping_that_does_not_fit_names_the_columns_there_are(tmp_path: Path) -> None:
    how = mapping(CSV_MAPPING.replace(b'"REG"', b'"PLATE"'))
    with pytest.raises(MappingError, match=r"no column PLATE; those there are: ID, REG, CAM"):
        all_rows(a_csv(tmp_path / "h.csv", 1), how)
    how = mapping(JSON_MAPPING.replace(b"vehicle.plate", b"vehicle.registration"))
    with pytest.raises(MappingError, match=r"no column vehicle\.registration; .*vehicle\.plate"):
        all_rows(write_jsonl(tmp_path / "h.jsonl", rows(3)), how)
    how = mapping(PARQUET_MAPPING.replace(b"vehicle.plate", b"plate"))
    with pytest.raises(MappingError, match=r"no column plate; .*vehicle\.plate"):
        all_rows(write_parquet(tmp_path / "h.parquet", rows(3)), how)


def test_what_is_written_otherwise_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "h.jsonl").write_text(' [{"a": 1}]')
    with pytest.raises(MappingError, match="one object a line"):
        all_rows(tmp_path / "h.jsonl", mapping(JSON_MAPPING))
    (tmp_path / "h.parquet").write_text("PAR1 and nothing else")
    with pytest.raises(MappingError, match="no whole Parquet file"):
        all_rows(tmp_path / "h.parquet", mapping(PARQUET_MAPPING))
    with pytest.raises(MappingError, match="add format"):
        all_rows(tmp_path / "h.xlsx", mapping(PARQUET_MAPPING))
    file = write_csv(tmp_path / "h.csv", (*HEADER, "REG"), [])
    with pytest.raises(MappingError, match="two columns are called 'REG'"):
        all_rows(file, mapping(CSV_MAPPING))


def test_a_file_without_header_row_is_read_by_the_names_in_the_mapping(tmp_path: Path) -> None:
    names = b"header = " + str(list(HEADER)).encode()
    how = mapping(CSV_MAPPING.replace(b"[csv]", b"[csv]\n" + names))
    (tmp_path / "h.csv").write_text("e1;AA1BB;K;1;2;AL;9;;;\n")
    [row] = all_rows(tmp_path / "h.csv", how)
    assert (row.number, row.cells["REG"]) == (1, "AA1BB")
