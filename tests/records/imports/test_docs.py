"""The page on imports is true: its examples work, and every key and field is on it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import BaseModel

from history import mapping
from morina.records.imports.cells import Reader
from morina.records.imports.mapping import FileMapping
from morina.records.imports.past import PastRead, read_of
from morina.records.imports.rows import Place, parts_of
from morina.sense import Read

PAGE = (Path(__file__).parents[3] / "docs" / "records-import.md").read_text()


def example(title: str) -> tuple[bytes, str]:
    """The mapping under a title, and the file before it if there is one."""
    section = PAGE.partition(f"### {title}\n")[2].partition("\n##")[0]
    file = re.search(r"```(?:csv|json)\n(.*?)```", section, re.DOTALL)
    toml = re.search(r"```toml\n(.*?)```", section, re.DOTALL)
    assert toml
    return toml[1].encode(), file[1] if file else ""


def only_read(file: Path, toml: bytes) -> Read:
    [part] = parts_of(file, mapping(toml), Place())
    [row] = part.rows
    return read_of(Reader(mapping(toml)).past(row), "old-anpr")


def as_told(read: Read, country: str | None) -> None:
    assert read.plate is not None
    assert (read.plate.text, read.plate.country) == ("AA123BC", country)
    assert read.captured_at == datetime(2026, 3, 14, 8, tzinfo=UTC)
    assert read.camera_id == "north-1"


@pytest.mark.parametrize(("title", "name"), [("CSV", "h.csv"), ("JSON lines", "h.jsonl")])
def test_the_examples_are_read_as_the_page_says(tmp_path: Path, title: str, name: str) -> None:
    toml, content = example(title)
    (tmp_path / name).write_text(content)
    as_told(only_read(tmp_path / name, toml), "XK" if title == "CSV" else "AL")


def test_so_is_the_parquet_example(tmp_path: Path) -> None:
    toml, _ = example("Parquet")
    at = datetime(2026, 3, 14, 9)  # noqa: DTZ001 - without a zone, as the page says
    row = {"id": "e17", "plate": "AA123BC", "camera": "north-1", "at": at}
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "h.parquet")
    as_told(only_read(tmp_path / "h.parquet", toml), None)  # of Albania or of France


def test_every_key_of_a_mapping_and_every_field_sent_is_on_the_page() -> None:
    for name, field in FileMapping.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for inner in kind.model_fields:
                assert f"`{name}.{inner}`" in PAGE
        else:
            assert f"`{name}`" in PAGE or f"`[{name}" in PAGE
    for sent in msgspec.structs.fields(PastRead):
        assert f"`{sent.name}`" in PAGE


def test_the_read_sent_over_http_is_one() -> None:
    line = re.search(r"^    (\{\"source_id\".*\})$", PAGE, re.MULTILINE)
    assert line
    as_told(read_of(msgspec.json.decode(line[1], type=PastRead), "old-anpr"), "AL")
