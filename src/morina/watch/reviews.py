"""Entries of hotlists that somebody has to look at again: Directive (EU) 2016/680, article 5."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ReviewOfEntries:
    """How many entries of a hotlist are due, the first of them on ``first``."""

    hotlist: str
    entries: int
    first: date


class Reviews(Protocol):
    """Finds what is due for review."""

    async def entries_due(self, until: date) -> list[ReviewOfEntries]:
        """Entries in force whose review is due by that day, by hotlist, the earliest first."""
