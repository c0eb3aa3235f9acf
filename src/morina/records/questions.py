"""What is asked of the records, and what an answer says besides its findings."""

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from morina.records.figures import Period
from morina.records.place import Place

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Times of day on days of the week, by the clocks of ``zone``; ``weekdays`` 0 is Monday.

    From ``begins`` up to, not including, ``ends``; over midnight where ``ends`` is not later.
    """

    zone: ZoneInfo
    begins: time = time(0)
    ends: time = time(0)
    weekdays: frozenset[int] = frozenset(range(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What is known of the vehicle itself, as its camera said it; empty is not asked for."""

    make: str = ""
    model: str = ""
    colour: str = ""
    vehicle_class: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where and when is looked. ``cameras`` None means all; ``country`` "" means any, and
    ``NO_COUNTRY`` those undecided. A ``place`` becomes ``cameras`` before anything is looked at."""

    period: Period
    cameras: frozenset[str] | None = None
    hours: Hours | None = None
    looks: Looks = Looks()
    country: str = ""
    place: Place | None = None


NO_COUNTRY = "none"


class Stop(StrEnum):
    """Why an answer ended before all was covered."""

    TIME = "time"
    ROWS = "rows"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Where a question stops: seconds of looking and findings shown."""

    seconds: float = 30.0
    rows: int = 1000


@dataclass(frozen=True, slots=True)
class Down:
    """A camera of the scope from which nothing came for a while that usually sends."""

    camera_id: str
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Less:
    """Cameras of the scope of which less is kept than of others: nothing from before ``since``,
    and where ``hits_only`` is true, of what passed only what was listed."""

    cameras: tuple[str, ...]
    since: datetime
    hits_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What an answer looked at.

    ``covered`` is the part of ``asked`` that was looked at to its end, newest first; None where
    nothing was. ``remembered_since`` is the day from which reads of a camera of the scope are
    still kept: what is older is forgotten, and absence before it means nothing. ``less`` names
    those cameras of which less is kept.
    """

    asked: Period
    covered: Period | None
    remembered_since: datetime | None = None
    stopped: Stop | None = None
    down: tuple[Down, ...] = ()
    less: tuple[Less, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Generic[T]):
    """Findings and what they cover. ``more`` continues where the limit of rows ended it."""

    found: tuple[T, ...]
    coverage: Coverage
    more: str = ""
    notes: tuple[str, ...] = field(default=())
