"""Telemetry written as MISB ST 0601, bare and beside a video, is read again as it was."""

from pathlib import Path

import cv2
import pytest
from stanag4609.st0601 import decode_uas_local_set

from klv_made import TIGHT, flown, said, transport, video
from morina.sense.aerial import Angles, Height, HeightDatum, Telemetry, TelemetryError
from morina.sense.aerial.sources.klv import flight
from morina.sense.aerial.sources.klv_out import muxed, packet, packets

TURNS = [Angles(20.0 + n, 5.0 - n, -10.0) for n in range(40)]


def same(got: Telemetry, was: Telemetry) -> None:
    assert got.at == was.at and got.height.datum is was.height.datum
    assert (got.latitude, got.longitude) == pytest.approx((was.latitude, was.longitude), abs=1e-7)
    assert got.height.metres == pytest.approx(was.height.metres, abs=0.16)
    assert got.camera is not None and was.camera is not None
    assert (got.camera.yaw, got.camera.pitch, got.camera.roll) == pytest.approx(
        (was.camera.yaw, was.camera.pitch, was.camera.roll), abs=0.01
    )
    assert got.view == pytest.approx(was.view, abs=0.002)
    assert got.told_centre == pytest.approx(was.told_centre, abs=1e-7)


def test_a_flight_is_read_as_it_was_written() -> None:
    flew = flown(40)
    made = flight([one for _, one in packets(flew, TURNS, "EO")])
    assert made.notes == () and made.lacks == ("when the video began",)
    for got, was in zip(made.telemetry, flew, strict=True):
        same(got, was)


def test_another_reader_takes_them_all() -> None:
    for _, one in packets(flown(40), TURNS):
        read = decode_uas_local_set(one)
        assert read.issues == () and read.value(65) == 19


def test_mean_sea_level_stays_mean_sea_level() -> None:
    one = Telemetry(at_s=0.0, latitude=1.0, longitude=2.0, spread=TIGHT, at=flown(1)[0].at,
                    height=Height(812.0, HeightDatum.EGM96))  # fmt: skip
    made = flight([packet(one)])
    assert made.telemetry[0].height.datum is HeightDatum.EGM96
    assert made.lacks == ("camera angles", "field of view", "when the video began")


@pytest.mark.parametrize("datum", [HeightDatum.TAKEOFF, HeightDatum.UNKNOWN])
def test_a_height_above_the_take_off_is_refused(datum: HeightDatum) -> None:
    one = Telemetry(at_s=4.0, latitude=1.0, longitude=2.0, spread=TIGHT, at=flown(1)[0].at,
                    height=Height(80.0, datum))  # fmt: skip
    with pytest.raises(TelemetryError, match=r"4\.0 s: .*ellipsoid or EGM96"):
        packet(one)


def test_no_clock_is_refused() -> None:
    one = Telemetry(at_s=0.0, latitude=1.0, longitude=2.0, spread=TIGHT,
                    height=Height(80.0, HeightDatum.EGM96))  # fmt: skip
    with pytest.raises(TelemetryError, match="no clock"):
        packet(one)


@pytest.mark.parametrize("codec", ["mp4v", "mpg2"])
def test_beside_a_video_that_still_plays(codec: str, tmp_path: Path) -> None:
    plain, flew = video(tmp_path / "plain.ts", 30, codec), flown(30)
    pieces = (plain[at : at + 10_000] for at in range(0, len(plain), 10_000))
    stream = b"".join(muxed(pieces, packets(flew)))
    made = flight([stream])
    assert [one.at_s for one in made.telemetry] == pytest.approx([one.at_s for one in flew])
    for got, was in zip(made.telemetry, flew, strict=True):
        same(got, was)
    (tmp_path / "both.ts").write_bytes(stream)
    assert shown(tmp_path / "both.ts") == shown(tmp_path / "plain.ts")


def shown(path: Path) -> list[tuple[float, int]]:
    """Times and sums of all pictures, as OpenCV plays them."""
    player, found = cv2.VideoCapture(str(path)), []
    while (read := player.read())[0]:
        found.append((round(player.get(cv2.CAP_PROP_POS_MSEC), 3), int(read[1].sum())))
    player.release()
    assert len(found) == 30
    return found


def test_telemetry_that_outlasts_the_video_is_kept(tmp_path: Path) -> None:
    stream = b"".join(muxed([video(tmp_path / "short.ts", 10)], packets(flown(30))))
    assert flight([stream]).telemetry[-1].at_s == pytest.approx(29 / 25)


@pytest.mark.parametrize(
    ("stream", "why"),
    [(b"", "no table"), (b"ftyp" * 100, "no transport packet"), (b"\x47" + bytes(187), "no table")],
)
def test_no_transport_stream_is_refused(stream: bytes, why: str) -> None:
    with pytest.raises(TelemetryError, match=why):
        b"".join(muxed([stream], []))


def test_a_second_telemetry_of_ours_is_refused(tmp_path: Path) -> None:
    once = b"".join(muxed([video(tmp_path / "a.ts", 3)], packets(flown(3))))
    with pytest.raises(TelemetryError, match="there already"):
        b"".join(muxed([once], packets(flown(3))))


def test_beside_a_stream_that_has_telemetry_of_another() -> None:
    theirs = transport([said(number) for number in range(10)])
    both = flight(muxed([theirs], packets(flown(10))))
    assert len(both.telemetry) == 20
