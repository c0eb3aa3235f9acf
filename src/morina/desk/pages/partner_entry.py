"""Beside an alert on a partner's entry: whose it is, how old the copy is, and what was told."""

from collections.abc import Sequence
from contextlib import suppress

from nicegui import ui

from morina.accountability import Action
from morina.alerts import Alert, State, revealed_to
from morina.desk.pages.exchange.words import fields_said
from morina.desk.pages.markup import button, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark
from morina.exchange.lists import PartnerList
from morina.exchange.sightings import (
    NoSuchSightingError,
    SightingState,
    ToldSighting,
    WouldTell,
)

ASK_EVERY_S = 1.0
_TOLD = {
    SightingState.CONFIRMED: mark("told to {partner}: confirmed"),
    SightingState.FALSE_POSITIVE: mark("told to {partner}: it was another vehicle"),
}


class PartnerEntryPart:
    """Empty for an own entry, and until this officer may see the listing."""

    def __init__(self, visit: Visit, alert: Alert) -> None:
        self._visit, self._alert = visit, alert
        self._drawn: object = None
        self._place = tag("div")
        exchange = visit.services.exchange
        if alert.listed.hotlist.owner_node and exchange is not None:
            self._lists, self._sightings = exchange.lists, exchange.sightings
            self._preview = exchange.sighting_preview
            self._old_after = exchange.list_old_after
            ui.timer(ASK_EVERY_S, self.refresh)

    def draw(self, alert: Alert) -> None:
        """The alert as it is now; what stands beside it follows within a second."""
        self._alert = alert

    async def refresh(self) -> None:
        """What is known of the list and of what was told; drawn where it changed."""
        self._visit.must(Action.SEE_ALERTS)
        if self._lists is None or self._sightings is None:
            return
        if not revealed_to(self._alert, self._visit.user.name):
            return
        heard = await self._lists.heard_list(self._alert.listed.hotlist.hotlist_id)
        told = list(await self._sightings.told(self._alert.alert_id))
        would = await self._would()
        if (heard, told, would) != self._drawn:
            self._drawn = (heard, told, would)
            self._place.clear()
            with self._place:
                self._show(heard, told, would)

    async def _would(self) -> WouldTell | None:
        """What a confirmation would tell; None once it was decided."""
        if self._preview is None or self._alert.state not in (State.RAISED, State.ACKNOWLEDGED):
            return None
        return await self._preview.would_tell(self._alert, self._visit.user.name, now())

    def _show(
        self, heard: PartnerList | None, told: Sequence[ToldSighting], would: WouldTell | None
    ) -> None:
        t, listed = self._visit.t, self._alert.listed
        with tag("section", "", "part", aria_labelledby="partner"):
            tag("h2", t("An entry of {partner}", partner=listed.hotlist.owner_node), id="partner")
            with tag("dl", "", "facts"):
                if listed.listing.source_reference:
                    tag("dt", t("The owner's reference"))
                    tag("dd", listed.listing.source_reference)
                if heard is not None:
                    self._copy(heard)
                tag("dt", t("Told to the owner"))
                with tag("dd"):
                    for line in told_lines(told, self._visit):
                        tag("div", line)
                if would is not None:
                    tag("dt", t("Who would see it"))
                    with tag("dd", data_would="yes"):
                        for line in would_lines(would, self._visit):
                            tag("div", line)
            if any(one.denied for one in told) and self._visit.may(Action.HANDLE_ALERTS):
                with tag("div", "", "actions"):
                    button(t("Tell it now"), self._tell_again)

    async def _tell_again(self) -> None:
        """Have it tried again; the agreements are asked as they are now."""
        visit = self._visit
        visit.must(Action.HANDLE_ALERTS)
        if self._sightings is not None:
            with suppress(NoSuchSightingError):  # somebody else was faster
                await self._sightings.tell_again(self._alert.alert_id, visit.user.name, now())
            await self.refresh()

    def _copy(self, heard: PartnerList) -> None:
        visit, t = self._visit, self._visit.t
        tag("dt", t("Copy of the list"))
        with tag("dd"):
            at = visit.local(heard.heard_at)
            tag("span", t("version {version}, heard of at {at} ", version=heard.version, at=at))
            if heard.is_old(now(), self._old_after):
                tag("span", t("old: ask the owner whether it still holds"), "marker")
            if heard.ended:
                tag("span", t("the owner's list is no longer shared with us"), "marker")


def would_lines(would: WouldTell, visit: Visit) -> list[str]:
    """What confirming tells whom, in words."""
    t, to = visit.t, {"partner": would.partner}
    if would.denied:
        why = translated(would.denied, t)
        return [t("nobody: if it is confirmed, {partner} is not told: {why}", why=why, **to)]
    said = [t("officers of {partner}, once it is confirmed: {fields}", **to,
              fields=fields_said(would.fields, t))]  # fmt: skip
    if would.held_back:
        said.append(t("not: {fields}", fields=fields_said(would.held_back, t)))
    return said


def told_lines(told: Sequence[ToldSighting], visit: Visit) -> list[str]:
    """What was told and what was not, and why; in words."""
    t = visit.t
    if not told:
        return [t("nothing: only what an officer confirmed is told")]
    return [_line(one, visit) for one in told]


def _line(one: ToldSighting, visit: Visit) -> str:
    t = visit.t
    if one.denied:
        return t("not told to {partner}: {why}", partner=one.partner, why=translated(one.denied, t))
    return t(_TOLD.get(one.state, _TOLD[SightingState.CONFIRMED]), partner=one.partner)
