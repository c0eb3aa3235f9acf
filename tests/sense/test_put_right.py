"""The time of a read whose clock was wrong."""

from datetime import timedelta

from invented import NOW, read
from morina.sense import PutRight, put_right

WITHIN_S = 2.0


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def test_a_right_clock_needs_nothing() -> None:
    assert put_right(read(clock_offset_s=130.0), WITHIN_S) is None


def test_a_site_whose_clock_is_behind_is_put_right_by_its_offset() -> None:
    of = read(clock_wrong=True, clock_offset_s=130.0, received_at=NOW + after(1))
    assert put_right(of, WITHIN_S) == PutRight(
        at=NOW + after(130), behind_s=130.0, by_arrival=False
    )


def test_a_camera_that_differs_from_its_site_passed_at_the_latest_when_the_read_arrived() -> None:
    of = read(clock_wrong=True, clock_offset_s=5.0, received_at=NOW - after(7200))
    assert put_right(of, WITHIN_S) == PutRight(
        at=NOW - after(7195), behind_s=-7195.0, by_arrival=True
    )


def test_a_right_camera_at_a_site_with_a_wrong_clock_keeps_its_time() -> None:
    of = read(clock_wrong=True, clock_offset_s=130.0, received_at=NOW - after(129))
    assert put_right(of, WITHIN_S) is None


def test_of_a_read_sent_again_only_the_sites_offset_is_known() -> None:
    late = {"clock_wrong": True, "retransmitted": True, "received_at": NOW + after(7200)}
    assert put_right(read(**late), WITHIN_S) is None
    known = put_right(read(**late, clock_offset_s=130.0), WITHIN_S)
    assert known == PutRight(at=NOW + after(130), behind_s=130.0, by_arrival=False)
