"""``morina camera decode`` as a technician uses it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from captured import PAYLOADS
from morina.cli import app

PUSH = PAYLOADS / "hikvision" / "hikvision_push.multipart"
TOLLGATE = PAYLOADS / "dahua" / "dahua_itsapi_tollgateinfo.json"


def decoded(*arguments: str | Path) -> list[dict]:
    said = CliRunner().invoke(app, ["camera", "decode", *map(str, arguments)])
    assert said.exit_code == 0, said.output
    return [json.loads(line) for line in said.stdout.splitlines()]


def test_a_payload_is_printed_as_an_object_a_line() -> None:
    (one,) = decoded("--maker", "hikvision", PUSH)
    assert one["plate_raw"] == "AA417KD"
    assert one["captured_at"] == "2026-03-14T08:26:53.589Z"
    assert one["images"] == ["licensePlatePicture.jpg", "detectionPicture.jpg"]
    assert one["country"] is None
    two = decoded("--maker", "hikvision", PUSH.with_name("hikvision_pull_response.xml"))
    assert [item["plate_raw"] for item in two] == ["AA417KD", "02234CD"]


def test_the_zone_turns_local_time_into_utc_and_without_it_no_time_is_printed() -> None:
    (one,) = decoded("--maker", "dahua", "--timezone", "Europe/Tirane", TOLLGATE)
    assert one["captured_at"] == "2026-03-14T07:26:53.589Z"
    assert one["reply"] == {"Result": True, "Message": "Success"}
    (one,) = decoded("--maker", "dahua", TOLLGATE)
    assert one["captured_at"] is None
    assert "--timezone" in one["doubts"][-1]


def test_scale_and_fields_can_be_given(tmp_path: Path) -> None:
    (one,) = decoded(
        "--maker", "tattile", "--scale", 100, "--timezone", "UTC", PAYLOADS / "tattile/tattile.xml"
    )
    assert one["confidence"] == 0.93
    file = tmp_path / "any.json"
    file.write_text('{"vehicle": {"plate": "AA 417 KD", "sure": 93}}')
    fields = ["--field", "plate=vehicle.plate", "--field", "confidence=vehicle.sure"]
    (one,) = decoded("--maker", "generic", "--scale", 100, *fields, file)
    assert (one["plate_norm"], one["confidence"]) == ("AA417KD", 0.93)


def test_headers_lie_in_a_file_beside(tmp_path: Path) -> None:
    file = tmp_path / "info.json"
    file.write_text('{"DeviceID": "SAMPLE"}')
    beside = file.with_name("info.json.headers")
    beside.write_text("POST /NotificationInfo/DeviceInfo HTTP/1.1\nHost: x\n")
    assert decoded("--maker", "dahua", file)[0]["what"] == "device info"
    beside.write_text("Path: /NotificationInfo/Other\n")
    assert decoded("--maker", "dahua", file)[0]["what"] == "notification"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--maker", "hikvison", PUSH], "maker 'hikvison' is not known; use one of axis"),
        (["--maker", "axis", PUSH.with_name("none.xml")], "name a readable file"),
        (["--maker", "axis", PUSH.parent], "name a readable file"),
        (["--maker", "dahua", "--timezone", "Europe/Tirana", TOLLGATE], "'Europe/Tirana' is not"),
        (["--maker", "dahua", "--timezone", "../etc", TOLLGATE], "time zone"),
        (["--maker", "dahua", PUSH], "not JSON"),
        (["--maker", "generic", "--field", "plate", TOLLGATE], "NAME=PLACE"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(arguments: list[str | Path], words: str) -> None:
    said = CliRunner().invoke(app, ["camera", "decode", *map(str, arguments)])
    assert said.exit_code == 1
    assert words in said.stderr
    assert said.stdout == ""
    assert len(said.stderr.splitlines()) == 1
