"""What is sent and answered of reviews of tracks and tasks handed over."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from morina.desk.api.asked import PurposeIn
from morina.desk.api.sent import Line, Sent
from morina.desk.api.sent import Named as Words
from morina.desk.called import SAID_WITHIN_M, Called
from morina.desk.track_ahead import CameraAhead
from morina.sense.aerial.reviewing import (
    AerialTask,
    Named,
    PlacedBy,
    TaskKind,
    TaskState,
    TaskStep,
)
from morina.sense.cameras.chances import wilson

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class ReviewIn(Sent):
    """What a person says the track is. ``in_trouble`` needs no purpose: it is risk to life in the
    case of the flight, and calls rescue at once; all else needs one."""

    named: Named
    remark: Line = Field(default="", examples=["waves with both arms"])
    purpose: PurposeIn | None = None

    @model_validator(mode="after")
    def _has_purpose(self) -> Self:
        in_trouble = self.named is Named.IN_TROUBLE
        if in_trouble and self.purpose is not None:
            raise ValueError("in_trouble has its own purpose, risk to life; send none")
        if not in_trouble and self.purpose is None:
            raise ValueError("a purpose is missing; send one")
        return self


class HandOverIn(Sent):
    """Whom a named track is handed to, and what they are to know. A rescue needs no purpose."""

    kind: TaskKind
    said: Words = Field(examples=["white van on the forest road above the mill"])
    purpose: PurposeIn | None = None

    @model_validator(mode="after")
    def _has_purpose(self) -> Self:
        if self.kind is TaskKind.PATROL and self.purpose is None:
            raise ValueError("a purpose is missing; send one")
        return self


class RescueIn(Sent):
    """Somebody in trouble: at a point of a picture, in shares of it from its upper left corner, at
    a place, or, where neither is given or known, where the aircraft was at ``at_s``, or last."""

    said: Words = Field(examples=["lies beside the path, does not move"])
    at_s: Seconds | None = None
    across: Share | None = None
    down: Share | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    within_m: float = Field(
        default=SAID_WITHIN_M, gt=0, le=100_000, allow_inf_nan=False,
        description="how far off a place that is given may be",
    )  # fmt: skip

    @model_validator(mode="after")
    def _are_whole(self) -> Self:
        if (self.across is None) != (self.down is None):
            raise ValueError("a point needs across and down; send both")
        if self.across is not None and self.at_s is None:
            raise ValueError("a point is of a picture; send at_s")
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("a place needs latitude and longitude; send both")
        return self

    def called(self) -> Called:
        """As it was said."""
        point = None if self.across is None or self.down is None else (self.across, self.down)
        place = None
        if self.latitude is not None and self.longitude is not None:
            place = self.latitude, self.longitude
        return Called(at_s=self.at_s, point=point, place=place, within_m=self.within_m)


class TaskStepIn(Sent):
    """A step of a task; ``outcome`` says what was found, or why it is given back or called off."""

    step: TaskStep
    outcome: Line = ""


class AheadIn(Sent):
    """Why it is asked where the vehicle may come past."""

    purpose: PurposeIn


class TaskOut(BaseModel):
    """A place to go to. Height above the WGS 84 ellipsoid; ``ce90_m`` is the radius that holds 90 %
    of the error, ``le90_m`` the same of the height. ``placed``: ``computed``, ``said`` by a person,
    or that of the ``aircraft``, with what was seen within ``ce90_m`` of it. Flight, track and case
    are null for who only goes there."""

    task_id: UUID
    kind: TaskKind
    state: TaskState
    latitude: float
    longitude: float
    ce90_m: float
    placed: PlacedBy
    height_m: float | None
    le90_m: float | None
    named: Named
    said: str
    officer: str
    made_at: datetime
    seen_at: datetime | None
    taken_by: str
    outcome: str
    sortie_id: UUID | None = None
    track_id: UUID | None = None
    case_number: str | None = None

    @classmethod
    def of(cls, task: AerialTask, whole: bool) -> "TaskOut":
        """Of a task; with flight, track and case where ``whole``."""
        hidden = set() if whole else {"sortie_id", "track_id", "case_number"}
        fields = {name: getattr(task, name) for name in cls.model_fields if name not in hidden}
        return cls(**fields)


class RateOut(BaseModel):
    """Of the tracks the machine called ``machine`` and a person reviewed: how many that person
    called ``named``; the share with its 95 % interval (Wilson)."""

    machine: str
    named: str
    tracks: int
    of: int
    share: float
    low: float
    high: float


class AheadOut(BaseModel):
    """Cameras by the soonest time a vehicle could be there; ``number`` of the consultation."""

    number: int
    left_at: datetime | None
    cameras: list[CameraAhead]


def rates_of(found: Iterable[tuple[str, str, int]]) -> list[RateOut]:
    """Counts as shares of the machine's word."""
    counts = list(found)
    totals: dict[str, int] = {}
    for machine, _, tracks in counts:
        totals[machine] = totals.get(machine, 0) + tracks
    rates = []
    for machine, named, tracks in counts:
        if between := wilson(tracks, of := totals[machine]):
            rates.append(
                RateOut(
                    machine=machine, named=named, tracks=tracks, of=of,
                    share=between.share, low=between.low, high=between.high,
                )
            )  # fmt: skip
    return rates
