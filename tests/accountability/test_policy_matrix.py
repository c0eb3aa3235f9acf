"""Every role times every act, against the table that people read: docs/roles.md."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from morina.accountability.policy import (
    APART,
    POLICY,
    Action,
    RefusedRolesError,
    Role,
    checked,
    refusal,
)

PAGE = (Path(__file__).parents[2] / "docs" / "roles.md").read_text()
MATRIX = [(role, action) for role in Role for action in Action]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def rows(first: str) -> list[list[str]]:
    """The lines of the table whose head begins so, head first, without the rule below it."""
    found = re.search(rf"^\| {first} \|.*\n(?:\|.*\n)+", PAGE, re.MULTILINE)
    assert found, first
    head, _, *lines = found[0].splitlines()
    return [cells(line) for line in (head, *lines)]


def written() -> dict[str, dict[str, str]]:
    """Role to act to the cell of the page."""
    head, *lines = rows("act")
    roles = [name.replace(" ", "_") for name in head[2:]]
    by_act = {line[0].strip("`"): dict(zip(roles, line[2:], strict=True)) for line in lines}
    return {role: {act: by_act[act][role] for act in by_act} for role in roles}


def test_every_role_and_every_act_is_decided_on_the_page() -> None:
    table = written()
    assert list(table) == list(Role) == list(POLICY)
    for role in Role:
        assert list(table[role]) == list(Action)
        assert set(table[role].values()) <= {"yes", ""}


@pytest.mark.parametrize("role", Role)
def test_the_policy_is_what_the_page_says(role: Role) -> None:
    table = written()
    for action in Action:
        assert (refusal([role], action) is None) == (table[role][action] == "yes"), action


def test_the_matrix_is_whole() -> None:
    assert len(MATRIX) == len(Role) * len(Action) >= 9 * 24
    allowed = sum(refusal([role], action) is None for role, action in MATRIX)
    print(f"{len(MATRIX)} pairs of role and act, {allowed} allowed")
    assert allowed == sum(len(actions) for actions in POLICY.values())


def test_nobody_without_a_role_may_do_anything() -> None:
    for action in Action:
        why = refusal([], action)
        assert why
        assert why.roles, f"nobody may {action}"
        for role in why.roles:
            assert role.replace("_", " ") in why.said


def test_several_roles_allow_what_each_of_them_allows() -> None:
    for held in combinations(Role, 2):
        for action in Action:
            each = any(refusal([role], action) is None for role in held)
            assert (refusal(held, action) is None) == each


def test_the_page_names_the_roles_that_are_kept_apart() -> None:
    _, *lines = rows("role")
    apart = {
        frozenset({role.replace(" ", "_"), other.replace(" ", "_")})
        for role, others in lines
        for other in others.split(", ")
    }
    refused = set()
    for pair in combinations(Role, 2):
        try:
            checked(pair)
        except RefusedRolesError:
            refused.add(frozenset(map(str, pair)))
    assert apart == refused
    assert {role for role, _ in APART} == {Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER}


READS = {
    Action.SEE_PASSING, Action.SEE_ALERTS, Action.SEARCH, Action.SEARCH_PATTERNS, Action.EXPORT,
    Action.CORRECT_READS, Action.SEE_TRAIL,
}  # fmt: skip


def test_an_administrator_reads_no_records_and_holds_no_role_that_does() -> None:
    for action in READS:
        assert refusal([Role.ADMINISTRATOR], action), action
    for role in set(Role) - {Role.ADMINISTRATOR}:
        with pytest.raises(RefusedRolesError, match="administrator"):
            checked([Role.ADMINISTRATOR, role])


def test_who_oversees_neither_searches_nor_works_on_what_is_overseen() -> None:
    for role in Role:
        try:
            held = checked([Role.DATA_PROTECTION_OFFICER, role])
        except RefusedRolesError:
            continue
        for action in (Action.SEARCH, Action.SEARCH_PATTERNS, Action.EXPORT, Action.HANDLE_ALERTS):
            assert refusal(held, action), (role, action)
