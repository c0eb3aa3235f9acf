from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from invented import NOW, listing
from morina.plates import COUNTRIES, Plate
from morina.plates.plate import DIGITS, LETTERS
from morina.watch import (
    FIELD_NAMES,
    Action,
    ReasonCode,
    RefusedFileError,
    RowError,
    SubjectCategory,
    VehicleOfInterest,
    dump_hotlist,
    listing_from,
    parse_hotlist,
)
from morina.watch.countries import COUNTRY_CODES

HEADER = ",".join(FIELD_NAMES)
ROW = {
    "plate": "AB12CDE",
    "country": "GB",
    "reason_code": "stolen",
    "subject_category": "suspect",
    "action": "stop",
    "owner_unit": "Crossing unit",
    "contact_24h": "+355 4 000 0000",
    "legal_basis": "Invented Act, section 1",
    "created_by": "an.officer",
    "valid_from": "2026-02-01T00:00:00Z",
    "valid_to": "2026-09-01T00:00:00Z",
    "review_at": "2026-08-01",
}
CANONICAL = f"""{HEADER}
AB12CDE,GB,Invented,Model,blue,stolen,suspect,90,stop,armed;violent,"Stop, then call.
Do not follow.",Crossing unit,+355 4 000 0000,ref-1,"Invented Act, section 1",an.officer,a.chief,\
2026-02-01T00:00:00Z,2026-09-01T00:00:00+02:00,2026-08-01,border,all,2026-02-28T10:00:00.5Z
"""


def csv_of(*rows: dict[str, str]) -> bytes:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    lines = [",".join(cell(row.get(name, "")) for name in FIELD_NAMES) for row in rows]
    return "\n".join([HEADER, *lines, ""]).encode()


def errors_of(content: bytes, form: str = "csv", **options: int) -> tuple[RowError, ...]:
    with pytest.raises(RefusedFileError) as refused:
        parse_hotlist(content, form, now=NOW, **options)
    return refused.value.errors


def test_a_canonical_file_comes_back_byte_for_byte():
    content = CANONICAL.replace(".5Z", ".500000Z").encode()
    [one] = parse_hotlist(content, "csv", now=NOW)
    assert (one.plate, one.priority) == (Plate("AB12CDE", "GB"), 90)
    assert one.warning_markers == ("armed", "violent")
    assert one.instruction == "Stop, then call.\nDo not follow."
    assert one.review_at == date(2026, 8, 1)
    assert one.valid_to == datetime(2026, 8, 31, 22, tzinfo=UTC)
    assert dump_hotlist([one], "csv") == content


def test_columns_may_stand_in_any_order_and_optional_ones_be_absent():
    names = list(reversed(ROW))
    content = ",".join(names) + "\n" + ",".join(f'"{ROW[name]}"' for name in names)
    [one] = parse_hotlist(b"\xef\xbb\xbf" + content.encode(), "csv", now=NOW)
    assert (one.make, one.priority, one.source_checked_at) == ("", 50, None)


def test_plates_are_taken_as_written_on_paper():
    [one] = parse_hotlist(csv_of(ROW | {"plate": "ab12 cde"}), "csv", now=NOW)
    assert one.plate.text == "AB12CDE"


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("plate", "", "is empty"),
        ("plate", "AB12?CDE", "'?' at place 5"),
        ("plate", "A" * 13, "at most 12"),
        ("country", "UK", "write GB"),
        ("country", "RKS", "write XK"),
        ("country", "QQ", "ISO 3166-1"),
        ("reason_code", "theft", "stolen"),
        ("subject_category", "", "is empty"),
        ("priority", "101", "0 to 100"),
        ("priority", "-1", "0 to 100"),
        ("priority", "1.5", "0 to 100"),
        ("action", "shoot", "observe"),
        ("owner_unit", "  ", "is empty"),
        ("review_at", "", "is empty"),
        ("review_at", "01/08/2026", "2026-09-30"),
        ("review_at", "2026-02-30", "calendar"),
        ("review_at", "2026-02-28", "is past"),
        ("valid_from", "2026-02-01T00:00:00", "time zone"),
        ("valid_from", "yesterday", "is no time"),
        ("valid_from", "2026-02-01T00:00:00+01:00:30", "hours and minutes"),
        ("valid_to", "2026-03-01T12:00:00Z", "is over"),
        ("valid_to", "2026-02-01T00:00:00Z", "is over"),
        ("source_checked_at", "2026-02-01", "time zone"),
        ("make", "\x00", "U+0000"),
        ("make", "\u202eeduk", "U+202E"),
        ("make", "M" * 201, "shorten it to 200"),
        ("make", "=1+1", "spreadsheet"),
        ("make", "@SUM(1)", "spreadsheet"),
        ("make", "+cmd|' /C calc'!A0", "spreadsheet"),
    ],
)
def test_a_field_that_cannot_be_taken_is_named_with_its_mend(field, value, mend):
    [error] = errors_of(csv_of(ROW | {field: value}))
    assert (error.line, error.field, error.value) == (2, field, value)
    assert mend in error.mend


