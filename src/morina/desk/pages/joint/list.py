"""The joint operations this person sees, and the form to begin one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from morina.accountability import Action
from morina.desk.exchange import ExchangeServices
from morina.desk.pages.exchange.tables import headed
from morina.desk.pages.frame import frame
from morina.desk.pages.joint.parts import (
    MINUTES,
    REFUSED,
    acting,
    addressed,
    addressing,
    instant,
    looking,
    parties_of,
    refuse,
)
from morina.desk.pages.joint.words import PURPOSES
from morina.desk.pages.markup import Fields, choice, field, form, tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.visit import Visit, now
from morina.desk.words import mark
from morina.exchange.operations import ItemKind, OperationItem, Operations, Writing

COLUMNS = (mark("Operation"), mark("Led by"), mark("Authorities"), mark("From"), mark("Until"))


async def operations_page(visit: Visit) -> None:
    """Newest first."""
    t, exchange = visit.t, visit.services.exchange
    if exchange is None or exchange.operations is None:
        show_missing(visit, t("This node exchanges with nobody: set exchange.node_id first."))
        return
    found = await exchange.operations.operations(looking(visit))
    with frame(visit, t("Operations"), "/operations"):
        with tag("div", "", "head"):
            tag("h1", t("Joint operations"))
            tag(
                "span",
                t("Each item goes to those it is addressed to, and to nobody else."),
                "muted",
            )
        if visit.may(Action.WORK_OPERATIONS) and not visit.user.authority:
            _Beginning(visit, exchange.operations, await _others(exchange))
        _table(visit, found)


async def _others(exchange: ExchangeServices) -> list[str]:
    parties = await exchange.partners.parties()
    return sorted(one.node_id for one in parties if one.node_id != exchange.node_id)


def _table(visit: Visit, found: Sequence[OperationItem]) -> None:
    t = visit.t
    with tag("section", "", "part flush", aria_labelledby="operations"):
        with tag("h2", t("Operations") + " ", id="operations"):
            tag("span", str(len(found)), "count")
        with headed(visit, COLUMNS):
            for one in found:
                _row(visit, one)
        if not found:
            tag("p", t("Nothing yet."), "muted pad")


def _row(visit: Visit, one: OperationItem) -> None:
    t = visit.t
    with tag("tr", data_operation=str(one.key)):
        with tag("th", scope="row"):
            tag("a", one.text("name"), href=f"/operations/{one.key}")
        tag("td", one.key.node, data_label=t("Led by"))
        tag("td", ", ".join(parties_of(one)), data_label=t("Authorities"))
        for name, label in (("begins_at", t("From")), ("ends_at", t("Until"))):
            at = datetime.fromisoformat(one.text(name))
            tag("td", visit.local(at), data_label=label)


class _Beginning:
    """The form to begin an operation."""

    def __init__(self, visit: Visit, operations: Operations, others: list[str]) -> None:
        self._visit, self._operations, self._others = visit, operations, others
        t = visit.t
        with tag("details", "", "part"):
            tag("summary", t("Begin an operation"))
            with form(self._send, "stack"):
                self._wrong = tag("p", "", "wrong", role="alert")
                with tag("div", "", "fields"):
                    self._fields()
                addressing(visit, others, t("Authorities that take part, and are told"))
                with tag("div", "", "actions"):
                    tag("button", t("Begin"), "first", type="submit")

    def _fields(self) -> None:
        visit, t = self._visit, self._visit.t
        short = {"required": True, "maxlength": "200"}
        field(t("Name of the operation"), "name", **short)
        choice(t("Purpose"), "purpose_code", {c.value: t(n) for c, n in PURPOSES.items()})
        field(t("What it is for, in words"), "purpose", required=True, maxlength="4000")
        field(t("Case number"), "case_number", **short)
        field(t("Legal basis"), "legal_basis", required=True, maxlength="4000")
        here = visit.here(now())
        for name, label, at in (
            ("begins_at", t("Begins, your time"), here),
            ("ends_at", t("Ends, your time"), here + timedelta(days=1)),
        ):
            value = at.strftime(MINUTES)
            field(label, name, type="datetime-local", value=value, required=True)

    async def _send(self, fields: Fields) -> None:
        visit = self._visit
        actor, to = acting(visit), addressed(fields)
        said = {n: v for n, v in fields.items() if not n.startswith("to-")}
        try:
            times = {name: instant(said[name], visit) for name in ("begins_at", "ends_at")}
            case = Writing(ItemKind.CASE, {**said, **times, "authorities": sorted(to)}, to)
            made = await self._operations.begin(case, actor)
        except REFUSED as refused:
            refuse(self._wrong, refused, visit)
            return
        self._wrong.client.open(f"/operations/{made.key}")
