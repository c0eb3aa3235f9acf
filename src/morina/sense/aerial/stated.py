"""What a person states of a flight where its source does not say it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Self

from morina.sense.aerial.telemetry import HeightDatum

WIDEST_DEG = 175.0
"""No field of view is as wide or wider."""

DAY_S = 86_400.0
HIGHEST_M = 9_000.0
LOWEST_M = -500.0
"""Of a take-off above mean sea level."""

Value = float | str | bool


class StatedError(ValueError):
    """What is stated cannot be so; the text says why and what to do."""


class FilmKind(StrEnum):
    """What a camera filmed by. Where nobody states it, each picture's colours tell."""

    THERMAL = "thermal"
    DAYLIGHT = "daylight"


class PlaceOrder(StrEnum):
    """Which of two numbers comes first in a .SRT that leaves it open."""

    LAT_LON = "lat_lon"
    LON_LAT = "lon_lat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """None (or False) where nobody stated it. What the source says itself is never overruled by
    it, but for ``video_begins_s``.

    ``video_begins_s``: the first picture is of that second of the telemetry. ``heights_from``: what
    heights of a datum nobody knows are counted from. Of heights above take-off, ``takeoff_m`` is
    the take-off's height above mean sea level, and ``takeoff_here`` says that the first position is
    the take-off, on the ground; one of the two. ``view_across_deg`` and ``view_down_deg``: field of
    view; down follows from the picture's shape where it is not stated.
    """

    video_begins_s: float | None = None
    heights_from: HeightDatum | None = None
    takeoff_m: float | None = None
    takeoff_here: bool = False
    view_across_deg: float | None = None
    view_down_deg: float | None = None
    film: FilmKind | None = None
    order: PlaceOrder | None = None

    def __post_init__(self) -> None:
        _within("the beginning of the video", self.video_begins_s, -DAY_S, DAY_S, "seconds")
        _within("the take-off", self.takeoff_m, LOWEST_M, HIGHEST_M, "metres above the sea")
        for view in (self.view_across_deg, self.view_down_deg):
            _within("the field of view", view, 1.0, WIDEST_DEG, "degrees")
        if self.heights_from is HeightDatum.UNKNOWN:
            raise StatedError("an unknown datum states nothing; leave it out")
        if self.takeoff_here and self.takeoff_m is not None:
            raise StatedError(
                "the take-off is stated twice; state its height or the ground, not both"
            )
        if self.view_down_deg is not None and self.view_across_deg is None:
            raise StatedError("the field of view is stated down alone; state it across too")

    def said(self) -> dict[str, Value]:
        """What is stated, by name, as plain values."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: value
            for name, value in values.items()
            if value is not None and value is not False
        }

    @classmethod
    def of(cls, said: Mapping[str, Value]) -> Self:
        """Of what ``said`` gave. StatedError."""
        kinds = {"heights_from": HeightDatum, "film": FilmKind, "order": PlaceOrder}
        try:
            values = {n: kinds[n](str(v)) if n in kinds else v for n, v in said.items()}
            return cls(**values)  # type: ignore[arg-type]
        except (TypeError, ValueError) as error:
            if isinstance(error, StatedError):
                raise
            raise StatedError(f"{error}; state it as docs/aerial.md says") from None


def _within(what: str, value: float | None, least: float, most: float, unit: str) -> None:
    if value is None:
        return
    if not (math.isfinite(value) and least <= value <= most):
        raise StatedError(f"{what}: {value:g} cannot be; state {least:g} to {most:g} {unit}")


NOTHING = Stated()
"""Nobody stated anything."""
