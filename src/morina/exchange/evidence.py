"""Evidence of one exchange as a file: what both sides signed, and the directory to check it with.

docs/exchange-evidence.md describes the file. Whoever has it needs no node: ``evidence_check``.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from morina.exchange.agreeing import RefusedAgreementError
from morina.exchange.agreement import Signed
from morina.exchange.agreement_rules import agreement_of
from morina.exchange.directory import Bundle, DirectoryError, bundle_of
from morina.exchange.faults import EnvelopeError
from morina.exchange.strict_json import parsed, refuse_twice
from morina.sense import zoned

FORM = "morina-exchange-evidence-1"
MOST_BYTES = 256 * 1024 * 1024


class EvidenceError(ValueError):
    """A file that is no evidence; says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One message as it was kept: the JWS its sender signed, and the receiver's receipt.

    ``signed`` is empty where its time was over and its content was forgotten; the digest and the
    receipt stay.
    """

    digest: str
    signed: bytes = b""
    receipt: bytes = b""

    def said(self) -> Mapping[str, Any]:
        """As in the file."""
        return {
            "digest": self.digest,
            "signed": self.signed.decode("ascii"),
            "receipt": base64.b64encode(self.receipt).decode(),
        }

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        """Back from the file; ValueError, KeyError."""
        _only(said, {"digest", "signed", "receipt"})
        receipt = base64.b64decode(said["receipt"], validate=True)
        if base64.b64encode(receipt).decode() != said["receipt"]:
            raise ValueError("a receipt is not written in base64")
        return cls(digest=said["digest"], signed=said["signed"].encode("ascii"), receipt=receipt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All of one conversation that one node has."""

    conversation: UUID
    written_by: str
    written_at: datetime
    messages: Sequence[Kept]
    directory: Bundle
    agreements: Sequence[Signed] = field(default=())

    def __post_init__(self) -> None:
        zoned(self.written_at, "written_at")

    def text(self) -> str:
        """The file."""
        return json.dumps(self._said(), indent=1, ensure_ascii=False) + "\n"

    def _said(self) -> Mapping[str, Any]:
        return {
            "form": FORM,
            "conversation": str(self.conversation),
            "written_by": self.written_by,
            "written_at": self.written_at.isoformat(),
            "messages": [one.said() for one in self.messages],
            "agreements": [_agreement_said(one) for one in self.agreements],
            "directory": self.directory.said(),
        }


def evidence_of(content: bytes) -> Evidence:
    """Back from a file; EvidenceError. Nothing is verified yet."""
    if len(content) > MOST_BYTES:
        raise EvidenceError(f"it is larger than {MOST_BYTES // 2**20} MiB and is not read")
    try:
        said = parsed(content)
        refuse_twice(content)
        _only(said, {
            "form", "conversation", "written_by", "written_at", "messages", "agreements",
            "directory",
        })  # fmt: skip
        if said["form"] != FORM:
            raise ValueError(f"its form is {str(said['form'])[:40]!r}, not {FORM}")
        return Evidence(
            conversation=UUID(said["conversation"]),
            written_by=str(said["written_by"]),
            written_at=datetime.fromisoformat(said["written_at"]),
            messages=[Kept.of(one) for one in said["messages"]],
            agreements=[_agreement(one) for one in said["agreements"]],
            directory=bundle_of(said["directory"]),
        )
    except (
        EnvelopeError, DirectoryError, RefusedAgreementError, binascii.Error,
        KeyError, TypeError, ValueError, AttributeError,
    ) as error:  # fmt: skip
        lacks = "it lacks " if isinstance(error, KeyError) else ""
        raise EvidenceError(f"this is no evidence of an exchange: {lacks}{error}") from None


def _agreement_said(one: Signed) -> Mapping[str, Any]:
    """Without the officers who signed: nobody's signature says who they were."""
    return {"agreement": one.agreement.said(), "signatures": dict(one.signatures)}


def _agreement(said: Mapping[str, Any]) -> Signed:
    _only(said, {"agreement", "signatures"})
    if not all(isinstance(one, str) for one in said["signatures"].values()):
        raise ValueError("a signature is no text")
    return Signed(agreement_of(said["agreement"]), said["signatures"])


def _only(said: object, names: set[str]) -> None:
    """No part beside those checked, lest something unsigned passes for evidence."""
    if not isinstance(said, Mapping):
        raise TypeError("a part of it is no object")
    if over := sorted(set(said) - names):
        raise ValueError(f"it has a part {over[0][:40]!r}, which nothing signs")
