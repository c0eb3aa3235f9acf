"""The number in the navigation: what of the exchange waits for somebody."""

from nicegui import ui

from morina.accountability import Action
from morina.desk.exchange_inbox import waiting
from morina.desk.pages.markup import say, tag
from morina.desk.pages.visit import Visit, now

PLACE = "/partners"
_EVERY_S = 30.0


def counted(visit: Visit) -> None:
    """Show it beside the name of its section, and keep it true while the page is open."""
    exchange = visit.services.exchange
    if exchange is None or not visit.may(Action.SEE_EXCHANGE):
        return
    place = tag("span", "", "badge-count", role="status")

    async def ask() -> None:
        try:
            found = await waiting(exchange, now())
        except (ConnectionError, TimeoutError):
            return  # the engines do not answer; what was shown stays
        say(place, str(found) if found else "")
        place.props["aria-label"] = visit.t.many("{n} thing waits", "{n} things wait", found)
        place.update()

    ui.timer(_EVERY_S, ask)
