"""Hotlists shared with partners, and those partners share with us: what is told of them.

The owner stays the owner: a partner's list is matched as an own one and changed by nobody here. A
first copy goes in parts, then every version as a delta; what no agreement allows is taken out at
the receiver without a word from the owner, so a cut link ends it as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from morina.accountability import PurposeCode
from morina.exchange.agreement import Agreement
from morina.exchange.preview import SharePreview
from morina.watch import Hotlist


class RefusedShareError(ValueError):
    """A list that cannot be shared so; says what to do."""


class NoSuchShareError(LookupError):
    """That list is not shared with that partner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListShare:
    """What a list owner shares: a whole list with one partner, under one agreement of the category
    hotlist, and why. ``officer`` and ``approver`` are user names; partners get pseudonyms."""

    hotlist_id: UUID
    partner: str
    agreement_id: UUID
    purpose: PurposeCode
    case_number: str
    justification: str
    officer: str
    approver: str = ""


class Stage(StrEnum):
    """How far a share is."""

    COPYING = "copying"
    """The first copy, or a whole one anew, is on its way."""

    CURRENT = "current"
    """All there is has been posted."""

    WAITING = "waiting"
    """Something is to be posted and is not yet; ``said`` may tell why."""

    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareState:
    """A share and how far it is: ``version`` of the list and ``entries`` as posted, of ``latest``,
    the list's version here. ``said`` is why nothing goes on, empty where all is well."""

    share: ListShare
    hotlist: str
    stage: Stage
    version: int
    latest: int
    entries: int
    shared_at: datetime
    last_posted_at: datetime | None = None
    stopped_at: datetime | None = None
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerList:
    """A partner's list as it is here: ``hotlist`` is our copy, ``version`` the owner's.

    ``heard_at`` is when its owner was last heard of it; ``ended`` why nothing of it is matched any
    more, empty while it is; ``staged`` how many parts of a copy wait for the others.
    """

    hotlist: Hotlist
    owner_list_id: UUID
    agreement_id: UUID
    version: int
    entries: int
    heard_at: datetime
    applied_at: datetime | None = None
    ended: str = ""
    staged: int = 0

    def age(self, now: datetime) -> timedelta:
        """How long ago its owner was last heard of it."""
        return max(now - self.heard_at, timedelta(0))

    def is_old(self, now: datetime, after: timedelta) -> bool:
        """Whether it is to be shown as old. An old list is matched still."""
        return self.age(now) > after


class SharedLists(Protocol):
    """Lists shared with partners, and partners' lists here; durable."""

    async def share(self, share: ListShare, now: datetime) -> ShareState:
        """Share a list from now on; again, after it was stopped.

        RefusedShareError, NotAgreedError, NoSuchHotlistError.
        """

    async def would_share(
        self, hotlist_id: UUID, agreement: Agreement, now: datetime
    ) -> SharePreview:
        """What of a list the receiver of ``agreement`` would be told; nothing is sent or kept."""

    async def stop(self, hotlist_id: UUID, partner: str, by: str, now: datetime) -> ShareState:
        """Share it no longer: the partner is told to take it out. NoSuchShareError."""

    async def shares(self, partner: str = "") -> Sequence[ShareState]:
        """Every share with one partner, or with all, by list; stopped ones at the end."""

    async def heard(self, partner: str = "") -> Sequence[PartnerList]:
        """Partners' lists here, of one or of all, by name; ended ones at the end."""

    async def heard_list(self, hotlist_id: UUID) -> PartnerList | None:
        """The partner's list of which ``hotlist_id`` is our copy; None for an own list."""
