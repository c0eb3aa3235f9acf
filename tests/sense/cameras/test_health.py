"""Figures in, findings out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from morina.sense.cameras.chances import at_most, wilson
from morina.sense.cameras.condition import Fault, Figures, Rules, Sight
from morina.sense.cameras.daylight import sun_elevation
from morina.sense.cameras.health import findings
from morina.sense.cameras.mending import MENDS, SAYS, mend, says
from morina.sense.cameras.passed import NOTHING, Hour, Passed, Usual, usual_of, weeks_known

NOW = datetime(2026, 3, 4, 14, 20, tzinfo=UTC)
KUKES = (42.08, 20.42)
RULES = Rules()
GOOD = Passed(
    passages=40, unread=2, confidence_sum=38 * 0.9, measured=38, width_sum=38 * 100.0,
    compared=38, differing=1, fresh=40, delay_sum=40.0, link_sum=8.0,
)  # fmt: skip


def usual(per_hour: float = 40.0) -> Usual:
    return Usual(weeks=8, passages=(per_hour,) * 168, unread_share=(0.05,) * 168, altogether=GOOD)


def day_of(passed: Passed = GOOD, changed: dict[int, Passed] | None = None) -> tuple[Hour, ...]:
    """The 30 last hours, alike but those ``changed`` by how many hours ago they began."""
    began = NOW.replace(minute=0)
    return tuple(
        Hour(began - timedelta(hours=ago), (changed or {}).get(ago, passed))
        for ago in range(30, -1, -1)
    )


def figures(**more: object) -> Figures:
    given: dict[str, object] = {"hours": day_of(), **more}
    return Figures(camera_id="north", at=NOW, place=KUKES, **given)  # type: ignore[arg-type]  # named


def found(
    given: Figures, known: Usual | None = None, standing: tuple[Fault, ...] = ()
) -> set[Fault]:
    return {one.fault for one in findings(given, known or usual(), RULES, standing)}


def test_a_camera_that_sees_as_usual_raises_nothing() -> None:
    assert found(figures()) == set()


def test_a_camera_that_nobody_knows_yet_raises_nothing_about_usual() -> None:
    few = day_of(Passed(passages=1))
    assert findings(figures(hours=few), None, RULES) == []


def test_far_fewer_passages_than_usual_are_found_within_an_hour() -> None:
    few = replace(GOOD, passages=3, unread=0)
    [finding] = findings(figures(hours=day_of(GOOD, {1: few})), usual(), RULES)
    assert finding.fault is Fault.FEW
    assert says(finding) == "3 passages in 1 h, about 40 are usual then"


def test_a_quiet_night_raises_nothing_but_a_day_of_nothing_does() -> None:
    quiet = usual(per_hour=2.0)
    nothing_lately = day_of(
        Passed(passages=2, confidence_sum=1.8), {0: NOTHING, 1: NOTHING, 2: NOTHING}
    )
    assert found(figures(hours=nothing_lately), quiet) == set()
    [finding] = findings(figures(hours=()), quiet, RULES)
    assert finding.values["hours"] == "12"


def test_a_holiday_with_half_the_traffic_raises_nothing() -> None:
    assert found(figures(hours=day_of(replace(GOOD, passages=22)))) == set()


def test_a_camera_that_is_back_as_usual_is_not_held_to_its_blind_hours() -> None:
    blind = {ago: NOTHING for ago in range(2, 24)}
    assert Fault.FEW not in found(figures(hours=day_of(GOOD, blind)))


def test_hours_before_the_node_was_up_are_held_against_nobody() -> None:
    assert found(figures(hours=(), up_since=NOW - timedelta(minutes=40))) == set()
    assert found(figures(hours=(), up_since=NOW - timedelta(hours=3))) == {Fault.FEW}
    restarted = figures(hours=(), up_since=NOW)
    assert found(restarted, standing=(Fault.FEW,)) == {Fault.FEW}


def test_many_more_unread_passages_than_usual_are_found() -> None:
    dirty = replace(GOOD, unread=27)
    [finding] = findings(
        figures(hours=day_of(GOOD, {0: dirty, 1: dirty, 2: dirty})), usual(), RULES
    )
    assert says(finding) == "81 of 120 passages unread since 12:00, usual are 5%"
    assert "clean" in mend(finding)


def test_unread_passages_at_an_hour_when_they_are_usual_raise_nothing() -> None:
    dark = replace(usual(), unread_share=(0.7,) * 168)
    assert found(figures(hours=day_of(replace(GOOD, unread=28))), dark) == set()


def test_a_new_camera_that_reads_less_than_half_is_found_without_a_usual() -> None:
    given = figures(hours=day_of(replace(GOOD, unread=30)))
    assert {one.fault for one in findings(given, None, RULES)} == {Fault.UNREAD}


@pytest.mark.parametrize(("factor", "fault"), [(0.7, True), (1.4, True), (0.9, False)])
def test_a_turned_camera_shows_in_the_size_of_plates(factor: float, fault: bool) -> None:
    turned = replace(GOOD, width_sum=GOOD.width_sum * factor)
    assert (Fault.TURNED in found(figures(hours=day_of(turned)))) is fault


def test_a_fogged_lens_shows_in_the_confidence() -> None:
    fogged = replace(GOOD, confidence_sum=38 * 0.6)
    assert found(figures(hours=day_of(fogged))) == {Fault.UNSURE}


def test_a_lamp_that_is_out_shows_in_the_nights() -> None:
    """At Kukës in March, 18 to 4 o'clock UTC are dark."""
    by_night = {ago: replace(GOOD, unread=25) for ago in range(10, 21)}
    dim = replace(usual(), unread_share=(0.6,) * 168)
    assert found(figures(hours=day_of(GOOD, by_night)), dim) == {Fault.NIGHT}


