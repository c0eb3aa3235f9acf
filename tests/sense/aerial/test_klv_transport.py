"""MPEG-TS: telemetry is put beside the pictures by the stream's own clock."""

import pytest
from tstrans.mpegts import KlvStreamType

from klv_made import said, transport
from morina.sense.aerial import TelemetryError
from morina.sense.aerial.sources.klv import flight

SYNC, ASYNC = KlvStreamType.SYNCHRONOUS_METADATA, KlvStreamType.PRIVATE_DATA


@pytest.mark.parametrize(("kind", "timed"), [(SYNC, True), (ASYNC, True), (ASYNC, False)])
@pytest.mark.parametrize("size", [188, 1000, 1 << 20])
def test_each_packet_is_at_its_picture(kind: KlvStreamType, timed: bool, size: int) -> None:
    stream = transport([said(number) for number in range(30)], kind=kind, timed=timed)
    made = flight(stream[at : at + size] for at in range(0, len(stream), size))
    assert made.source == "MISB ST 0601 in MPEG-TS"
    assert [one.at_s for one in made.telemetry] == pytest.approx(
        [number / 25 for number in range(30)], abs=0.05
    )


def test_synchronous_telemetry_is_exact() -> None:
    made = flight([transport([said(number) for number in range(30)])])
    assert [one.at_s for one in made.telemetry] == pytest.approx(
        [number / 25 for number in range(30)], abs=2 / 90_000
    )


def test_a_clock_that_begins_again_goes_on() -> None:
    """33 bits of 1/90,000 s: the clock of a stream begins again after 26.5 hours."""
    stream = transport([said(number) for number in range(50)], first_s=2**33 / 90_000 - 1)
    made = flight([stream])
    assert [one.at_s for one in made.telemetry] == pytest.approx(
        [number / 25 for number in range(50)], abs=0.001
    )


def test_several_packets_in_one_piece() -> None:
    made = flight([transport([said(number) + said(number) for number in range(4)])])
    assert [round(one.at_s * 25) for one in made.telemetry] == [0, 0, 1, 1, 2, 2, 3, 3]


def test_a_damaged_packet_names_its_moment() -> None:
    bad = said(3)[:-5] + b"\xff" + said(3)[-4:]
    made = flight([transport([bad if number == 3 else said(number) for number in range(9)])])
    assert len(made.telemetry) == 8
    assert made.notes[0] == "1 packet passed over, checksum mismatch: at 10.1 s of its clock"


def test_lost_transport_packets_lose_only_theirs() -> None:
    stream = transport([said(number) for number in range(50)])
    lost = stream[: 188 * 40] + stream[188 * 43 :]
    assert 45 <= len(flight([lost]).telemetry) < 50


def test_a_stream_without_telemetry_says_so() -> None:
    with pytest.raises(TelemetryError, match="no packet of MISB ST 0601"):
        flight([transport([b"\x01" * 40])])


def test_noise_after_a_good_begin_is_an_error_with_its_place() -> None:
    with pytest.raises(TelemetryError, match="byte"):
        flight([transport([said()])[:188] + b"\x47" + b"\x11" * 300_000])


def test_what_comes_after_a_clock_went_back_is_left_out_and_said() -> None:
    """Two recordings in one file: pictures of the second are shown at no time of the first."""
    first = transport([said(number) for number in range(6)], first_s=300.0)
    second = transport([said(50 + number) for number in range(6)], first_s=10.0)
    made = flight([first + second])
    assert [one.at_s for one in made.telemetry] == pytest.approx(
        [number / 25 for number in range(6)], abs=0.001
    )
    assert made.notes[0] == "1 packet passed over, of a time long past: at 10.0 s of its clock"
    assert made.notes[1].startswith("its clock goes back after 0.2 s")


def test_a_gap_is_a_gap() -> None:
    first = transport([said(number) for number in range(3)], first_s=10.0)
    later = transport([said(500 + number) for number in range(3)], first_s=30.0)
    made = flight([first + later])
    assert [round(one.at_s, 2) for one in made.telemetry] == [0.0, 0.04, 0.08, 20.0, 20.04, 20.08]
