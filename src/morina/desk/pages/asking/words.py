"""What questions to partners and follow-ups are called on screen."""

from collections.abc import Sequence
from enum import Enum

from morina.desk.words import mark
from morina.exchange.follow_ups import (
    Clock,
    Handling,
    RefusedBecause,
    Side,
    Stage,
    Step,
    Urgency,
)
from morina.exchange.questions import Found, Result, State

_SAID: Sequence[tuple[Enum, str]] = (
    (State.ASKED, mark("on its way")),
    (State.RECEIVED, mark("received there")),
    (State.LATE, mark("late: no answer for 10 seconds")),
    (State.ANSWERED, mark("answered")),
    (State.TURNED_DOWN, mark("turned down")),
    (Result.HIT, mark("hit")),
    (Result.NO_HIT, mark("no hit")),
    (Result.REFUSED, mark("something is there and may not be told")),
    (Result.UNDECIDABLE, mark("cannot be told")),
    (Found.STOLEN, mark("stolen")),
    (Found.WANTED_FOR_CHECK, mark("wanted for a check")),
    (Found.PLATE_FALSE, mark("plate reported false")),
    (Found.REGISTERED, mark("registered, not stolen")),
    (Stage.WRITTEN, mark("waits for a second person")),
    (Stage.DROPPED, mark("dropped")),
    (Stage.ASKED, mark("asked, not acknowledged yet")),
    (Stage.ACKNOWLEDGED, mark("acknowledged")),
    (Stage.CLARIFYING, mark("the owner asks for more")),
    (Stage.GRANTED, mark("details released")),
    (Stage.REFUSED, mark("refused")),
    (Stage.TURNED_DOWN, mark("not taken by the other node")),
    (Stage.FORGOTTEN, mark("released and forgotten")),
    (Step.SEND, mark("Send")),
    (Step.DROP, mark("Drop")),
    (Step.ACKNOWLEDGE, mark("Acknowledge")),
    (Step.CLARIFY, mark("Ask for more")),
    (Step.CLARIFIED, mark("Answer")),
    (Step.GRANT, mark("Release")),
    (Step.REFUSE, mark("Refuse")),
    (Step.FORGET, mark("forgotten at its date")),
    (Step.TURN_DOWN, mark("the node of the owner did not take it")),
    (Step.UNDO, mark("their node did not take it; it is open again")),
    (Side.ASKING, mark("we ask {partner}")),
    (Side.OWNING, mark("{partner} asks us")),
    (Urgency.ROUTINE, mark("routine")),
    (Urgency.URGENT, mark("urgent")),
    (Urgency.DANGER_TO_LIFE, mark("danger to life")),
    (Handling.POLICE_USE, mark("for this case, within the authority")),
    (Handling.NOT_AS_EVIDENCE, mark("for this case; before a court only with consent")),
    (Handling.ASK_BEFORE_ACTING, mark("for this case; ask the owner before acting on it")),
    (RefusedBecause.NOT_JUSTIFIED, mark("not justified")),
    (RefusedBecause.DISPROPORTIONATE, mark("out of proportion")),
    (RefusedBecause.NATIONAL_LAW, mark("national law forbids it")),
    (RefusedBecause.COURT_NEEDED, mark("a court has to decide")),
    (RefusedBecause.OWN_INVESTIGATION, mark("it would harm an investigation here")),
    (RefusedBecause.DANGER, mark("it would endanger somebody")),
    (RefusedBecause.NOT_HELD, mark("nothing of it is held")),
    (Clock.ACKNOWLEDGE, mark("to be acknowledged")),
    (Clock.ANSWER, mark("to be answered")),
)
_WORDS = {(type(one), one.value): text for one, text in _SAID}
"""By type as well: a stage and an answer may be of the same text."""


def word(one: Enum) -> str:
    """What it is called, marked for translation."""
    return _WORDS[type(one), one.value]
