"""Refused payloads as they are shown."""

from morina.desk.pages.payloads import SHOWN_BYTES, readable


def test_text_is_shown_as_it_is() -> None:
    assert readable(b'{\n\t"plate": "<b>AB12CDE</b>"}') == '{\n\t"plate": "<b>AB12CDE</b>"}'


def test_what_does_not_print_feigns_nothing() -> None:
    assert readable(b"\x00\x1b[2J\xff\r\xe2\x80\xaeAB") == "\ufffd\ufffd[2J\ufffd\ufffd\ufffdAB"


def test_only_the_beginning_is_shown() -> None:
    assert readable(b"x" * 9_000_000) == "x" * SHOWN_BYTES
