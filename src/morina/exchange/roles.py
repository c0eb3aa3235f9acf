"""Roles within the exchange: where messages go out, and who takes those that came in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from morina.exchange.kinds import Kind
from morina.exchange.message import Draft, Message

_Connection = TypeVar("_Connection", contravariant=True)


class RefusedMessageError(Exception):
    """A message that came in and is not acted on. ``code`` is a short word for machines, the text
    says what is wrong; both are told to the sender in a message of kind ``refused``."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(said)
        self.code = code


class Outbox(Protocol[_Connection]):
    """Where messages to partners go out: at least once, in order, until received."""

    async def post(self, connection: _Connection, draft: Draft, now: datetime) -> Message:
        """Seal and queue a message within the caller's transaction, and enter it in the trail.

        NotAgreedError where no agreement in force allows it, UnknownNodeError; then nothing is
        queued. A transaction that rolls back leaves no gap in the numbers.
        """


class Takes(Protocol[_Connection]):
    """One kind of conversation: takes the messages of its kinds, in the order of each pair."""

    @property
    def kinds(self) -> Sequence[Kind]:
        """Kinds of messages it takes."""

    async def take(self, connection: _Connection, message: Message, now: datetime) -> None:
        """Act on one message within the given transaction; it may post others.

        RefusedMessageError where it is not acted on: what was done so far is undone, the refusal
        is recorded and told to the sender. Called once for each message, unless the node ends
        meanwhile; then again, on what was before."""
