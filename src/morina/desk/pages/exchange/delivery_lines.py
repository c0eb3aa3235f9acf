"""How messages pass, line by line; no element is made here."""

from collections.abc import Iterator

from morina.desk.pages.exchange.tables import Cell, Line
from morina.desk.pages.exchange.words import KINDS
from morina.desk.pages.visit import Visit
from morina.desk.said import translated
from morina.desk.words import mark
from morina.exchange.delivering import Attack, Passed, Queue, Report, State, Verdict

STATES = {
    State.WAITING: mark("waiting"),
    State.RECEIVED: mark("received by the partner"),
    State.TAKEN: mark("taken in"),
    State.HANDLED: mark("taken in and acted on"),
    State.REFUSED: mark("refused"),
    State.SET_ASIDE: mark("set aside"),
}
_TONES = {State.WAITING: "caution-text", State.REFUSED: "faulty", State.SET_ASIDE: "faulty"}
MESSAGES = (mark("When"), mark("Way"), mark("No."), mark("What"), mark("State"), mark("Why"))
ATTACKS = (mark("When"), mark("Says it is"), mark("Comes from"), mark("What was wrong"))
REPORTS = (mark("Day"), mark("Messages"), mark("What they say"), mark("What we have"),
           mark("Outcome"))  # fmt: skip


def link(queue: Queue | None, visit: Visit) -> Iterator[Line]:
    """How the link to one partner is: last contact, what waits, what went wrong last."""
    t = visit.t
    if queue is None:
        yield Line(t("nothing passed yet"), "muted")
        return
    heard = [at for at in (queue.last_sent_at, queue.last_taken_at) if at]
    if heard:
        yield Line(t("last contact {time}", time=visit.local(max(heard))))
    else:
        yield Line(t("nothing passed yet"), "muted")
    if queue.waiting:
        n = queue.waiting
        yield Line(t.many("{n} message waits", "{n} messages wait", n), "caution-text")
    if queue.oldest_at:
        yield Line(t("the oldest since {time}", time=visit.local(queue.oldest_at)), "muted")
    if queue.next_try_at:
        yield Line(t("next try {time}", time=visit.local(queue.next_try_at)), "muted")


def alarms(queue: Queue | None, visit: Visit) -> Iterator[Line]:
    """What is wrong with one partner's link; nothing where nothing is."""
    t = visit.t
    if queue is None:
        return
    if queue.why:
        yield Line(translated(queue.why, t), "faulty")
    if queue.set_aside:
        n = queue.set_aside
        yield Line(t.many("{n} message set aside", "{n} messages set aside", n), "faulty")
    if queue.refused:
        n = queue.refused
        yield Line(t.many("{n} message refused", "{n} messages refused", n), "faulty")


def way(one: Passed, node_id: str) -> str:
    """Who to whom."""
    return f"{node_id} → {one.partner}" if one.is_ours else f"{one.partner} → {node_id}"


def passed(one: Passed, visit: Visit, node_id: str) -> tuple[Cell, ...]:
    """A cell for each of MESSAGES: that a message passed, and nothing of what it says."""
    t = visit.t
    state = [Line(t(STATES[one.state]), _TONES.get(one.state, ""))]
    if one.next_try_at:
        state.append(Line(t("next try {time}", time=visit.local(one.next_try_at)), "muted"))
    if one.tries > 1:
        state.append(Line(t.many("{n} try", "{n} tries", one.tries), "muted"))
    officer = [Line(one.officer, "mono muted")] if one.officer else []
    return (
        (Line(visit.local(one.at)),),
        (Line(way(one, node_id), "nowrap"), *officer),
        (Line(str(one.seq)),),
        (Line(t(KINDS[one.kind]), href=f"/deliveries/{one.conversation}"),),
        tuple(state),
        (Line(translated(one.why, t)),) if one.why else (),
    )


def attack(one: Attack, visit: Visit) -> tuple[Cell, ...]:
    """A cell for each of ATTACKS."""
    t = visit.t
    when = [Line(visit.local(one.last_at))]
    if one.times > 1:
        when.append(Line(t.many("{n} time", "{n} times", one.times), "muted"))
    return (
        tuple(when),
        (Line(one.sender or t("not known")),),
        (Line(one.peer or t("not known")),),
        (Line(translated(one.said, t)), Line(one.code, "mono muted")),
    )


def report(one: Report, visit: Visit, node_id: str) -> tuple[Cell, ...]:
    """A cell for each of REPORTS; ``node_id`` is this node."""
    t = visit.t
    to = one.partner if one.sender == node_id else node_id
    up_to = Line(t("up to no. {n}", n=one.up_to), "muted")
    return (
        (Line(visit.day(visit.here(one.at).date())), Line(visit.time_only(one.at), "muted")),
        (Line(f"{one.sender} → {to}", "nowrap"), up_to),
        (Line(str(one.theirs)),),
        (Line(str(one.ours)),),
        tuple(_outcome(one, visit, node_id)),
    )


def _outcome(one: Report, visit: Visit, node_id: str) -> Iterator[Line]:
    t = visit.t
    if one.verdict is Verdict.AGREES:
        yield Line(t("agrees"), "good-text")
        return
    if one.verdict is Verdict.DIFFERS:
        yield Line(t("as many, but not the same: one side's record was changed"), "faulty")
    elif one.sender == node_id:
        yield Line(t("the partner has not all that we sent"), "faulty")
    else:
        yield Line(t("we have not all that the partner says it sent"), "faulty")
    if one.missing:
        yield Line(t("missing: no. {numbers}", numbers=spans(one.missing)), "mono")


def spans(numbers: tuple[int, ...]) -> str:
    """Numbers in ascending order, neighbours joined: ``3, 7-9``."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in found)
