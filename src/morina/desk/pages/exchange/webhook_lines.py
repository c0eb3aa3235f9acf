"""What becomes of messages to webhooks, in words."""

from collections.abc import Mapping

from morina.desk.pages.exchange.tables import Cell, Line
from morina.desk.pages.visit import Visit
from morina.desk.said import translated
from morina.desk.words import mark
from morina.exchange.formats.webhooks import TEST
from morina.exchange.webhooks import Became, Standing, WebhookMessage

MESSAGES = (mark("Made"), mark("What"), mark("State"), mark("Tries"))
EVENTS: Mapping[str, str] = {
    "alert.raised": mark("an alert was raised"),
    "alert.confirmed": mark("an alert was confirmed"),
    "alert.rejected": mark("an alert was rejected"),
    "alert.dispatched": mark("a patrol was sent"),
    "alert.closed": mark("an alert was closed"),
    "alert.expired": mark("an alert expired"),
    "operation.task": mark("a task of an operation was added"),
    "operation.check": mark("a check of an operation was added"),
    TEST: mark("a test"),
}
"""Type of event to what happened."""

STANDINGS: Mapping[Standing, str] = {
    Standing.TOLD: mark("told"),
    Standing.PAUSED: mark("paused: it never hears what happens meanwhile"),
    Standing.ENDED: mark("removed"),
}
_BECAME: Mapping[Became, tuple[str, str]] = {
    Became.TAKEN: (mark("taken"), "good-text"),
    Became.WAITING: (mark("waiting"), "caution-text"),
    Became.GIVEN_UP: (mark("given up"), "faulty"),
}


def message(one: WebhookMessage, visit: Visit) -> tuple[Cell, ...]:
    """One row: when, of what, what became of it and what stood against it."""
    t = visit.t
    words, tone = _BECAME[one.became]
    state = [Line(t(words), tone)]
    if one.said:
        state.append(Line(translated(one.said, t), "faulty"))
    if one.became is Became.WAITING and one.tries:
        state.append(Line(t("next try at {at}", at=visit.local(one.due_at)), "muted"))
    return (
        (Line(visit.local(one.made_at)),), (Line(t(EVENTS[one.kind])),), tuple(state),
        (Line(str(one.tries)),),
    )  # fmt: skip
