"""Where a followed camera's frames come from, as a role."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""Height x width x 3, BGR, 8 bit."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a stream, when it was taken, and how many were dropped since the one before.

    Dropped are those that were due at the pace wished and that nobody had time for.
    """

    image: Image
    captured_at: datetime
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole picture somebody else chose to take: read by itself, not as part of a film."""

    content: bytes = field(repr=False)
    captured_at: datetime
    name: str


class Waiting:
    """Nothing has come for a moment; what is followed goes on."""


WAITING: Final = Waiting()

Filmed = Frame | Picture | Waiting | None
"""What a source gives; None where one film ends and another may begin."""


class SourceError(Exception):
    """A source cannot be followed; the message names it, without secrets, and says what to do."""


class FrameSource(Protocol):
    """A camera's pictures, live: the newest wins, older ones not yet taken are dropped."""

    def frames(self) -> Iterator[Filmed]:
        """Until the source ends. Something at least every second or so, so that one can stop.

        What was given is dealt with once the next is asked for. SourceError when the source fails.
        """
