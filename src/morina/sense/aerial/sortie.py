"""One drone flight: how it comes in, is worked through, is looked at, and ends."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from morina.sense.aerial.stated import NOTHING, Stated


class SortieState(StrEnum):
    """See ``STEPS``."""

    PLANNED = "planned"
    CLEARED = "cleared"
    FLYING = "flying"
    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    FORGOTTEN = "forgotten"


class SortieStep(StrEnum):
    """What moves a sortie on."""

    CLEAR = "clear"
    """A named person clears it after the checks of the fleet."""

    FLY = "fly"
    """Live video comes in."""

    RECEIVE = "receive"
    """Its video and telemetry are all here."""

    WORK = "work"
    FINISH = "finish"
    FAIL = "fail"
    CANCEL = "cancel"
    FORGET = "forget"


S, T = SortieState, SortieStep

STEPS: dict[tuple[SortieState, SortieStep], SortieState] = {
    (S.PLANNED, T.CLEAR): S.CLEARED,
    (S.PLANNED, T.CANCEL): S.CANCELLED,
    (S.CLEARED, T.FLY): S.FLYING,
    (S.CLEARED, T.RECEIVE): S.WAITING,
    (S.CLEARED, T.CANCEL): S.CANCELLED,
    (S.FLYING, T.RECEIVE): S.WAITING,
    (S.FLYING, T.FAIL): S.FAILED,
    (S.WAITING, T.WORK): S.WORKING,
    (S.WAITING, T.FAIL): S.FAILED,
    (S.WORKING, T.FINISH): S.READY,
    (S.WORKING, T.FAIL): S.FAILED,
    (S.WORKING, T.RECEIVE): S.WAITING,
    (S.FAILED, T.RECEIVE): S.WAITING,
    (S.READY, T.RECEIVE): S.WAITING,
    (S.READY, T.FORGET): S.FORGOTTEN,
    (S.FAILED, T.FORGET): S.FORGOTTEN,
    (S.CANCELLED, T.FORGET): S.FORGOTTEN,
}


class RefusedSortieError(ValueError):
    """What cannot be done with a sortie; the text says why and what to do."""


def moved(state: SortieState, step: SortieStep) -> SortieState:
    """The state after a step; RefusedSortieError where ``STEPS`` has none, naming what it has."""
    if after := STEPS.get((state, step)):
        return after
    may = " or ".join(one.value for before, one in STEPS if before is state) or "nothing more"
    raise RefusedSortieError(
        f"a sortie that is {state.value} takes no {step.value}; it takes {may}"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sortie:
    """``began_at`` and ``ended_at`` are of its telemetry where that has a clock, otherwise of the
    upload; ``clocked`` says which. ``case_number`` and ``task`` say why it flew. ``done`` is the
    share worked through, 0 to 1. ``fault`` says why it failed. ``rendered``: made by a program, not
    flown. ``forget_at``: when tracks and video are forgotten. ``looked`` and ``skipped``: pictures
    looked at while it flew, and those passed over then to keep up. ``lacks`` says what could not be
    done, ``notes`` how its telemetry was taken, both in words; ``stated`` is what a person added.
    ``cleared_by`` is empty until somebody cleared it; ``fleet_checked``: whether after the checks
    of the fleet."""

    sortie_id: UUID
    name: str
    case_number: str
    task: str
    officer: str
    state: SortieState
    made_at: datetime
    began_at: datetime | None = None
    ended_at: datetime | None = None
    airframe: str = ""
    pilot: str = ""
    source: str = ""
    width: int = 0
    height: int = 0
    frames: int = 0
    seconds: float = 0.0
    frames_per_s: float = 0.0
    done: float = 0.0
    fault: str = ""
    lacks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    stated: Stated = NOTHING
    clocked: bool = False
    rendered: bool = False
    forget_at: datetime | None = None
    looked: int = 0
    skipped: int = 0
    cleared_by: str = ""
    fleet_checked: bool = False
