"""Roles of what keeps sorties, reviews and tasks. Adapters are named by wiring alone."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from morina.accountability.purpose import Purpose
from morina.sense.aerial.ground import Footprint, Pose
from morina.sense.aerial.reviewing import (
    AerialTask,
    CalledTo,
    Named,
    Review,
    TaskKind,
    TaskState,
    TaskStep,
)
from morina.sense.aerial.sortie import Sortie, SortieStep
from morina.sense.aerial.stated import Stated
from morina.sense.aerial.track import Track


class UnknownSortieError(LookupError):
    """No such sortie, track or task, or it is forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSortie:
    """What is asked for; ``task`` says in words what it is to look for."""

    name: str
    case_number: str
    task: str
    officer: str
    airframe: str = ""
    pilot: str = ""
    rendered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One worked-through picture: its number, its time, the pose, and what is seen of the ground.

    ``pose`` and ``footprint`` are None where the telemetry lacks what a footprint needs; then
    ``latitude`` and ``longitude`` are the aircraft's alone.
    """

    frame: int
    at_s: float
    latitude: float
    longitude: float
    height_m: float | None
    pose: Pose | None = None
    footprint: Footprint | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A place was in view: from ``from_s`` to ``to_s``, best at ``best_s`` at (across, down)
    shares of the picture, with ``metres_per_pixel`` there."""

    sortie_id: UUID
    name: str
    from_s: float
    to_s: float
    best_s: float
    best_at: datetime | None
    across: float
    down: float
    metres_per_pixel: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysWanted:
    """Which ways flown: ``limit`` of them after ``offset``, newest first. ``box`` is west, south,
    east, north, west above east where it goes over the date line; one without a place meets none.
    ``span`` is from when to when, None open; a flight without a clock meets none."""

    limit: int
    offset: int = 0
    box: tuple[float, float, float, float] | None = None
    span: tuple[datetime | None, datetime | None] | None = None


class Sorties(Protocol):
    """Sorties and what was made of them. UnknownSortieError where there is none."""

    async def plan(self, wanted: NewSortie, now: datetime) -> Sortie:
        """A new one, PLANNED; entered in the trail."""

    def because(self, reason: str) -> "Sorties":
        """The same, for who was told what may be lost and says why it is done all the same; it
        stands in the trail."""

    async def step(self, sortie_id: UUID, step: SortieStep, by: str, now: datetime) -> Sortie:
        """Moved on; RefusedSortieError where its state does not allow it. FORGET needs a reason
        (``because``), and so does working one through again of whose tracks people spoke:
        SpokenOfError, as of ``take_in`` and ``state``."""

    async def state(
        self, sortie_id: UUID, stated: Stated, by: str, now: datetime, again: bool = True
    ) -> Sortie:
        """Keep what a person states of it, in the place of what was stated before; entered in the
        trail. With ``again`` one that was worked through is so again. RefusedSortieError while it
        is, and where it never flew."""

    async def sorties(self, most: int = 200) -> Sequence[Sortie]:
        """Newest first."""

    async def ways(self, wanted: WaysWanted) -> tuple[Sequence[Sortie], int]:
        """Sorties whose ways are wanted, and how many there are in all."""

    async def sortie(self, sortie_id: UUID) -> Sortie:
        """One."""

    async def take_in(
        self, sortie_id: UUID, video: AsyncIterator[bytes] | None, telemetry: AsyncIterator[bytes],
        names: tuple[str, str], by: str,
    ) -> Sortie:  # fmt: skip
        """Keep a sortie's files and queue it. ``names``: file names of video ("" where there is
        none) and telemetry; for MPEG-TS with telemetry inside, both are the same file and ``video``
        is None. TelemetryError names the place; then nothing is kept."""

    async def moments(self, sortie_id: UUID, every_s: float = 0.0) -> Sequence[Moment]:
        """In time order, at least ``every_s`` apart."""

    async def moment_at(self, sortie_id: UUID, at_s: float, within_s: float) -> Moment | None:
        """The one nearest to a time, None where none is within ``within_s`` of it."""

    async def tracks(self, sortie_id: UUID) -> Sequence[Track]:
        """All tracks of one sortie; never of two together."""

    async def picture(self, sortie_id: UUID, at_s: float, across: int = 1280) -> bytes:
        """The picture shown at that moment, JPEG, at most ``across`` pixels wide."""

    async def looked(
        self, latitude: float, longitude: float, since: datetime | None, purpose: Purpose
    ) -> Sequence[Looked]:
        """When this place was in view, newest first; entered in the trail before it is answered."""

    async def forget_due(self, now: datetime) -> int:
        """Forget video, tracks, reviews and finished tasks of sorties that are due; how many."""


class Reviews(Protocol):
    """What people said of tracks."""

    async def name(
        self, sortie_id: UUID, track_id: UUID, named: Named, purpose: Purpose, remark: str = ""
    ) -> Review:
        """Entered in the trail. IN_TROUBLE makes a rescue task in the same transaction."""

    async def of_sortie(self, sortie_id: UUID) -> Sequence[Review]:
        """Newest first; the newest of a track counts."""

    async def rates(self) -> Sequence[tuple[str, str, int]]:
        """Machine's word, person's word, how many: of newest reviews of all sorties, forgotten ones
        too, of which only these numbers are left."""


class Tasks(Protocol):
    """Hand-over of a place to people who go there. Rescue first, always."""

    async def hand_over(
        self, kind: TaskKind, sortie_id: UUID, track_id: UUID, purpose: Purpose, said: str
    ) -> AerialTask:
        """A task at the last place of a track; RefusedSortieError where no person has reviewed it
        or said it is nothing, where it is handed over already, and for a patrol while somebody in
        trouble there, by track or by place of the same flight, waits for a rescue."""

    async def at_place(
        self, sortie_id: UUID, place: CalledTo, purpose: Purpose, said: str
    ) -> AerialTask:
        """A rescue without a track; where a person said the place, its height is that of the
        terrain, if that is known."""

    async def task(self, task_id: UUID) -> AerialTask:
        """One; UnknownSortieError."""

    async def waiting(self) -> Sequence[datetime]:
        """When each rescue was made to which nobody is on the way, oldest first. It says no place,
        so asking is not entered in the trail."""

    async def tasks(
        self, kinds: frozenset[TaskKind], states: frozenset[TaskState]
    ) -> Sequence[AerialTask]:
        """Rescues first, then oldest first. Entered in the trail, once an hour for each person and
        task."""

    async def step(
        self, task_id: UUID, step: TaskStep, by: str, now: datetime, outcome: str = ""
    ) -> AerialTask:
        """Moved on; RefusedSortieError where its state does not allow it; entered in the trail."""
