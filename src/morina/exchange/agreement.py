"""Agreements: what one node may tell another, for what, how old, and what becomes of it there.

Default deny: what no agreement in force allows is not sent and, where it comes in, not acted on.
No agreement is made from law by itself; two authorities write and sign each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from morina.accountability import PurposeCode
from morina.accountability.signing import PublicKey
from morina.accountability.trail import hash_of
from morina.exchange.kinds import Category
from morina.sense import zoned


class Onward(StrEnum):
    """Whether the receiver may tell others."""

    NEVER = "never"
    WITH_CONSENT = "with_consent"
    """Stands in texts signed before; no node asks for consent or records it, so it is read as
    ``NEVER`` and drafted no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One version. In force from ``valid_from`` up to, not including, ``valid_to``, once both
    signed, until a later version of it is in force.

    ``fields`` names what may be told; ``max_age_days`` how old it may be (0: any age);
    ``camera_groups`` whose cameras it may come from (``"*"``: all; none: no camera's);
    ``officer_cap`` and ``node_cap`` how many questions a day (0: none may be asked);
    ``keep_days`` how long the receiver keeps it; ``tells_refusal`` whether the receiver learns that
    something is there and may not be told. ``legal_basis`` is the authorities' own text.
    """

    agreement_id: UUID
    version: int
    giver: str
    receiver: str
    category: Category
    purposes: frozenset[PurposeCode]
    fields: frozenset[str]
    legal_basis: str
    valid_from: datetime
    valid_to: datetime
    keep_days: int
    max_age_days: int = 0
    camera_groups: frozenset[str] = frozenset()
    officer_cap: int = 0
    node_cap: int = 0
    onward: Onward = Onward.NEVER
    tells_refusal: bool = False
    log_days: int = 1096
    ended: bool = False
    """A version that ends the agreement: nothing is allowed from then on."""

    def __post_init__(self) -> None:
        zoned(self.valid_from, "valid_from")
        zoned(self.valid_to, "valid_to")
        if self.valid_to <= self.valid_from:
            raise ValueError("valid_to is not after valid_from")
        if self.giver == self.receiver:
            raise ValueError("giver and receiver are one node; an agreement needs two")
        if self.version < 1 or self.keep_days < 1:
            raise ValueError("version and keep_days start at 1")

    def said(self) -> Mapping[str, Any]:
        """What both sign."""
        return {
            "agreement_id": str(self.agreement_id), "version": self.version,
            "giver": self.giver, "receiver": self.receiver, "category": self.category.value,
            "purposes": sorted(self.purposes), "fields": sorted(self.fields),
            "legal_basis": self.legal_basis, "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat(), "keep_days": self.keep_days,
            "max_age_days": self.max_age_days, "camera_groups": sorted(self.camera_groups),
            "officer_cap": self.officer_cap, "node_cap": self.node_cap,
            "onward": self.onward.value, "tells_refusal": self.tells_refusal,
            "log_days": self.log_days, "ended": self.ended,
        }  # fmt: skip

    @property
    def digest(self) -> str:
        """SHA-256 over what is signed, 64 hex digits; the directory lists it."""
        return hash_of(self.said())


@dataclass(frozen=True, slots=True)
class Signed:
    """An agreement with the signatures it has: node id to base64 Ed25519 over ``said()``, and the
    officers who signed for their node, by pseudonym."""

    agreement: Agreement
    signatures: Mapping[str, str] = field(default_factory=dict)
    officers: Mapping[str, str] = field(default_factory=dict)

    def both(self, keys: Mapping[str, PublicKey]) -> bool:
        """Whether giver and receiver signed it; SignatureError where a signature does not hold."""
        parties = (self.agreement.giver, self.agreement.receiver)
        for node in parties:
            if node in self.signatures:
                keys[node].check(self.agreement.said(), self.signatures[node])
        return all(node in self.signatures for node in parties)


class Agreements(Protocol):
    """Agreements of this node, durable."""

    async def versions(self, agreement_id: UUID) -> Sequence[Signed]:
        """Every version of one, newest first, signed by both or not yet."""

    async def in_force(self, giver: str, receiver: str, now: datetime) -> Sequence[Agreement]:
        """Those signed by both and in force at ``now`` from one node to another."""

    async def of_this_node(self) -> Sequence[Signed]:
        """The newest version of each, in force or not, by partner."""