@pytest.mark.parametrize(
    ("sight", "is_dark"),
    [(Sight(0.01, 0.01), True), (Sight(0.5, 0.005), True), (Sight(0.1, 0.05), False)],
)
def test_a_covered_camera_shows_in_its_picture(sight: Sight, is_dark: bool) -> None:
    assert (found(figures(sight=sight)) == {Fault.DARK}) is is_dark


BLACK, ROAD = Sight(0.01, 0.01), Sight(0.4, 0.1)
EVENING = NOW.replace(hour=20)


def test_a_camera_that_films_nothing_is_found_by_day() -> None:
    assert found(figures(filmed=BLACK)) == {Fault.DARK}
    assert found(figures(filmed=BLACK, sight=ROAD)) == {Fault.DARK}
    assert found(figures(filmed=ROAD, sight=BLACK)) == set()


def test_a_road_that_is_black_by_night_is_no_fault_unless_it_was_so_by_day() -> None:
    by_night = replace(figures(hours=(), filmed=BLACK), at=EVENING)
    assert findings(by_night, None, RULES) == []
    [stands] = findings(by_night, None, RULES, {Fault.DARK})
    assert stands.fault is Fault.DARK
    assert findings(replace(by_night, filmed=ROAD), None, RULES, {Fault.DARK}) == []


def test_a_wrong_clock_is_found_either_way() -> None:
    assert found(figures(clock_offset_s=95.0)) == {Fault.CLOCK}
    assert found(figures(clock_offset_s=-3600.0)) == {Fault.CLOCK}
    assert found(figures(clock_offset_s=1.0)) == set()


def test_disputes_and_late_reads_are_found() -> None:
    disputed = replace(GOOD, differing=15)
    assert found(figures(hours=day_of(disputed))) == {Fault.DISPUTED}
    late = replace(GOOD, link_sum=40 * 60.0)
    [finding] = findings(figures(hours=day_of(late)), usual(), RULES)
    assert says(finding) == "reads arrive after 61 s: 1 s from the camera, 60 s on the link"


def test_only_a_camera_that_is_followed_is_silent() -> None:
    old = NOW - timedelta(minutes=4)
    assert found(figures(follows=True, last_frame_at=old)) == {Fault.SILENT}
    assert found(figures(follows=True, last_frame_at=NOW)) == set()
    assert found(figures(last_frame_at=old)) == set()
    refused = figures(follows=True, last_error="401: mend the password")
    [finding] = findings(refused, usual(), RULES)
    assert "mend the password" in says(finding)


def test_a_finding_that_stands_needs_more_than_the_limit_to_be_gone() -> None:
    at_the_limit = figures(clock_offset_s=1.8)
    assert found(at_the_limit) == set()
    assert found(at_the_limit, standing=(Fault.CLOCK,)) == {Fault.CLOCK}
    turned = figures(hours=day_of(replace(GOOD, width_sum=GOOD.width_sum * 0.78)))
    assert found(turned) == set()
    assert found(turned, standing=(Fault.TURNED,)) == {Fault.TURNED}


def test_every_fault_has_words() -> None:
    assert set(SAYS) == set(MENDS) == set(Fault)


def test_one_blind_night_does_not_become_usual() -> None:
    counts = {0: [40, 42, 38, 1], 1: [7]}
    known = usual_of(4, counts, {0: GOOD, 1: GOOD})
    assert known is not None
    assert (known.passages[0], known.passages[1], known.passages[2]) == (39.0, 0.0, 0.0)
    assert known.altogether.passages == 80
    assert usual_of(1, counts, {}) is None
    assert weeks_known(NOW - timedelta(days=20), NOW) == 2


def test_chances() -> None:
    assert at_most(0, 6.9) == pytest.approx(0.00101, rel=0.01)
    assert at_most(3, 20.0) == pytest.approx(3.2e-6, rel=0.02)
    assert at_most(900, 1000.0) < 1e-2 < at_most(990, 1000.0)
    assert at_most(501, 501.0) > 0.4


def test_wilsons_interval_is_that_of_the_literature() -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 857-872, table I: 81/263, 15/148, 0/20, 1/29."""
    for hits, of, low, high in [
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ]:  # fmt: skip
        interval = wilson(hits, of)
        assert interval is not None
        assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)
    assert wilson(0, 0) is None
    with pytest.raises(ValueError, match="no share"):
        wilson(3, 2)


def test_the_sun_is_where_almanacs_say() -> None:
    """Noon of the equinox at the equator, midsummer noon and midwinter midnight at 42 N."""
    assert sun_elevation(datetime(2026, 3, 20, 12, 7, tzinfo=UTC), 0, 0) == pytest.approx(90, abs=1)
    assert sun_elevation(datetime(2026, 6, 21, 12, 2, tzinfo=UTC), 42, 0) == pytest.approx(
        71.4, abs=0.5
    )
    assert sun_elevation(datetime(2026, 12, 21, 0, 0, tzinfo=UTC), 42, 0) == pytest.approx(
        -71.4, abs=0.5
    )
