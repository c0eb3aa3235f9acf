"""Plates the authority watches over, kept as marks that only this node can make of a plate."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

SHARE_BITS = 64


SHORT_DIGITS = 32
"""Of a mark, what is kept of each plate that an answer showed: 128 bits tell plates apart."""


def short(mark: str) -> str:
    """The beginning of a mark."""
    return mark[:SHORT_DIGITS]


class Watch(StrEnum):
    """Why a plate is watched over."""

    SENSITIVE = "sensitive"
    """Own staff, diplomats, press: as the authority decides."""

    HOUSEHOLD = "household"
    """Of the household of one officer, who should not look it up."""


class RefusedWatchError(ValueError):
    """A plate that cannot be put on the list so; says why and what to do."""


class OwnHouseholdError(RefusedWatchError):
    """Somebody would put plates of their own household on the list, or take them off."""


def refuse_own(officer: str, by: str) -> None:
    """OwnHouseholdError where ``by`` is whose household it is."""
    if officer and officer == by:
        raise OwnHouseholdError("officer: it is your own household; have another person do it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One plate on the list, as its ``mark``. ``officer`` is whose household, empty for sensitive
    ones; ``note`` says why, never the plate."""

    watch: Watch
    mark: str
    note: str
    by: str
    at: datetime
    officer: str = ""

    def __post_init__(self) -> None:
        if not self.note.strip():
            raise RefusedWatchError("note: is empty; say why it is watched over, not which it is")
        if bool(self.officer) != (self.watch is Watch.HOUSEHOLD):
            raise RefusedWatchError("officer: name one for a household, none for other plates")


def told_to(name: str, listed: Iterable[Watched]) -> list[Watched]:
    """Those of the list that a person may see: none of their own household."""
    return [one for one in listed if one.officer != name]


@dataclass(frozen=True, slots=True)
class Marks:
    """Makes marks with a key of the home: without it the list does not tell a plate."""

    key: str

    def of(self, plate: str) -> str:
        """HMAC-SHA256 of the text's letters and digits, 64 hex digits."""
        plain = "".join(filter(str.isalnum, plate.upper()))
        return hmac.new(self.key.encode(), f"plate {plain}".encode(), hashlib.sha256).hexdigest()

    def draws(self, number: int, share: float) -> bool:
        """Whether a consultation is in the sample: by its number and the key alone, so that
        nobody can choose, and anybody with the key can check."""
        made = hmac.new(self.key.encode(), f"sample {number}".encode(), hashlib.sha256).digest()
        drawn = int.from_bytes(made[: SHARE_BITS // 8], "big")
        return drawn < int(share * (1 << SHARE_BITS))


class WatchedPlates(Protocol):
    """The list, durable; what is put on it or taken off enters the trail."""

    async def put(self, watched: Watched) -> None:
        """Put one on, in place of the same there was; OwnHouseholdError."""

    async def remove(self, watch: Watch, mark: str, officer: str, by: str) -> bool:
        """Take one off; whether it was there. OwnHouseholdError."""

    async def all(self) -> list[Watched]:
        """All, oldest first. ``told_to`` leaves out what a person is not shown."""
