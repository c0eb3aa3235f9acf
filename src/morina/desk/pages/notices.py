"""Technicians' notices on a page: what is wrong, how to mend it, who sees to it."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from nicegui.element import Element

from morina.accountability import Action
from morina.desk import faults
from morina.desk.pages.frame import toast
from morina.desk.pages.markup import button, tag
from morina.desk.pages.visit import Visit, now
from morina.sense.cameras.notices import NoSuchNoticeError, Notice


def show_notices(visit: Visit, notices: Sequence[Notice]) -> None:
    """Each with its mend; an open one can be taken on."""
    with tag("ul", "", "notices"):
        for notice in notices:
            with tag("li", "", "note" if notice.is_open else "muted") as item:
                _notice(visit, notice, item)


def _notice(visit: Visit, notice: Notice, item: Element) -> None:
    t = visit.t
    tag("div", faults.said(notice.finding, t), "says")
    tag("div", t("To mend it: {what}", what=faults.mend(notice.finding, t)))
    with tag("div", "", "muted"):
        if notice.opened_at:
            tag("span", t("since {time}", time=visit.local(notice.opened_at)))
        if notice.closed_at:
            tag("span", " " + t("gone {time}", time=visit.local(notice.closed_at)))
        if notice.acknowledged_by:
            tag("span", " " + t("{who} sees to it", who=notice.acknowledged_by))
    unseen = notice.is_open and not notice.acknowledged_by
    if unseen and visit.may(Action.CHANGE_CAMERAS):
        button(t("I see to it"), _taken(visit, notice.notice_id, item), "link")


def _taken(visit: Visit, notice_id: UUID, item: Element) -> Callable[[], Awaitable[None]]:
    async def take() -> None:
        visit.must(Action.CHANGE_CAMERAS)
        checkup = visit.services.upkeep.checkup
        try:
            notice = await checkup.acknowledge(notice_id, visit.user.name, now())
        except NoSuchNoticeError:
            toast(item, visit.t("That notice is closed already."))
            return
        item.clear()
        with item:
            _notice(visit, notice, item)

    return take
