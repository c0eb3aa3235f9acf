"""Whom we look for: hotlists and the vehicles of interest on them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from morina.plates import Plate
from morina.sense import zoned


class Action(StrEnum):
    """What the owner asks of whoever meets the vehicle."""

    STOP = "stop"
    OBSERVE = "observe"
    INFORM_OWNER = "inform_owner"


class SubjectCategory(StrEnum):
    """Who the listing is about; Directive (EU) 2016/680 article 6 wants these told apart."""

    SUSPECT = "suspect"
    CONVICTED = "convicted"
    VICTIM = "victim"
    MISSING = "missing"
    OTHER = "other"


class ReasonCode(StrEnum):
    """Why a vehicle is listed."""

    STOLEN = "stolen"
    SMUGGLING = "smuggling"
    TRAFFICKING = "trafficking"
    WANTED_PERSON = "wanted_person"
    MISSING_PERSON = "missing_person"
    CLONED_PLATE = "cloned_plate"
    UNINSURED = "uninsured"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotlist:
    """A named, owned, versioned list with a legal basis.

    ``version`` starts at 1 and grows by one with each change of its entries. ``owner_node`` is the
    node of the partner it came from, empty for an own list; nobody here changes a partner's.
    """

    hotlist_id: UUID
    name: str
    owner: str
    purpose: str
    legal_basis: str
    review_at: date
    version: int = 1
    owner_node: str = ""

    @property
    def lacks(self) -> tuple[str, ...]:
        """What it must say and does not; nothing is matched against it before. How long its alerts
        are kept is said for every list by the settings (``retention.lists``, else ``alert_days``).
        """
        needed = ("owner", "purpose", "legal_basis")
        return tuple(name for name in needed if not getattr(self, name).strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleOfInterest:
    """One listing. In force from ``valid_from`` up to, not including, ``valid_to``.

    ``priority`` runs from 0 to 100, most urgent highest. Every field is that of the exchange file
    (docs/hotlists.md). ``make``, ``model``, ``colour`` are what the vehicle should look like.
    """

    listing_id: UUID
    plate: Plate
    reason_code: ReasonCode
    subject_category: SubjectCategory
    action: Action
    owner_unit: str
    contact_24h: str
    legal_basis: str
    created_by: str
    valid_from: datetime
    valid_to: datetime
    review_at: date
    priority: int = 50
    make: str = ""
    model: str = ""
    colour: str = ""
    warning_markers: tuple[str, ...] = ()
    instruction: str = ""
    source_reference: str = ""
    approved_by: str = ""
    geo_scope: str = ""
    share_scope: str = ""
    source_checked_at: datetime | None = None

    def __post_init__(self) -> None:
        zoned(self.valid_from, "valid_from")
        zoned(self.valid_to, "valid_to")
        if self.valid_to <= self.valid_from:
            raise ValueError("valid_to is not after valid_from")
        if not 0 <= self.priority <= 100:
            raise ValueError(f"priority {self.priority} is not between 0 and 100")

    def in_force_at(self, at: datetime) -> bool:
        """Whether the listing counts for a vehicle captured at ``at``."""
        return self.valid_from <= at < self.valid_to


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing on its hotlist, at the version that put it there."""

    hotlist: Hotlist
    listing: VehicleOfInterest


class Likeness(IntEnum):
    """How well a read agrees with a listing, weakest first."""

    LOOK_ALIKE = 1
    OTHER_COUNTRY = 2
    COUNTRY_UNKNOWN = 3
    EXACT = 4


class Differs(StrEnum):
    """What kind of point a read and a listing differ on."""

    CHARACTER = "character"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Difference:
    """One point to check by eye. ``place`` is 1-based; 0 for the country."""

    differs: Differs
    place: int
    read: str
    listed: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One read that may be one vehicle of interest: a question, never a finding."""

    read_id: UUID
    listed: Listed
    likeness: Likeness
    differences: tuple[Difference, ...] = field(default=())
