"""Reads that a person puts right."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from morina.desk.api.asked import PurposeIn
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import CameraId, Instant, Sent
from morina.desk.correcting import Correction, RefusedCorrectionError, correct
from morina.desk.problems import ProblemError
from morina.plates import NotAPlateError, Plate
from morina.records import NoSuchReadError

routes = APIRouter(prefix="/records", tags=["records"], route_class=Route)

Text = Annotated[str, Field(min_length=1, max_length=40)]


class CorrectionIn(Sent):
    """One read as an answer showed it, and what its picture shows; ``text`` null for no plate."""

    purpose: PurposeIn
    read_id: UUID
    camera_id: CameraId
    captured_at: Instant
    read_as: Text | None = Field(
        description="what the camera read, `corrected_from` of one corrected before; null: nothing"
    )
    text: Text | None = Field(examples=["AB12CDE"])
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None


class CorrectedOut(BaseModel):
    """Which read was put right."""

    read_id: UUID


@routes.post("/corrections", status_code=201, summary="Put right what a camera read")
async def corrected(sent: CorrectionIn, desk: Desk, officer: Officer) -> CorrectedOut:
    """What was read stays kept beside it, and alerts raised for the read are as they were."""
    purpose = sent.purpose.purpose(officer.name)
    try:
        wanted = Correction(
            read_id=sent.read_id, camera_id=sent.camera_id, captured_at=sent.captured_at,
            read_as=sent.read_as, plate=Plate.of(sent.text, sent.country) if sent.text else None,
        )  # fmt: skip
        await correct(desk, purpose, wanted)
    except (NotAPlateError, RefusedCorrectionError) as error:
        place = "read_as" if isinstance(error, RefusedCorrectionError) else "text"
        raise ProblemError(422, str(error), place=place, mend="send plates as shown") from None
    except NoSuchReadError as error:
        mend = "send read_id, camera_id, captured_at and what was read as the answer has them"
        raise ProblemError(404, str(error), place="read_id", mend=mend) from None
    return CorrectedOut(read_id=sent.read_id)
