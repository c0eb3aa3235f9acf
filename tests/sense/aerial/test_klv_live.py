"""The time of a live stream: counted from its first picture, over breaks and recorders cut off."""

import pytest

from klv_made import said, transport
from morina.sense.aerial.sources.klv_live import Before, Following


class Clock:
    at = 100.0

    def __call__(self) -> float:
        return self.at


def stream(first_s: float) -> bytes:
    return transport([said(number) for number in range(25)], first_s)


def times(following: Following, first_s: float) -> list[float]:
    return [one.at_s for one in following.feed(stream(first_s))]


def test_after_a_break_a_clock_that_went_on_as_long_is_the_same() -> None:
    clock = Clock()
    following = Following(clock=clock)
    assert times(following, 10.0)[0] < 0.1
    following.again()
    assert following.time_of(10.0) is None
    clock.at += 60
    assert times(following, 71.0)[0] == pytest.approx(61.0, abs=0.1)
    assert following.time_of(71.0) == pytest.approx(61.0)


def test_after_a_break_a_clock_that_jumped_further_began_anew() -> None:
    clock = Clock()
    following = Following(clock=clock)
    last = times(following, 10.0)[-1]
    following.again()
    clock.at += 2
    assert times(following, 3000.0)[0] == pytest.approx(last, abs=0.1)
    following.again()
    assert times(following, 5.0)[0] < 3


def test_bytes_left_out_change_no_time() -> None:
    following = Following(clock=Clock())
    times(following, 10.0)
    following.skipped()
    assert times(following, 50.0)[0] == pytest.approx(40.0, abs=0.1)
    assert following.time_of(50.0) == pytest.approx(40.0)


def test_a_recording_gone_on_with_counts_from_its_first_picture() -> None:
    following = Following(before=Before(10.0, 20.0, 30.0), clock=Clock())
    assert times(following, 62.0)[0] == pytest.approx(52.0, abs=0.1)
    anew = Following(before=Before(10.0, 20.0, 30.0), clock=Clock())
    assert times(anew, 7000.0)[0] == pytest.approx(20.0, abs=0.1)
