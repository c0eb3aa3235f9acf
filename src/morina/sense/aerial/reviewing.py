"""A person names what a track is. The machine's word stays beside it, and its rate is shown."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from morina.sense.aerial.detection import ObjectKind
from morina.sense.aerial.sortie import RefusedSortieError


class Named(StrEnum):
    """What a person says a track is."""

    VEHICLE = "vehicle"
    GROUP_ON_FOOT = "group_on_foot"
    ANIMAL = "animal"
    NOTHING = "nothing"
    IN_TROUBLE = "in_trouble"
    """Someone in trouble: a rescue before anything else; a rescue task is made at once."""


class TaskKind(StrEnum):
    """Who a track is handed to."""

    RESCUE = "rescue"
    PATROL = "patrol"


class PlacedBy(StrEnum):
    """Where the place of a task comes from."""

    COMPUTED = "computed"
    """From a track or a point of the picture, with the error of that."""

    SAID = "said"
    """A person clicked on the map or typed it; the radius is theirs, too."""

    AIRCRAFT = "aircraft"
    """That of the aircraft: what was seen lies within the camera's reach around it."""


class TaskState(StrEnum):
    """See ``TASK_STEPS``."""

    OPEN = "open"
    TAKEN = "taken"
    THERE = "there"
    DONE = "done"
    GIVEN_BACK = "given_back"
    CANCELLED = "cancelled"


class TaskStep(StrEnum):
    """What moves a task on."""

    TAKE = "take"
    ARRIVE = "arrive"
    FINISH = "finish"
    GIVE_BACK = "give_back"
    CANCEL = "cancel"


_S, _T = TaskState, TaskStep

TASK_STEPS: dict[tuple[TaskState, TaskStep], TaskState] = {
    (_S.OPEN, _T.TAKE): _S.TAKEN,
    (_S.OPEN, _T.CANCEL): _S.CANCELLED,
    (_S.TAKEN, _T.ARRIVE): _S.THERE,
    (_S.TAKEN, _T.GIVE_BACK): _S.GIVEN_BACK,
    (_S.TAKEN, _T.FINISH): _S.DONE,
    (_S.THERE, _T.FINISH): _S.DONE,
    (_S.THERE, _T.GIVE_BACK): _S.GIVEN_BACK,
    (_S.GIVEN_BACK, _T.TAKE): _S.TAKEN,
    (_S.GIVEN_BACK, _T.CANCEL): _S.CANCELLED,
}

WAITING = frozenset({_S.OPEN, _S.GIVEN_BACK})
"""Nobody is on the way."""

FINISHED = frozenset({_S.DONE, _S.CANCELLED})
"""Nothing follows."""

TELLS = frozenset({_T.FINISH, _T.GIVE_BACK, _T.CANCEL})
"""Steps that need words: what was found, or why."""


class SpokenOfError(RefusedSortieError):
    """A flight is to be looked through anew of which people named tracks or made tasks, and nobody
    said why. What they said is found again by time and place where that is plain."""

    def __init__(self, named: int, tasks: int) -> None:
        self.named, self.tasks = named, tasks
        super().__init__(
            f"people spoke of it: {named} tracks named, {tasks} tasks; say why it is done anew"
        )


def task_moved(state: TaskState, step: TaskStep) -> TaskState:
    """The state after a step; RefusedSortieError where ``TASK_STEPS`` has none."""
    if after := TASK_STEPS.get((state, step)):
        return after
    may = " or ".join(one.value for before, one in TASK_STEPS if before is state)
    raise RefusedSortieError(
        f"a task that is {state.value} takes no {step.value}; it takes {may or 'nothing more'}"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """``machine`` and ``share`` are what the detector said of the track when it was reviewed,
    ``at_s`` and the place where the track was last then: a later look may follow it otherwise."""

    track_id: UUID
    sortie_id: UUID
    named: Named
    officer: str
    at: datetime
    machine: ObjectKind
    share: float
    remark: str = ""
    at_s: float | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AerialTask:
    """A place to go to. It names a place and a kind of thing, never a person. ``ce90_m`` is the
    radius that holds 90 % of the error, and all of it where the place is not computed; ``height_m``
    is above the ellipsoid, None where it is not known, ``le90_m`` half the interval that holds 90 %
    of its errors; ``seen_at`` when the drone saw it, None without a clock."""

    task_id: UUID
    kind: TaskKind
    state: TaskState
    sortie_id: UUID
    track_id: UUID | None
    latitude: float
    longitude: float
    ce90_m: float
    height_m: float | None
    said: str
    officer: str
    made_at: datetime
    case_number: str
    named: Named
    seen_at: datetime | None = None
    taken_by: str = ""
    outcome: str = ""
    le90_m: float | None = None
    placed: PlacedBy = PlacedBy.COMPUTED


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledTo:
    """Where rescue is called to without a track; as in AerialTask. ``at_s`` is when it was seen,
    seconds into the flight."""

    latitude: float
    longitude: float
    ce90_m: float
    placed: PlacedBy
    height_m: float | None = None
    le90_m: float | None = None
    at_s: float | None = None
