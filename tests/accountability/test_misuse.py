"""Officer look-ups of a partner or ex: what raises an alarm, and what does not."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from morina.accountability.misuse import (
    FEW_SHOWN,
    Look,
    MisuseRules,
    Rule,
    Shift,
    household,
    off_shift,
    same_plate,
    sensitive,
    volume,
)
from morina.accountability.watched import Marks, RefusedWatchError, Watch, Watched, short

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
MARKS = Marks("k" * 43)
PARTNER, OTHER = MARKS.of("AA123BC"), MARKS.of("AB12CDE")
RULES = MisuseRules(zone=ZoneInfo("Europe/Tirane"))


def look(number: int, mark: str = PARTNER, case: str = "C-1", **changed: object) -> Look:
    at = NOW + timedelta(hours=number)
    return Look(**{"number": number, "at": at, "officer": "ana", "case_number": case,
                   "marks": (mark,), **changed})  # type: ignore[arg-type]  # fmt: skip


def test_one_plate_again_and_again_under_several_cases_is_an_alarm() -> None:
    looks = [look(n, case=f"C-{n % 2}") for n in range(5)]
    assert same_plate(looks[:4], RULES) == []
    [alarm] = same_plate(looks, RULES)
    assert alarm.rule is Rule.SAME_PLATE
    assert alarm.said == "ana asked for one plate 5 times in 30 days under 2 case numbers"
    assert alarm.numbers == (0, 1, 2, 3, 4)
    assert "AA123BC" not in alarm.said + alarm.key


def test_one_plate_often_under_its_own_case_is_an_investigation_until_it_is_too_often() -> None:
    looks = [look(n) for n in range(30)]
    assert same_plate(looks[:29], RULES) == []
    [alarm] = same_plate(looks, RULES)
    assert alarm.said.endswith("30 times in 30 days under 1 case number")


def test_looks_long_ago_and_at_other_plates_do_not_count() -> None:
    old = [look(n, case=f"C-{n}") for n in range(4)]
    late = look(5, at=NOW + timedelta(days=40))
    assert same_plate([*old, late], RULES) == []
    assert same_plate([*old, look(5, OTHER)], RULES) == []
    assert same_plate([], RULES) == []


def test_a_plate_of_ones_own_household_is_an_alarm_at_once() -> None:
    [alarm] = household(look(7), {PARTNER})
    assert (alarm.rule, alarm.numbers) == (Rule.HOUSEHOLD, (7,))
    assert alarm.said == "ana asked for or was shown a plate of their own household"
    assert household(look(8, OTHER), {PARTNER}) == []


def test_a_plate_that_was_shown_and_not_typed_counts_too() -> None:
    typed = MARKS.of("AA123B?")
    shown = (short(PARTNER),)
    [alarm] = household(look(7, typed, shown=shown), {PARTNER})
    assert alarm.said == "ana asked for or was shown a plate of their own household"
    looks = [look(n, typed, case=f"C-{n}", shown=shown) for n in range(5)]
    [again] = [one for one in same_plate(looks, RULES) if short(PARTNER) in one.key]
    assert again.numbers == (0, 1, 2, 3, 4)


def test_what_passed_a_busy_place_is_not_each_a_plate_asked_for() -> None:
    many = tuple(short(MARKS.of(f"AA{n}BC")) for n in range(FEW_SHOWN + 1))
    looks = [look(n, case=f"C-{n}", marks=(), shown=(short(PARTNER), *many)) for n in range(9)]
    assert same_plate(looks, RULES) == []
    [alarm] = household(looks[0], {PARTNER})
    assert alarm.numbers == (0,)


def test_a_sensitive_plate_raises_a_notice_with_its_note() -> None:
    [alarm] = sensitive(look(9), {PARTNER: "vehicle of the press"})
    assert alarm.said.endswith("on the sensitive list: vehicle of the press")
    assert sensitive(look(9, OTHER), {PARTNER: "vehicle of the press"}) == []


@pytest.mark.parametrize(
    ("shift", "utc_hour", "alarms"),
    [("06:00-14:00", 4, 1), ("06:00-14:00", 5, 0), ("06:00-14:00", 13, 1),
     ("22:00-06:00", 22, 0), ("22:00-06:00", 12, 1)],
)  # fmt: skip
def test_off_shift_is_by_the_clock_of_the_node(shift: str, utc_hour: int, alarms: int) -> None:
    rules = MisuseRules(shifts={"*": Shift.of(shift)}, zone=ZoneInfo("Europe/Tirane"))
    at = NOW.replace(hour=utc_hour, minute=30)
    assert len(off_shift(look(1, at=at), rules)) == alarms


def test_without_shift_hours_nobody_is_off_shift_and_ones_own_count_first() -> None:
    assert off_shift(look(1), RULES) == []
    own = Shift(time(0), time(23, 59))
    rules = MisuseRules(shifts={"ana": own, "*": Shift.of("01:00-02:00")})
    assert off_shift(look(1), rules) == []
    assert len(off_shift(look(1, officer="ben"), rules)) == 1


def test_unusual_volume_is_against_peers_of_the_same_role() -> None:
    roles = {key: {"investigator"} for key in ("ana", "ben", "cem", "dea")} | {"eli": {"analyst"}}
    asked = {"ana": 41, "ben": 10, "cem": 12, "dea": 7, "eli": 500}
    [alarm] = volume(asked, roles, NOW, RULES)
    assert alarm.said == (
        "ana asked 41 questions in a day; 3 peers asked 10 in the middle, and up to 22 is usual"
    )
    assert volume(asked | {"ana": 22}, roles, NOW, RULES) == []


def test_few_questions_and_few_peers_are_never_unusual() -> None:
    roles = {key: {"investigator"} for key in ("ana", "ben", "cem", "dea")}
    quiet = {"ana": 19, "ben": 0, "cem": 0, "dea": 0}
    assert volume(quiet, roles, NOW, RULES) == []
    assert volume({"ana": 99, "ben": 1, "cem": 1}, roles, NOW, RULES) == []


def test_the_list_does_not_tell_its_plates() -> None:
    assert Marks("other").of("AA123BC") != PARTNER == MARKS.of("aa 123-bc")
    with pytest.raises(RefusedWatchError, match="officer"):
        Watched(watch=Watch.HOUSEHOLD, mark=PARTNER, note="wife", by="sup", at=NOW)


def test_the_sample_is_drawn_by_number_and_key_alone() -> None:
    drawn = [n for n in range(20_000) if MARKS.draws(n, 0.05)]
    assert 900 < len(drawn) < 1100
    assert drawn == [n for n in range(20_000) if Marks("k" * 43).draws(n, 0.05)]
    assert drawn != [n for n in range(20_000) if Marks("other").draws(n, 0.05)]
    assert not any(MARKS.draws(n, 0) for n in range(100))
    assert all(MARKS.draws(n, 1) for n in range(100))
