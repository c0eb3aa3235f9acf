"""Every maker's adapter against its captured payloads, and against damaged ones."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from captured import PAYLOADS, Captured, captured, expectations, makers
from damage import damaged, escaped, is_said
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


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(CASES), st.randoms(use_true_random=False))
def test_a_damaged_payload_gives_reports_or_a_payload_error(case: Captured, random: Random) -> None:
    payload = damaged(case.payload, [one.payload for one in CASES], random)
    try:
        reports = case.maker.decode(payload, case.headers, case.setup)
    except PayloadError:
        return
    for report in reports:
        json.dumps(report_as_json(report)).encode()
        if isinstance(report, Report) and report.text is not None:
            assert plate_text(report.plate_raw) == report.text
            assert is_said(report.plate_raw, payload)


@pytest.mark.parametrize("word", [b"", b"unknown", b"No Plates", b"Not defined", b"-"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.maker.name}/{case.name}")
def test_a_payload_without_a_plate_gives_no_text(case: Captured, word: bytes) -> None:
    payload, headers = case.payload, dict(case.headers)
    for raw in said_plates(case):
        payload = payload.replace(raw.encode(), word)
        payload = payload.replace(json.dumps(raw)[1:-1].encode(), word)
        payload = payload.replace(escaped(raw).encode(), word)
        headers = {name: said.replace(raw, word.decode()) for name, said in headers.items()}
    try:
        reports = case.maker.decode(payload, headers, case.setup)
    except PayloadError:
        return
    assert [one for one in reports if isinstance(one, Report) and one.text is not None] == []


def said_plates(case: Captured) -> set[str]:
    try:
        reports = case.maker.decode(case.payload, case.headers, case.setup)
    except PayloadError:
        return set()
    return {one.plate_raw for one in reports if isinstance(one, Report) and one.plate_raw}


@settings(deadline=None)
@given(st.sampled_from(sorted(MAKERS)), st.binary())
def test_anything_at_all_is_reports_or_a_payload_error(name: str, payload: bytes) -> None:
    try:
        reports = MAKERS[name].decode(payload, {}, CASES[0].setup)
    except PayloadError:
        return
    assert all(isinstance(one, Heartbeat) or one.text is None for one in reports)
