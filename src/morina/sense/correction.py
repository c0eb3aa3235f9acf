"""A person's word on a read: the machine's text was wrong."""

from dataclasses import dataclass
from datetime import datetime

from morina.sense.capture import zoned


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """``from_text`` and ``from_country`` are what was read, None where nothing was."""

    from_text: str | None
    from_country: str | None
    by: str
    at: datetime

    def __post_init__(self) -> None:
        zoned(self.at, "at")
