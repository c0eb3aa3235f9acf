"""One message between two nodes: who to whom, under which agreement, why, and what it tells.

The header's parts are those every evidence of an exchange must name; a response names the hash of
what it responds to, and each message the one before it of the same pair.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from morina.accountability import PurposeCode
from morina.exchange.kinds import Kind

NOTHING_BEFORE = "0" * 64
WHOLE = "*"
"""Camera groups of an agreement: every camera."""

Value = str | int | bool | list[str]
"""What a field may hold: texts, whole numbers, claims, lists of texts. Times are ISO 8601, UTC;
pictures base64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Data told, to which the agreement's fields, ages and camera groups apply.

    ``at`` is when it came about (a sighting: when the vehicle passed), None where age means
    nothing; ``camera_group`` names the group of cameras it comes from, empty for none.
    """

    fields: Mapping[str, Value]
    at: datetime | None = None
    camera_group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """For what, under which agreement, and by whom; persons are told by pseudonyms only
    (``pseudonym``), which their own authority can resolve."""

    agreement_id: UUID
    purpose: PurposeCode
    case_number: str
    justification: str
    officer: str
    approver: str = ""
    offence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message to be sent. ``said`` are the conversation's own particulars (numbers of parts, hit
    flags, ids), never data of a person or vehicle: those stand in ``items``. ``why`` is None only
    for kinds that need no agreement. ``answers`` is the message responded to."""

    to: str
    kind: Kind
    said: Mapping[str, Any]
    items: tuple[Item, ...] = ()
    why: Why | None = None
    conversation: UUID = field(default_factory=uuid4)
    answers: "Message | None" = None
    expires_at: datetime | None = None
    classification: str = "official"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it was sent and taken in, opened and verified.

    ``seq`` counts without gaps from 1 for each ordered pair; ``digest`` is SHA-256 over the signed
    bytes (64 hex digits), ``previous`` that of the message before of the pair.
    """

    message_id: UUID
    sender: str
    to: str
    kind: Kind
    conversation: UUID
    seq: int
    previous: str
    created_at: datetime
    said: Mapping[str, Any]
    items: tuple[Item, ...] = ()
    why: Why | None = None
    agreement_version: int = 0
    in_reply_to: UUID | None = None
    request_hash: str = ""
    expires_at: datetime | None = None
    classification: str = "official"
    digest: str = ""
