"""How sealed messages get from node to node: the inbox's door, and what carries them there."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from morina.exchange.parties import Party
from morina.exchange.receipts import Named

GAP, SEEN, CHAIN, PEER, BACKDATED = "gap", "seen", "chain", "peer", "backdated"
"""Codes of the door beside those of ``Fault``."""


class RefusedAtDoorError(Exception):
    """A message the inbox does not take; it is not kept and gets no receipt.

    ``awaited`` is the number the inbox waits for, where the code is ``gap``; else 0.
    """

    def __init__(self, code: str, said: str, awaited: int = 0) -> None:
        super().__init__(said)
        self.code, self.awaited = code, awaited


class Inbox(Protocol):
    """This node's door for partners' messages."""

    async def accept(self, sealed: bytes, peer: str, now: datetime) -> bytes:
        """The written receipt, once the message is durable; again the same where it came before.

        ``peer`` is the node the transport knows it comes from, empty where it knows none.
        RefusedAtDoorError; ConnectionError where the database does not answer.
        """

    async def accept_all(self, sealed: Sequence[bytes], peer: str, now: datetime) -> list[bytes]:
        """The receipts of those taken in: of all, or of those before the first that is not.

        RefusedAtDoorError where it is the first of all; else as ``accept``.
        """


class Transport(Protocol):
    """Carries sealed messages to a partner."""

    async def deliver(self, party: Party, sealed: Sequence[bytes]) -> Sequence[bytes]:
        """The written receipts, fewer where not all were taken; never none.

        RefusedAtDoorError where the first is not taken; ConnectionError where it cannot be reached.
        """


class Received(NamedTuple):
    """A message of ours and the receipt that was written of it."""

    message_id: UUID
    digest: str
    receipt: bytes


class Waiting(Protocol):
    """Our messages to partners that no receipt came for, durable."""

    async def first(
        self, partner: str, limit: int, most_bytes: int = ...
    ) -> "Sequence[Unreceived]":
        """The first of them, in order: one, and as many more as begin within ``most_bytes``."""

    async def received(self, receipts: "Sequence[Received]", now: datetime) -> None:
        """Their receipts came, and were checked."""

    async def failed(self, message_id: UUID, why: str, again_at: datetime) -> None:
        """It did not get there; to be tried again."""

    async def from_number(self, partner: str, seq: int) -> int:
        """Let all from that number wait again; how many there are."""


class Resigning(Protocol):
    """What no partner received, signed with a key that was replaced since."""

    async def anew(self, partner: str, seq: int, now: datetime) -> int:
        """Sign from number ``seq`` on with the key of now; how many there were."""


class Unreceived(Named, Protocol):
    """One of them: its signed bytes, and how often it was tried."""

    @property
    def signed(self) -> bytes | None:
        """None once forgotten."""

    @property
    def tries(self) -> int:
        """How often it did not get there."""

    @property
    def next_try_at(self) -> datetime | None:
        """When it is due again; None: at once."""
