"""Motion JPEG as cameras really send it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filming_servers import jpeg
from morina.sense.cameras.frames import SourceError
from morina.sense.cameras.mjpeg_parts import MjpegParts, boundary_of
from morina.sense.cameras.stills import MOST_BYTES, pixels, whole

ONE, TWO = jpeg(40), jpeg(200)


def part(picture: bytes, length: int | None = None, boundary: str = "--frame") -> bytes:
    head = f"{boundary}\r\nContent-Type: image/jpeg\r\n"
    head += "" if length is None else f"Content-Length: {length}\r\n"
    return head.encode() + b"\r\n" + picture + b"\r\n"


@pytest.mark.parametrize(
    ("said", "boundary"),
    [
        ("multipart/x-mixed-replace;boundary=b", b"b"),
        ('multipart/x-mixed-replace; boundary="--b"', b"b"),
        ("multipart/x-mixed-replace; boundary=--my boundary", b"my boundary"),
        ("image/jpeg", None),
        ("", None),
        ("multipart/x-mixed-replace", None),
    ],
)
def test_the_boundary_is_found_however_it_is_written(said: str, boundary: bytes | None) -> None:
    assert boundary_of(said) == boundary


@pytest.mark.parametrize("length", [None, len(ONE), 7, len(ONE) + 1000, 10**9])
@pytest.mark.parametrize("step", [1, 13, 100_000])
def test_each_picture_comes_whole_whatever_its_length_says(length: int | None, step: int) -> None:
    parts, found = MjpegParts(b"frame"), []
    stream = part(ONE, length) + part(TWO, None if length is None else len(TWO)) + b"--frame\r\n"
    for at in range(0, len(stream), step):
        parts.feed(stream[at : at + step])
        found += [taken] if (taken := parts.taken()) else []
    assert [picture.rstrip(b"\r\n-") for picture in found] in ([ONE, TWO], [TWO])


def test_a_right_length_ends_the_picture_before_the_next_one_comes() -> None:
    parts = MjpegParts(b"frame")
    parts.feed(part(ONE, len(ONE)))
    assert parts.taken() == ONE
    assert parts.taken() == b""


def test_an_endless_stream_of_something_else_is_refused() -> None:
    parts = MjpegParts(b"frame")
    with pytest.raises(SourceError, match="no motion JPEG"):
        for _ in range(MOST_BYTES // 1_000_000 + 2):
            parts.feed(bytes(1_000_000))


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_a_picture_of_nothing(garbage: bytes) -> None:
    parts = MjpegParts(b"frame")
    parts.feed(garbage)
    assert not whole(garbage)
    assert pixels(garbage) is None


def test_a_picture_cut_short_is_not_whole() -> None:
    assert whole(ONE)
    assert not whole(ONE[:-20])


def test_a_picture_that_says_it_is_enormous_is_not_unpacked() -> None:
    at = ONE.index(b"\xff\xc0") + 5
    enormous = ONE[:at] + b"\xff\xff\xff\xff" + ONE[at + 4 :]
    assert pixels(enormous) is None
    assert not whole(enormous)
