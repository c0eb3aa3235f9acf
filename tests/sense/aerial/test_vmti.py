"""Moving target indications (MISB ST 0903) are read back by two other readers."""

import math
from datetime import UTC, datetime
from uuid import UUID, uuid5

import pytest
from stanag4609.imap import IMAPB
from stanag4609.st0601 import decode_uas_local_set
from stanag4609.st0903 import VMTILocalSet, decode_vmti_local_set
from tstrans.klv import VmtiLs, decode_uas_datalink, decode_vmti, parse_klv_universal

from klv_made import said
from morina.sense.aerial import Detection, ObjectKind, Place, Track, TrackPoint
from morina.sense.aerial.giving.vmti import (
    Frame,
    Target,
    VmtiError,
    mapped,
    packet,
    targets_at,
    targets_of,
)

AT = datetime(2026, 3, 1, 6, 30, 0, 250_000, tzinfo=UTC)
FRAME = Frame(at=AT, width=640, height=512, sensor="IR", view=(30.0, 24.0), sortie_id=UUID(int=99))
PLACE = Place(latitude=42.1234567, longitude=20.7654321, height_m=812.5,
              covariance=(25.0, 6.0, 16.0), height_sd_m=3.0, range_m=900.0)  # fmt: skip
TARGETS = (
    Target(number=3, box=(100.0, 50.0, 120.0, 90.0), share=0.83, place=PLACE),
    Target(number=7, box=(-4.0, 500.0, 30.0, 520.0), share=1.0, status=3),
)


def track(number: int, at_s: float, seen: bool = True) -> Track:
    point = TrackPoint(
        at_s=at_s, latitude=42.0 + number / 100, longitude=20.5, covariance=(9.0, 0.0, 4.0),
        speed_ms=0.1 * number, course_deg=90.0, box=(10.0, 20.0, 30.0, 40.0) if seen else None,
    )  # fmt: skip
    return Track(track_id=UUID(int=number), sortie_id=UUID(int=99), kind=ObjectKind.PERSON,
                 points=[point], agreeing=5, share=0.7)  # fmt: skip


def read(data: bytes) -> VMTILocalSet:
    return decode_vmti_local_set(data)


def test_another_library_reads_what_was_written() -> None:
    got = read(packet(FRAME, TARGETS))
    assert got.standalone
    assert (got.value(3), got.value(4), got.value(5), got.value(6)) == ("Morina", 6, 2, 2)
    assert (got.value(8), got.value(9), got.value(10)) == (640, 512, "IR")
    assert got.value(11) == pytest.approx(30.0, abs=0.01)
    assert int(got.value(2).timestamp() * 1e6) == int(AT.timestamp() * 1e6)
    first, second = got.targets
    assert (first.target_id, second.target_id) == (3, 7)
    assert first.value(1) == 70 * 640 + 110 + 1
    assert (first.value(2), first.value(3)) == (50 * 640 + 100 + 1, 89 * 640 + 119 + 1)
    assert (first.value(5), second.value(5)) == (83, 100)
    assert second.value(2) == 500 * 640 + 0 + 1 and second.value(3) == 511 * 640 + 29 + 1


def test_a_place_keeps_its_error() -> None:
    got = read(packet(FRAME, TARGETS)).targets[0].value(17)
    assert got.latitude == pytest.approx(PLACE.latitude, abs=3e-7)
    assert got.longitude == pytest.approx(PLACE.longitude, abs=3e-7)
    assert got.hae == pytest.approx(812.5, abs=0.7)
    assert got.standard_deviations == pytest.approx((5.0, 4.0, 3.0), abs=0.04)
    assert got.correlations == pytest.approx((0.3, 0.0, 0.0), abs=0.001)
    assert read(packet(FRAME, TARGETS)).targets[1].value(17) is None


def test_the_library_that_wrote_it_reads_it_too() -> None:
    got = parse_klv_universal(packet(FRAME, TARGETS))
    assert isinstance(got, VmtiLs) and [one.target_id for one in got.targets] == [3, 7]
    assert got.field_errors == ()


def test_it_goes_inside_a_packet_of_telemetry() -> None:
    whole = said(vmti=packet(FRAME, TARGETS, inside=True))
    inner = decode_uas_datalink(whole).vmti
    assert inner is not None and len(decode_vmti(inner).targets) == 2
    assert len(decode_uas_local_set(whole).value(74).targets) == 2


def test_detections_are_numbered_as_they_come() -> None:
    found = [Detection(ObjectKind.PERSON, (1.0, 2.0, 3.0, 4.0), 0.9)] * 2
    got = read(packet(FRAME, targets_of(found)))
    assert [one.target_id for one in got.targets] == [1, 2]


def test_tracks_keep_their_number_and_the_unseen_are_left_out() -> None:
    tracks = [track(1, 2.0), track(2, 2.0, seen=False), track(3, 5.0), track(9, 2.0)]
    found = targets_at(tracks, 2.0, lambda _box: (700.0, 5.0))
    assert [one.number for one in found] == [1, 4]
    assert [one.status for one in found] == [3, 1]
    got = read(packet(FRAME, found)).targets[1].value(17)
    assert got.latitude == pytest.approx(42.09, abs=1e-6)
    assert got.hae == pytest.approx(700.0, abs=0.7)


def test_a_track_over_ground_of_no_known_height_has_a_box_and_no_place() -> None:
    got = read(packet(FRAME, targets_at([track(1, 2.0)], 2.0, lambda _box: None))).targets[0]
    assert got.value(17) is None and got.value(2) == 20 * 640 + 10 + 1


def test_nothing_of_how_anybody_looks_is_in_it() -> None:
    got = read(packet(FRAME, targets_at([track(1, 2.0)], 2.0, lambda _box: (700.0, 5.0))))
    assert {field.tag for field in got.targets[0].fields} == {1, 2, 3, 5, 17, 23}


def test_the_sensor_is_the_sortie() -> None:
    field = read(packet(FRAME, TARGETS)).get(13)
    assert field is not None and uuid5(UUID(int=99), "Morina").bytes in field.raw


def test_an_empty_picture_is_said() -> None:
    assert read(packet(FRAME, ())).value(6) == 0


@pytest.mark.parametrize(
    ("least", "most", "octets"), [(-90, 90, 4), (-900, 19_000, 2), (0, 650, 2)]
)
def test_numbers_are_mapped_as_another_library_maps_them(
    least: float, most: float, octets: int
) -> None:
    theirs = IMAPB(least, most, octets)
    for part in range(101):
        value = least + (most - least) * part / 100
        assert mapped(value, least, most, octets) == theirs.encode(value)


@pytest.mark.parametrize("value", [-1.0, 651.0, math.nan])
def test_a_number_out_of_its_limits_is_refused(value: float) -> None:
    with pytest.raises(VmtiError, match="look at the place"):
        mapped(value, 0, 650, 2)


def test_two_targets_of_one_number_are_refused() -> None:
    with pytest.raises(VmtiError, match="different ones"):
        packet(FRAME, (TARGETS[0], TARGETS[0]))
