"""Who may ask about which age: the table of docs/accountability.md, row by row."""

from dataclasses import replace

import pytest

from asked import purpose
from morina.accountability import PurposeCode
from morina.accountability.policy import Role
from morina.accountability.tiers import (
    SERIOUS,
    TIERS,
    Allowed,
    Facts,
    NeedsApproval,
    Refused,
    decide,
)

ASKING = {Role.INVESTIGATOR, Role.ANALYST}


def decided(role: Role, code: PurposeCode, age: float, **facts: bool) -> object:
    asked = Facts(**{"age_days": age, "is_pattern": False, "has_place": True, **facts})  # type: ignore[arg-type]  # bools
    return decide({role}, replace(purpose(), code=code), asked)


@pytest.mark.parametrize("code", PurposeCode)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("age", [0, 1, 90.0])
def test_recent_reads_are_for_investigators_and_analysts(
    role: Role, code: PurposeCode, age: float
) -> None:
    found = decided(role, code, age)
    assert isinstance(found, Allowed if role in ASKING else Refused)


@pytest.mark.parametrize("code", PurposeCode)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("age", [90.1, 200, 365.0])
def test_older_reads_are_for_analysts_in_serious_matters_with_a_second_person(
    role: Role, code: PurposeCode, age: float
) -> None:
    found = decided(role, code, age)
    may = role is Role.ANALYST and code in SERIOUS
    assert isinstance(found, NeedsApproval if may else Refused)
    said = found.why if isinstance(found, NeedsApproval) else found.mend
    assert "ask for the last 90 days" in said


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("is_pattern", [True, False])
def test_nobody_asks_for_more_than_a_year(role: Role, is_pattern: bool) -> None:
    found = decided(role, PurposeCode.TERRORISM, 365.1, is_pattern=is_pattern)
    assert isinstance(found, Refused)
    assert (found.place, found.mend) == ("period", "ask for 365 days")


@pytest.mark.parametrize("code", PurposeCode)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("has_place", [True, False])
def test_patterns_need_analyst_serious_matter_place_and_second_person(
    role: Role, code: PurposeCode, has_place: bool
) -> None:
    found = decided(role, code, 1, is_pattern=True, has_place=has_place)
    if role is Role.ANALYST and code in SERIOUS and has_place:
        assert isinstance(found, NeedsApproval)
        assert found.most_rows == 200
    else:
        assert isinstance(found, Refused)


def test_a_refusal_names_what_is_missing() -> None:
    found = decided(Role.INVESTIGATOR, PurposeCode.TERRORISM, 100)
    assert isinstance(found, Refused)
    assert found.fault == "reads of up to 365 days are for: analyst"
    found = decided(Role.ANALYST, PurposeCode.CRIME, 100)
    assert isinstance(found, Refused)
    assert found.place == "purpose.code"
    assert "only for: missing_person, risk_to_life, serious_crime, terrorism" in found.mend
    found = decided(Role.ANALYST, PurposeCode.TERRORISM, 1, is_pattern=True, has_place=False)
    assert isinstance(found, Refused)
    assert found.place == "where"


def test_the_authority_can_set_other_tiers() -> None:
    short = (replace(TIERS[0], up_to_days=7),)
    asked = Facts(age_days=8, is_pattern=False, has_place=True)
    assert isinstance(decide(ASKING, purpose(), asked, short), Refused)
    pattern = Facts(age_days=1, is_pattern=True, has_place=True)
    assert isinstance(decide(ASKING, purpose(), pattern, short), Refused)
