"""Every maker's adapter against its captured payloads, and against damaged ones."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captured import PAYLOADS, Captured, captured, expectations, makers
from morina.plates import plate_text
from morina.sense.cameras.printing import report_as_json
from morina.sense.cameras.reports import Heartbeat, PayloadError, Report
from morina.wiring.decoding import MAKERS

CASES = list(captured())
ASIDE = {"given", "reply", "absent", "doubts", "reads", "error", "note"}


def test_every_adapter_is_named_in_wiring() -> None:
    assert makers() == dict(MAKERS)
    assert all(maker.verified and maker.title for maker in MAKERS.values())


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_every_maker_has_captured_payloads(name: str) -> None:
    assert len(expectations(name)) > 2


def test_every_file_of_payloads_is_expected_to_be_something() -> None:
    there = {
        (file.parent.name, file.name)
        for file in PAYLOADS.glob("*/*")
        if file.name != "expected.json" and file.suffix != ".headers"
    }
    assert there == {(case.maker.name, case.name) for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.maker.name}/{case.name}")
def test_a_payload_becomes_what_is_expected(case: Captured) -> None:
    if "error" in case.expected:
        with pytest.raises(PayloadError, match=case.expected["error"]):
            case.maker.decode(case.payload, case.headers, case.setup)
        return
    reports = case.maker.decode(case.payload, case.headers, case.setup)
    expected = case.expected.get("reads", [case.expected])
    assert len(reports) == len(expected)
    for report, entry in zip(reports, expected, strict=True):
        compare(report, entry)
    if "reply" in case.expected:
        assert json.loads(case.maker.reply.content) == case.expected["reply"]


def compare(report: Report | Heartbeat, entry: dict[str, Any]) -> None:
    printed = report_as_json(report)
    wanted = {key: value for key, value in entry.items() if key not in ASIDE}
    assert {key: printed.get(key, "absent") for key in wanted} == wanted
    for key in entry.get("absent", []):
        assert key not in printed
    said = " | ".join(report.doubts) if isinstance(report, Report) else ""
    assert all(words in said for words in entry.get("doubts", []))


@st.composite
def damaged(draw: st.DrawFn) -> tuple[Captured, bytes]:
    """A captured payload with bytes flipped, cut out, or replaced by another's or by anything."""
    case = draw(st.sampled_from(CASES))
    payload = bytearray(case.payload)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(payload)))
        end = start + draw(st.integers(0, 60))
        other = draw(st.sampled_from(CASES)).payload
        place = draw(st.integers(0, len(other)))
        payload[start:end] = draw(
            st.one_of(
                st.just(b""),
                st.binary(max_size=20),
                st.just(other[place : place + 60]),
                st.sampled_from(HOSTILE),
            )
        )
    return case, bytes(payload)


HOSTILE = [
    b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>', b"&x;", b"]]>", b"null", b"NaN",
    b"1e999", b"-1", b"9" * 400, b'"\\ud800"', b"\0", b"[" * 200, b'"unknown"', b"{}", b"[]",
    b"true", b"<b>", b"\xff\xfe", b"<a>" * 70, b"0001-01-01T00:00:00", b"9999-12-31 23:59:59",
    b"\r\n\r\n",
]  # fmt: skip


@given(damaged())
def test_a_damaged_payload_gives_reports_or_a_payload_error(given: tuple[Captured, bytes]) -> None:
    case, payload = given
    try:
        reports = case.maker.decode(payload, case.headers, case.setup)
    except PayloadError:
        return
    for report in reports:
        json.dumps(report_as_json(report)).encode()
        if isinstance(report, Report) and report.text is not None:
            assert plate_text(report.plate_raw) == report.text


@given(st.sampled_from(sorted(MAKERS)), st.binary())
def test_anything_at_all_is_reports_or_a_payload_error(name: str, payload: bytes) -> None:
    try:
        reports = MAKERS[name].decode(payload, {}, CASES[0].setup)
    except PayloadError:
        return
    assert all(isinstance(one, Heartbeat) or one.text is None for one in reports)
