"""One agreement: what it says, who would see what by it, its versions, and the acts that make it.

A version is read, a second person agrees to its very text, then it is signed and sent.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from morina.accountability import Action
from morina.desk.exchange import ExchangeServices
from morina.desk.pages.exchange.agreement_lines import (
    STANDINGS,
    Standing,
    other,
    sentence,
    standing,
    terms,
    title,
    tone,
)
from morina.desk.pages.exchange.ending import ending
from morina.desk.pages.exchange.preview import who_would_see
from morina.desk.pages.exchange.section import HERE, exchange_of, section
from morina.desk.pages.exchange.signing import Steps
from morina.desk.pages.exchange.tables import Cell, Line, Table, table
from morina.desk.pages.guard_words import facts
from morina.desk.pages.markup import tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.visit import Visit, now
from morina.desk.words import mark
from morina.exchange import Agreement, Signed
from morina.exchange.agreeing import Agreeing

VERSIONS = (mark("Version"), mark("Says"), mark("Signed by"), mark("State"))


async def agreement_page(visit: Visit, agreement_id: str) -> None:
    """The draft there is of it, else its newest version; 404 where there is neither."""
    exchange = exchange_of(visit)
    if exchange is None:
        return
    versions = await _versions(exchange, agreement_id)
    draft = await draft_of(exchange.agreeing, agreement_id)
    if draft is None and not versions:
        show_missing(visit, visit.t("There is no agreement of that id."))
        return
    newest = versions[0] if versions else None
    shown = draft or versions[0].agreement
    in_force = await exchange.agreements.in_force(shown.giver, shown.receiver, now())
    told = _Told(visit, exchange, in_force)
    with section(visit, title(shown, visit), HERE):
        told.stage(draft, newest)
        _says(visit, shown)
        await who_would_see(visit, exchange, shown)
        if visit.may(Action.AGREE) and exchange.agreeing is not None:
            await told.acts(exchange.agreeing, draft, newest)
        told.history(versions)


async def draft_of(agreeing: Agreeing | None, agreement_id: str) -> Agreement | None:
    """The draft of that id; None where there is none."""
    if agreeing is None:
        return None
    drafts = await agreeing.drafts()
    return next((one for one in drafts if str(one.agreement_id) == agreement_id), None)


async def _versions(exchange: ExchangeServices, agreement_id: str) -> Sequence[Signed]:
    try:
        return await exchange.agreements.versions(UUID(agreement_id))
    except ValueError:
        return ()


def _says(visit: Visit, shown: Agreement) -> None:
    t = visit.t
    with tag("section", "", "part"):
        tag("h2", t("What it says"))
        tag("p", sentence(shown, visit))
        facts(visit, dict(terms(shown, visit)))
        with tag("p", "", "muted under"):
            tag("span", t("SHA-256 of what is signed:"))
            tag("span", " ")
            tag("code", shown.digest, "wraps")


@dataclass(frozen=True, slots=True)
class _Told:
    """What a page says of versions, and offers to do with them."""

    visit: Visit
    exchange: ExchangeServices
    in_force: Collection[Agreement]

    def _standing(self, one: Signed) -> Standing:
        return standing(one, self.exchange.node_id, now(), self.in_force)

    def stage(self, draft: Agreement | None, newest: Signed | None) -> None:
        """How far it is, and where the others are."""
        t = self.visit.t
        shown = draft or (newest.agreement if newest else None)
        if shown is None:
            return
        with tag("p", "", "agreement-foot"):
            if draft is not None:
                said = t("draft of version {n}; nobody has signed it", n=draft.version)
                tag("span", said, "state caution-text")
            elif newest is not None:
                how = self._standing(newest)
                tag("span", t(STANDINGS[how]), f"state {tone(how)}")
            partner = other(shown, self.exchange.node_id)
            tag("a", t("All agreements with {partner}", partner=partner),
                href=f"/partners/{partner}")  # fmt: skip
            if newest is not None:
                tag("a", t("Messages"), href=f"/deliveries/{shown.agreement_id}")

    async def acts(
        self, agreeing: Agreeing, draft: Agreement | None, newest: Signed | None
    ) -> None:
        """What may be done next: asked, signed, followed by a version, ended."""
        how = self._standing(newest) if newest else None
        if draft is not None:
            await Steps(self.visit, agreeing, draft).draw()
        elif newest is not None and how is Standing.OURS_MISSING:
            await Steps(self.visit, agreeing, newest.agreement).draw()
        if newest is None:
            return
        if draft is None and how in (Standing.IN_FORCE, Standing.NOT_YET, Standing.OVER):
            self._next_version(newest.agreement)
        if how not in (Standing.ENDED, Standing.OVER):
            ending(self.visit, agreeing, newest.agreement)

    def _next_version(self, newest: Agreement) -> None:
        partner = other(newest, self.exchange.node_id)
        with tag("div", "", "actions spaced"):
            href = f"/partners/{partner}/draft?follows={newest.agreement_id}"
            tag("a", self.visit.t("Draft the next version"), "button", href=href)

    def history(self, versions: Sequence[Signed]) -> None:
        """Every version, who signed it and how far it is."""
        t = self.visit.t
        rows = [self._version(one) for one in versions]
        nothing = t("No version was signed yet.")
        table(self.visit, Table(title=t("Versions"), columns=VERSIONS, rows=rows,
                                nothing=nothing))  # fmt: skip

    def _version(self, one: Signed) -> tuple[Cell, ...]:
        t, how = self.visit.t, self._standing(one)
        nobody = t("officer not named")
        signed = [
            Line(one.officers.get(node) or f"{node}, {nobody}", "mono")
            for node in sorted(one.signatures)
        ]
        return (
            (Line(str(one.agreement.version)),), (Line(sentence(one.agreement, self.visit)),),
            tuple(signed), (Line(t(STANDINGS[how]), tone(how)),),
        )  # fmt: skip