def test_an_end_before_the_start_is_refused():
    bad = ROW | {"valid_from": "2026-09-01T02:00:00+02:00"}
    [error] = errors_of(csv_of(bad))
    assert (error.field, "not after valid_from" in error.mend) == ("valid_to", True)


def test_every_bad_row_is_named_with_the_line_it_begins_on():
    long = ROW | {"instruction": "one\ntwo\r\nthree", "plate": "XY99XYZ"}
    content = csv_of(ROW, long, ROW | {"action": "x", "country": "x"}, ROW) + b"\na,b\n"
    assert [(error.line, error.field) for error in errors_of(content)] == [
        (6, "country"),
        (6, "action"),
        (7, "plate"),
        (9, ""),
    ]


def test_a_vehicle_listed_twice_names_the_earlier_line_but_another_country_is_another_vehicle():
    [error] = errors_of(csv_of(ROW, ROW | {"country": "AL"}, ROW | {"plate": "AB 12 CDE"}))
    assert (error.line, error.value) == (4, "AB 12 CDE")
    assert "line 2" in error.mend


@pytest.mark.parametrize(
    ("content", "line", "mend"),
    [
        (b"", 1, "begin the file with plate,country"),
        (b"\n", 1, "begin the file with plate,country"),
        (b"plate;country;action\n", 1, "separated by commas"),
        (b"\xff\xfep\x00", 1, "UTF-16"),
        (csv_of(ROW) + b"\nab\xe9", 4, "not UTF-8"),
        (csv_of(ROW) + b'"', 3, "check the quotes"),
        (csv_of(ROW) + b'"' + b"x" * 200_000 + b'"', 3, "check the quotes"),
        (csv_of(ROW) + b"one", 3, "1 cells under 23 columns"),
    ],
)
def test_a_broken_csv_file_is_refused_with_its_line(content, line, mend):
    [error] = errors_of(content)
    assert error.line == line
    assert mend in error.mend


def test_the_place_of_a_byte_that_is_no_utf_8_is_counted_in_the_file():
    [error] = errors_of(b"\xef\xbb\xbfab\xe9")
    assert "byte 5 (0xE9)" in error.mend


def test_strange_doubled_and_missing_columns_are_all_named():
    names = [name for name in FIELD_NAMES if name != "owner_unit"]
    errors = errors_of(",".join([*names, "listing_id", "make"]).encode())
    assert [(error.field, error.mend.split(" ")[1]) for error in errors] == [
        ("listing_id", "no"),
        ("make", "there"),
        ("owner_unit", "missing;"),
    ]


def test_more_rows_than_allowed_are_refused():
    rows = [ROW | {"plate": f"AB{number}"} for number in range(3)]
    assert len(parse_hotlist(csv_of(*rows), "csv", now=NOW, most_rows=3)) == 3
    assert "more than 2" in errors_of(csv_of(*rows), most_rows=2)[0].mend
    as_json = dump_hotlist(parse_hotlist(csv_of(*rows), "csv", now=NOW), "json")
    assert "more than 2" in errors_of(as_json, "json", most_rows=2)[0].mend


@pytest.mark.parametrize(
    ("content", "line", "mend"),
    [
        (b"", 1, "no list"),
        (b'{"plate": "AB12CDE"}', 1, "no list"),
        (b"[" * 200_000, 1, "nested too deep"),
        (b"[\n{},\n", 3, "mend the JSON"),
        (b"[\n{}\n{}]", 3, "no comma"),
        (b"[\n]\n]", 3, "text after"),
        (b"[\nNaN]", 2, "a number"),
        (b"[\n" + b"9" * 5000 + b"]", 2, "a number"),
        (b'["\xe9"]', 1, "not UTF-8"),
    ],
)
def test_a_broken_json_file_is_refused_with_its_line(content, line, mend):
    error = errors_of(content, "json")[-1]
    assert error.line == line
    assert mend in error.mend


