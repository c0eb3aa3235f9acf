"""API tokens as their owner sees them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from morina.accountability.identity import Scopes


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnToken:
    """One token; ``key`` names it and opens nothing, ``used_at`` is right to a minute."""

    key: str
    label: str
    issued_at: datetime
    valid_until: datetime
    used_at: datetime | None
    scopes: Scopes


class OwnTokens(Protocol):
    """The tokens of accounts; ``Users.issue_token`` makes them."""

    async def of(self, name: str, now: datetime) -> list[OwnToken]:
        """Those of one account that are valid, the newest first."""

    async def revoke(self, name: str, key: str) -> bool:
        """End one of them at once; whether the account had it."""
