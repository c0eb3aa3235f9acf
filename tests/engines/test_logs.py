"""Nothing secret and no forged record gets into a log."""

import io
import logging
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morina.engines.logs import FORMAT, SafeFormatter, on_one_line, without_secrets

SECRET = "kV9-hunter2_Zq"


def logged(message: str, *values: object, error: BaseException | None = None) -> str:
    """What a record becomes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(SafeFormatter(FORMAT))
    log = logging.Logger("tests")
    log.addHandler(handler)
    log.warning(message, *values, exc_info=error)
    return stream.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        f"cannot open rtsp://admin:{SECRET}@192.0.2.7:554/live",
        f"postgresql://morina_node:{SECRET}@127.0.0.1:5432/postgres refuses",
        f"nats://{SECRET}@127.0.0.1:4222",
        f"rtsp://admin:pa@ss:{SECRET}@192.0.2.7/live",
        f"Authorization: Bearer {SECRET}",
        f"headers {{'authorization': 'Basic {SECRET}='}}",
        f"POST /push/{SECRET}/event refused",
        f"password={SECRET} user=ana",
        f"{{'password': '{SECRET}', 'name': 'ana'}}",
        f'"api_key": "{SECRET}"',
        f"https://partner.example/a?access_token={SECRET}&b=1",
        f"client_secret: {SECRET}",
        f"Set-Cookie={SECRET}; Path=/",
    ],
)
def test_no_secret_is_logged(text: str) -> None:
    assert SECRET not in without_secrets(text)
    assert SECRET not in logged("%s", text)
    assert SECRET not in logged("it failed", error=ValueError(text))


def test_what_is_no_secret_stays_readable() -> None:
    for text in (
        "camera north-1: nothing answers; look at address, port and link",
        "rtsp://192.0.2.7:554/live cannot be opened",
        "the token of ana is not valid", "no password is set", "kept secret",
    ):  # fmt: skip
        assert without_secrets(text) == text


@given(st.text())
def test_a_record_is_one_line_whatever_was_sent(value: str) -> None:
    said = logged("camera %s is unknown", value)
    assert len(said.splitlines()) == 1
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\x1b]", said.rstrip("\n"))


def test_a_forged_record_stands_within_the_true_one() -> None:
    forged = "x\n2026-11-22 05:00:00,000 WARNING all is well\x1b[2K\u202e"
    said = logged("user %s", forged)
    assert said.count("\n") == 1
    assert "\\n2026" in said
    assert "\\x1b[2K\\u202e" in said


def test_no_line_of_a_traceback_passes_for_a_record() -> None:
    said = logged("it failed", error=ValueError("a\n2026-11-22 05:00:00,000 WARNING all is well"))
    lines = said.splitlines()
    assert all(line.startswith("    ") for line in lines[1:])
    assert len(lines) > 2


def test_plain_words_are_kept_as_they_are() -> None:
    assert on_one_line("Kukës: kamera është e errët") == "Kukës: kamera është e errët"
