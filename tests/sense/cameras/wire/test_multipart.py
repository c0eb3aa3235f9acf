import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morina.sense.cameras.reports import PayloadError
from morina.sense.cameras.wire.multipart import MOST_PARTS, is_multipart, parts_of

SAID = {"content-type": "multipart/form-data; boundary=----B7"}
JPEG = b"\xff\xd8\r\n\r\n--x\r\n\x00\n--\r\xff\xd9\r"


def body(*parts: bytes, end: bytes = b"\r\n------B7--\r\n", line: bytes = b"\r\n") -> bytes:
    head = b'Content-Disposition: form-data; name="p"; filename="C:\\a\\p.jpg"' + line
    head += b"Content-Type: image/jpeg; x=1" + line + line
    return (line + b"------B7" + line).join([b"", *(head + one for one in parts)])[
        len(line) :
    ] + end


@pytest.mark.parametrize("line", [b"\r\n", b"\n"])
def test_contents_are_kept_byte_for_byte(line: bytes) -> None:
    found = parts_of(body(JPEG, b"<a/>", b"", line=line, end=line + b"------B7--"), SAID)
    assert [part.content for part in found] == [JPEG, b"<a/>", b""]
    assert found[0].name == "p"
    assert found[0].filename == "p.jpg"
    assert found[0].media_type == "image/jpeg"


@settings(deadline=None)
@given(st.binary(max_size=200).filter(lambda content: b"----B7" not in content))
def test_any_content_comes_back(content: bytes) -> None:
    assert [part.content for part in parts_of(body(content, b"x"), SAID)] == [content, b"x"]


@pytest.mark.parametrize(
    "headers", [{}, {"content-type": "multipart/form-data"}, {"content-type": "a; boundary=other"}]
)
def test_a_boundary_not_said_or_said_wrong_is_that_of_the_first_line(headers: dict) -> None:
    assert [part.content for part in parts_of(b"\r\n" + body(JPEG), headers)] == [JPEG]


def test_a_quoted_boundary_is_known() -> None:
    said = {"content-type": 'multipart/form-data; charset=utf-8; boundary="----B7"'}
    assert parts_of(body(JPEG), said)[0].content == JPEG


@pytest.mark.parametrize("length", [0, 3, 9999999])
def test_a_wrong_content_length_changes_nothing(length: int) -> None:
    wrong = body(JPEG).replace(b"image/jpeg", b"image/jpeg\r\nContent-Length: %d" % length)
    assert parts_of(wrong, SAID)[0].content == JPEG


def test_without_final_boundary_the_length_said_ends_the_last_part() -> None:
    length = b"image/jpeg\r\nContent-Length: %d\r\nX: 1" % len(JPEG)
    cut = body(JPEG, end=b"\r\n--").replace(b"image/jpeg", length)
    assert parts_of(cut, SAID)[0].content == JPEG
    assert parts_of(body(b"<a/>", end=b""), SAID)[0].content == b"<a/>"


def test_a_last_part_cut_in_its_headers_loses_no_other() -> None:
    cut = body(b"<a/>", end=b"\r\n------B7\r\nContent-Disposition: form-da")
    assert [part.content for part in parts_of(cut, SAID)] == [b"<a/>"]


def test_an_empty_part_may_lack_the_line_end_before_its_boundary() -> None:
    short = b"------B7\r\nContent-Type: image/pjpeg\r\nContent-Length: 0\r\n\r\n------B7--\r\n"
    (part,) = parts_of(short, SAID)
    assert (part.media_type, part.content) == ("image/pjpeg", b"")


def test_what_is_no_multipart_is_refused() -> None:
    for payload in (
        b"",
        b"<a/>",
        b"--",
        b"------B7--",
        b"------B7\r\n",
        b"------B7\r\nx\r\n------B7--",
    ):
        with pytest.raises(PayloadError):
            parts_of(payload, SAID)
    with pytest.raises(PayloadError, match="parts"):
        parts_of(body(*[b"x"] * (MOST_PARTS + 1)), SAID)
    assert is_multipart(body(b"")) and not is_multipart(b"<a/>")


@settings(deadline=None)
@given(st.binary(), st.integers(0, 400), st.integers(0, 400))
def test_mutations_give_parts_or_a_payload_error(spliced: bytes, start: int, end: int) -> None:
    whole = body(JPEG, b"<a/>")
    with contextlib.suppress(PayloadError):
        parts_of(whole[:start] + spliced + whole[end:], SAID)
