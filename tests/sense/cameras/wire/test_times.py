from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morina.sense.cameras.reports import PayloadError
from morina.sense.cameras.wire.times import epoch, instant_of

TIRANE = ZoneInfo("Europe/Tirane")
AT = datetime(2026, 3, 14, 8, 26, 53, 589000, tzinfo=UTC)
COMPACT = ("%Y%m%d%H%M%S%f",)


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("20260314092653589", COMPACT),
        ("202603140926535890", COMPACT),
        ("2026-03-14 09:26:53.589", ()),
        ("2026-03-14T08:26:53.589Z", ()),
        ("2026-03-14T09:26:53.589+01:00", ()),
        ("14/03/2026 09:26:53.589", ("%m/%d/%Y %H:%M:%S.%f", "%d/%m/%Y %H:%M:%S.%f")),
        ("20260314T092653589", ("%Y%m%dT%H%M%S%f",)),
    ],
)
def test_times_become_instants(text: str, formats: tuple[str, ...]) -> None:
    assert instant_of(text, TIRANE, formats) == AT


def test_a_local_time_without_zone_says_what_to_set() -> None:
    with pytest.raises(PayloadError, match="set the camera's time zone"):
        instant_of("2026-03-14 09:26:53", None)
    assert instant_of("2026-03-14 09:26:53.589+01:00", None) == AT


def test_the_hour_that_came_twice_counts_as_the_first_and_is_doubted() -> None:
    doubts: list[str] = []
    at = instant_of("2026-10-25 02:30:00", TIRANE, doubts=doubts)
    assert at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert "came twice" in doubts[0]


def test_the_hour_that_never_came_is_doubted() -> None:
    doubts: list[str] = []
    at = instant_of("2026-03-29 02:30:00", TIRANE, doubts=doubts)
    assert at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert "never came" in doubts[0]
    assert instant_of("2026-03-29 03:30:00", TIRANE, doubts=doubts)
    assert len(doubts) == 1


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("1999-12-31 23:59:59", ()), ("2100-01-01 01:00:00", ()), ("2000-01-01 00:30:00", ()),
        ("2026-03-14", ()), ("", ()), ("yesterday", ()), ("2026-02-30 10:00:00", ()),
        ("2026031409265", COMPACT), ("0000", COMPACT), ("9999-12-31 23:59:59-12:00", ()),
        ("٢٠٢٦-٠٣-١٤ ٠٩:٢٦:٥٣", ()), ("2026-03-14 09:26:53" + "0" * 90, ()),
        ("0001-01-01 00:00:00+14:00", ()),
    ],
)  # fmt: skip
def test_what_is_no_time_of_this_century_is_refused(text: str, formats: tuple[str, ...]) -> None:
    with pytest.raises(PayloadError):
        instant_of(text, TIRANE, formats)


def test_epochs_in_every_unit() -> None:
    assert epoch(1773476813589, "ms") == epoch("1773476813589000000", "ns") == AT
    assert epoch(1773476813.589, "s") == epoch("1773476813.589", "s") == AT
    for value in (0, -1, 1773476813589, "", "nan", float("inf"), "1e99999999", 10**5000, 1e300):
        with pytest.raises(PayloadError):
            epoch(value, "s")


@settings(deadline=None)
@given(st.text(), st.sampled_from([(), COMPACT, ("%d/%m/%Y %H:%M:%S",)]))
def test_any_text_is_an_instant_of_this_century_or_refused(text: str, forms: tuple[str]) -> None:
    try:
        at = instant_of(text, TIRANE, forms)
    except PayloadError:
        return
    assert at.tzinfo is UTC and 2000 <= at.year < 2100
