"""Whether an agreement allows a message: the same question before it goes and when it comes.

Pure: what is asked for is given, and the answer is None or a denial that says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from morina.exchange.agreement import Agreement
from morina.exchange.kinds import RULES, Category, Kind, Side
from morina.exchange.message import WHOLE, Item, Why

DATED = frozenset({Category.HOTLIST, Category.SIGHTING, Category.FOLLOW_UP})
"""Categories whose data must say when they came about, where an agreement limits their age."""

OF_CAMERAS = frozenset({"picture", "place", "captured_at"})
"""Fields of a follow-up that come from a camera: where a vehicle passed, when, and its picture."""


class Because(StrEnum):
    """Why something is not allowed."""

    NO_AGREEMENT = "no_agreement"
    NOT_IN_FORCE = "not_in_force"
    PARTIES = "parties"
    CATEGORY = "category"
    PURPOSE = "purpose"
    FIELD = "field"
    AGE = "age"
    CAMERA_GROUP = "camera_group"
    OFFICER_CAP = "officer_cap"
    NODE_CAP = "node_cap"


@dataclass(frozen=True, slots=True)
class Denial:
    """``said`` is a sentence with the place and what to do."""

    because: Because
    said: str


class NotAgreedError(Exception):
    """No agreement allows it; nothing was sent."""

    def __init__(self, denial: Denial) -> None:
        super().__init__(denial.said)
        self.denial = denial


@dataclass(frozen=True, slots=True)
class Used:
    """Questions asked under the agreement this day (UTC), this one not among them."""

    by_officer: int = 0
    by_node: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is about to pass from ``sender`` to ``to``."""

    sender: str
    to: str
    kind: Kind
    why: Why
    items: Sequence[Item]
    at: datetime
    made_at: datetime | None = None
    """When it was made, where it was on its way since; None: ``at``. An entry of a hotlist grows
    old on its way, and one of two thousand must not hold back all others."""


def denial(agreement: Agreement | None, told: Told, used: Used = Used()) -> Denial | None:
    """None where ``agreement`` allows it."""
    if agreement is None:
        return Denial(
            Because.NO_AGREEMENT, "there is no agreement for it; have one made with that partner"
        )
    for check in (_force, _parties, _purpose, _fields, _ages, _groups):
        if found := check(agreement, told):
            return found
    return _caps(agreement, told, used)


def _force(agreement: Agreement, told: Told) -> Denial | None:
    if agreement.ended or not agreement.valid_from <= told.at < agreement.valid_to:
        return Denial(
            Because.NOT_IN_FORCE,
            f"the agreement is in force from {agreement.valid_from:%Y-%m-%d} to"
            f" {agreement.valid_to:%Y-%m-%d}{' and was ended' if agreement.ended else ''}",
        )
    return None


def _parties(agreement: Agreement, told: Told) -> Denial | None:
    rule = RULES[told.kind]
    if rule.category is not agreement.category:
        return Denial(
            Because.CATEGORY, f"the agreement is about {agreement.category}, not {told.kind}"
        )
    given = (agreement.giver, agreement.receiver)
    ways = {Side.GIVER: [given], Side.RECEIVER: [given[::-1]], Side.EITHER: [given, given[::-1]]}
    if (told.sender, told.to) not in ways[rule.sender]:
        return Denial(
            Because.PARTIES, f"by the agreement {agreement.giver} tells {agreement.receiver}"
        )
    return None


def _purpose(agreement: Agreement, told: Told) -> Denial | None:
    if told.why.purpose in agreement.purposes:
        return None
    may = ", ".join(sorted(agreement.purposes)) or "none"
    return Denial(Because.PURPOSE, f"{told.why.purpose} is not among its purposes: {may}")


def _fields(agreement: Agreement, told: Told) -> Denial | None:
    if RULES[told.kind].sender is Side.RECEIVER:
        return None
    for item in told.items:
        if over := sorted(set(item.fields) - agreement.fields):
            return Denial(Because.FIELD, f"the field {over[0]} is not among those agreed")
    return None


def _ages(agreement: Agreement, told: Told) -> Denial | None:
    if not agreement.max_age_days:
        return None
    when = told.made_at if agreement.category is Category.HOTLIST and told.made_at else told.at
    oldest = when - timedelta(days=agreement.max_age_days)
    must = agreement.category in DATED and RULES[told.kind].sender is Side.GIVER
    for item in told.items:
        if item.at is None and must:
            return Denial(Because.AGE, "it does not say when it came about; say when")
        if item.at and item.at < oldest:
            return Denial(Because.AGE, f"it is older than the {agreement.max_age_days} days agreed")
    return None


def _groups(agreement: Agreement, told: Told) -> Denial | None:
    if WHOLE in agreement.camera_groups:
        return None
    gives = RULES[told.kind].sender is Side.GIVER
    for item in told.items:
        must = gives and _comes_from_cameras(agreement.category, item)
        if (item.camera_group or must) and item.camera_group not in agreement.camera_groups:
            named = item.camera_group or "no group"
            return Denial(Because.CAMERA_GROUP, f"cameras of {named} are not among those agreed")
    return None


def _comes_from_cameras(category: Category, item: Item) -> bool:
    """Whether it does whatever it says: a sighting, and details of where a vehicle passed."""
    details = category is Category.FOLLOW_UP and not item.fields.keys().isdisjoint(OF_CAMERAS)
    return details or category is Category.SIGHTING


def _caps(agreement: Agreement, told: Told, used: Used) -> Denial | None:
    if not RULES[told.kind].counted:
        return None
    if used.by_officer >= agreement.officer_cap:
        return Denial(
            Because.OFFICER_CAP,
            f"this officer asked {used.by_officer} times today and {agreement.officer_cap} are"
            " agreed; ask tomorrow, or have the cap raised",
        )
    if used.by_node >= agreement.node_cap:
        return Denial(
            Because.NODE_CAP,
            f"the node asked {used.by_node} times today and {agreement.node_cap} are agreed",
        )
    return None
