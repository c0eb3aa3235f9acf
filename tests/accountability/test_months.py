"""Counts by the month: each entry in one row, small counts not told, nothing else let out."""

from datetime import UTC, datetime

from morina.accountability.months import Group, Month

NOW = datetime(2026, 4, 2, tzinfo=UTC)


def group(act: str, kind: str, step: str, entries: int, code: str = "") -> Group:
    return Group("2026-03", act, kind, step, code, entries, entries * 10)


GROUPS = [
    group("consultation", "consultation", "begun", 7, "crime"),
    group("consultation", "consultation", "begun", 4, "terrorism"),
    group("consultation", "consultation", "answered", 10),
    group("consultation", "consultation", "failed", 1),
    group("consultation", "trail", "read", 9),
    group("collection", "reads", "opened", 8),
    group("collection", "reads", "closed", 8),
    group("alteration", "alert", "confirm", 12),
    group("alteration", "alert", "reject", 6),
    group("alteration", "hotlist", "version", 5),
    group("erasure", "consultation", "begun", 5, "oversight"),
    group("erasure", "reads", "what", 31),
    group("erasure", "statement", "forgotten", 31),
    group("approval", "approval", "refused", 6),
    Group("2026-02", "export", "consultation", "begun", "crime", 50, 50),
]


def test_each_entry_counts_once_and_its_beginning_or_end_not_again() -> None:
    month = Month.of("2026-03", GROUPS, NOW)
    assert {(row.what, row.code): row.count for row in month.rows} == {
        ("consultation", "crime"): 7, ("consultation", "terrorism"): 4,
        ("questions_without_answer", ""): 1, ("trail_read", ""): 9, ("collection", ""): 80,
        ("hits_confirmed", ""): 12, ("hits_rejected", ""): 6, ("alteration", ""): 5,
        ("plates_erased", "oversight"): 5, ("erasure", ""): 31, ("approvals_refused", ""): 6,
    }  # fmt: skip
    assert month.over
    assert not Month.of("2026-04", GROUPS, NOW).over


def test_small_counts_are_told_in_no_form() -> None:
    month = Month.of("2026-03", GROUPS, NOW)
    said = {(row["what"], row["purpose"]): row for row in month.said(5)["rows"]}
    assert said["consultation", "terrorism"]["count"] is None
    assert said["plates_erased", "oversight"]["count"] == 5
    [line] = [one for one in month.as_csv(5).splitlines() if "terrorism" in one]
    assert line.endswith(",fewer than 5")
    assert "<td>fewer than 5</td>" in month.as_html(5, "")
    assert "fewer than 20" in month.as_csv(20)


def test_the_page_escapes_the_name_of_the_authority() -> None:
    assert "<b>" not in Month.of("2026-03", GROUPS, NOW).as_html(5, "<b>Police</b>")
