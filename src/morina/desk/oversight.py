"""What the pages and the API of those who oversee work with."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from morina.accountability.checkpoints import Checkpoint
from morina.accountability.duties import Matters
from morina.accountability.months import Month
from morina.accountability.oversight import Checked, Overseeing
from morina.accountability.signing import PublicKey
from morina.accountability.trail import TrailReader
from morina.desk.authority import Authority
from morina.watch.reviews import Reviews


class Chain(Protocol):
    """The chain of the trail as a whole: sealed, checked, given out."""

    @property
    def key(self) -> PublicKey:
        """What it is sealed with."""

    async def sealed(self) -> Checkpoint | None:
        """The newest checkpoint, None where there is none; SignatureError for a broken one."""

    async def checked(self) -> Checked | None:
        """When it was last checked and what was found, None where it never was."""

    def given_out(self, to: str) -> AsyncIterator[bytes]:
        """The whole trail with its checkpoints, line by line, sealed to its end. That it was given
        out is in the trail, and in what is given. ConnectionError, SignatureError."""


def never_checked() -> Checked | None:
    """Of a node that does not check its trail by itself."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversight:
    """Reading the trail, and the duties of the authority.

    ``last_check`` is what the node knows of the last check without asking the database.
    """

    trail: TrailReader
    overseeing: Overseeing
    chain: Chain
    matters: Matters
    reviews: Reviews
    authority: Authority
    last_check: Callable[[], Checked | None] = never_checked

    async def months(self) -> list[Month]:
        """Every month there are entries of, newest first."""
        groups, now = await self.overseeing.overseen.groups(None, None), datetime.now(UTC)
        named = sorted({group.month for group in groups}, reverse=True)
        return [Month.of(month, groups, now) for month in named]
