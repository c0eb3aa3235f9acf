"""With whom a hotlist is shared: how far each copy is, and a form for another partner."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from nicegui.element import Element

from morina.accountability import Action, PurposeCode, RefusedPurposeError
from morina.desk.pages.asking.reasons import told_facts
from morina.desk.pages.exchange.preview import of_entries, who_would_see
from morina.desk.pages.exchange.words import STAGES, fields_said
from morina.desk.pages.frame import toast
from morina.desk.pages.markup import Fields, button, choice, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.exchange import Agreement, Category, NotAgreedError
from morina.exchange.lists import (
    ListShare,
    NoSuchShareError,
    PartnerList,
    RefusedShareError,
    SharedLists,
    ShareState,
    Stage,
)
from morina.watch import Hotlist

Seen = Callable[[Agreement], Awaitable[None]]
"""Draws who would see what under an agreement."""


async def show_sharing(visit: Visit, hotlist: Hotlist) -> None:
    """Of an own list with whom it is shared; of a partner's how old the copy is."""
    exchange = visit.services.exchange
    if exchange is None or exchange.lists is None:
        return
    if hotlist.owner_node:
        heard = await exchange.lists.heard_list(hotlist.hotlist_id)
        if heard:
            _show_copy(visit, heard, heard.is_old(now(), exchange.list_old_after))
        return
    agreements = []
    for one in await exchange.agreements.of_this_node():
        agreement = one.agreement
        if agreement.giver == exchange.node_id and agreement.category is Category.HOTLIST:
            found = await exchange.agreements.in_force(agreement.giver, agreement.receiver, now())
            agreements += [each for each in found if each.agreement_id == agreement.agreement_id]

    async def seen(agreement: Agreement) -> None:
        await who_would_see(visit, exchange, agreement)

    part = _Sharing(visit, exchange.lists, hotlist, seen, agreements)
    await part.draw()


def _show_copy(visit: Visit, heard: PartnerList, is_old: bool) -> None:
    t = visit.t
    with tag("section", "", "part", aria_labelledby="copy"):
        tag("h2", t("A list of {partner}", partner=heard.hotlist.owner_node), id="copy")
        tag("p", t("Only its owner changes it. It is not exported and not shared on."), "muted")
        at = visit.local(heard.heard_at)
        tag("p", t("version {version}, heard of at {at} ", version=heard.version, at=at))
        if heard.ended:
            tag("p", t("the owner's list is no longer shared with us"), "faulty")
        elif is_old:
            tag("p", t("old: ask the owner whether it still holds"), "faulty")


