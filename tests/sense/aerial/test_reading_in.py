"""One door for telemetry files: told by their bytes."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sense.aerial import test_airdata, test_dji_srt

import mavlink_made
import px4_made
from morina.sense.aerial import TelemetryError
from morina.sense.aerial.sources.reading_in import FORMATS, flight_of

FILES = {
    "dji_srt": test_dji_srt.rtk("12.340000, 61.230000", 584.0),
    "airdata_csv": test_airdata.log(*test_airdata.ROWS),
    "mavlink_tlog": mavlink_made.log(mavlink_made.place(0.0), mavlink_made.attitude(0.1, 4)),
    "px4_ulog": px4_made.log(px4_made.place(0), px4_made.place(200_000)),
}


@pytest.mark.parametrize("source", FILES)
def test_a_format_is_told_by_its_bytes_whatever_the_name(source: str) -> None:
    assert flight_of("upload.bin", FILES[source]).source == source


@pytest.mark.parametrize("source", FILES)
def test_what_the_operator_states_of_the_camera_is_taken(source: str) -> None:
    assert flight_of("", FILES[source], view=(60.0, 40.0)).telemetry[0].view == (60.0, 40.0)
    with pytest.raises(TelemetryError, match="field of view"):
        flight_of("", FILES[source], view=(60.0, 190.0))


@pytest.mark.parametrize("content", [b"", b"hello", b"a,b,c,d,e\n1,2,3,4,5", bytes(4000)])
def test_what_is_none_of_them_is_refused_with_the_list(content: bytes) -> None:
    with pytest.raises(TelemetryError) as refused:
        flight_of("holiday.doc", content)
    assert all(name in str(refused.value) for name in FORMATS)


@pytest.mark.parametrize("content", [b"", b"1", b"\xef\xbb\xbf1\r\n"])
def test_an_srt_with_nothing_in_it_is_said_to_be_empty(content: bytes) -> None:
    with pytest.raises(TelemetryError, match="there is none"):
        flight_of("DJI_0001.SRT", content)


def test_the_order_stated_reaches_the_srt() -> None:
    with pytest.raises(TelemetryError, match="order=lat_lon"):
        flight_of("a.srt", test_dji_srt.OPEN)
    assert flight_of("a.srt", test_dji_srt.OPEN, order="lat_lon").telemetry[0].latitude == 41.2345


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_mutated_file_is_read_or_refused_and_nothing_else(
    source: str, data: st.DataObject
) -> None:
    content = bytearray(FILES[source])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(content) // 2, len(content)))
    try:
        flight_of("", bytes(content[:cut]))
    except TelemetryError as refused:
        assert refused.mend
