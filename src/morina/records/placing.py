"""Places named in a question become cameras before it is written down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar, cast

from morina.records.both_places import Area, BothPlaces
from morina.records.kinds import Question
from morina.records.place import Place
from morina.records.places import along, at_sites, in_area
from morina.records.refusing import RefusedQuestionError
from morina.records.retention import Retention
from morina.sense.cameras import CameraRegistry
from morina.sense.cameras.camera import Camera

Q = TypeVar("Q", bound=Question)
NOTHING_THERE = "holds no camera"
CHOOSE = "choose another place, or cameras by id"


class Placing(Protocol):
    """What knows where the cameras are."""

    async def placed(self, question: Q) -> Q:
        """The question with the cameras of its places; of cameras named beside a place only those
        that stand there. RefusedQuestionError where none does."""


@dataclass(frozen=True, slots=True)
class PlacedCameras:
    """The role Placing, by the cameras of this node and the groups of its ``policies``."""

    cameras: CameraRegistry
    policies: Retention

    async def placed(self, question: Q) -> Q:
        """See Placing."""
        asked: Question = question
        if isinstance(asked, BothPlaces):
            if all(area.place is None for area in asked.areas):
                return question
            known = await self.cameras.cameras()
            areas = tuple(self._area(area, known) for area in asked.areas)
            return cast("Q", replace(asked, areas=areas))
        scope = question.scope
        if scope.place is None:
            return question
        there = cameras_at(scope.place, await self.cameras.cameras(), self.policies)
        scope = replace(scope, cameras=_both(there, scope.cameras, "place"))
        return replace(question, scope=scope)  # type: ignore[type-var]  # a dataclass

    def _area(self, area: Area, known: Sequence[Camera]) -> Area:
        if area.place is None:
            return area
        there = cameras_at(area.place, known, self.policies)
        return replace(area, cameras=_both(there, area.cameras or None, "areas"))


def cameras_at(place: Place, cameras: Iterable[Camera], policies: Retention) -> frozenset[str]:
    """Ids of the cameras at a place; RefusedQuestionError where a site or group is not known."""
    if place.area:
        return in_area(cameras, place.area)
    if place.corridor is not None:
        return along(cameras, place.corridor.line, place.corridor.within_m)
    if place.sites:
        return at_sites(cameras, place.sites)
    return in_groups(cameras, place.groups, policies)


def in_groups(
    cameras: Iterable[Camera], groups: Iterable[str], policies: Retention
) -> frozenset[str]:
    """Cameras whose reads are kept as one of these groups; RefusedQuestionError."""
    named, wanted = grouped(cameras, policies), frozenset(groups)
    if unknown := sorted(wanted - set(named)):
        mend = f"choose of {', '.join(sorted(named)) or 'none, for the settings name none'}"
        raise RefusedQuestionError("groups", f"there is no group {unknown[0]!r}", mend)
    return frozenset[str]().union(*(named[name] for name in wanted))


def grouped(cameras: Iterable[Camera], policies: Retention) -> dict[str, frozenset[str]]:
    """Every group of the settings by name, and the ids of those ``cameras`` that are in it."""
    found: dict[str, set[str]] = {group.name: set() for group in policies.groups}
    for camera in cameras:
        if group := policies.group_of(camera.camera_id, camera.site):
            found[group.name].add(camera.camera_id)
    return {name: frozenset(ids) for name, ids in found.items()}


def _both(there: frozenset[str], named: frozenset[str] | None, field: str) -> frozenset[str]:
    found = there if named is None else there & named
    if not found:
        raise RefusedQuestionError(field, NOTHING_THERE, CHOOSE)
    return found
