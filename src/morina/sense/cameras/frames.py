"""Where a followed camera's frames come from, as a role."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a stream: height x width x 3, BGR, 8 bit, and when it was taken."""

    image: NDArray[np.uint8]
    captured_at: datetime


class SourceError(Exception):
    """A source cannot be followed; the message names it and says what to do."""


class FrameSource(Protocol):
    """A camera's pictures, live: the newest wins, older ones not yet taken are dropped."""

    def frames(self) -> Iterator[Frame | None]:
        """Frames until the source ends; None where it pauses. SourceError when it fails."""
