"""A person puts right what a camera read; what it read stays kept beside it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from morina.accountability import Purpose
from morina.desk.entering import written
from morina.desk.services import Services
from morina.plates import NotAPlateError, Plate, plate_text
from morina.sense import Read


class RefusedCorrectionError(ValueError):
    """The correction says nothing, or nothing that is a plate; type it anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Which read, what the camera read (None: no plate), and what a person sees on its picture.

    ``plate`` None says that there is no plate to be read. RefusedCorrectionError where ``read_as``
    is no plate, or both are the same.
    """

    read_id: UUID
    camera_id: str
    captured_at: datetime
    read_as: str | None
    plate: Plate | None

    def __post_init__(self) -> None:
        try:
            plain = self.read_as is None or plate_text(self.read_as) == self.read_as
        except NotAPlateError:
            plain = False
        if not plain:
            raise RefusedCorrectionError("what was read is no plate in plain form; copy it")
        if self.captured_at.tzinfo is None:
            raise RefusedCorrectionError("the time of capture needs its offset, such as Z")

    @classmethod
    def of(cls, read: Read, plate: Plate | None) -> "Correction":
        """Of a read that was found; RefusedCorrectionError where that is what it says already."""
        stands = read.plate.text if read.plate else None
        if plate == read.plate or (plate and plate.country is None and plate.text == stands):
            raise RefusedCorrectionError("that is what the read says; type what the picture shows")
        return cls(
            read_id=read.read_id, camera_id=read.camera_id, captured_at=read.captured_at,
            read_as=read.correction.from_text if read.correction else stands, plate=plate,
        )  # fmt: skip

    @property
    def words(self) -> str:
        """As it is written down."""
        was, now = self.read_as or "no plate", self.plate.text if self.plate else "no plate"
        return f"the read {self.read_id} of {was} corrected to {now}"

    @property
    def plates(self) -> set[str]:
        """The texts it is about: what was read, and what stands in its place."""
        return {text for text in (self.read_as, self.plate and self.plate.text) if text}


async def correct(services: Services, purpose: Purpose, correction: Correction) -> None:
    """Write it down under its purpose, then do it.

    RefusedPurposeError; NoSuchReadError where the read is not kept, or no longer.
    """
    words, plates, by = correction.words, sorted(correction.plates), purpose.officer
    async with written(services, purpose, words, plates, act="alteration") as done:
        now = datetime.now(UTC)
        await services.reads.correct(_read(correction), correction.plate, by, now)
        done.reads = 1


def _read(correction: Correction) -> Read:
    return Read(
        read_id=correction.read_id, camera_id=correction.camera_id,
        captured_at=correction.captured_at, received_at=correction.captured_at,
        plate=Plate(correction.read_as) if correction.read_as else None, confidence=0.0,
    )  # fmt: skip
