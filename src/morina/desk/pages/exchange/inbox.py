"""What came from partners that a person has to see, what waits for somebody first."""

from morina.desk.exchange_inbox import SHOWN_DAYS, inbox
from morina.desk.pages.exchange.section import exchange_of, looked, section
from morina.desk.pages.exchange.tables import Cell, Line, Table, table
from morina.desk.pages.exchange.words import KINDS
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.to_see import TO_DO, Sort, ToSee
from morina.desk.words import mark

COLUMNS = (mark("What"), mark("Partner"), mark("When"), mark("More"))
SORTS = {
    Sort.PROPOSAL: mark("An agreement is proposed: read it, then sign it or not"),
    Sort.TROUBLE: mark("Somebody should see to this"),
    Sort.SET_ASIDE: mark("A message could not be acted on"),
    Sort.DIFFERENCE: mark("Both sides' records differ"),
    Sort.CLOCK: mark("An answer is due"),
    Sort.REFUSED_OURS: mark("The partner refused what we sent"),
    Sort.REFUSED_THEIRS: mark("We refused what the partner sent"),
    Sort.ATTACK: mark("Refused at the door"),
}


async def inbox_page(visit: Visit) -> None:
    """The page, as things are when it is opened."""
    exchange = exchange_of(visit)
    if exchange is None:
        return
    t = visit.t
    found = await inbox(exchange, now())
    await looked(visit, "inbox of the exchange", [])
    hint = t("A thing goes from here once it is done.")
    with section(visit, t("Inbox"), "/inbox", hint):
        to_do = [_row(one, visit) for one in found if one.sort in TO_DO]
        others = [_row(one, visit) for one in found if one.sort not in TO_DO]
        table(visit, Table(title=t("Waits for somebody"), columns=COLUMNS, rows=to_do,
                           nothing=t("Nothing waits.")))  # fmt: skip
        days = t.many("To know, of the last {n} day", "To know, of the last {n} days", SHOWN_DAYS)
        table(visit, Table(title=days, columns=COLUMNS, rows=others))


def _row(one: ToSee, visit: Visit) -> tuple[Cell, ...]:
    t = visit.t
    more = [Line(t(KINDS[one.kind]))] if one.kind else []
    if one.said:
        more.append(Line(_said(one, visit), "muted" if more else ""))
    tone = "faulty" if one.sort in (Sort.TROUBLE, Sort.DIFFERENCE, Sort.SET_ASIDE) else ""
    return (
        (Line(t(SORTS[one.sort]), tone, one.href),),
        (Line(one.partner),) if one.partner else (),
        (Line(visit.local(one.at)),) if one.at else (),
        tuple(more),
    )


def _said(one: ToSee, visit: Visit) -> str:
    if one.sort is Sort.DIFFERENCE:
        return visit.t("messages from {sender}", sender=one.said)
    return translated(one.said, visit.t)
