"""What drones looked at: by age, by the chance of finding, and gaps to fly again."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from morina.desk.api.aerial_route import AerialRoute, aerial_of
from morina.desk.api.route import Desk, Officer
from morina.desk.api.sent import Instant
from morina.desk.coverages import Layers, Wanted, of_area, of_flight
from morina.desk.problems import ProblemError
from morina.sense.aerial.coverage.grid import CELL_M, Grid, RefusedAreaError
from morina.sense.aerial.detection import ObjectKind

routes = APIRouter(prefix="/aerial", tags=["aerial"], route_class=AerialRoute)

Kind = Literal[ObjectKind.PERSON, ObjectKind.BICYCLE, ObjectKind.VEHICLE]
Chance = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class WantedIn(BaseModel):
    """What was looked for; what was found with a chance under ``wanted`` is a gap."""

    kind: Kind = ObjectKind.PERSON
    wanted: Chance = 0.5

    def of(self) -> Wanted:
        """Ours."""
        return Wanted(self.kind, self.wanted)


class AreaIn(WantedIn):
    """An area in cells of ``cell_m`` metres, and since when it counts."""

    west: Degrees
    south: Degrees
    east: Degrees
    north: Degrees
    since: Instant | None = None
    cell_m: float = Field(default=CELL_M, ge=5, le=1000, allow_inf_nan=False)

    def grid(self) -> Grid:
        """Ours; ProblemError (422) where it has no inside or too many cells."""
        try:
            return Grid(
                west=self.west, south=self.south, east=self.east, north=self.north,
                cell_m=self.cell_m,
            )  # fmt: skip
        except RefusedAreaError as error:
            raise _refused(error, 422) from None


@routes.get("/sorties/{sortie_id}/coverage", summary="What one flight looked at")
async def of_one(
    sortie_id: UUID, desk: Desk, _officer: Officer, asked: Annotated[WantedIn, Query()]
) -> Layers:
    """Pictures for the map and gaps as GeoJSON: where a thing of this ``kind`` was found with a
    chance under ``wanted``. ``assumed`` says what the chance rests on. 409 where the flight saw
    nothing of the ground."""
    try:
        return await of_flight(aerial_of(desk), sortie_id, asked.of())
    except RefusedAreaError as error:
        raise _refused(error, 409) from None


@routes.get("/coverage", summary="What all flights looked at of an area")
async def of_all(desk: Desk, _officer: Officer, asked: Annotated[AreaIn, Query()]) -> Layers:
    """Of flights that began after ``since``, as old as it is now. 422 where the area has no inside
    or too many cells."""
    period = asked.since, datetime.now(UTC)
    return await of_area(aerial_of(desk), asked.grid(), period, asked.of())


def _refused(error: RefusedAreaError, status: int) -> ProblemError:
    said, _, mend = str(error).partition("; ")
    return ProblemError(status, said, place="area", mend=mend)
