"""Who may ask about reads of which age, for what, and when a second person must agree.

The order is that of police forces that keep plates: ninety days for trained staff, a year for
serious matters with a second person, nothing after that. Every tier is a setting.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from morina.accountability.policy import Role
from morina.accountability.purpose import Purpose, PurposeCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What of a question decides who may ask it. ``age_days`` is the age of the oldest moment
    asked for; ``is_pattern`` where it is about no vehicle that is named, or about which vehicles
    belong together; ``has_place`` where it is not about all cameras."""

    age_days: float
    is_pattern: bool
    has_place: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """Questions back to ``up_to_days`` (those of patterns where ``patterns``): the roles that may
    ask, the purposes they may ask for (none named: all), and what is asked of them besides.

    ``most_rows`` is the most findings shown, 0 for as many as of any question.
    """

    name: str
    up_to_days: int
    roles: frozenset[Role]
    codes: frozenset[PurposeCode] = frozenset()
    patterns: bool = False
    second_person: bool = False
    needs_place: bool = False
    most_rows: int = 0


SLACK_DAYS = 1 / 24
"""An hour: "the last 90 days" are a little more once they are asked."""

SERIOUS = frozenset({
    PurposeCode.SERIOUS_CRIME, PurposeCode.TERRORISM, PurposeCode.MISSING_PERSON,
    PurposeCode.RISK_TO_LIFE,
})  # fmt: skip

TIERS = (
    Tier(name="recent", up_to_days=90, roles=frozenset({Role.INVESTIGATOR, Role.ANALYST})),
    Tier(name="old", up_to_days=365, roles=frozenset({Role.ANALYST}), codes=SERIOUS,
         second_person=True),
    Tier(name="patterns", up_to_days=365, roles=frozenset({Role.ANALYST}), codes=SERIOUS,
         patterns=True, second_person=True, needs_place=True, most_rows=200),
)  # fmt: skip
"""What holds where the settings name no tiers. Older than all of them: nobody."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """It may be asked; at most ``most_rows`` findings are shown, 0 for as many as usual."""

    most_rows: int = 0


@dataclass(frozen=True, slots=True)
class NeedsApproval:
    """It may be asked once another person agrees: ``why``."""

    why: str
    most_rows: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """It may not be asked so; ``place`` is the field at fault, ``mend`` says what may."""

    place: str
    fault: str
    mend: str


Decision = Allowed | NeedsApproval | Refused


def decide(
    roles: Collection[Role], purpose: Purpose, facts: Facts, tiers: Sequence[Tier] = TIERS
) -> Decision:
    """What the tier of a question says to this person and purpose."""
    fitting = [one for one in tiers if one.patterns == facts.is_pattern]
    younger = sorted(fitting, key=lambda one: one.up_to_days)
    tier = next((one for one in younger if facts.age_days <= one.up_to_days + SLACK_DAYS), None)
    if tier is None:
        most = max((one.up_to_days for one in fitting), default=0)
        return Refused("period", "is too long ago for anybody to ask", f"ask for {most} days")
    if refused := _refused(tier, roles, purpose, facts):
        return _with_way_out(refused, tier, younger)
    if not tier.second_person:
        return Allowed(tier.most_rows)
    return NeedsApproval(_why(tier, younger), tier.most_rows)


def _refused(tier: Tier, roles: Collection[Role], purpose: Purpose, facts: Facts) -> Refused | None:
    what = _what(tier)
    if tier.roles.isdisjoint(roles):
        may = ", ".join(sorted(one.value.replace("_", " ") for one in tier.roles)) or "nobody"
        return Refused("officer", f"{what} are for: {may}", "have one of them ask")
    if tier.codes and purpose.code not in tier.codes:
        codes = ", ".join(sorted(tier.codes))
        return Refused("purpose.code", f"{what} are not for {purpose.code}", f"only for: {codes}")
    if tier.needs_place and not facts.has_place:
        mend = "name sites, groups, cameras or an area"
        return Refused("where", f"{what} need a stated place", mend)
    return None


def _with_way_out(refused: Refused, tier: Tier, younger: Sequence[Tier]) -> Refused:
    """The mend also names the period that needs no such right."""
    before = [one for one in younger if one.up_to_days < tier.up_to_days]
    if not before:
        return refused
    days = before[-1].up_to_days
    return Refused(refused.place, refused.fault, f"{refused.mend}; or ask for the last {days} days")


def _why(tier: Tier, younger: Sequence[Tier]) -> str:
    said = f"{_what(tier)} need a second person"
    before = [one for one in younger if one.up_to_days < tier.up_to_days]
    return f"{said}; without one ask for the last {before[-1].up_to_days} days" if before else said


def _what(tier: Tier) -> str:
    return "questions about patterns" if tier.patterns else f"reads of up to {tier.up_to_days} days"
