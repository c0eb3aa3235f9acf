"""What an operator must decide: a hit, raised, with a lifecycle."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from morina.plates import Plate
from morina.sense import Read
from morina.watch import Difference, Likeness, Listed, SuspectedClone


class State(StrEnum):
    """Where an alert stands."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    DISPATCHED = "dispatched"
    CLOSED = "closed"
    EXPIRED = "expired"


class Step(StrEnum):
    """What moves an alert from one state to the next."""

    ACKNOWLEDGE = "acknowledge"
    CONFIRM = "confirm"
    REJECT = "reject"
    DISPATCH = "dispatch"
    CLOSE = "close"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Act:
    """One recorded deed on an alert: a step, or what somebody typed from the patch.

    ``kind`` is a Step's value, ``"raise"``, ``"picture"``, ``"transcribe"`` or ``"note"``; ``by``
    the officer's user name ("morina" for raising, the picture that came later, and expiry);
    ``text`` the transcription, reason or note.
    """

    at: datetime
    by: str
    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A hit put to an operator.

    ``read`` is the read that raised it, with its picture though that came later; ``repeats``
    counts further reads of the same vehicle at the same camera folded into it, the last at
    ``last_seen_at``. ``late`` says the capture was too old on arrival to be acted on as live, or
    was re-sent. ``acts`` is oldest first. ``clone`` is a person's label that two vehicles may bear
    the plate, as it stands when the alert is shown; it is no part of what is kept of the alert.
    """

    alert_id: UUID
    state: State
    read: Read
    listed: Listed
    likeness: Likeness
    differences: tuple[Difference, ...]
    raised_at: datetime
    last_seen_at: datetime
    repeats: int = 0
    late: bool = False
    acts: tuple[Act, ...] = ()
    clone: SuspectedClone | None = None

    @property
    def plates(self) -> tuple[Plate, ...]:
        """The plate as read and as listed."""
        read = (self.read.plate,) if self.read.plate else ()
        return (*read, self.listed.listing.plate)

    def transcription_by(self, officer: str) -> str | None:
        """What ``officer`` last typed from the plate patch; None before they did."""
        typed = [act.text for act in self.acts if act.kind == "transcribe" and act.by == officer]
        return typed[-1] if typed else None
