"""Invented listings, reads and alerts for tests."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from morina.plates import Plate
from morina.sense import Evidence, Read
from morina.sense.site import SiteState
from morina.watch import (
    Action,
    Hit,
    Hotlist,
    Hotlists,
    Listed,
    ReasonCode,
    SubjectCategory,
    VehicleOfInterest,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVIDENCE = Evidence("a" * 64, "b" * 64, (1, 2, 30, 12), ((1, 2), (30, 2), (30, 12), (1, 12)))


def hotlist(name: str = "Stolen vehicles") -> Hotlist:
    """An empty hotlist."""
    return Hotlist(
        hotlist_id=uuid4(),
        name=name,
        owner="Invented Border Police",
        purpose="find stolen vehicles",
        legal_basis="Invented Act, section 1",
        review_at=date(2026, 12, 31),
    )


def listing(
    text: str = "AB12CDE", country: str | None = "GB", **fields: object
) -> VehicleOfInterest:
    """A listing in force at NOW."""
    usual: dict[str, object] = {
        "listing_id": uuid4(),
        "plate": Plate(text, country),
        "reason_code": ReasonCode.STOLEN,
        "subject_category": SubjectCategory.SUSPECT,
        "action": Action.STOP,
        "owner_unit": "Crossing unit",
        "contact_24h": "+355 4 000 0000",
        "legal_basis": "Invented Act, section 1",
        "created_by": "an.officer",
        "valid_from": NOW - timedelta(days=1),
        "valid_to": NOW + timedelta(days=30),
        "review_at": date(2026, 3, 15),
    }
    return VehicleOfInterest(**(usual | fields))  # type: ignore[arg-type]  # the names are checked


def read(text: str | None = "AB12CDE", country: str | None = "GB", **fields: object) -> Read:
    """A read with its evidence, captured at NOW."""
    usual: dict[str, object] = {
        "read_id": uuid4(),
        "camera_id": "bridge-north",
        "captured_at": NOW,
        "received_at": NOW,
        "plate": Plate(text, country) if text else None,
        "confidence": 0.9,
        "evidence": EVIDENCE,
    }
    return Read(**(usual | fields))  # type: ignore[arg-type]  # the names are checked


def hit(of: Read, listed: Listed | None = None) -> tuple[Read, Hit]:
    """A read with the closest hit on ``listed``, or on a listing of its own plate."""
    if listed is None:
        assert of.plate is not None
        listed = Listed(hotlist(), listing(of.plate.text, of.plate.country))
    return of, Hotlists([listed], most_swaps=12).match(of)[0]


def site_state(site: str = "kukes", **fields: object) -> SiteState:
    """How a connected site is that has sent everything it had, at NOW."""
    usual: dict[str, object] = {
        "site": site,
        "at": NOW,
        "linked": True,
        "reads_waiting": 0,
        "reads_waiting_bytes": 0,
        "oldest_waiting_at": None,
        "pictures_waiting": 0,
        "pictures_bytes": 0,
        "reads_sent": 0,
        "pictures_sent": 0,
        "reads_dropped": 0,
        "pictures_dropped": 0,
        "disk_bytes": 1_000_000_000,
    }
    return SiteState(**(usual | fields))  # type: ignore[arg-type]  # the names are checked


def listed_at(at: datetime) -> Listed:
    """A listing of AB12CDE in force at ``at``, on a list of its own."""
    day = timedelta(days=1)
    fields = {"valid_from": at - day, "valid_to": at + day, "review_at": (at + day).date()}
    return Listed(hotlist(), listing("AB12CDE", "GB", **fields))
