"""The fields of the form in which an agreement is drafted."""

from morina.accountability import PurposeCode
from morina.desk.pages.exchange.agreement_lines import ASKED
from morina.desk.pages.exchange.words import field_said
from morina.desk.pages.labels import PURPOSES
from morina.desk.pages.markup import field, tag
from morina.desk.pages.visit import Visit
from morina.exchange import WHOLE, Agreement, Category
from morina.exchange.fields import FIELDS

BY_CAMERA = frozenset({Category.SIGHTING, Category.FOLLOW_UP})
"""Categories whose items come from cameras, or may."""


def terms(visit: Visit, start: Agreement) -> None:
    """Every term, filled in as ``start`` has it; ``start`` decides category and way."""
    t = visit.t
    chosen = {f"purpose-{one}": t(PURPOSES[one]) for one in PurposeCode}
    held = {f"purpose-{one}" for one in start.purposes}
    _checks(t("What for"), chosen, held)
    named = {f"field-{one}": field_said(one, t) for one in FIELDS[start.category]}
    _checks(t("Fields that may be told"), named, {f"field-{one}" for one in start.fields})
    if start.category in BY_CAMERA:
        _cameras(visit, start)
    basis = {"value": start.legal_basis, "required": True, "maxlength": 2000}
    field(t("Legal basis"), "legal_basis", t("the authorities' own words"), **basis)
    with tag("div", "", "fields"):
        _numbers(visit, start)
    refusals = {"tells_refusal": t("The receiver learns that something is there and may not be"
                                   " told")}  # fmt: skip
    _checks(t("A refusal"), refusals, {"tells_refusal"} if start.tells_refusal else set())


def _cameras(visit: Visit, start: Agreement) -> None:
    t = visit.t
    whole = WHOLE in start.camera_groups
    _checks(t("Cameras"), {"every-camera": t("every camera")}, {"every-camera"} if whole else set())
    groups = "" if whole else "; ".join(sorted(start.camera_groups))
    known = ", ".join(one.name for one in visit.services.groups) or t("none is named at this node")
    hint = t("separated by ; groups of this node: {groups}", groups=known)
    field(t("or only these groups of cameras"), "camera_groups", hint, value=groups)


def _numbers(visit: Visit, start: Agreement) -> None:
    t = visit.t
    days = {"type": "date", "required": True}
    field(t("Valid from"), "valid_from", value=f"{start.valid_from:%Y-%m-%d}", **days)
    field(t("Valid until"), "valid_to", t("not including that day"),
          value=f"{start.valid_to:%Y-%m-%d}", **days)  # fmt: skip
    whole = {"type": "number", "required": True}
    field(t("Kept by the receiver, days"), "keep_days", value=str(start.keep_days), min="1",
          **whole)  # fmt: skip
    field(t("How old at most, days"), "max_age_days", t("0: of any age"),
          value=str(start.max_age_days), min="0", **whole)  # fmt: skip
    if start.category in ASKED:
        field(t("Questions of one officer a day"), "officer_cap", t("0: none may be asked"),
              value=str(start.officer_cap), min="0", **whole)  # fmt: skip
        field(t("Questions of the node a day"), "node_cap", value=str(start.node_cap), min="0",
              **whole)  # fmt: skip
    field(t("Log kept on both sides, days"), "log_days", value=str(start.log_days), min="1",
          **whole)  # fmt: skip


def _checks(legend: str, options: dict[str, str], held: set[str]) -> None:
    with tag("fieldset", "", "checks"):
        tag("legend", legend)
        for name, said in options.items():
            with tag("label"):
                tag("input", type="checkbox", name=name, value="on",
                    **({"checked": True} if name in held else {}))  # fmt: skip
                tag("span", said)
