"""Passages on the map: numbered in order of time, a line from camera to camera."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise

from nicegui.element import Element

from morina.desk.map import Mark, show_map
from morina.desk.pages.frame import focus
from morina.desk.pages.markup import tag
from morina.desk.pages.search.answered import Desk

LONGEST = 5
"""Characters that fit on a pin."""

MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Stop:
    """One passage on the map: its number, camera and time."""

    number: int
    camera_id: str
    at: datetime


def show_track(desk: Desk, stops: Sequence[Stop], *, line: bool = True) -> None:
    """A map of the stops, oldest first; the last one is marked. Says what is not on it.

    Without ``line`` where the stops are not all of one vehicle.
    """
    t = desk.visit.t
    known = [one for one in stops if one.camera_id in desk.cameras]
    lost = len(stops) - len(known)
    with tag("section", "", "part flush track", aria_label=t("Map")):
        if known:
            marks = list(_marks(desk, known, ways_of(known) if line else {}))
            show_map(marks, height="440px", translate=t)
            if any("+" in one.pin for one in marks):
                words = t(
                    "1 is the oldest passage; 9 +3 on a pin means passage 9 and 3 older ones."
                )
                tag("p", words, "hint under-map")
        if lost or not known:
            words = t.many(
                "{n} passage is not on the map: its camera is not known any more.",
                "{n} passages are not on the map: their cameras are not known any more.",
                lost,
            )
            tag("p", words, "empty")


class PickedTrack:
    """A map beside a list, of whichever of the list was chosen."""

    def __init__(self, desk: Desk, place: Element) -> None:
        self._desk = desk
        self._place = place

    def choose(self, stops: Sequence[Stop]) -> Callable[[], Awaitable[None]]:
        """What a press on "On the map" does."""

        async def chosen() -> None:
            self.draw(stops)
            focus(self._place, ".picked .morina-map")

        return chosen

    def draw(self, stops: Sequence[Stop]) -> None:
        """The map of these."""
        self._place.clear()
        with self._place:
            show_track(self._desk, stops)


def pin(numbers: Sequence[int]) -> str:
    """What a pin shows: its numbers, or where they do not fit the newest and how many more."""
    runs = []
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        ends = [members[0]] if len(members) == 1 else [members[0], members[-1]]
        runs.append(("-" if len(members) > 2 else ",").join(map(str, ends)))
    text = ",".join(runs)
    return text if len(text) <= LONGEST else f"{numbers[-1]} +{len(numbers) - 1}"


def _marks(
    desk: Desk, stops: Sequence[Stop], ways: Mapping[str, tuple[str, ...]]
) -> Iterable[Mark]:
    for camera_id, there in _by_camera(stops).items():
        camera = desk.cameras[camera_id]
        told = [f"{one.number}: {desk.second(one.at)}" for one in there[:MOST_TOLD]]
        left = len(there) - len(told)
        to = (desk.cameras[other] for other in ways.get(camera_id, ()))
        yield Mark(
            camera.name, camera.latitude, camera.longitude, camera.bearing,
            highlighted=stops[-1].camera_id == camera_id,
            pin=pin([one.number for one in there]),
            about=(*told, desk.visit.t("and {n} more", n=left)) if left else tuple(told),
            ways=tuple((one.latitude, one.longitude) for one in to),
        )  # fmt: skip


def ways_of(stops: Iterable[Stop]) -> Mapping[str, tuple[str, ...]]:
    """By camera, the cameras passed next after it, each way drawn once."""
    ways: dict[str, dict[str, None]] = {}
    for one, other in pairwise(stops):
        here, there = one.camera_id, other.camera_id
        if here != there and here not in ways.get(there, ()):
            ways.setdefault(here, {})[there] = None
    return {camera_id: tuple(there) for camera_id, there in ways.items()}


def _by_camera(stops: Iterable[Stop]) -> Mapping[str, list[Stop]]:
    groups: dict[str, list[Stop]] = {}
    for one in stops:
        groups.setdefault(one.camera_id, []).append(one)
    return groups
