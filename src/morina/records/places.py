"""Which cameras stand in an area, along a line or at named sites."""

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from math import cos, hypot, radians

from morina.records.place import Spot as Spot
from morina.records.place import check_line, check_ring
from morina.records.refusing import RefusedQuestionError
from morina.records.ways import EARTH_KM
from morina.sense.cameras.camera import Camera

ON_EDGE_M = 1.0
_HALF_ROUND, _ROUND = 180.0, 360.0


def in_area(cameras: Iterable[Camera], ring: Sequence[Spot]) -> frozenset[str]:
    """Cameras inside a ring of straight lines on the map (even-odd rule) or within a metre of it.

    The ring closes by itself; it may cross the 180th meridian but hold no pole.
    RefusedQuestionError for fewer than three corners.
    """
    check_ring(ring)
    closed = [*ring, ring[0]]
    return frozenset(
        camera.camera_id
        for camera in cameras
        if _inside(_around(camera, closed)) or _from_line(_around(camera, closed)) <= ON_EDGE_M
    )


def along(cameras: Iterable[Camera], line: Sequence[Spot], within_m: float) -> frozenset[str]:
    """Cameras at most ``within_m`` metres from a line, on a flat map around each camera.

    RefusedQuestionError for fewer than two points and for no or too many metres.
    """
    check_line(line, within_m)
    return frozenset(
        camera.camera_id for camera in cameras if _from_line(_around(camera, line)) <= within_m
    )


def at_sites(cameras: Iterable[Camera], sites: Collection[str]) -> frozenset[str]:
    """Cameras of these sites; RefusedQuestionError names one that has none."""
    found: dict[str, list[str]] = {site: [] for site in sites}
    for camera in cameras:
        if camera.site in found:
            found[camera.site].append(camera.camera_id)
    for site, there in found.items():
        if not there:
            mend = "choose one that `morina camera list` shows"
            raise RefusedQuestionError("sites", f"no camera stands at {site!r}", mend)
    return frozenset(camera_id for there in found.values() for camera_id in there)


def _around(camera: Camera, spots: Sequence[Spot]) -> list[tuple[float, float]]:
    """Spots as metres east and north of the camera, on a flat map true at the camera.

    Each is taken on the side of the Earth where it follows the one before.
    """
    north_m = radians(1) * EARTH_KM * 1000
    east_m = north_m * cos(radians(camera.latitude))
    east = _nearest_turn(spots[0].longitude - camera.longitude)
    found = []
    for before, spot in zip([spots[0], *spots], spots, strict=False):
        east += _nearest_turn(spot.longitude - before.longitude)
        found.append((east * east_m, (spot.latitude - camera.latitude) * north_m))
    return found


def _nearest_turn(degrees: float) -> float:
    return (degrees + _HALF_ROUND) % _ROUND - _HALF_ROUND


def _inside(ring: Sequence[tuple[float, float]]) -> bool:
    """Whether a line from the origin to the east crosses the closed ring an odd number of times."""
    crossed = False
    for (x0, y0), (x1, y1) in pairwise(ring):
        if (y0 > 0) != (y1 > 0) and x0 - y0 * (x1 - x0) / (y1 - y0) > 0:
            crossed = not crossed
    return crossed


def _from_line(line: Sequence[tuple[float, float]]) -> float:
    """Metres from the origin to the nearest point of a line."""
    return min(_from_stretch(a, b) for a, b in pairwise(line))


def _from_stretch(a: tuple[float, float], b: tuple[float, float]) -> float:
    along_x, along_y = b[0] - a[0], b[1] - a[1]
    long = along_x * along_x + along_y * along_y
    share = -(a[0] * along_x + a[1] * along_y) / long if long else 0.0
    share = min(1.0, max(0.0, share))
    return hypot(a[0] + share * along_x, a[1] + share * along_y)
