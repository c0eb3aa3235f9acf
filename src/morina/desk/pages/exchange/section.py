"""What the pages of the exchange have in common: their frame, and what every look leaves behind."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from morina.accountability.trail import Act, Deed, What
from morina.desk.exchange import ExchangeServices
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.visit import Visit
from morina.desk.permits import PAGES
from morina.desk.words import mark

HERE = "/partners"
PARTS = (
    (HERE, mark("Partners")),
    ("/inbox", mark("Inbox")),
    ("/deliveries", mark("Deliveries")),
    ("/reconciliation", mark("Reconciliation")),
    ("/webhooks", mark("Webhooks")),
)


@contextmanager
def section(visit: Visit, title: str, here: str = "", hint: str = "") -> Iterator[None]:
    """A page of the exchange; ``here`` is the path of the part it belongs to."""
    with frame(visit, title, HERE):
        with tag("nav", "", "tabs", aria_label=visit.t("Exchange with partners")):
            for path, name in (one for one in PARTS if visit.may(*PAGES[one[0]])):
                current = {"aria-current": "page"} if path == here else {}
                tag("a", visit.t(name), href=path, **current)
        with tag("div", "", "head"):
            tag("h1", title)
            if hint:
                tag("span", hint, "muted")
        yield


def exchange_of(visit: Visit) -> ExchangeServices | None:
    """What the pages work with; None where there is none, and a page was shown that says so."""
    if visit.services.exchange is None:
        show_missing(visit, visit.t("This node exchanges with nobody: set exchange.node_id first."))
    return visit.services.exchange


async def looked(visit: Visit, kind: str, ids: Sequence[object], step: str = "read") -> None:
    """Enter that this person was shown objects of ``kind``; before they are shown."""
    exchange = visit.services.exchange
    if exchange is not None:
        what = What(kind, tuple(map(str, ids)), step)
        await exchange.enter(Deed(act=Act.CONSULTATION, what=what, who=visit.user.name))
