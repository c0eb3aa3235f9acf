"""A place as it is named in a question: an area, a strip along a line, sites or groups."""

from collections.abc import Sequence
from dataclasses import dataclass

from morina.records.refusing import RefusedQuestionError

WIDEST_M = 50_000.0
_LEAST_RING, _LEAST_LINE, _MOST_POINTS = 3, 2, 1000
_SAID_POINTS = 20


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in WGS 84 degrees."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not -90 <= self.latitude <= 90 or not -180 <= self.longitude <= 180:
            raise RefusedQuestionError(
                "area", f"{self.latitude}, {self.longitude} is not on Earth",
                "write latitude, then longitude, in degrees",
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Strip:
    """What lies at most ``within_m`` metres from a line; RefusedQuestionError."""

    line: tuple[Spot, ...]
    within_m: float

    def __post_init__(self) -> None:
        check_line(self.line, self.within_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Just one of: the corners of an ``area``, which closes by itself, a ``corridor``, names of
    ``sites``, names of ``groups`` (cameras that the settings of retention name together).

    RefusedQuestionError where that is not so.
    """

    area: tuple[Spot, ...] = ()
    corridor: Strip | None = None
    sites: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if sum(map(bool, (self.area, self.corridor, self.sites, self.groups))) != 1:
            mend = "give just one of area, corridor, sites and groups"
            raise RefusedQuestionError("place", "is none or several", mend)
        if self.area:
            check_ring(self.area)

    def words(self) -> str:
        """For the log, such as ``sites Bridge, Mill``."""
        if self.area:
            return f"area {_spots(self.area)}"
        if self.corridor is not None:
            return f"within {self.corridor.within_m:g} m of the line {_spots(self.corridor.line)}"
        if self.sites:
            return "sites " + ", ".join(sorted(self.sites))
        return "groups " + ", ".join(sorted(self.groups))


def check_ring(ring: Sequence[Spot]) -> None:
    """RefusedQuestionError for too few or too many corners."""
    _check(ring, _LEAST_RING, "corners")


def check_line(line: Sequence[Spot], within_m: float) -> None:
    """RefusedQuestionError for too few or too many points, and for no or too many metres."""
    _check(line, _LEAST_LINE, "points")
    if not 0 < within_m <= WIDEST_M:
        mend = f"give more than 0 and at most {WIDEST_M:.0f}"
        raise RefusedQuestionError("within_m", f"{within_m} metres", mend)


def _check(spots: Sequence[Spot], least: int, what: str) -> None:
    if not least <= len(spots) <= _MOST_POINTS:
        mend = f"give {least} to {_MOST_POINTS}"
        raise RefusedQuestionError("area", f"{len(spots)} {what}", mend)


def _spots(spots: Sequence[Spot]) -> str:
    """All points where they are few; else their number and the box they lie in."""
    if len(spots) <= _SAID_POINTS:
        return "; ".join(f"{one.latitude:g} {one.longitude:g}" for one in spots)
    north, south = (pick(one.latitude for one in spots) for pick in (max, min))
    east, west = (pick(one.longitude for one in spots) for pick in (max, min))
    return f"of {len(spots)} points in {south:g} {west:g} to {north:g} {east:g}"
