"""The fields of a purpose, as both forms of this folder have them, and what is refused."""

import re
from collections.abc import Mapping
from datetime import datetime

from morina.accountability import RefusedPurposeError
from morina.accountability.approvals import ApprovalNeededError, RefusedApprovalError
from morina.accountability.clearing import NotClearedError
from morina.desk.pages.asking.words import word
from morina.desk.pages.exchange.words import field_said
from morina.desk.pages.guard_words import facts
from morina.desk.pages.labels import PURPOSES
from morina.desk.pages.markup import choice, field, tag
from morina.desk.pages.visit import Visit
from morina.exchange import NotAgreedError, UnknownNodeError
from morina.exchange.follow_ups import NoSuchFollowUpError, RefusedFollowUpError
from morina.exchange.message import Value
from morina.exchange.questions import Found
from morina.exchange.register import RefusedVehicleError

REFUSALS = (
    RefusedVehicleError, RefusedFollowUpError, NoSuchFollowUpError, RefusedPurposeError,
    NotClearedError, RefusedApprovalError, NotAgreedError, UnknownNodeError, ConnectionError,
    ApprovalNeededError,
)  # fmt: skip

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(Z|[+-]\d\d:\d\d)$")
"""A time with its zone."""


def reasons(visit: Visit, within: str = "") -> None:
    """Purpose, case, legal basis, justification; their names begin with ``within``."""
    t = visit.t
    barred = visit.services.search.asking.rules.clearance.barred
    codes = {one.value: t(words) for one, words in PURPOSES.items() if one not in barred}
    with tag("div", "", "fields"):
        choice(t("What for"), f"{within}code", {"": t("choose"), **codes})
        field(t("Case number"), f"{within}case_number", required=True, maxlength=200)
        field(t("Legal basis"), f"{within}legal_basis", required=True, maxlength=200)
        field(
            t("What is looked for, and why"), f"{within}justification", required=True, maxlength=200
        )


def told_facts(visit: Visit, fields: Mapping[str, Value]) -> None:
    """Fields a partner told, by their names."""
    t = visit.t
    said = {}
    for name, value in fields.items():
        text = ", ".join(value) if isinstance(value, list) else str(value)
        if name == "category" and text in set(Found):
            text = t(word(Found(text)))
        said[field_said(name, t)] = _with_time(text, visit)
    facts(visit, said)


def _with_time(text: str, visit: Visit) -> str:
    """A moment in the user's zone; any other text, a day too, as it is."""
    if not _MOMENT.match(text):
        return text
    try:
        return visit.local(datetime.fromisoformat(text))
    except ValueError:
        return text
