"""What needs a second person: asked for by one, decided by another, done once, or too late."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from morina.accountability.clearing import NotClearedError, RolesOf
from morina.accountability.policy import POLICY, Action, Role, refusal
from morina.accountability.trail import hash_of

LEAST_REASON = 3
"""Words of the reason of a decision."""


class Guarded(StrEnum):
    """What a second person is asked about."""

    QUESTION = "question"
    EXPORT = "export"
    ERASURE = "erasure"
    PINS = "pins"
    ROLES = "roles"
    AGREEMENT = "agreement"
    PARTNER_QUESTION = "partner_question"
    FOLLOW_UP = "follow_up"


class Stage(StrEnum):
    """How far an approval is."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody wants to do. ``content`` is the whole of it, as JSON without fractions, so
    that nothing else can be done under its approval; ``words`` says it to whoever decides,
    ``needed`` why a second person is asked, ``why`` the purpose in parts."""

    kind: Guarded
    requester: str
    words: str
    needed: str
    why: Mapping[str, str]
    content: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 over kind, requester, purpose and content, 64 hex digits."""
        said = {"kind": self.kind.value, "requester": self.requester}
        return hash_of({**said, "why": dict(self.why), "content": dict(self.content)})


TRUSTED = frozenset({Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER})
"""Roles that two persons give together."""


TOLD = frozenset(
    role for role, acts in POLICY.items() if acts & {Action.APPROVE, Action.SEARCH_PATTERNS}
)
"""Roles that one person gives alone, and the data protection officer is told of: whoever held an
account that asks and one that agrees would be two persons in name only."""


def roles_request(
    requester: str, name: str, roles: Iterable[Role], reason: str, full_name: str = ""
) -> Request | None:
    """What to have approved before ``name`` gets these roles; None where none is a trusted one.

    ``full_name`` is whose account is new with them, empty for an account there is. Whoever gives
    them uses it up in the same transaction (``use_approval`` of the adapter).
    """
    given = sorted(role.value for role in roles)
    if TRUSTED.isdisjoint(given):
        return None
    new = {"full_name": full_name} if full_name else {}
    who = f"{name} ({full_name}), a new account," if full_name else name
    return Request(
        kind=Guarded.ROLES, requester=requester, words=f"{who} gets: {', '.join(given)}",
        needed="the role of an administrator or data protection officer needs a second person",
        why={"reason": reason}, content={"account": name, "roles": given, **new},
    )  # fmt: skip


class ApprovalNeededError(Exception):
    """Another person has to agree to ``request`` first."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.needed)
        self.request = request


class NoSuchApprovalError(LookupError):
    """No approval has that id."""


class RefusedApprovalError(Exception):
    """An approval that may not be decided or used so; says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving:
    """Who gives roles and why, and what another person agreed to where somebody did."""

    by: str
    reason: str
    at: datetime
    approval_id: UUID | None = None

    def to_approve(self, name: str, roles: Iterable[Role], full_name: str = "") -> Request | None:
        """See roles_request; RefusedApprovalError where the reason then says nothing."""
        request = roles_request(self.by, name, roles, self.reason, full_name)
        if request:
            _refuse_wordless(self.reason if self.reason.isprintable() else "")
        return request


@dataclass(frozen=True, slots=True)
class Verdict:
    """What another person decided, and why; RefusedApprovalError for a reason that says nothing."""

    by: str
    approved: bool
    reason: str

    def __post_init__(self) -> None:
        _refuse_wordless(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One request and what became of it."""

    approval_id: UUID
    request: Request
    asked_at: datetime
    expires_at: datetime
    verdict: Verdict | None = None
    decided_at: datetime | None = None
    used_at: datetime | None = None
    used_for: str = ""

    def stage(self, now: datetime) -> Stage:
        """How far it is at ``now``."""
        if self.used_at is not None:
            return Stage.USED
        if self.verdict is not None and not self.verdict.approved:
            return Stage.REFUSED
        if now >= self.expires_at:
            return Stage.EXPIRED
        return Stage.APPROVED if self.verdict is not None else Stage.OPEN


class Approvals(Protocol):
    """Requests and what was decided on them, durable; each step enters the trail."""

    async def ask(self, request: Request, now: datetime) -> Approval:
        """A new one; that there is where the same is open or approved and not used yet."""

    async def decide(self, approval_id: UUID, verdict: Verdict, now: datetime) -> Approval:
        """Decide an open one, once; NoSuchApprovalError, RefusedApprovalError."""

    async def approval(self, approval_id: UUID) -> Approval:
        """One; NoSuchApprovalError."""

    async def newest(self, *, requester: str = "", limit: int = 100) -> list[Approval]:
        """Newest first; those of one requester, or of all."""


def refuse_use(approval: Approval, digest: str, now: datetime) -> None:
    """RefusedApprovalError unless it may be used now for just the request of this digest."""
    stage = approval.stage(now)
    if approval.request.digest != digest:
        raise RefusedApprovalError(
            "approval_id: it was given for another request; send just what was approved, or have"
            " this approved"
        )
    if stage is Stage.APPROVED:
        return
    reason = approval.verdict.reason if approval.verdict else ""
    raise RefusedApprovalError({
        Stage.OPEN: "approval_id: nobody decided it yet; wait, or ask one who may",
        Stage.REFUSED: f"approval_id: it was refused ({reason}); mend that and ask anew",
        Stage.USED: "approval_id: it was used; ask anew",
        Stage.EXPIRED: "approval_id: its time is over; ask anew",
    }[stage])  # fmt: skip


@dataclass(frozen=True, slots=True)
class FourEyes:
    """Decisions by persons who may: never on what they asked for themselves."""

    approvals: Approvals
    roles_of: RolesOf

    async def decide(self, approval_id: UUID, verdict: Verdict, now: datetime) -> Approval:
        """See Approvals.decide; NotClearedError where this person may not."""
        if refused := refusal(await self.roles_of(verdict.by), Action.APPROVE):
            raise NotClearedError("officer", refused.said, "have one of them decide")
        request = (await self.approvals.approval(approval_id)).request
        mend = "have another person decide"
        if request.requester == verdict.by:
            raise NotClearedError("officer", "you asked for it yourself", mend)
        if request.kind is Guarded.ROLES and request.content.get("account") == verdict.by:
            raise NotClearedError("officer", "they would be your own roles", mend)
        return await self.approvals.decide(approval_id, verdict, now)


def _refuse_wordless(reason: str) -> None:
    if len(reason.split()) < LEAST_REASON:
        raise RefusedApprovalError(f"reason: write {LEAST_REASON} words or more on why")
