"""What callers may send as JSON, and how it becomes ours."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from morina.alerts import Step
from morina.desk.problems import ProblemError
from morina.sense.cameras import Camera, CameraIdError
from morina.sense.capture import LONGEST_CAMERA_ID
from morina.watch import (
    Action,
    Hotlist,
    ReasonCode,
    SubjectCategory,
    VehicleOfInterest,
    listing_from,
)


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("a control character or half a character is in it; send plain text")
    return text


def _worded(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty; send a text")
    return text


def _plausible(at: datetime) -> datetime:
    if not 2000 <= at.year < 2200:
        raise ValueError("the year is not between 2000 and 2199")
    return at


Line = Annotated[str, Field(max_length=200), AfterValidator(_printable)]
"""One line of printable text."""

Named = Annotated[Line, AfterValidator(_worded)]
"""One line that may not be empty."""

CameraId = Annotated[Named, Field(max_length=LONGEST_CAMERA_ID)]
Instant = Annotated[AwareDatetime, AfterValidator(_plausible)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]


class Sent(BaseModel):
    """What is sent, with no field that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CameraIn(Sent):
    """Where a camera stands: WGS 84 degrees, bearing in degrees from north."""

    name: Named
    site: Named
    latitude: float = Field(ge=-90, le=90, examples=[42.15])
    longitude: float = Field(ge=-180, le=180, examples=[20.42])
    bearing: float = Field(default=0.0, ge=0, lt=360)
    source: Line = Field(
        default="",
        description="where its pictures come from, such as rtsp://user:password@192.0.2.7/stream; "
        "empty for a camera that pushes captures. Answers show *** for the login; sent back "
        "unchanged, it stays as it is",
    )

    def camera(self, camera_id: str) -> Camera:
        """The camera; ProblemError (422) when its id cannot be or its source not be followed."""
        try:
            return Camera(camera_id=camera_id, **self.model_dump())
        except CameraIdError as error:
            said, _, mend = str(error).partition("; ")
            raise ProblemError(422, said, place="camera_id", mend=mend) from None
        except ValueError as error:
            raise refused_source(error) from None


def refused_source(error: ValueError) -> ProblemError:
    """What is answered when a camera's source cannot be followed."""
    mend = "send an address as docs/cameras/streams.md shows, or leave it empty"
    return ProblemError(422, str(error), place="source", mend=mend)


class HotlistIn(Sent):
    """A new, empty hotlist."""

    name: Named = Field(examples=["Stolen vehicles"])
    owner: Named = Field(examples=["Border police, crossing north"])
    purpose: Named = Field(examples=["finding stolen vehicles"])
    legal_basis: Named = Field(examples=["Police Act, section 12"])
    review_at: Day

    def hotlist(self) -> Hotlist:
        """The hotlist, under an id of its own."""
        return Hotlist(hotlist_id=uuid4(), **self.model_dump())


class ListingIn(Sent):
    """One vehicle of interest, under the fields and rules of a hotlist file (docs/hotlists.md).

    In force from ``valid_from`` up to, not including, ``valid_to``.
    """

    plate: Named = Field(examples=["AB12 CDE"])
    country: Named = Field(examples=["GB"])
    reason_code: ReasonCode
    subject_category: SubjectCategory
    action: Action
    owner_unit: Named
    contact_24h: Named
    legal_basis: Named
    valid_from: Instant
    valid_to: Instant
    review_at: Day
    priority: int = Field(default=50, ge=0, le=100)
    make: Line = ""
    model: Line = ""
    colour: Line = ""
    warning_markers: tuple[Named, ...] = Field(default=(), max_length=20)
    instruction: Annotated[str, Field(max_length=2000)] = ""
    source_reference: Line = ""
    approved_by: Line = ""
    geo_scope: Line = ""
    share_scope: Line = ""
    source_checked_at: Instant | None = None

    def listing(self, by: str, now: datetime) -> VehicleOfInterest:
        """The listing, made by ``by``; RefusedFileError as for a row of a file."""
        cells = self.model_dump(mode="json", exclude={"warning_markers"}, exclude_none=True)
        markers = ";".join(self.warning_markers)
        texts = {name: str(value) for name, value in cells.items()}
        return listing_from(texts | {"warning_markers": markers, "created_by": by}, now=now)


class TranscriptionIn(Sent):
    """What the officer sees on the plate patch."""

    text: Annotated[Named, Field(max_length=40)] = Field(examples=["AB12CDE"])


class StepIn(Sent):
    """A step of an alert's lifecycle; ``reason`` where the step asks for one."""

    step: Literal[Step.ACKNOWLEDGE, Step.CONFIRM, Step.REJECT, Step.DISPATCH, Step.CLOSE]
    reason: Annotated[str, Field(max_length=500), AfterValidator(_printable)] = ""
