"""Who is asking."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from morina.accountability.approvals import Giving
from morina.accountability.own_sessions import NOWHERE, Whence
from morina.accountability.policy import Action, RefusedRolesError, Role

_NODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,16})?")
_OWN_ONLY = frozenset({Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A named person. ``language`` is en or sq, ``time_zone`` an IANA name.

    Who has no role can sign in, and nothing more. ``authority`` is the node of the partner whose
    liaison officer this is, empty for this node's own people; the name then ends with it (lena@GB),
    so that it stands beside the name wherever that is shown, in the trail as well.
    """

    name: str
    full_name: str
    language: str = "en"
    time_zone: str = "Europe/Tirane"
    roles: frozenset[Role] = frozenset()
    scopes: frozenset[Action] | None = None
    """What of it the API token that asks may do; None for all of it, and where no token asks."""

    authority: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """A user as whoever keeps the accounts sees them; None where it never happened."""

    user: User
    signed_in_at: datetime | None = None
    closed_at: datetime | None = None


Scopes = frozenset[Action] | None


def authority_in(name: str) -> str:
    """The authority a user name says its bearer is of, empty for this node's own people."""
    _, at, last = name.rpartition("@")
    return last if at and _NODE.fullmatch(last) else ""


def named_for(user: User) -> User:
    """``user`` where the name says the authority it is of, and no other; ValueError.

    Somebody of a partner's oversees nothing here and gives no roles (RefusedRolesError).
    """
    found = authority_in(user.name)
    if user.authority and not _NODE.fullmatch(user.authority):
        raise ValueError(f"{user.authority[:40]!r} names no node; write one as GB or GB-COAST")
    if found != user.authority:
        whose, own = user.authority, user.name.rpartition("@")[0] if found else user.name
        raise ValueError(
            f"name it {own}@{whose}, as an officer of {whose}" if whose else
            f"{user.name!r} reads as an officer of {found}; give the authority, or another name"
        )  # fmt: skip
    if user.authority and (over := sorted(user.roles & _OWN_ONLY)):
        raise RefusedRolesError(f"{over[0].value} is for this node's own people")
    return user


class SignInRefusedError(Exception):
    """Name and password do not fit, or too many tries; the message is safe to show."""


class NoSuchAccountError(LookupError):
    """No open account has that name."""


class LastAdministratorError(ValueError):
    """Nobody would be left who can give roles."""


class Users(Protocol):
    """Local accounts and API tokens, durable."""

    async def sign_in(
        self, name: str, password: str, now: datetime, whence: Whence = NOWHERE
    ) -> User:
        """The user of these credentials; SignInRefusedError. Begins no session by itself."""

    async def user(self, name: str) -> User | None:
        """One user whose account is open, or None."""

    async def add(
        self, user: User, password: str, giving: Giving | None = None, first: bool = False
    ) -> None:
        """A new account; ValueError when the name is taken or the password too short.

        ``first`` is whether the password was made for its owner, who must then change it first.
        RefusedRolesError for roles that one person may not hold together; for the rest see
        give_roles."""

    async def all(self) -> list[Account]:
        """Every account by name, closed ones too."""

    async def give_roles(
        self, name: str, roles: Iterable[Role], giving: Giving | None = None
    ) -> User:
        """Let somebody have these roles and no others.

        ``giving`` says who does so at the desk: trusted roles need its approval, used up with it
        (ApprovalNeededError, RefusedApprovalError). None is the node's console and what the node
        does by itself. NoSuchAccountError, RefusedRolesError, LastAdministratorError.
        """

    async def close(self, name: str) -> None:
        """End an account: it signs in no more, its tokens and sessions neither, and its name is
        not used again. NoSuchAccountError, LastAdministratorError."""

    async def change_password(self, name: str, old: str, new: str, now: datetime) -> None:
        """Replace a password and end every session; SignInRefusedError when ``old`` is wrong,
        ValueError for a new one that is too short or the same."""

    async def has_first_password(self, name: str) -> bool:
        """Whether its password is still the one somebody else made."""

    async def prefer(self, name: str, language: str, time_zone: str) -> User:
        """Keep a user's language and zone."""

    async def first_run(self) -> str | None:
        """Make the administrator when no user exists and return the password once, else None."""

    async def issue_token(
        self, name: str, label: str, until: datetime, scopes: Scopes = None
    ) -> str:
        """A new API token of this user, returned once; only its hash is kept.

        It may do those of ``scopes`` that its owner may; None is whatever its owner may.
        """

    async def user_of_token(self, token: str, now: datetime) -> User | None:
        """Whose valid token this is, or None."""
