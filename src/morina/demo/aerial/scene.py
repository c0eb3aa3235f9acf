"""What moves in the rendered sortie, and where it is at each moment: the truth tracks are held to.

Places are metres east and north of the scene's origin, on the ground.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from morina.sense.aerial import ObjectKind

East = float
North = float
Path = Sequence[tuple[East, North]]

_EQUATOR_M, _FLAT_2 = 6378137.0, 0.00669437999014
"""Semi-major axis and squared eccentricity of WGS 84."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Something invented that moves along a path, from the start of the film at ``from_s``."""

    name: str
    kind: ObjectKind
    path: Path
    speed_ms: float
    from_s: float = 0.0

    def at(self, at_s: float) -> tuple[East, North, float] | None:
        """Where it is and its course in degrees; None before its start and after its end."""
        left = (at_s - self.from_s) * self.speed_ms
        if left < 0:
            return None
        for (east, north), (to_east, to_north) in pairwise(self.path):
            long = math.hypot(to_east - east, to_north - north)
            if left <= long:
                share = left / long
                course = math.degrees(math.atan2(to_east - east, to_north - north)) % 360
                return east + share * (to_east - east), north + share * (to_north - north), course
            left -= long
        return None


@dataclass(frozen=True, slots=True)
class There:
    """An actor where it is at a moment; ``course`` in degrees."""

    actor: Actor
    east: East
    north: North
    course: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """``latitude`` and ``longitude`` of the origin; the drone goes east along ``flight_north``."""

    latitude: float
    longitude: float
    actors: Sequence[Actor]
    road: Path
    seconds: float
    speed_ms: float = 3.0
    above_ground_m: float = 90.0

    def place(self, east: East, north: North) -> tuple[float, float]:
        """Latitude and longitude."""
        along, across = self._degree()
        return self.latitude + north / along, self.longitude + east / across

    def metres(self, latitude: float, longitude: float) -> tuple[East, North]:
        """The way back."""
        along, across = self._degree()
        return (longitude - self.longitude) * across, (latitude - self.latitude) * along

    def drone(self, at_s: float) -> tuple[East, North]:
        """Where the drone is."""
        return self.speed_ms * at_s, 0.0

    def truth(self, at_s: float) -> "list[There]":
        """Every actor there is."""
        there = ((one, one.at(at_s)) for one in self.actors)
        return [There(one, *at) for one, at in there if at is not None]

    def _degree(self) -> tuple[float, float]:
        """Metres in a degree of latitude and of longitude, on the ellipsoid at the origin."""
        sine = math.sin(math.radians(self.latitude))
        bend = 1 - _FLAT_2 * sine * sine
        along = math.radians(_EQUATOR_M * (1 - _FLAT_2) / bend**1.5)
        across = math.radians(_EQUATOR_M / math.sqrt(bend)) * math.cos(math.radians(self.latitude))
        return along, across


def _road(east: East) -> tuple[East, North]:
    return east, 5.0 * math.sin(east / 45.0)


def _beside(first: East, last: East, off_m: float) -> Path:
    """Along the road, ``off_m`` north of its middle."""
    count = max(2, int(abs(last - first) / 4))
    easts = (first + (last - first) * one / (count - 1) for one in range(count))
    return [(east, _road(east)[1] + off_m) for east in easts]


def demo_scene(latitude: float, longitude: float) -> Scene:
    """Ninety seconds: two cars meet, one goes ahead, a group walks, somebody crosses the slope."""
    person, vehicle, bicycle = ObjectKind.PERSON, ObjectKind.VEHICLE, ObjectKind.BICYCLE
    actors = (
        Actor(name="car ahead", kind=vehicle, path=_beside(45, 420, -1.8), speed_ms=3.6),
        Actor(name="car coming", kind=vehicle, path=_beside(330, -40, 1.8), speed_ms=5.0,
              from_s=8),
        Actor(name="van coming", kind=vehicle, path=_beside(420, -40, 1.8), speed_ms=4.5,
              from_s=30),
        Actor(name="walker 1", kind=person, path=_beside(70, 300, 8.0), speed_ms=1.4),
        Actor(name="walker 2", kind=person, path=_beside(73, 300, 9.6), speed_ms=1.4),
        Actor(name="walker 3", kind=person, path=_beside(76, 300, 8.4), speed_ms=1.4),
        Actor(name="crossing", kind=person, path=[(190, -26), (205, 24)], speed_ms=1.2,
              from_s=40),
        Actor(name="cyclist", kind=bicycle, path=_beside(60, 420, -4.5), speed_ms=4.2, from_s=25),
    )  # fmt: skip
    road = [_road(float(east)) for east in range(-60, 460, 4)]
    return Scene(latitude=latitude, longitude=longitude, actors=actors, road=road, seconds=90.0)