class _Sharing:
    """The shares of one list, drawn anew after each change."""

    def __init__(
        self, visit: Visit, lists: SharedLists, hotlist: Hotlist, seen: Seen,
        agreements: list[Agreement],
    ) -> None:  # fmt: skip
        self._visit, self._lists, self._hotlist, self._seen = visit, lists, hotlist, seen
        self._agreements = {str(one.agreement_id): one for one in agreements}
        self._place = tag("section", "", "part", aria_labelledby="sharing")

    async def draw(self) -> None:
        """The shares as they are now."""
        t, found = self._visit.t, await self._lists.shares()
        mine = [one for one in found if one.share.hotlist_id == self._hotlist.hotlist_id]
        self._place.clear()
        with self._place:
            tag("h2", t("Shared with partners"), id="sharing")
            if not mine:
                tag("p", t("With nobody."), "muted")
            for one in mine:
                self._share(one)
            if self._visit.may(Action.CHANGE_HOTLISTS, Action.AGREE) and self._agreements:
                self._form()
            elif not self._agreements:
                tag("p", t("No agreement about hotlists is in force."), "muted")

    def _share(self, one: ShareState) -> None:
        t, visit = self._visit.t, self._visit
        with tag("p", data_partner=one.share.partner):
            tag("b", one.share.partner)
            parts = [t(STAGES[one.stage]), t("version {version}", version=one.version)]
            parts.append(t.many("{n} entry", "{n} entries", one.entries))
            if one.last_posted_at:
                parts.append(visit.local(one.last_posted_at))
            tag("span", f" {', '.join(parts)}")
            if one.said:
                tag("div", one.said, "faulty")
            if one.stage is not Stage.STOPPED and visit.may(Action.CHANGE_HOTLISTS, Action.AGREE):
                button(t("Share no longer"), lambda: self._stop(one.share.partner), "link")

    def _form(self) -> None:
        t = self._visit.t
        with tag("details"):
            tag("summary", t("Share with a partner"))
            wrong = tag("p", "", "wrong", role="alert")
            with form(lambda fields: self._look(fields, wrong), "stack"):
                with tag("div", "", "fields"):
                    options = {
                        key: f"{one.receiver}, {one.legal_basis[:60]}"
                        for key, one in self._agreements.items()
                    }
                    choice(t("Agreement"), "agreement_id", options)
                    purposes = sorted({code.value for one in self._agreements.values()
                                       for code in one.purposes})  # fmt: skip
                    choice(t("Purpose"), "purpose",
                           {code: code.replace("_", " ") for code in purposes})  # fmt: skip
                    field(t("Case number"), "case_number", required=True, maxlength="100")
                    field(t("Why, in a few words"), "justification", required=True,
                          maxlength="500")  # fmt: skip
                with tag("div", "", "actions"):
                    tag("button", t("See who would see it"), type="submit")
            self._preview = tag("div", "", "", aria_live="polite")

    async def _look(self, fields: Fields, wrong: Element) -> None:
        """Who would see what; only from there the list is shared."""
        self._preview.clear()
        try:
            agreement = self._agreements[fields.get("agreement_id", "")]
            share = ListShare(
                hotlist_id=self._hotlist.hotlist_id, partner=agreement.receiver,
                agreement_id=UUID(fields["agreement_id"]), purpose=PurposeCode(fields["purpose"]),
                case_number=fields["case_number"].strip(),
                justification=fields["justification"].strip(), officer=self._visit.user.name,
            )  # fmt: skip
        except (KeyError, ValueError) as refused:
            say(wrong, translated(str(refused), self._visit.t))
            return
        say(wrong, "")
        with self._preview:
            await self._seen(agreement)
            await self._entries(agreement)
            with tag("div", "", "actions"):
                button(self._visit.t("Share the list"), lambda: self._share_now(share, wrong),
                       "first")  # fmt: skip

    async def _entries(self, agreement: Agreement) -> None:
        """How many of the list's entries would go, and the first of them as they would be told."""
        t = self._visit.t
        made = await self._lists.would_share(self._hotlist.hotlist_id, agreement, now())
        with tag("section", "", "part", aria_labelledby="entries-go"):
            tag("h2", t("Which entries"), id="entries-go")
            with tag("ul", "", "told bullets"):
                for said in of_entries(made, t):
                    tag("li", said)
            for one in made.examples:
                with tag("article", data_example="yes"):
                    tag("h3", t("As they would have it"))
                    told_facts(self._visit, one.fields)
                    if one.held_back:
                        held = fields_said(one.held_back, t)
                        tag("p", t("not: {fields}", fields=held), "muted")

    async def _share_now(self, share: ListShare, wrong: Element) -> None:
        self._visit.must(Action.CHANGE_HOTLISTS, Action.AGREE)
        try:
            await self._lists.share(share, now())
        except (RefusedShareError, NotAgreedError, RefusedPurposeError) as refused:
            say(wrong, translated(str(refused), self._visit.t))
            return
        await self.draw()

    async def _stop(self, partner: str) -> None:
        self._visit.must(Action.CHANGE_HOTLISTS, Action.AGREE)
        officer = self._visit.user.name
        try:
            await self._lists.stop(self._hotlist.hotlist_id, partner, officer, now())
        except NoSuchShareError:
            toast(self._place, self._visit.t("That list is not shared with {partner} now.",
                                             partner=partner))  # fmt: skip
        await self.draw()
