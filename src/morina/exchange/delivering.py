"""What passes between this node and its partners, as those who look after it see it.

No content: who to whom, what kind, how far it came, and why not further.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from morina.exchange.agreement import Agreement
from morina.exchange.deciding import Used
from morina.exchange.kinds import Kind
from morina.exchange.message import Message


class State(StrEnum):
    """How far a message came."""

    WAITING = "waiting"
    """Ours; no receipt yet."""

    RECEIVED = "received"
    """Ours; the partner's signed receipt is kept."""

    TAKEN = "taken"
    """A partner's, kept; not acted on yet."""

    HANDLED = "handled"
    """A partner's, acted on."""

    REFUSED = "refused"
    """A partner's, not acted on; it was told why."""

    SET_ASIDE = "set_aside"
    """A partner's; acting on it failed too often. Somebody must look."""


class Verdict(StrEnum):
    """What comes of comparing both sides' messages of one ordered pair."""

    AGREES = "agrees"
    MISSING = "missing"
    """One side says it sent what the other has not (yet)."""

    DIFFERS = "differs"
    """As many, but not the same: one side's record was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One message sent or taken in. ``why`` says what keeps it, or why it was refused."""

    message_id: UUID
    partner: str
    is_ours: bool
    seq: int
    kind: Kind
    conversation: UUID
    created_at: datetime
    at: datetime
    state: State
    digest: str
    in_reply_to: UUID | None = None
    agreement_id: UUID | None = None
    officer: str = ""
    done_at: datetime | None = None
    tries: int = 0
    next_try_at: datetime | None = None
    why: str = ""
    is_kept: bool = True
    """Whether its bytes are kept still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Where one partner stands: messages that wait to be received by it, and those of its own
    that wait to be acted on. ``why`` is what went wrong last, empty where nothing did."""

    partner: str
    waiting: int = 0
    oldest_at: datetime | None = None
    tries: int = 0
    next_try_at: datetime | None = None
    why: str = ""
    sent: int = 0
    taken: int = 0
    unhandled: int = 0
    set_aside: int = 0
    refused: int = 0
    last_sent_at: datetime | None = None
    last_taken_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """What came in and was refused at the door, ``times`` within the hour after ``at``."""

    at: datetime
    last_at: datetime
    times: int
    sender: str
    """As it says; empty where it cannot be known."""
    peer: str
    """From which TLS certificate (its name), or which stick."""
    code: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A partner's checkpoint compared with what is here, for the messages from ``sender``.

    ``theirs`` and ``ours`` count messages up to ``up_to``; ``missing`` are the numbers one side
    has not.
    """

    at: datetime
    partner: str
    sender: str
    up_to: int
    theirs: int
    ours: int
    verdict: Verdict
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SoughtMessages:
    """Which messages are wanted: empty or None where all are."""

    partner: str = ""
    kind: Kind | None = None
    state: State | None = None
    conversation: UUID | None = None
    before: datetime | None = None
    limit: int = 100


class Deliveries(Protocol):
    """The desk's view of what passes, and the little a person may do about it."""

    async def queues(self) -> Sequence[Queue]:
        """Each partner of the directory, by name."""

    async def messages(self, sought: SoughtMessages) -> Sequence[Passed]:
        """Newest first."""

    async def conversation(self, conversation: UUID) -> Sequence[Passed]:
        """All of one conversation, in the order of time."""

    async def message(self, message_id: UUID) -> Message | None:
        """One with its content; None where there is none or it is forgotten. Whoever shows it to
        a person enters the consultation in the trail."""

    async def used(self, agreement: Agreement, now: datetime) -> Used:
        """What counts against its caps this UTC day, as the node itself counts: what was denied
        does not. ``by_officer`` is of the one who asked most."""

    async def retry_now(self, partner: str) -> None:
        """Try at once what waits for this partner, and what of its own could not be acted on."""

    async def compare_now(self, partner: str, now: datetime) -> None:
        """Send a checkpoint to this partner."""

    async def attacks(self, limit: int = 100) -> Sequence[Attack]:
        """Newest first."""

    async def reports(self, partner: str = "", limit: int = 100) -> Sequence[Report]:
        """Comparisons, newest first."""

    async def troubles(self, now: datetime) -> Sequence[str]:
        """What somebody should see to, a sentence each; none where all is well."""
