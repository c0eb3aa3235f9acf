"""What somebody was shown without asking a question of the records: alerts, lists, what passes."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol


class Shown(StrEnum):
    """What was shown, as the trail calls its kind."""

    ALERT = "alert"
    HOTLIST = "hotlist"
    READS = "reads"
    """Reads of the last day as they pass; which they were follows from camera and time."""

    PICTURES = "pictures"
    """Pictures; which they may be follows from the reads, alerts and answers that named them."""


class Looks(Protocol):
    """Enters who was shown what, before it is shown; whoever goes on looking once an hour."""

    async def shown(self, who: str, kind: Shown, ids: Sequence[str] = ()) -> None:
        """``who`` is about to be shown these, or what has no ids. ConnectionError where that
        cannot be entered, and then nothing is shown."""
