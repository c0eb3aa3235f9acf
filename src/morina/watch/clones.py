"""Plates that two vehicles may bear: a label that protects the keeper. A person gives it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from morina.plates import Plate

LEAST_WORDS = 3
LONGEST = 2000


class RefusedLabelError(ValueError):
    """A label that says too little, is given or withdrawn twice; says what to do."""


class NoSuchLabelError(LookupError):
    """No suspected clone has that id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectedClone:
    """A person's word that two vehicles may bear a plate, and on which passages it rests.

    It stands until a person withdraws it; after ``review_on`` it is due to be looked at again,
    and still stands, for it protects the keeper.
    """

    label_id: UUID
    plate: Plate
    reason: str
    passages: tuple[UUID, ...]
    review_on: date
    labelled_by: str
    labelled_at: datetime
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = ""

    def __post_init__(self) -> None:
        if not self.passages:
            raise RefusedLabelError("no passage; name the reads (read_id) the label rests on")
        said(self.reason)
        if self.labelled_at.tzinfo is None:
            raise RefusedLabelError("labelled_at has no zone; add one, such as Z")
        if self.review_on <= self.labelled_at.date():
            raise RefusedLabelError("review_on is not after today; say when to look again")

    @property
    def stands(self) -> bool:
        """Whether nobody withdrew it."""
        return self.withdrawn_at is None

    def concerns(self, plate: Plate) -> bool:
        """The same text, by the same country where both countries are known."""
        countries = (self.plate.country, plate.country)
        return self.plate.text == plate.text and (None in countries or len(set(countries)) == 1)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Who withdraws a label, when and why."""

    by: str
    at: datetime
    reason: str

    def __post_init__(self) -> None:
        said(self.reason)


class ClonedPlates(Protocol):
    """Suspected clones, durable: rows are added and withdrawn, never deleted."""

    async def label(self, clone: SuspectedClone) -> SuspectedClone:
        """Keep a label; RefusedLabelError where one stands for that plate."""

    async def withdraw(self, label_id: UUID, withdrawal: Withdrawal) -> SuspectedClone:
        """Withdraw it; NoSuchLabelError, RefusedLabelError where it is withdrawn already."""

    async def labels(self, standing: bool = True, limit: int = 1000) -> list[SuspectedClone]:
        """Those that stand, or all, the newest first."""

    async def concerning(self, plates: Sequence[Plate]) -> list[SuspectedClone]:
        """Those that stand for a text of these plates."""


def said(reason: str) -> str:
    """The reason as it is kept; RefusedLabelError where it says too little."""
    if len(reason.split()) < LEAST_WORDS or len(reason) > LONGEST:
        raise RefusedLabelError(
            f"the reason has to be {LEAST_WORDS} words or more and {LONGEST} characters at most; "
            "say what was seen"
        )
    return reason


def label_of(plates: Iterable[Plate], labels: Iterable[SuspectedClone]) -> SuspectedClone | None:
    """The label that concerns one of these plates; None where none does."""
    wanted = tuple(plates)
    concerning = (one for one in labels if any(one.concerns(plate) for plate in wanted))
    return next((one for one in concerning if one.stands), None)
