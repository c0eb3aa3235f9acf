"""Which partners were told of a plate: those to be told when what was told is put right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One telling: to which partner, when, in what conversation (``answer``, ``sighting``,
    ``hotlist``, ``follow_up``), by whose hand and for which case, each empty where nobody chose."""

    partner: str
    at: datetime
    what: str
    officer: str
    case_number: str


class Disclosed(Protocol):
    """What went to partners, by plate."""

    async def of_plate(self, plate: str) -> Sequence[Disclosure]:
        """Everything a partner was told that named this very text, the newest first."""
