"""RTSP cameras: a real server, stopped, stalled, started again, sending garbage."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from filming_servers import rtsp_server
from morina.sense.cameras.adapters import rtsp_asking
from morina.sense.cameras.adapters.opencv_stream import OpenCvStream
from morina.sense.cameras.frames import Filmed, Frame, SourceError
from morina.sense.cameras.live import Pace
from morina.sense.cameras.sources import parse

PACE = Pace(frames_per_s=10, stall_s=2)


def opened(source: str) -> Iterator[Filmed]:
    return OpenCvStream(parse(source), PACE, rtsp_asking.why).frames()


def some_frames(films: Iterator[Filmed], count: int = 3) -> list[Frame]:
    found: list[Frame] = []
    while len(found) < count:
        if isinstance(filmed := next(films), Frame):
            found.append(filmed)
    return found


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_frames_come_and_a_stall_and_an_end_are_told(codec: str) -> None:
    with rtsp_server(codec) as server:
        films = opened(server.source)
        frames = some_frames(films)
        assert frames[0].image.shape == (240, 320, 3)
        assert frames[0].image.max() > 200
        assert frames[0].captured_at < frames[1].captured_at
        server.tell("stall")
        with pytest.raises(SourceError, match=r"sent nothing for|no picture for"):
            some_frames(films, 1000)
        server.tell("go")
        films = opened(server.source)
        some_frames(films)
        server.process.kill()
        with pytest.raises(SourceError, match=r"127\.0\.0\.1:\d+/road"):
            some_frames(films, 1000)
    with pytest.raises(SourceError, match="nothing listens at"):
        some_frames(opened(server.source))


def test_a_login_is_sent_and_a_wrong_one_is_told_without_it() -> None:
    with rtsp_server(more=["bob:pä@ss/w"]) as server:
        at = f"127.0.0.1:{server.port}/road"
        some_frames(opened(f"rtsp://bob:p%C3%A4%40ss%2Fw@{at}"), 1)
        with pytest.raises(SourceError, match="refuses the user or the password") as refused:
            some_frames(opened(f"rtsp://bob:s3cr3t@{at}"))
        assert "s3cr3t" not in str(refused.value)
        with pytest.raises(SourceError, match="no such stream"):
            some_frames(opened(f"rtsp://bob:p%C3%A4%40ss%2Fw@127.0.0.1:{server.port}/other"))
        assert rtsp_asking.asked(parse(f"rtsp://bob:p%C3%A4%40ss%2Fw@{at}")) == ("H.264",)


@contextmanager
def saying(answer: bytes, *, hold: bool = False) -> Iterator[str]:
    """A server that says the same to everybody; its address."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while not over.is_set():
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(0.5)
                    try:
                        connection.recv(4096)
                        connection.sendall(answer)
                        if hold:
                            over.wait()
                    except OSError:
                        continue

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"rtsp://u:s3cr3t@127.0.0.1:{listening.getsockname()[1]}/x"
        finally:
            over.set()
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


GARBAGE = [
    b"HTTP/1.0 400 Bad Request\r\n\r\n",
    b"\x00\xff" * 5000,
    b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 999999999\r\n\r\nv=0",
    b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 30\r\n\r\n"
    + b"m=video 0 RTP/AVP 96\r\n\xff\xfe\xfd....",
    b"RTSP/1.0 503 Busy\r\nCSeq: 1\r\n\r\n",
    b"",
]


@pytest.mark.parametrize("answer", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_told_in_words_and_kills_nothing(answer: bytes) -> None:
    with saying(answer) as source, pytest.raises(SourceError) as told:
        some_frames(opened(source))
    assert "s3cr3t" not in str(told.value)


def test_a_camera_that_takes_the_connection_and_says_nothing_is_told() -> None:
    with saying(b"", hold=True) as source, pytest.raises(SourceError, match="says nothing"):
        rtsp_asking.asked(parse(source))


def test_a_name_nobody_knows_is_told() -> None:
    with pytest.raises(SourceError, match=r"the name camera\.invalid is not known here"):
        rtsp_asking.asked(parse("rtsp://camera.invalid/x"))


def test_a_video_in_an_unknown_codec_is_named() -> None:
    with rtsp_server("vp8") as server:
        assert rtsp_asking.asked(parse(server.source)) == ("VP8",)
