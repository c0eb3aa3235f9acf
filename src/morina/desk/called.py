"""Where rescue is called to: a point of the picture, a place somebody says, or the aircraft.

Nobody waits for what a flight lacks: where no place is computed the next best is taken, and the
task says which it is.
"""

from dataclasses import dataclass
from uuid import UUID

from morina.desk.aerial import AerialServices
from morina.desk.pixels import place_of
from morina.sense.aerial import CalledTo, NoPlaceError, PlacedBy

SAID_WITHIN_M = 100.0
"""How far off a place is taken to be that somebody clicked or typed, where they do not say."""

LAST_S = 1e9
"""Later than any picture: the last one is nearest."""

FLIES_MS = 25.0
"""How fast the aircraft is taken to have flown between a moment and the next one known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """As it was said: ``point`` (across, down, shares of the picture) at ``at_s``, or a place
    (latitude, longitude) known to ``within_m``, or neither."""

    at_s: float | None = None
    point: tuple[float, float] | None = None
    place: tuple[float, float] | None = None
    within_m: float = SAID_WITHIN_M


async def called_to(aerial: AerialServices, sortie_id: UUID, called: Called) -> CalledTo:
    """The computed place where there is one, else the one said, else the aircraft's own.

    NoPlaceError where nobody says a place and no position of the flight is known yet.
    """
    if called.point is not None and called.at_s is not None:
        try:
            return await _computed(aerial, sortie_id, called.at_s, called.point)
        except NoPlaceError:
            pass  # what is missing has no say now
    if called.place is not None:
        latitude, longitude = called.place
        return CalledTo(
            latitude=latitude, longitude=longitude, ce90_m=called.within_m, placed=PlacedBy.SAID,
            at_s=called.at_s,
        )  # fmt: skip
    return await _aircraft(aerial, sortie_id, called.at_s)


async def _computed(
    aerial: AerialServices, sortie_id: UUID, at_s: float, point: tuple[float, float]
) -> CalledTo:
    place = await place_of(aerial, sortie_id, at_s, point)
    return CalledTo(
        latitude=place.latitude, longitude=place.longitude, ce90_m=place.ellipse.major_m,
        placed=PlacedBy.COMPUTED, height_m=place.height_m, le90_m=place.le90_m, at_s=at_s,
    )  # fmt: skip


async def _aircraft(aerial: AerialServices, sortie_id: UUID, at_s: float | None) -> CalledTo:
    """Where it was at that time, or last."""
    found = await aerial.sorties.moment_at(sortie_id, LAST_S if at_s is None else at_s, LAST_S)
    if found is None:
        raise NoPlaceError(
            "no position of this flight is known yet; give the place by latitude and longitude"
        )
    away_s = 0.0 if at_s is None else abs(found.at_s - at_s)
    return CalledTo(
        latitude=found.latitude, longitude=found.longitude, placed=PlacedBy.AIRCRAFT,
        ce90_m=aerial.reach_m + FLIES_MS * away_s, at_s=found.at_s if at_s is None else at_s,
    )  # fmt: skip
