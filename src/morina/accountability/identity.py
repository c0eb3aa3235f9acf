"""Who is asking."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A named person. ``language`` is en or sq, ``time_zone`` an IANA name."""

    name: str
    full_name: str
    language: str = "en"
    time_zone: str = "Europe/Tirane"


class SignInRefusedError(Exception):
    """Name and password do not fit, or too many tries; the message is safe to show."""


class Users(Protocol):
    """Local accounts and API tokens, durable."""

    async def sign_in(self, name: str, password: str, now: datetime) -> User:
        """The user of these credentials; SignInRefusedError."""

    async def sign_out(self, name: str) -> None:
        """Enter in the trail that a user ended a session."""

    async def user(self, name: str) -> User | None:
        """One user, or None."""

    async def add(self, user: User, password: str) -> None:
        """A new account; ValueError when the name is taken or the password too short."""

    async def change_password(self, name: str, old: str, new: str, now: datetime) -> None:
        """Replace a password; SignInRefusedError when ``old`` is wrong."""

    async def prefer(self, name: str, language: str, time_zone: str) -> User:
        """Keep a user's language and zone."""

    async def first_run(self) -> str | None:
        """Make the administrator when no user exists and return the password once, else None."""

    async def issue_token(self, name: str, label: str, until: datetime) -> str:
        """A new API token of this user, returned once; only its hash is kept."""

    async def user_of_token(self, token: str, now: datetime) -> User | None:
        """Whose valid token this is, or None."""
