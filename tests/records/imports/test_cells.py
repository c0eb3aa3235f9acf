"""The cells of a row, brought to a read of ours or refused in words."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from history import CSV_MAPPING, JSON_MAPPING, PARQUET_MAPPING, mapping
from morina.records.imports.cells import Reader
from morina.records.imports.mapping import MappingError
from morina.records.imports.past import PastRead, RefusedRowError, read_of, refuse_untimely
from morina.records.imports.rows import Row

CELLS = {
    "ID": "17", "REG": "aa 123-bc", "CAM": "Kamera 1", "DATE": "14.03.2026", "TIME": "09:00:00",
    "NAT": "KS", "SURE": "93,5", "MAKE": "Škoda", "COLOUR": "Grey", "MPH": "31.0686",
}  # fmt: skip


def past(how: bytes = CSV_MAPPING, **changed: object) -> PastRead:
    return Reader(mapping(how)).past(Row(2, CELLS | changed))


def refused(**changed: object) -> RefusedRowError:
    with pytest.raises(RefusedRowError) as caught:
        past(**changed)
    return caught.value


def test_a_row_becomes_a_read_by_the_mapping() -> None:
    read = read_of(past(), "old-anpr")
    assert read.plate is not None
    assert (read.plate.text, read.plate.country, read.camera_id) == ("AA123BC", "XK", "north-1")
    assert read.captured_at == read.received_at == datetime(2026, 3, 14, 8, tzinfo=UTC)
    assert (read.confidence, read.retransmitted) == (0.935, True)
    assert read.said is not None
    assert (read.said.by, read.said.text, read.said.country) == ("old-anpr", "AA123BC", "XK")
    assert read.vehicle is not None
    assert (read.vehicle.make, read.vehicle.colour) == ("Škoda", "grey")
    assert read.vehicle.speed_kmh == pytest.approx(50.0, abs=0.001)


def test_the_same_row_is_the_same_read_and_another_another() -> None:
    ids = {read_of(past(**changed), "old-anpr").read_id for changed in ({}, {"MAKE": "VW"})}
    assert len(ids) == 1
    others = {
        read_of(past(ID="18"), "old-anpr").read_id,
        read_of(past(TIME="09:00:01"), "old-anpr").read_id,
        read_of(past(), "another system").read_id,
    }
    assert len(others | ids) == 4


def test_without_an_event_id_what_tells_passages_apart_makes_one() -> None:
    how = CSV_MAPPING.replace(b'event_id = "ID"', b"")
    same = {read_of(past(how, ID=i), "s").read_id for i in ("1", "2")}
    others = {
        read_of(past(how, **one), "s").read_id
        for one in ({"REG": "AA124BC"}, {"CAM": "K2"}, {"TIME": "09:00:01"})
    }
    assert (len(same), len(same | others)) == (1, 4)


@pytest.mark.parametrize("word", ["UNKNOWN", "NOPLATE", "No Plate", "unread", "", " ", "???", None])
def test_words_for_none_are_unread_passages_never_plates(word: str | None) -> None:
    found = past(REG=word)
    assert (found.plate, found.text, found.confidence) == (None, None, 0.0)
    assert read_of(found, "s").plate is None


def test_a_text_that_is_no_plate_is_unread_and_kept_as_written() -> None:
    for text in ("AA4?7KD", "\u0410123\u0412\u042177", "AAAAAAAAAAAAAAAAAAAA"):
        found = past(REG=text)
        assert (found.plate, found.text) == (None, text)


@pytest.mark.parametrize(
    ("field", "changed", "fault", "mend"),
    [
        ("captured_at", {"TIME": ""}, "is empty", "mend the row"),
        ("captured_at", {"TIME": "9 o'clock"}, "is not written", "formats, epoch and zone"),
        ("captured_at", {"DATE": "14.03.1926"}, "not in this century", "formats"),
        ("camera", {"CAM": " "}, "is empty", "mend"),
        ("country", {"NAT": "Ruritania"}, "no country known", r"\[countries\]"),
        ("confidence", {"SURE": "101"}, "not between 0 and 100", "confidence.scale"),
        ("confidence", {"SURE": "high"}, "not a number", "confidence.scale"),
        ("speed", {"MPH": "-3"}, "cannot be", "speed.unit"),
        ("plate", {"REG": "AA\ufffd"}, "not in the encoding", "csv.encoding"),
        ("make", {"MAKE": "x" * 300}, "300 characters", "mend"),
        ("make", {"MAKE": ["x"]}, "a list is no text", "mend"),
    ],
)
def test_a_cell_that_cannot_be_is_named_with_its_mend(
    field: str, changed: dict[str, object], fault: str, mend: str
) -> None:
    error = refused(**changed)
    assert error.field == field
    assert fault in error.fault
    assert re.search(mend, error.mend)


def test_what_a_system_writes_for_not_known_is_not_known() -> None:
    found = past(NAT="UNK", SURE="", MAKE="unknown", MPH=None, COLOUR="None")
    assert (found.said_country, found.said_confidence, found.make) == (None, None, None)
    assert (found.speed_kmh, found.colour, found.confidence) == (None, None, 0.5)


def test_numbers_and_times_come_as_the_format_has_them() -> None:
    cells = {"id": 5, "camera": 7, "at_ms": 1_773_475_200_000, "vehicle": {"plate": "AA123BC"}}
    found = Reader(mapping(JSON_MAPPING)).past(Row(1, cells))
    assert (found.source_id, found.camera_id) == ("5", "7")
    assert found.captured_at == datetime(2026, 3, 14, 8, tzinfo=UTC)
    zoned = PARQUET_MAPPING + b'zone = "Europe/Tirane"'
    for at in (datetime(2026, 3, 14, 9), datetime(2026, 3, 14, 8, tzinfo=UTC)):  # noqa: DTZ001 - as a file has it
        again = Reader(mapping(zoned)).past(Row(1, cells | {"at": at}))
        assert again.captured_at == found.captured_at
    with pytest.raises(RefusedRowError, match=r"has no zone.*zone"):
        Reader(mapping(PARQUET_MAPPING)).past(Row(1, cells | {"at": datetime(2026, 3, 14, 9)}))  # noqa: DTZ001 - the same


def test_reads_to_be_forgotten_at_once_or_not_yet_made_are_refused() -> None:
    read = read_of(past(), "s")
    refuse_untimely(read, read.captured_at + timedelta(days=30), 30)
    with pytest.raises(RefusedRowError, match=r"longer ago than the 30 days .* not brought back"):
        refuse_untimely(read, read.captured_at + timedelta(days=30, seconds=1), 30)
    refuse_untimely(read, read.captured_at - timedelta(minutes=4), 30)
    with pytest.raises(RefusedRowError, match="has not been yet"):
        refuse_untimely(read, read.captured_at - timedelta(minutes=6), 30)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ((b'plate = "REG"', b""), "columns.plate"),
        ((b'camera = "CAM"', b'camera = ""'), "each name a column"),
        ((b"Europe/Tirane", b"Tirana"), "zone 'Tirana' is unknown"),
        ((b"[speed]", b"[speeds]"), "speeds"),
        ((b'KS = "XK"', b'KS = "Kosovo"'), "two capital letters"),
        ((b"scale = 100", b"scale = 0"), "confidence.scale"),
        ((b'"old-anpr"', b'""'), "source"),
        ((b"[columns]", b"[columns"), "mend the TOML"),
        ((b"[time]", b'[time]\nepoch = "s"'), "exclude each other"),
    ],
)
def test_a_wrong_mapping_is_told_by_place(change: tuple[bytes, bytes], told: str) -> None:
    with pytest.raises(MappingError, match=told.replace(".", r"\.")):
        mapping(CSV_MAPPING.replace(*change, 1))
