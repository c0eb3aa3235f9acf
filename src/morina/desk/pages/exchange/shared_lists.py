"""Hotlists shared with one partner, and the partner's own that are matched here."""

from morina.accountability import Action
from morina.desk.pages.exchange.tables import Cell, Line, Table, table
from morina.desk.pages.exchange.words import STAGES
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark
from morina.exchange.lists import PartnerList, SharedLists, ShareState, Stage

COLUMNS = (mark("Hotlist"), mark("Whose"), mark("Entries"), mark("Version"), mark("State"))


async def shared_lists(visit: Visit, lists: SharedLists, partner: str) -> None:
    """Both ways in one table, with a link to each list for who may see it."""
    t = visit.t
    rows = [_ours(one, visit) for one in await lists.shares(partner)]
    rows += [_theirs(one, visit, partner) for one in await lists.heard(partner)]
    title, nothing = t("Shared hotlists"), t("No hotlist is shared either way.")
    table(visit, Table(title=title, columns=COLUMNS, rows=rows, nothing=nothing))


def _ours(one: ShareState, visit: Visit) -> tuple[Cell, ...]:
    t = visit.t
    stopped = one.stage is Stage.STOPPED
    state = [Line(t(STAGES[one.stage]), "muted" if stopped else "")]
    if one.said:
        state.append(Line(translated(one.said, t), "faulty"))
    return (
        (_named(visit, one.hotlist, str(one.share.hotlist_id)),), (Line(t("ours")),),
        (Line(str(one.entries)),),
        (Line(t("{n} of {latest}", n=one.version, latest=one.latest)),), tuple(state),
    )  # fmt: skip


def _theirs(one: PartnerList, visit: Visit, partner: str) -> tuple[Cell, ...]:
    t = visit.t
    exchange = visit.services.exchange
    heard = Line(t("last heard {time}", time=visit.local(one.heard_at)), "muted")
    if one.ended:
        state = [Line(translated(one.ended, t), "muted")]
    elif exchange is not None and one.is_old(now(), exchange.list_old_after):
        state = [Line(t("old, and matched still"), "caution-text"), heard]
    else:
        state = [Line(t("matched here"), "good-text"), heard]
    return (
        (_named(visit, one.hotlist.name, str(one.hotlist.hotlist_id)),),
        (Line(partner),), (Line(str(one.entries)),), (Line(str(one.version)),), tuple(state),
    )  # fmt: skip


def _named(visit: Visit, name: str, hotlist_id: str) -> Line:
    may = visit.may(Action.SEE_HOTLISTS)
    return Line(name, href=f"/hotlists/{hotlist_id}" if may else "")
