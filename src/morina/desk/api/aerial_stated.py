"""What a person states of a flight where its telemetry does not say it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from morina.desk.api.aerial_route import AerialRoute, aerial_of
from morina.desk.api.parts import bad_field
from morina.desk.api.route import Desk, Officer
from morina.desk.api.sent import Line
from morina.desk.api.spooled import Spooled
from morina.sense.aerial import HeightDatum, Sortie
from morina.sense.aerial.stated import (
    DAY_S,
    HIGHEST_M,
    LOWEST_M,
    WIDEST_DEG,
    FilmKind,
    PlaceOrder,
    Stated,
    Value,
)

routes = APIRouter(prefix="/aerial/sorties", tags=["aerial"], route_class=AerialRoute)

MOST_BYTES = 100
"""Of a field in a form."""

REASON = "reason"
MOST_REASON = 2_000

Degrees = Annotated[float | None, Field(ge=1, le=WIDEST_DEG, allow_inf_nan=False)]


class StatedIn(BaseModel):
    """All that is stated of a flight; what is left out is stated no longer.

    ``video_begins_s``: the first picture is of that second of the telemetry, 0: the video begins
    with it. ``heights_from``: what heights of an unknown datum count from. ``takeoff_m``: the
    take-off above mean sea level; or ``takeoff_here``: it took off from the ground at its first
    position. ``order``: which number of a place comes first in a .SRT that leaves it open.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    video_begins_s: float | None = Field(
        default=None, ge=-DAY_S, le=DAY_S, allow_inf_nan=False, examples=[12.5]
    )
    heights_from: Literal[HeightDatum.ELLIPSOID, HeightDatum.EGM96, HeightDatum.TAKEOFF] | None = (
        None
    )
    takeoff_m: float | None = Field(default=None, ge=LOWEST_M, le=HIGHEST_M, allow_inf_nan=False)
    takeoff_here: bool = False
    view_across_deg: Degrees = None
    view_down_deg: Degrees = None
    film: FilmKind | None = None
    order: PlaceOrder | None = None

    def said(self) -> dict[str, Value]:
        """What is given, by name."""
        return self.model_dump(exclude={REASON}, exclude_none=True, exclude_defaults=True)


FIELDS = tuple(StatedIn.model_fields)


class StatedSent(StatedIn):
    """``reason``: why it is worked through again though people spoke of its tracks."""

    reason: Line = ""


@routes.post("/{sortie_id}/stated", summary="State what a flight's telemetry lacks")
async def stated(sortie_id: UUID, sent: StatedSent, desk: Desk, officer: Officer) -> Sortie:
    """In the place of what was stated before. Where its files are here, it is worked through again
    with it. Who stated it is entered in the trail. 409 while it is being worked through, and where
    people spoke of its tracks and ``reason`` is empty."""
    said, now = Stated.of(sent.said()), datetime.now(UTC)
    kept = aerial_of(desk).sorties.because(sent.reason)
    return await kept.state(sortie_id, said, officer.name, now)


def typed(field: Spooled | None, most: int = MOST_REASON) -> str:
    """The text of a field that came in a form; "" where none did."""
    if field is None:
        return ""
    field.content.seek(0)
    return field.content.read(most).decode(errors="replace").strip()


def stated_beside(before: Stated, form: Mapping[str, Spooled]) -> Stated:
    """With what comes in the fields of a form beside the files; ``before`` for the others.
    ProblemError (422), StatedError."""
    given: dict[str, str] = {}
    for name in FIELDS:
        if field := form.get(name):
            given[name] = typed(field, MOST_BYTES).replace(",", ".")
    try:
        said = StatedIn.model_validate(given).said()
    except ValidationError as error:
        one = error.errors()[0]
        place = str(one["loc"][0]) if one["loc"] else "form"
        raise bad_field(place, f"cannot be: {one['msg']}", "see docs/aerial.md") from None
    return Stated.of({**before.said(), **said})