@pytest.mark.parametrize(
    ("element", "field", "mend"),
    [
        (b"1", "", "no object"),
        (b'{"plate": 1}', "plate", "text in quotes"),
        (b'{"priority": true}', "priority", "a number"),
        (b'{"plate": {"text": "A"}}', "plate", "text in quotes"),
        (b'{"warning_markers": ["a;b"]}', "warning_markers", "semicolon"),
        (b'{"plate": "A", "plate": "B"}', "plate", "twice"),
        (b'{"listing_id": "A"}', "listing_id", "no field"),
    ],
)
def test_what_is_no_cell_of_a_json_row_is_named(element, field, mend):
    [error] = errors_of(b"[\n\n" + element + b"]", "json")
    assert (error.line, error.field) == (3, field)
    assert mend in error.mend


def test_half_a_character_in_json_is_refused():
    assert "U+D800" in errors_of(b'[{"plate": "\\ud800"}]', "json")[0].mend


def test_the_message_of_a_refusal_names_rows_and_shortens_long_values():
    with pytest.raises(RefusedFileError, match=r"line 2: make 'M{80}…': 300 characters"):
        parse_hotlist(csv_of(ROW | {"make": "M" * 300}), "csv", now=NOW)


def test_a_form_is_held_to_the_rules_of_a_file():
    assert listing_from(ROW, now=NOW).plate == Plate("AB12CDE", "GB")
    with pytest.raises(RefusedFileError) as refused:
        listing_from(ROW | {"listing_id": "1", "owner_unit": ""}, now=NOW)
    assert [error.field for error in refused.value.errors] == ["listing_id", "owner_unit"]


def test_country_codes_are_those_of_iso_and_hold_every_country_with_a_grammar():
    assert set(COUNTRIES) <= COUNTRY_CODES
    assert len(COUNTRY_CODES) == 249 + 1
    assert set(Locale("en").territories) >= COUNTRY_CODES


FITTING = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])
WORDS = st.text(FITTING | st.sampled_from('\n\t,"'), max_size=30).map(
    lambda text: ("x" + text).rstrip()
)
TEXTS = st.just("") | WORDS
MARKERS = st.lists(WORDS.map(lambda text: text.replace(";", ".")), max_size=5).map(tuple)
ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
LATER = st.datetimes(datetime(2026, 3, 3), datetime(2090, 1, 1), timezones=ZONES)  # noqa: DTZ001 hypothesis adds the zone
LISTINGS = st.builds(
    VehicleOfInterest,
    listing_id=st.uuids(),
    plate=st.builds(
        Plate,
        st.text(sorted(LETTERS | DIGITS), min_size=1, max_size=12),
        st.sampled_from(sorted(COUNTRY_CODES)),
    ),
    reason_code=st.sampled_from(ReasonCode),
    subject_category=st.sampled_from(SubjectCategory),
    action=st.sampled_from(Action),
    owner_unit=WORDS,
    contact_24h=WORDS,
    legal_basis=WORDS,
    created_by=WORDS,
    valid_from=st.just(NOW - timedelta(days=3)),
    valid_to=LATER,
    review_at=st.dates(date(2026, 3, 1)),
    priority=st.integers(0, 100),
    make=TEXTS,
    warning_markers=MARKERS,
    instruction=TEXTS,
    source_checked_at=st.none() | LATER,
)


LISTS = st.lists(LISTINGS, max_size=5, unique_by=lambda one: one.plate)
FORMS = st.sampled_from(["csv", "json"])


@settings(deadline=None, max_examples=60)
@given(LISTS, FORMS)
def test_what_was_exported_imports_as_it_was_and_exports_the_same(listings, form):
    content = dump_hotlist(listings, form)
    again = parse_hotlist(content, form, now=NOW)
    ids = [one.listing_id for one in listings]
    assert [replace(one, listing_id=id_) for one, id_ in zip(again, ids, strict=True)] == listings
    assert dump_hotlist(again, form) == content


BYTES = st.binary(max_size=60) | st.text('[]{}",:1aé\n\\', max_size=40).map(str.encode)


@settings(deadline=None, max_examples=200)
@given(BYTES, st.sampled_from([b"", HEADER.encode() + b"\n"]), FORMS)
def test_any_bytes_are_taken_or_refused(content, before, form):
    try:
        parse_hotlist(before + content, form, now=NOW)
    except RefusedFileError as refused:
        assert refused.errors


def test_a_listing_made_elsewhere_is_written_too():
    assert b"AB12CDE,," in dump_hotlist([listing("AB12CDE", None)], "csv")
