"""RTSP cameras: a real server, stopped, stalled, started again, sending garbage."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from time import monotonic

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from filming_servers import rtsp_server
from morina.sense.cameras.adapters import opencv_stream, rtsp_asking
from morina.sense.cameras.adapters.opencv_stream import OpenCvStream
from morina.sense.cameras.frames import Filmed, Frame, SourceError
from morina.sense.cameras.live import Pace
from morina.sense.cameras.sources import parse

PATIENCE_S = 120
PACE = Pace(frames_per_s=10, stall_s=PATIENCE_S)
HASTY = Pace(frames_per_s=10, stall_s=2)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a test of it is about how long is waited."""
    monkeypatch.setattr(rtsp_asking, "WITHIN_S", PATIENCE_S)
    monkeypatch.setattr(opencv_stream, "OPEN_WITHIN_S", PATIENCE_S)


def opened(source: str, pace: Pace = PACE) -> Iterator[Filmed]:
    return OpenCvStream(parse(source), pace, rtsp_asking.why).frames()


def playing(source: str) -> tuple[Iterator[Filmed], list[Frame]]:
    """A film that tells a stall after two seconds, and its first frames; opened again where a busy
    machine made the camera stall before."""
    deadline = monotonic() + PATIENCE_S
    while True:
        films = opened(source, HASTY)
        try:
            return films, some_frames(films)
        except SourceError:
            if monotonic() > deadline:
                raise


def some_frames(films: Iterator[Filmed], count: int = 3) -> list[Frame]:
    found: list[Frame] = []
    while len(found) < count:
        if isinstance(filmed := next(films), Frame):
            found.append(filmed)
    return found


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_frames_come_and_a_stall_and_an_end_are_told(codec: str) -> None:
    with rtsp_server(codec) as server:
        films, frames = playing(server.source)
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


def certified(folder: Path, host: str, valid: timedelta) -> Path:
    """A folder with key and certificate that only ``host`` itself vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    until = datetime.now(UTC) + valid
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(until - timedelta(days=30))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), False)
        .sign(key, hashes.SHA256())
    )
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return folder


@pytest.mark.parametrize(
    ("host", "valid"),
    [("127.0.0.1", timedelta(days=9)), ("192.0.2.7", -timedelta(days=1))],
    ids=["its own", "another's and over"],
)
def test_a_camera_within_tls_plays_whatever_its_certificate_says(
    host: str, valid: timedelta, tmp_path: Path
) -> None:
    """docs/cameras/streams.md: the certificate is not checked."""
    certified(tmp_path, host, valid)
    with rtsp_server(more=["bob:s3cr3t", str(tmp_path)]) as server:
        at = f"127.0.0.1:{server.port}/road"
        with pytest.raises(ssl.SSLCertVerificationError):
            checked(server.port)
        assert some_frames(opened(f"rtsps://bob:s3cr3t@{at}"))[0].image.shape == (240, 320, 3)
        assert rtsp_asking.asked(parse(f"rtsps://bob:s3cr3t@{at}")) == ("H.264",)
        with pytest.raises(SourceError, match="refuses the user or the password") as refused:
            some_frames(opened(f"rtsps://bob:wr0ng@{at}"))
        assert "wr0ng" not in str(refused.value)


def checked(port: int) -> None:
    """Speak TLS as whoever checks certificates does."""
    with socket.create_connection(("127.0.0.1", port)) as plain:
        ssl.create_default_context().wrap_socket(plain, server_hostname="127.0.0.1").close()


def test_a_camera_without_tls_is_told_to_be_written_rtsp() -> None:
    with rtsp_server() as server:
        source = server.source.replace("rtsp:", "rtsps:")
        with pytest.raises(SourceError, match="does not speak TLS at this port; write rtsp:"):
            some_frames(opened(source))


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


def test_a_camera_that_takes_the_connection_and_says_nothing_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rtsp_asking, "WITHIN_S", 0.5)
    with saying(b"", hold=True) as source, pytest.raises(SourceError, match="says nothing"):
        rtsp_asking.asked(parse(source))


def test_a_name_nobody_knows_is_told() -> None:
    with pytest.raises(SourceError, match=r"the name camera\.invalid is not known here"):
        rtsp_asking.asked(parse("rtsp://camera.invalid/x"))


def test_a_video_in_an_unknown_codec_is_named() -> None:
    with rtsp_server("vp8") as server:
        assert rtsp_asking.asked(parse(server.source)) == ("VP8",)
