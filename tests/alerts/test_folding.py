from dataclasses import replace
from datetime import timedelta

import pytest

from invented import NOW, hit, hotlist, listing, read
from morina.alerts import Alert, AlertRules, Fold
from morina.watch import Listed

WANTED = Listed(hotlist(), listing("AB12CDE"))
RULES = AlertRules(fold_within_s=60, live_within_s=120, expire_after_s=600)


def put(*reads_, rules: AlertRules = RULES, now=NOW) -> list[Alert]:
    fold = Fold([], rules)
    return [fold.put(*hit(one, WANTED), now) for one in reads_]


def test_a_repeat_joins_the_open_alert_and_counts():
    first, second, third = put(
        read(),
        read(captured_at=NOW + timedelta(seconds=50)),
        read(captured_at=NOW + timedelta(seconds=100)),
    )
    assert first.alert_id == second.alert_id == third.alert_id
    assert (third.repeats, third.last_seen_at) == (2, NOW + timedelta(seconds=100))
    assert (third.read, third.raised_at) == (first.read, NOW)


@pytest.mark.parametrize(
    "other",
    [
        {"captured_at": NOW + timedelta(seconds=61)},
        {"camera_id": "bridge-south"},
        {"text": "A812CDE"},
        {"retransmitted": True},
        {"captured_at": NOW - timedelta(seconds=121)},
    ],
)
def test_what_is_no_repeat_is_an_alert_of_its_own(other):
    first, second = put(read(), read(**other))
    assert first.alert_id != second.alert_id


def test_another_listing_of_the_same_vehicle_is_an_alert_of_its_own():
    fold, seen = Fold([], RULES), read()
    first = fold.put(*hit(seen, WANTED), NOW)
    second = fold.put(*hit(seen, Listed(hotlist(), listing("AB12CDE"))), NOW)
    assert first.alert_id != second.alert_id


def test_a_repeat_captured_earlier_does_not_move_the_last_sight_back():
    _, second = put(read(), read(captured_at=NOW - timedelta(seconds=30)))
    assert (second.repeats, second.last_seen_at) == (1, NOW)


@pytest.mark.parametrize(
    ("fields", "late"),
    [
        ({}, False),
        ({"captured_at": NOW - timedelta(seconds=120)}, False),
        ({"captured_at": NOW - timedelta(seconds=121)}, True),
        ({"retransmitted": True}, True),
        ({"captured_at": NOW + timedelta(hours=1), "received_at": NOW - timedelta(hours=1)}, True),
        ({"captured_at": NOW, "received_at": NOW, "clock_offset_s": -121.0}, True),
        (
            {
                "captured_at": NOW - timedelta(seconds=300),
                "received_at": NOW - timedelta(seconds=300),
                "clock_offset_s": 290.0,
            },
            False,
        ),
    ],
)
def test_an_old_or_re_sent_read_is_late(fields, late):
    [alert] = put(read(**fields))
    assert alert.late is late


def test_a_late_repeat_joins_the_late_alert_and_leaves_the_live_one_alone():
    live, late, again = put(read(), read(retransmitted=True), read(retransmitted=True))
    assert (live.late, live.repeats) == (False, 0)
    assert late.alert_id == again.alert_id
    assert (again.late, again.repeats) == (True, 1)


def test_a_live_read_is_raised_even_when_a_late_alert_is_open():
    late, live = put(read(retransmitted=True), read())
    assert (late.late, live.late) == (True, False)
    assert late.alert_id != live.alert_id


def test_alerts_open_before_are_joined():
    [before] = put(read())
    before = replace(before, repeats=4)
    after = Fold([before], RULES).put(*hit(read(), WANTED), NOW)
    assert (after.alert_id, after.repeats) == (before.alert_id, 5)
