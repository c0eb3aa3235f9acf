"""Sessions: who is signed in, since when, from where; and when each ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

LONGEST = timedelta(hours=12)
"""A session ends twelve hours after signing in, however busy it was: one shift."""

HALF_WAY = timedelta(minutes=5)
"""How long one may take between the password and the second factor."""

_MOST_TEXT = 200


class Stage(StrEnum):
    """How far a sign-in has come."""

    FULL = "full"
    SECOND = "second"
    """The password was right; the second factor is still to come. Opens nothing else."""

    ENROL = "enrol"
    """A second factor is required and there is none yet. Opens the own account only."""

    CHANGE = "change"
    """The password is the first one, which somebody else made. Opens changing it only."""


class Way(StrEnum):
    """By what somebody signed in; in the trail as it is written here."""

    PASSWORD = "password"  # noqa: S105 - the name of a way, no secret
    CODE = "password and one-time code"
    RECOVERY = "password and recovery code"
    PASSKEY = "passkey"
    OIDC = "OpenID provider"


@dataclass(frozen=True, slots=True)
class Whence:
    """Where a request comes from: network address, what the browser calls itself, and the random
    token it was given when it signed in before, empty where it never did."""

    address: str = ""
    browser: str = ""
    device: str = ""

    def __post_init__(self) -> None:
        for name in ("address", "browser"):
            plain = "".join(filter(str.isprintable, getattr(self, name)))
            object.__setattr__(self, name, plain[:_MOST_TEXT])


NOWHERE = Whence()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSession:
    """One session as its owner sees it; ``key`` names it and opens nothing."""

    key: str
    name: str
    begun_at: datetime
    used_at: datetime
    ends_at: datetime
    address: str
    browser: str
    way: Way
    stage: Stage


@dataclass(frozen=True, slots=True)
class SessionRules:
    """When a session ends: ``idle`` after its last use (None: never for that), ``longest`` after
    it began."""

    idle: timedelta | None = timedelta(minutes=30)
    longest: timedelta = LONGEST

    def end(self, session: OwnSession, used_at: datetime) -> datetime:
        """When ``session`` ends if nobody uses it after ``used_at``."""
        unused = used_at + self.idle if self.idle else session.ends_at
        return min(unused, session.ends_at)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who has proven who they are, so far as ``stage`` says."""

    name: str
    way: Way
    stage: Stage = Stage.FULL


class OwnSessions(Protocol):
    """Sessions, durable. A session id is random and shown to its browser only."""

    rules: SessionRules

    async def begin(self, arrival: Arrival, whence: Whence, now: datetime) -> str:
        """A new session and its id; enters a sign-in where it is a whole one."""

    async def of(self, session_id: str, now: datetime, used: bool) -> OwnSession | None:
        """The session of an id while it lasts; ``used`` begins its idle time anew."""

    async def of_user(self, name: str, now: datetime) -> list[OwnSession]:
        """The sessions of one account, the last used first."""

    async def end(self, session_id: str) -> None:
        """Sign out of one session by its id; nothing where it has ended."""

    async def end_one(self, name: str, key: str) -> bool:
        """End another session of an account; whether there was one."""

    async def end_all(self, name: str) -> int:
        """Sign an account out everywhere, this browser too; how many sessions there were."""

    async def remember(self, name: str, whence: Whence, now: datetime) -> str:
        """Know this browser again as one of ``name``'s: the token it is to keep for 90 days."""
