"""Making agreements: drafted by one side, approved there by a second person, signed by both.

Versions are never changed, only followed by the next. Either side ends an agreement alone, at once
and for good: a version with ``ended`` needs one signature; a new agreement has a new id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from morina.accountability.approvals import Guarded, Request
from morina.exchange.agreement import Agreement, Signed
from morina.exchange.preview import Preview


class RefusedAgreementError(Exception):
    """An agreement that is not taken or signed. ``code`` is a short word for machines."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(said)
        self.code = code


class NoSuchAgreementError(LookupError):
    """No agreement or draft has that id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Who signs for this node, why, under which approval; ``officer`` is the user's name."""

    officer: str
    reason: str
    approval_id: UUID | None
    at: datetime


class Witness(Protocol):
    """The directory, as far as it knows agreements."""

    async def listed(self, agreement_id: UUID, version: int) -> str:
        """The digest it lists for a version, 64 hex digits; empty where it lists none."""


class Agreeing(Protocol):
    """Steps towards an agreement and away from it, durable; each enters the trail."""

    async def draft(self, agreement: Agreement, by: str, now: datetime) -> None:
        """Keep a draft, in place of the one there was of its id; RefusedAgreementError."""

    async def drafts(self) -> Sequence[Agreement]:
        """Drafts not signed yet, newest first."""

    async def preview(self, agreement: Agreement, listings: int | None = None) -> Preview:
        """Who would see this: compared with the version in force; ``listings`` are said as they
        are given."""

    async def to_approve(self, agreement: Agreement, by: str, reason: str) -> Request:
        """What a second person is asked before ``by`` may sign it; RefusedAgreementError."""

    async def sign(self, agreement: Agreement, signing: Signing) -> Signed:
        """Sign a draft, or what the partner signed, and post it to the partner.

        ApprovalNeededError, RefusedApprovalError, RefusedAgreementError.
        """

    async def end(self, agreement_id: UUID, signing: Signing) -> Signed:
        """Sign its end and post it: from now on nothing passes under it. NoSuchAgreementError.

        It needs no approval: to tell less is always allowed."""


def request_to_sign(agreement: Agreement, by: str, reason: str, words: str) -> Request:
    """What a second person is asked before ``by`` signs: just this text and no other."""
    return Request(
        kind=Guarded.AGREEMENT, requester=by, words=words,
        needed="an agreement with a partner needs a second person",
        why={"reason": reason}, content=dict(agreement.said()),
    )  # fmt: skip
