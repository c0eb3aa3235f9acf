"""Motion JPEG and snapshots from a real HTTP server."""

import base64
import itertools
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from filming_servers import jpeg, web_camera
from morina.sense.cameras.adapters import snapshot
from morina.sense.cameras.adapters.mjpeg import MjpegStream
from morina.sense.cameras.adapters.snapshot import Snapshots
from morina.sense.cameras.frames import Filmed, Frame, SourceError
from morina.sense.cameras.live import Pace
from morina.sense.cameras.sources import parse

PACE = Pace(frames_per_s=50, stall_s=60)


def frames_of(films: Iterator[Filmed], count: int) -> list[Frame]:
    found: list[Frame] = []
    while len(found) < count:
        if isinstance(filmed := next(films), Frame):
            found.append(filmed)
    return found


def sent(request: BaseHTTPRequestHandler, status: int, kind: str, body: bytes, **more: str) -> None:
    request.send_response(status)
    request.send_header("Content-Type", kind)
    for name, value in more.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)


def stream_of(pictures: Iterator[bytes]) -> object:
    """What answers with these pictures, then breaks off."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        sent(request, 200, "multipart/x-mixed-replace; boundary=--road", b"")
        for picture in pictures:
            request.wfile.write(b"--road\r\nContent-Type: image/jpeg\r\n\r\n" + picture + b"\r\n")

    return answer


def mjpeg(port: int, login: str = "") -> Iterator[Filmed]:
    return MjpegStream(parse(f"http+mjpeg://{login}127.0.0.1:{port}/v.cgi"), PACE).frames()


def snapshots(port: int, login: str = "") -> Iterator[Filmed]:
    source = f"http+snapshot://{login}127.0.0.1:{port}/i.jpg?every=0.2"
    return Snapshots(parse(source), PACE).frames()


def test_a_camera_asked_by_its_address_is_told_its_name_at_every_picture() -> None:
    hosts: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        hosts.append(request.headers["Host"])
        sent(request, 200, "image/jpeg", jpeg(len(hosts)))

    with web_camera(answer) as port:
        source = parse(f"http+snapshot://camera.example:{port}/i.jpg?every=0.2").at("127.0.0.1")
        frames_of(Snapshots(source, PACE).frames(), 2)
    assert set(hosts) == {f"camera.example:{port}"}


def test_motion_jpeg_gives_frames_until_the_camera_ends_it() -> None:
    pictures = (jpeg(number % 200) for number in range(2000))
    with web_camera(stream_of(pictures)) as port:
        films = mjpeg(port)
        assert frames_of(films, 2)[0].image.shape == (48, 64, 3)
        with pytest.raises(SourceError, match="ended the stream"):
            frames_of(films, 10_000)


def test_motion_jpeg_of_damaged_pictures_is_told() -> None:
    damaged = stream_of(itertools.repeat(b"\xff\xd8 rubbish"))
    with web_camera(damaged) as port, pytest.raises(SourceError, match="pictures are damaged"):
        frames_of(mjpeg(port), 1)


def test_a_page_is_no_motion_jpeg() -> None:
    with web_camera(lambda request: sent(request, 200, "text/html", b"hello")) as port:
        with pytest.raises(SourceError, match=r"sends no motion JPEG; .*\+snapshot"):
            frames_of(mjpeg(port), 1)
        with pytest.raises(SourceError, match="sends no picture"):
            frames_of(snapshots(port), 1)


@pytest.mark.parametrize(
    ("status", "why"), [(401, "refuses the user"), (404, "no such path"), (500, "answers 500")]
)
def test_a_refusal_is_told_in_words(status: int, why: str) -> None:
    with web_camera(lambda request: sent(request, status, "text/plain", b"")) as port:
        for films in (mjpeg(port, "u:s3cr3t@"), snapshots(port, "u:s3cr3t@")):
            with pytest.raises(SourceError, match=why) as told:
                frames_of(films, 1)
            assert "s3cr3t" not in str(told.value)


def test_snapshots_come_one_after_another_with_the_login_the_camera_asks_for() -> None:
    shades = itertools.count(10)
    right = "Basic " + base64.b64encode(b"bob:p@ss").decode()

    def answer(request: BaseHTTPRequestHandler) -> None:
        if request.headers.get("Authorization") != right:
            sent(request, 401, "text/plain", b"", WWW_Authenticate='Basic realm="camera"')
        else:
            sent(request, 200, "image/jpeg", jpeg(next(shades)))

    with web_camera(answer) as port:
        first, second = frames_of(snapshots(port, "bob:p%40ss@"), 2)
    assert second.image.mean() > first.image.mean()
    assert (second.captured_at - first.captured_at).total_seconds() > 0.1


def test_a_digest_login_is_answered() -> None:
    seen: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        seen.append(request.headers.get("Authorization", ""))
        asked = 'Digest realm="camera", nonce="abc", qop="auth"'
        if not seen[-1].startswith("Digest"):
            sent(request, 401, "text/plain", b"", WWW_Authenticate=asked)
        else:
            sent(request, 200, "image/jpeg", jpeg(7))

    with web_camera(answer) as port:
        frames_of(snapshots(port, "bob:s3cr3t@"), 1)
    assert 'username="bob"' in seen[1]
    assert "s3cr3t" not in seen[1]


def test_a_frozen_camera_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "FROZEN_AFTER", 3)
    frozen = "the same picture 3 times"

    def answer(request: BaseHTTPRequestHandler) -> None:
        sent(request, 200, "image/jpeg", jpeg(7))

    with web_camera(answer) as port, pytest.raises(SourceError, match=frozen):
        frames_of(snapshots(port), 2)


def test_a_password_is_not_carried_to_where_a_camera_points() -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        sent(request, 302, "text/plain", b"", Location="http://127.0.0.1:1/elsewhere")

    with web_camera(answer) as port, pytest.raises(SourceError, match="answers 302"):
        frames_of(snapshots(port, "u:p@"), 1)


def test_nothing_there_is_told() -> None:
    with web_camera(lambda _: None) as port:
        pass
    with pytest.raises(SourceError, match="nothing listens there"):
        frames_of(snapshots(port), 1)
    with pytest.raises(SourceError, match="nothing listens there"):
        frames_of(mjpeg(port), 1)
