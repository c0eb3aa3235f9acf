"""Which cameras keep reads for how long."""

import pytest

from morina.records.retention import Group, KeepDays, RefusedRetentionError, Retention


def group(name: str, **fields: object) -> Group:
    usual: dict[str, object] = {"owner": "Border police", "policy": "Order 12/2026", "days": 7}
    return Group(name=name, **(usual | fields))  # type: ignore[arg-type]  # names are checked


def test_a_camera_named_counts_before_its_site_and_all_others_have_the_usual_days() -> None:
    by_site = group("town", sites=frozenset({"kukes"}), days=30)
    by_id = group("gate", cameras=frozenset({"kukes-1"}), days=2)
    retention = Retention(days=90, groups=(by_site, by_id))
    keep = KeepDays(retention, {"kukes-1": "kukes", "kukes-2": "kukes", "morine": "morine"})
    assert [keep(one) for one in ("kukes-1", "kukes-2", "morine", "unknown")] == [2, 30, 90, 90]
    keep.sites = {"unknown": "kukes"}
    assert keep("unknown") == 30
    assert retention.longest == 90


def test_only_what_is_named_so_is_forgotten_at_once() -> None:
    at_once = group("gate", cameras=frozenset({"gate-1"}), match_and_forget=True)
    retention = Retention(groups=(at_once,))
    assert retention.forgets_at_once("gate-1") and not retention.forgets_at_once("gate-2")
    assert not Retention().forgets_at_once("")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"cameras": frozenset({"a"}), "owner": " "}, "owner"),
        ({"cameras": frozenset({"a"}), "policy": ""}, "policy"),
        ({"cameras": frozenset({"a"}), "days": 0}, "days"),
        ({}, "name cameras or sites"),
        ({"sites": frozenset({"x"}), "match_and_forget": True}, "by id only"),
    ],
)
def test_a_group_that_says_too_little_is_refused(fields: dict[str, object], said: str) -> None:
    with pytest.raises(RefusedRetentionError, match=said):
        group("gate", **fields)


def test_a_camera_in_two_groups_is_refused() -> None:
    one, two = group("one", cameras=frozenset({"a"})), group("two", cameras=frozenset({"a"}))
    with pytest.raises(RefusedRetentionError, match=r"two.*camera a is in one too"):
        Retention(groups=(one, two))
    with pytest.raises(RefusedRetentionError, match="days"):
        Retention(lists={"Stolen": 0})
