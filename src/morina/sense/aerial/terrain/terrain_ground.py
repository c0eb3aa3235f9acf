"""Ground of imported terrain: poses, places of pixels, footprints, and pixels of places."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.ground import Footprint, Lens, NoPlaceError, Place, Pose
from morina.sense.aerial.telemetry import Flight, HeightDatum, Telemetry
from morina.sense.aerial.terrain import posing
from morina.sense.aerial.terrain.casting import cast
from morina.sense.aerial.terrain.casting_paths import Bundle
from morina.sense.aerial.terrain.casting_pyramid import Pyramid, pyramid
from morina.sense.aerial.terrain.clip import Clip, Terrain, missing
from morina.sense.aerial.terrain.earth import Floats, axes, centred, metres_per_degree
from morina.sense.aerial.terrain.error import Scene
from morina.sense.aerial.terrain.footprints import ring_of
from morina.sense.aerial.terrain.placing import placed
from morina.sense.aerial.terrain.rotation import share, tangents
from morina.sense.aerial.terrain.tiles import TerrainError
from morina.sense.aerial.terrain.viewshed import Viewshed, seen_from

REACH_M = 15_000.0
ACROSS_PX = 1_920
_MARGIN_M = 4_000.0
_CLIPS = 4
_EYE_M = 1.0
TAKEOFF_WITHIN_M = 5.0
"""A first position so near to the height of the take-off is taken for it. Chosen."""

_NEAR_M = 30.0
"""A ray that ends so near to a place, or nearer, is taken to see it: the space of a post."""


@dataclass(frozen=True, slots=True)
class _Around:
    """A clip that serves every camera within ``_MARGIN_M`` of its middle."""

    version: int
    latitude: float
    longitude: float
    clip: Clip
    squares: Pyramid

    def serves(self, version: int, latitude: float, longitude: float) -> bool:
        """Whether it holds all a camera there can see, of what is imported now."""
        north, east = metres_per_degree(self.latitude)
        away = np.hypot((latitude - self.latitude) * north, (longitude - self.longitude) * east)
        return bool(away <= _MARGIN_M and version == self.version)


class TerrainGround:
    """The ``Ground`` of a terrain. ``reach_m``: rays are followed no further; ``across_px``: the
    width of the picture that ``Footprint.metres_per_pixel`` is of. ``takeoff_on_terrain``: heights
    above take-off count from the terrain under the first position of every flight, not only of
    those stated to begin there. May be called by several threads."""

    def __init__(
        self, terrain: Terrain, *, reach_m: float = REACH_M, across_px: int = ACROSS_PX,
        lens: Lens | None = None, takeoff_on_terrain: bool = False,
    ) -> None:  # fmt: skip
        self._terrain, self._reach_m, self._across_px = terrain, reach_m, across_px
        self._lens, self._takeoff_on_terrain = lens or Lens(), takeoff_on_terrain
        self._around: list[_Around] = []
        self._lock = threading.Lock()

    def pose(self, flight: Flight, moment: Telemetry) -> Pose:
        """NoPlaceError says what the telemetry lacks: angles, field of view, a known datum."""
        here = flight.takeoff_here or self._takeoff_on_terrain
        under = self._under_first(flight, moment) if here else None
        return posing.pose_of(flight, moment, self._lens, under)

    def places(self, pose: Pose, at: NDArray[np.float64]) -> Sequence[Place | None]:
        """See ``Ground``. NoPlaceError where the camera is under the terrain."""
        scene = self._scene(pose.latitude, pose.longitude)
        self._above(scene, pose)
        return placed(scene, pose, tangents(pose, np.reshape(at, (-1, 2))))

    def footprint(self, pose: Pose, at_s: float) -> Footprint | None:
        """See ``Ground``."""
        scene = self._scene(pose.latitude, pose.longitude)
        self._above(scene, pose)
        return ring_of(scene, pose, at_s, self._across_px)

    def pixel(self, pose: Pose, latitude: float, longitude: float) -> tuple[float, float] | None:
        """See ``Ground``."""
        scene = self._scene(pose.latitude, pose.longitude)
        height = self.height(latitude, longitude)
        begin = centred(pose.latitude, pose.longitude, pose.height_m)
        turn = axes(pose.latitude, pose.longitude)
        point = share(pose, turn @ (centred(latitude, longitude, height) - begin))
        if point is None:
            return None
        way = turn @ (centred(latitude, longitude, height + _EYE_M) - begin)
        far = float(np.linalg.norm(way))
        if far > self._reach_m:
            return None
        metres = self._cast(scene, pose, (way / far)[None])[0]
        if np.isnan(metres):
            raise missing(latitude, longitude)
        return point if metres >= far - _NEAR_M else None

    def height(self, latitude: float, longitude: float) -> float:
        """Of the ground above the WGS 84 ellipsoid, metres. MissingTerrainError."""
        height = float(self._scene(latitude, longitude).clip.height(latitude, longitude))
        if np.isnan(height):
            raise missing(latitude, longitude)
        return height

    def viewshed(
        self, latitude: float, longitude: float, above_ground_m: float, reach_m: float = 5_000.0,
    ) -> Viewshed:  # fmt: skip
        """What can be seen from so high over the ground of a place, and what cannot."""
        if not 0 < reach_m <= self._reach_m:
            raise NoPlaceError(
                f"a reach of {reach_m:.0f} m cannot be looked at; give 1 to {self._reach_m:.0f} m"
            )
        clip = self._scene(latitude, longitude).clip
        return seen_from(clip, (latitude, longitude), above_ground_m, reach_m)

    def _scene(self, latitude: float, longitude: float) -> Scene:
        version = self._terrain.version()
        with self._lock:
            for around in self._around:
                if around.serves(version, latitude, longitude):
                    return Scene(around.clip, around.squares, self._reach_m)
            clip = self._clip(latitude, longitude)
            around = _Around(version, latitude, longitude, clip, pyramid(clip))
            self._around = [around, *self._around[: _CLIPS - 1]]
            return Scene(clip, around.squares, self._reach_m)

    def _clip(self, latitude: float, longitude: float) -> Clip:
        try:
            return self._terrain.clip(latitude, longitude, self._reach_m + _MARGIN_M)
        except TerrainError as error:
            raise NoPlaceError(f"terrain that is imported cannot be read: {error}") from None

    def _above(self, scene: Scene, pose: Pose) -> None:
        ground = float(scene.clip.height(pose.latitude, pose.longitude))
        if np.isnan(ground):
            raise missing(pose.latitude, pose.longitude)
        if pose.height_m <= ground:
            raise NoPlaceError(
                f"the camera would be {ground - pose.height_m:.0f} m under the ground at "
                f"{pose.latitude:.5f}, {pose.longitude:.5f}; look at what its height is counted "
                "from, and at the take-off height"
            )

    def _cast(self, scene: Scene, pose: Pose, ways: Floats) -> Floats:
        place = pose.latitude, pose.longitude, pose.height_m
        bundle = Bundle(place, np.zeros_like(ways), ways)
        return cast(scene.clip, scene.squares, bundle, scene.reach_m).metres

    def _under_first(self, flight: Flight, moment: Telemetry) -> tuple[float, float] | None:
        """None where it is not needed; NoPlaceError where the flight begins in the air."""
        if flight.takeoff is not None or moment.height.datum is not HeightDatum.TAKEOFF:
            return None
        first = flight.telemetry[0]
        if not abs(first.height.metres) <= TAKEOFF_WITHIN_M:
            raise NoPlaceError(
                f"its first position is {first.height.metres:.0f} m above the take-off, not at it;"
                " state the height of the take-off above the sea"
            )
        sd = self._scene(first.latitude, first.longitude).clip.sd_m
        return self.height(first.latitude, first.longitude), sd
