"""The addresses of cameras that film, and what of them may be shown."""

import pytest

from morina.sense.cameras import Camera
from morina.sense.cameras.sources import Kind, parse, restored, shown

SECRET = "s3cr3t"


@pytest.mark.parametrize(
    ("source", "kind", "address"),
    [
        ("file:///srv/a%20road.avi?loop=1", Kind.FILE, "/srv/a road.avi"),
        ("file:///srv/gate/", Kind.FOLDER, "/srv/gate/"),
        ("rtsp://u:p%40@cam/live?channel=1", Kind.RTSP, "rtsp://cam/live?channel=1"),
        ("rtsps://[2001:db8::7]:8322/x", Kind.RTSP, "rtsps://[2001:db8::7]:8322/x"),
        ("http+mjpeg://cam:81/v.cgi?user=a&every=3", Kind.MJPEG, "http://cam:81/v.cgi?user=a"),
        ("https+snapshot://cam/i.jpg?every=2.5", Kind.SNAPSHOT, "https://cam/i.jpg"),
        ("usb:0", Kind.USB, "0"),
        ("usb:/dev/v4l/by-id/one", Kind.USB, "/dev/v4l/by-id/one"),
    ],
)
def test_each_kind_is_known_by_its_scheme(source: str, kind: Kind, address: str) -> None:
    parsed = parse(source)
    assert (parsed.kind, parsed.address) == (kind, address)


def test_the_login_and_the_usual_port_are_found() -> None:
    parsed = parse("rtsp://bob:p%40ss%2F@192.0.2.7/road")
    assert (parsed.user, parsed.password) == ("bob", "p@ss/")
    assert (parsed.host, parsed.port) == ("192.0.2.7", 554)
    assert parse("https+mjpeg://cam/x").port == 443


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("ftp://cam/x", "give one of file:, rtsp:"),
        ("/plain/path", "give one of"),
        ("file:clip.avi", "no whole path"),
        ("rtsp:///road", "no host"),
        (f"rtsp://bob:{SECRET}/x@cam/road", "is written %40"),
        (f"rtsp://bob:{SECRET}@cam:99999/road", "not an address"),
        (f"rtsp://bob:{SECRET}@[cam/road", "not an address"),
        (f"rtsp:bob:{SECRET}@cam", "not an address"),
        ("http+snapshot://cam/i.jpg?every=0.01", "every must be"),
        ("http+snapshot://cam/i.jpg?every=soon", "every must be"),
        ("usb:front", "no device"),
    ],
)
def test_a_wrong_source_is_refused_in_words_without_its_password(source: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        Camera(camera_id="c", name="c", site="s", latitude=42, longitude=20, source=source)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "source",
    [
        f"rtsp://bob:{SECRET}@cam/road",
        f"rtsp://bob:a/{SECRET}@b/c@cam/road",
        f"rtsp://bob:a?{SECRET}@cam/road",
        f"rtsp://cam/user=bob_password={SECRET}_channel=1.sdp",
        f"http+mjpeg://cam/v.cgi?usr=bob&pwd={SECRET}&stream=1",
        f"http+mjpeg://cam/v.cgi?{SECRET}",
        f"http+snapshot://cam/v#{SECRET}",
        f"rtsp:bob:{SECRET}@cam",
        f"bob:{SECRET}@cam",
    ],
)
def test_what_may_be_a_secret_is_never_shown(source: str) -> None:
    assert SECRET not in shown(source)
    assert "bob" not in shown(source)
    assert "cam" in shown(source)


def test_what_is_no_secret_is_shown() -> None:
    assert shown("rtsp://bob:x@cam:8554/live?channel=2") == "rtsp://***@cam:8554/live?channel=2"
    assert shown("file:///srv/mail@home/") == "file:///srv/mail@home/"


def test_a_camera_in_a_log_line_does_not_tell_its_source() -> None:
    source = f"rtsp://bob:{SECRET}@cam/road"
    camera = Camera(camera_id="c", name="c", site="s", latitude=42, longitude=20, source=source)
    assert SECRET not in f"{camera} {camera!r} {camera.shown()!r} {parse(source)!r}"
    assert camera.shown().source == "rtsp://***@cam/road"


def test_a_form_saved_as_it_was_shown_changes_nothing() -> None:
    kept = f"rtsp://bob:{SECRET}@cam/road"
    assert restored("rtsp://***@cam/road", kept) == kept
    assert restored("rtsp://new:one@other/road", kept) == "rtsp://new:one@other/road"


def test_the_password_of_one_address_never_goes_to_another() -> None:
    with pytest.raises(ValueError, match="write it with its user and password again"):
        restored("rtsp://***@elsewhere/road", f"rtsp://bob:{SECRET}@cam/road")
