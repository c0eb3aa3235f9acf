"""The fields of a listing on screen: what they are called, and how each is filled in."""

from collections.abc import Mapping
from enum import Enum

from babel import Locale

from morina.desk.pages.labels import label
from morina.desk.words import Words, mark
from morina.plates import COUNTRIES, sign_of
from morina.watch import Action, ReasonCode, SubjectCategory

NAMES: Mapping[str, str] = {
    "plate": mark("Plate"),
    "country": mark("Country of the plate"),
    "reason_code": mark("Reason"),
    "subject_category": mark("Subject"),
    "action": mark("Action"),
    "priority": mark("Priority, 0 to 100"),
    "make": mark("Make"),
    "model": mark("Model"),
    "colour": mark("Colour"),
    "warning_markers": mark("Warnings, separated by ;"),
    "instruction": mark("Instruction to the officer"),
    "owner_unit": mark("Owner"),
    "contact_24h": mark("Contact, day and night"),
    "source_reference": mark("Reference"),
    "legal_basis": mark("Legal basis"),
    "created_by": mark("Made by"),
    "approved_by": mark("Approved by"),
    "valid_from": mark("Valid from"),
    "valid_to": mark("Valid until"),
    "review_at": mark("Review on"),
    "geo_scope": mark("Area"),
    "share_scope": mark("May be shared with"),
    "source_checked_at": mark("Source checked at"),
}
"""Field of the exchange file to its name on screen."""

REQUIRED = frozenset(NAMES) - {
    "priority",
    "make",
    "model",
    "colour",
    "warning_markers",
    "instruction",
    "source_reference",
    "created_by",
    "approved_by",
    "geo_scope",
    "share_scope",
    "source_checked_at",
}
"""What the form asks first; the file wants ``created_by`` too, which the form knows."""

NEAR = ("AL", "XK", "MK", "ME", "GB", "GR", "RS", "IT", "DE", "CH")
"""Countries offered first: those whose cars are met most at the crossing."""


def countries(t: Words) -> dict[str, str]:
    """ISO code to ``sign, name of the country``, near ones first, then by name."""
    names = Locale(t.language).territories
    others = sorted((c for c in COUNTRIES if c not in NEAR), key=lambda c: names.get(c, c))
    return {code: f"{sign_of(code)}, {names.get(code, code)}" for code in (*NEAR, *others)}


def choices(field: str, t: Words) -> dict[str, str] | None:
    """What may be chosen for ``field``: stored value to text; None when it is free text."""
    kinds: dict[str, type[Enum]] = {
        "reason_code": ReasonCode,
        "subject_category": SubjectCategory,
        "action": Action,
    }
    if field == "country":
        return countries(t)
    kind = kinds.get(field)
    return {str(member.value): label(member, t) for member in kind} if kind else None
