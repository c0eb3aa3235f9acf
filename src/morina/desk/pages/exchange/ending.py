"""Ending an agreement: one side alone, at once, with a reason."""

from nicegui import ui

from morina.accountability import Action
from morina.accountability.trail import acts_as
from morina.desk.pages.markup import Fields, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.exchange import Agreement
from morina.exchange.agreeing import (
    Agreeing,
    NoSuchAgreementError,
    RefusedAgreementError,
    Signing,
)

LEAST_WORDS = 3


def ending(visit: Visit, agreeing: Agreeing, agreement: Agreement) -> None:
    """The form that ends it; shut until somebody opens it."""
    t = visit.t
    with tag("details", "", "part"):
        tag("summary", t("End this agreement"))
        tag("p", t("From now on nothing passes under it. It cannot be taken back: a new agreement"
                   " has to be made. It needs no second person, for telling less is always"
                   " allowed."))  # fmt: skip
        wrong = tag("p", "", "wrong", role="alert")

        async def end(fields: Fields) -> None:
            visit.must(Action.AGREE)
            acts_as(visit.user.name)
            reason = fields.get("reason", "").strip()
            if len(reason.split()) < LEAST_WORDS:
                say(wrong, t("Write why, in three words or more."))
                return
            try:
                signing = Signing(officer=visit.user.name, reason=reason, approval_id=None,
                                  at=now())  # fmt: skip
                await agreeing.end(agreement.agreement_id, signing)
            except (RefusedAgreementError, NoSuchAgreementError) as refused:
                say(wrong, translated(str(refused), t))
                return
            ui.navigate.to(f"/agreements/{agreement.agreement_id}")

        with form(end, "stack"):
            field(t("Why, in a few words"), "reason", required=True, maxlength=200)
            with tag("div", "", "actions"):
                tag("button", t("End it now"), "stern", type="submit")
