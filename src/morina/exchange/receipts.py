"""Receipts: the receiver's signature under what it took in, kept by the sender as proof."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol, Self
from uuid import UUID

from morina.accountability.signing import PublicKey, SignatureError, Signer, Statement, canonical
from morina.exchange.message import Message
from morina.sense import zoned

STATEMENT = "morina exchange receipt 1"
_NAMES = {"statement", "message_id", "digest", "sender", "receiver", "seq", "received_at"}


class Named(Protocol):
    """What a receipt says of a message."""

    @property
    def message_id(self) -> UUID:
        """Its id."""

    @property
    def digest(self) -> str:
        """SHA-256 over its signed bytes."""

    @property
    def sender(self) -> str:
        """Who sent it."""

    @property
    def to(self) -> str:
        """To whom."""

    @property
    def seq(self) -> int:
        """Its number."""


class ReceiptError(ValueError):
    """What is no receipt, or not one of this message by this node; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """``receiver`` took in the message of ``digest`` (64 hex digits) at ``received_at`` by its
    own clock. It says nothing of whether the message is acted on."""

    message_id: UUID
    digest: str
    sender: str
    receiver: str
    seq: int
    received_at: datetime
    signature: str = ""
    """Ed25519 over ``said()``, base64; empty until signed."""

    def __post_init__(self) -> None:
        zoned(self.received_at, "received_at")

    @classmethod
    def of(cls, message: Message, received_at: datetime, signer: Signer) -> Self:
        """The signed receipt of a message that was taken in."""
        made = cls(
            message_id=message.message_id,
            digest=message.digest,
            sender=message.sender,
            receiver=message.to,
            seq=message.seq,
            received_at=received_at,
        )
        return replace(made, signature=signer.sign(made.said()))

    def said(self) -> Statement:
        """What is signed."""
        return {
            "statement": STATEMENT,
            "message_id": str(self.message_id),
            "digest": self.digest,
            "sender": self.sender,
            "receiver": self.receiver,
            "seq": self.seq,
            "received_at": self.received_at.astimezone(UTC).isoformat(timespec="microseconds"),
        }

    def written(self) -> bytes:
        """Canonical JSON with the signature, as sent and kept; ``read`` takes it."""
        return canonical({**self.said(), "signature": self.signature})

    @classmethod
    def read(cls, written: bytes) -> Self:
        """A receipt as it was written; ReceiptError where it is none. No signature is checked."""
        try:
            said = json.loads(written)
            if set(said) != _NAMES | {"signature"} or said.pop("statement") != STATEMENT:
                raise ValueError("it has not the parts of a receipt")
            made = cls(
                **{
                    **said,
                    "message_id": UUID(said["message_id"]),
                    "received_at": datetime.fromisoformat(said["received_at"]),
                }
            )
            if made.written() != written:
                raise ValueError("it is written another way")
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise ReceiptError(f"this is no receipt: {error}") from None
        return made

    def check(self, message: Named, keys: Iterable[PublicKey]) -> None:
        """ReceiptError where it is not of ``message``, or no key of ``keys`` (the receiver's)
        signed it."""
        ours = (message.message_id, message.digest, message.sender, message.to, message.seq)
        if (self.message_id, self.digest, self.sender, self.receiver, self.seq) != ours:
            raise ReceiptError("the receipt is of another message than the one it came for")
        self.signed_by(keys)

    def signed_by(self, keys: Iterable[PublicKey]) -> None:
        """ReceiptError where no key of ``keys`` (the receiver's) signed it."""
        for key in keys:
            try:
                return key.check(self.said(), self.signature)
            except SignatureError:
                continue
        raise ReceiptError(f"no key of {self.receiver[:40]} signed the receipt")
