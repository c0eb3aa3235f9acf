"""Each dialect of DJI .SRT, with invented values: the position right, or a clear refusal."""

import math

import pytest

from morina.sense.aerial import Angles, Flight, HeightDatum, TelemetryError
from morina.sense.aerial.sources.dji_srt import flight

SHOTS = "[iso : 100] [shutter : 1/500.0] [fnum : 280] [ev : 0] [ct : 5300] [color_md : default]"


def coded(*packets: str, eol: str = "\n") -> bytes:
    """Packets with a number and a time code of a second each."""
    parts = [
        f"{n}\n00:00:{n - 1:02},000 --> 00:00:{n:02},000\n{text}\n\n"
        for n, text in enumerate(packets, 1)
    ]
    return "".join(parts).replace("\n", eol).encode()


def framed(fields: str, word: str = "FrameCnt") -> str:
    return (
        f'<font size="36">{word} : 1, DiffTime : 33ms\n2031-02-03 04:05:06,789,012\n'
        f"{SHOTS} [focal_len : 240] {fields} </font>"
    )


def first(found: Flight) -> tuple[float, float, float, HeightDatum]:
    one = found.telemetry[0]
    return one.latitude, one.longitude, one.height.metres, one.height.datum


MAVIC_PRO = (
    "HOME(12.3400,-41.2000) 2031.02.03 04:05:06\nGPS(12.3456,-41.2345,14) BAROMETER:7.5\nISO:100"
)
OLD = (
    "HOME(112.3400,-41.2000) 2031.2.3 4:05:06\n"
    "GPS(112.3456,-41.2345,14) Hb:7.5 Hs:7.1\nISO:100 TV:60"
)
CAPTION = (
    "F/2.8, SS 50.0, ISO 100, EV 0, GPS (12.3456, 61.2345, 14), D 20.00m, H 7.50m, "
    "H.S 0.10m/s, V.S 0.00m/s"
)
NAMED = "[latitude : -41.2345] [longtitude : 112.3456] [iso : 100]"
P4_RTK = (
    "F/5.6, SS 400, ISO 100, EV +0.7, GPS (12.345600, 61.234500, 14), HOME ({home}, 3.10m), "
    "D {apart}m, H 7.50m, H.S 0.00m/s, V.S 0.00m/s, F.PRY (1.0°, 2.0°, -80.0°), "
    "G.PRY (-31.5°, 0.5°, -75.0°)"
)
T, U = HeightDatum.TAKEOFF, HeightDatum.UNKNOWN
DIALECTS = {
    "mavic pro": (coded(MAVIC_PRO), (-41.2345, 12.3456, 7.5, T)),
    "mavic pro, old": (coded(OLD), (-41.2345, 112.3456, 7.5, T)),
    "phantom 4 pro, mavic mini": (coded(CAPTION), (61.2345, 12.3456, 7.5, T)),
    "mini, no speeds": (
        coded(CAPTION.replace("0.10m/s", "n/a").replace("0.00m/s", "n/a")),
        (61.2345, 12.3456, 7.5, T),
    ),
    "mini 2, zoom": (
        coded(CAPTION.replace("EV 0,", "EV 0, DZOOM 1.000,")),
        (61.2345, 12.3456, 7.5, T),
    ),
    "matrice 300": (
        coded("2031.02.03 04:05:06\nGPS(41.2345,-12.3456,0.0M) BAROMETER:7.5M", eol="\r\n"),
        (41.2345, -12.3456, 7.5, T),
    ),
    "mavic 2 pro, misspelt": (
        b"\xef\xbb\xbf" + coded(framed("[latitude : -41.234567] [longtitude : 12.345678]")),
        (-41.234567, 12.345678, math.nan, U),
    ),
    "mavic 2 zoom": (
        coded(framed("[latitude : 41.234567] [longtitude : 12.345678] [altitude: 207.500000]")),
        (41.234567, 12.345678, 207.5, U),
    ),
    "air 2, air 2s": (
        coded(framed("[latitude: 41.234567] [longitude: 2.345678] [altitude: 27.5]", "SrtCnt")),
        (41.234567, 2.345678, 27.5, U),
    ),
    "mavic 3": (
        coded(framed("[latitude: 4.23456] [longitude: -3.34567] [rel_alt: -7.5 abs_alt: 40.4]")),
        (4.23456, -3.34567, -7.5, T),
    ),
    "mavic 2 without time codes": (
        b"1\n2031.02.03 04:05:06,393,525,393,525\n%b\n\n"
        b"2\n2031.02.03 04:05:07,393,525\n%b\n" % ((NAMED.encode(),) * 2),
        (-41.2345, 112.3456, math.nan, U),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DIALECTS)
def test_a_dialects_place_and_the_datum_of_its_height_are_right(name: str) -> None:
    content, wanted = DIALECTS[name]
    found = flight(content)
    latitude, longitude, metres, datum = first(found)
    assert (latitude, longitude) == wanted[:2]
    assert metres == pytest.approx(wanted[2], nan_ok=True)
    assert datum is wanted[3]
    assert "gimbal angles" in found.lacks
    assert found.telemetry[0].camera is None
    assert found.telemetry[0].at is None


def rtk(home: str, apart: float) -> bytes:
    return coded(*[P4_RTK.format(home=home, apart=apart)] * 4)


def test_the_rtk_says_its_gimbal_angles_as_pitch_roll_yaw() -> None:
    found = flight(rtk("12.340000, 61.230000", 584.0))
    assert found.telemetry[0].camera == Angles(285.0, -31.5, 0.5)
    assert "gimbal angles" not in found.lacks
    assert "field of view" in found.lacks


def test_the_written_distance_from_home_proves_the_order() -> None:
    """North 0.0045 and east 0.0056 degrees apart at 61 degrees are 584 m; the other way, 795 m."""
    assert "distance from home" in flight(rtk("12.340000, 61.230000", 584.0)).notes[0]
    swapped = flight(rtk("12.340000, 61.230000", 795.0))
    assert (swapped.telemetry[0].latitude, swapped.telemetry[0].longitude) == (12.3456, 61.2345)


def test_a_number_beyond_ninety_is_the_longitude_whatever_the_dialect() -> None:
    turned = flight(coded(CAPTION.replace("12.3456, 61.2345", "-41.2345, 112.3456")))
    assert (turned.telemetry[0].latitude, turned.telemetry[0].longitude) == (-41.2345, 112.3456)


OPEN = coded("2031.02.03 04:05:06\nGPS(41.2345,12.3456,69.800) BAROMETER:91.2")


def test_an_order_left_open_is_refused_and_the_operator_may_state_it() -> None:
    with pytest.raises(TelemetryError, match=r"order=lat_lon or order=lon_lat"):
        flight(OPEN)
    stated = flight(OPEN, order="lon_lat").telemetry[0]
    assert (stated.latitude, stated.longitude) == (12.3456, 41.2345)


def test_a_stated_order_that_the_file_contradicts_is_refused() -> None:
    with pytest.raises(TelemetryError, match="the order stated is wrong"):
        flight(coded(OLD), order="lat_lon")
    with pytest.raises(TelemetryError, match="say lat_lon or lon_lat"):
        flight(coded(OLD), order="sideways")


def test_numbers_beyond_ninety_on_both_sides_are_no_place() -> None:
    with pytest.raises(TelemetryError, match="both numbers"):
        flight(coded(CAPTION.replace("12.3456, 61.2345", "112.3456, 161.2345")))


@pytest.mark.parametrize(
    "fields", ["[latitude: 95.0] [longitude: 2.0]", "[latitude: 9.0] [longitude: 181.0]"]
)
def test_named_fields_that_are_no_place_are_refused(fields: str) -> None:
    with pytest.raises(TelemetryError, match="is no place"):
        flight(coded(framed(fields)))


@pytest.mark.parametrize("content", [b"", b"1", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    with pytest.raises(TelemetryError):
        flight(content)


def test_captions_without_a_place_are_refused_with_what_to_do() -> None:
    with pytest.raises(TelemetryError, match="none of 1 packets has a position; fly with"):
        flight(coded(framed("")))


def test_packets_without_a_fix_or_cut_short_are_passed_over_and_counted() -> None:
    lost = MAVIC_PRO.replace("GPS(12.3456,-41.2345,14)", "GPS(N/A,N/A,0)")
    nought = MAVIC_PRO.replace("GPS(12.3456,-41.2345,14)", "GPS(0.0000,0.0000,0)")
    found = flight(coded(MAVIC_PRO, lost, nought, MAVIC_PRO, "HOME(12.34,-41.2) 2031.02.03 04:05"))
    assert len(found.telemetry) == 2
    assert "3 packets without a position passed over" in found.notes
    assert [m.at_s for m in found.telemetry] == [0.0, 3.0]


def test_a_place_cut_in_the_middle_of_a_number_is_not_taken() -> None:
    whole = framed("[latitude : 41.234567] [longtitude : 12.345678]")
    cut = whole[: whole.index("12.345678") + 4]
    assert len(flight(coded(whole, cut)).telemetry) == 1


def test_two_dialects_in_one_file_keep_their_own_order_and_are_noted() -> None:
    other = framed("[latitude : 61.234500] [longtitude : 12.345600] [altitude: 120.0]")
    found = flight(coded(*[P4_RTK.format(home="12.340000, 61.230000", apart=584.0)] * 3, other))
    assert {(m.latitude, m.longitude) for m in found.telemetry} == {(61.2345, 12.3456)}
    assert any("recordings put together" in note for note in found.notes)
    assert "gimbal angles missing in 1 of 4 packets" in found.notes


def test_a_jump_no_aircraft_flies_is_noted() -> None:
    far = MAVIC_PRO.replace("GPS(12.3456", "GPS(12.4456")
    assert any("jumps 1 times" in note for note in flight(coded(MAVIC_PRO, far)).notes)
    assert not any("jumps" in note for note in flight(coded(MAVIC_PRO, MAVIC_PRO)).notes)


def test_time_that_goes_backwards_is_refused() -> None:
    content = coded(MAVIC_PRO, MAVIC_PRO).replace(b"00:00:01,000 -->", b"00:00:09,000 -->")
    with pytest.raises(TelemetryError, match="packet 3: time goes backwards"):
        flight(content + coded(MAVIC_PRO))


def test_fewer_decimals_make_a_wider_spread() -> None:
    rough = flight(coded(CAPTION)).telemetry[0].spread.horizontal_m
    fine = flight(rtk("12.340000, 61.230000", 584.0)).telemetry[0].spread.horizontal_m
    assert fine == pytest.approx(3.0, abs=0.01)
    assert rough == pytest.approx(math.hypot(3.0, 11.1195 / math.sqrt(12)), abs=0.01)


def test_a_field_of_view_the_operator_states_is_taken() -> None:
    found = flight(rtk("12.340000, 61.230000", 584.0), view=(73.7, 45.3))
    assert found.telemetry[0].view == (73.7, 45.3)
    assert "field of view" not in found.lacks


def test_named_gimbal_angles_of_newer_aircraft_are_read() -> None:
    found = flight(
        coded(
            framed(
                "[latitude: 4.2] [longitude: 3.3] [rel_alt: 7.5 abs_alt: 40.4] "
                "[gb_yaw: -10.5 gb_pitch: -45.0 gb_roll: 0.0]"
            )
        )
    )
    assert found.telemetry[0].camera == Angles(349.5, -45.0, 0.0)
