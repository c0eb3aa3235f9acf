"""An agreement in plain sentences; no element is made here."""

from collections.abc import Collection, Iterator
from datetime import datetime
from enum import StrEnum

from morina.desk.pages.exchange.words import CATEGORIES, ONWARD, fields_said, purposes_said
from morina.desk.pages.visit import Visit
from morina.desk.words import mark
from morina.exchange import WHOLE, Agreement, Category, Signed


class Standing(StrEnum):
    """How far one version is, seen from this node."""

    OURS_MISSING = "ours_missing"
    THEIRS_MISSING = "theirs_missing"
    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    OVER = "over"
    ENDED = "ended"


STANDINGS = {
    Standing.OURS_MISSING: mark("proposed to us; we have not signed"),
    Standing.THEIRS_MISSING: mark("signed by us; the partner has not signed yet"),
    Standing.NOT_YET: mark("signed by both; its time has not begun"),
    Standing.IN_FORCE: mark("in force"),
    Standing.REPLACED: mark("not in force: a later version is, or a signature does not hold"),
    Standing.OVER: mark("its time is over"),
    Standing.ENDED: mark("ended"),
}
_TONES = {Standing.IN_FORCE: "good-text", Standing.OURS_MISSING: "caution-text",
          Standing.THEIRS_MISSING: "caution-text"}  # fmt: skip
ASKED = frozenset({Category.VEHICLE, Category.FOLLOW_UP})
"""Categories that are asked for, so that caps on questions mean something."""


def standing(
    signed: Signed, node_id: str, now: datetime, in_force: Collection[Agreement]
) -> Standing:  # fmt: skip
    """How far it is at ``now``, ``in_force`` being those that are; either side ends one alone."""
    agreement = signed.agreement
    if agreement.ended:
        return Standing.ENDED
    if agreement in in_force:
        return Standing.IN_FORCE
    if now >= agreement.valid_to:
        return Standing.OVER
    if node_id not in signed.signatures:
        return Standing.OURS_MISSING
    if not {agreement.giver, agreement.receiver} <= signed.signatures.keys():
        return Standing.THEIRS_MISSING
    return Standing.NOT_YET if now < agreement.valid_from else Standing.REPLACED


def tone(how: Standing) -> str:
    """The class of CSS for a standing."""
    return _TONES.get(how, "muted")


def other(agreement: Agreement, node_id: str) -> str:
    """The partner of an agreement of this node."""
    return agreement.receiver if agreement.giver == node_id else agreement.giver


def title(agreement: Agreement, visit: Visit) -> str:
    """Who tells whom what, in a few words."""
    return visit.t(
        "{giver} tells {receiver}: {what}",
        giver=agreement.giver, receiver=agreement.receiver,
        what=visit.t(CATEGORIES[agreement.category]),
    )  # fmt: skip


def sentence(agreement: Agreement, visit: Visit) -> str:
    """The whole of it in one sentence."""
    t = visit.t
    return t(
        "{title} for {purposes}: {fields}; {kept}; until {until}.",
        title=title(agreement, visit), purposes=purposes_said(agreement.purposes, t),
        fields=fields_said(agreement.fields, t), kept=_kept(agreement, visit),
        until=visit.day(visit.here(agreement.valid_to).date()),
    )  # fmt: skip


def terms(agreement: Agreement, visit: Visit) -> Iterator[tuple[str, str]]:
    """Every term by its marked name, in words."""
    t = visit.t
    yield mark("For"), purposes_said(agreement.purposes, t)
    yield mark("Fields"), fields_said(agreement.fields, t)
    yield mark("How old"), _age(agreement, visit)
    yield mark("Cameras"), _cameras(agreement, visit)
    if agreement.category in ASKED:
        yield mark("Questions a day"), t(
            "{officer} of one officer, {node} of the node",
            officer=agreement.officer_cap, node=agreement.node_cap,
        )  # fmt: skip
    yield mark("Kept"), t.many("{n} day", "{n} days", agreement.keep_days)
    yield mark("Onward"), t(ONWARD[agreement.onward])
    yield mark("A refusal"), _refusal(agreement, visit)
    yield mark("Log"), t.many("{n} day", "{n} days", agreement.log_days)
    yield mark("Legal basis"), agreement.legal_basis
    yield mark("In force"), t(
        "from {begins} until {ends}",
        begins=visit.day(visit.here(agreement.valid_from).date()),
        ends=visit.day(visit.here(agreement.valid_to).date()),
    )  # fmt: skip


def _kept(agreement: Agreement, visit: Visit) -> str:
    return visit.t.many("kept {n} day", "kept {n} days", agreement.keep_days)


def _age(agreement: Agreement, visit: Visit) -> str:
    if not agreement.max_age_days:
        return visit.t("of any age")
    return visit.t.many("at most {n} day old", "at most {n} days old", agreement.max_age_days)


def _cameras(agreement: Agreement, visit: Visit) -> str:
    if WHOLE in agreement.camera_groups:
        return visit.t("every camera")
    return ", ".join(sorted(agreement.camera_groups)) or visit.t("nothing of any camera")


def _refusal(agreement: Agreement, visit: Visit) -> str:
    if agreement.tells_refusal:
        return visit.t("the receiver learns that something may not be told")
    return visit.t("looks to the receiver as if there were nothing")
