"""How far cameras stand from each other: which are one site, which are different places."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from morina.records.ways import km_between
from morina.sense.cameras.camera import Camera

KM_A_DEGREE = 111.0
"""Of latitude, 111.19 on that sphere; a little less, so that nothing is left out."""

BESIDE_KM = 0.15
"""Cameras no farther apart look at one site: other lanes, the other direction. Own choice."""


@dataclass(frozen=True, slots=True)
class Places:
    """By camera, those at its site (itself among them) and those too near to be another place."""

    beside: Mapping[str, frozenset[str]]
    near: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, cameras: Sequence[Camera], apart_km: float) -> "Places":
        """Places count as different where they are at least ``apart_km`` apart."""
        northward = sorted(cameras, key=lambda one: one.latitude)
        latitudes = [one.latitude for one in northward]
        band = max(apart_km, BESIDE_KM) / KM_A_DEGREE
        beside: dict[str, frozenset[str]] = {}
        near: dict[str, frozenset[str]] = {}
        for one in northward:
            low = bisect_left(latitudes, one.latitude - band)
            high = bisect_right(latitudes, one.latitude + band)
            away = {other.camera_id: km_between(one, other) for other in northward[low:high]}
            site = frozenset(camera for camera, km in away.items() if km <= BESIDE_KM)
            beside[one.camera_id] = site
            near[one.camera_id] = site | {camera for camera, km in away.items() if km < apart_km}
        return cls(beside, near)

    def apart(self, cameras: Iterable[str]) -> tuple[str, ...]:
        """Cameras of these that are apart from each other, taken in the order given.

        Another order may yield more, so at least so many places are meant.
        """
        chosen: list[str] = []
        for camera in dict.fromkeys(cameras):
            if self.near[camera].isdisjoint(chosen):
                chosen.append(camera)
        return tuple(chosen)
