"""One read of another system's history, as it is sent to a node, and as the node keeps it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec

from morina.plates import NotAPlateError, Plate
from morina.sense import OutOfRangeError, Read, Said, Vehicle
from morina.sense.ids import timed_id
from morina.sense.said import LONGEST

AHEAD = timedelta(minutes=5)
"""How far another system's clock may have run ahead of the node's."""

LONGEST_SOURCE_ID = 200
KeptDays = Callable[[str], int]
"""How many days the reads of a camera (its id) are kept."""

_NAMESPACE = UUID("0b5c6a0e-52de-5a6b-9a55-3c70d6b3e1c4")

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class RefusedRowError(ValueError):
    """A row that cannot be kept: the field, what is wrong with it, and what to do."""

    def __init__(self, field: str, fault: str, mend: str) -> None:
        super().__init__(f"{field}: {fault}; {mend}")
        self.field, self.fault, self.mend = field, fault, mend


class PastRead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``source_id`` is the other system's id of the event, or made of the row where it has none.

    ``plate`` None is an unread passage; ``text`` is what the system wrote all the same, where it
    is more than a word for none. ``said_country`` and ``said_confidence`` are the system's own,
    ``country`` with its probability and ``confidence`` what stands.
    """

    source_id: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_SOURCE_ID)]
    camera_id: str
    captured_at: datetime
    received_at: datetime | None = None
    plate: str | None = None
    country: str | None = None
    country_probability: Share = 0.0
    confidence: Share = 0.0
    text: Word | None = None
    said_country: Annotated[str, msgspec.Meta(min_length=2, max_length=2)] | None = None
    said_confidence: Share | None = None
    make: Word | None = None
    model: Word | None = None
    colour: Word | None = None
    vehicle_class: Word | None = None
    lane: Word | None = None
    direction: Word | None = None
    speed_kmh: Annotated[float, msgspec.Meta(ge=0, le=500)] | None = None


def read_of(past: PastRead, source: str) -> Read:
    """The read of it, the same whenever it is made; RefusedRowError.

    It was received when the other system had it, or else when it was captured; it is marked as
    sent again and was never live.
    """
    said = Said(
        by=source,
        text=past.text or past.plate,
        country=past.said_country,
        confidence=past.said_confidence,
    )
    try:
        captured_at = past.captured_at.astimezone(UTC)
        return Read(
            read_id=timed_id(captured_at, _NAMESPACE, f"{source}|{past.source_id}"),
            camera_id=past.camera_id,
            captured_at=captured_at,
            received_at=(past.received_at or captured_at).astimezone(UTC),
            plate=None if past.plate is None else Plate(past.plate, past.country),
            confidence=past.confidence,
            country_probability=past.country_probability,
            retransmitted=True,
            said=said,
            vehicle=_vehicle(past),
        )
    except NotAPlateError as error:
        raise RefusedRowError("plate", str(error), "mend the plate of this row") from None
    except (OutOfRangeError, OverflowError) as error:
        fault, _, mend = str(error).partition("; ")
        raise RefusedRowError("captured_at", fault, mend or "mend the time") from None


def refuse_untimely(read: Read, now: datetime, kept_days: int) -> None:
    """RefusedRowError for what has not been yet, and for what would be forgotten at once."""
    at = read.captured_at
    if at > now + AHEAD:
        raise RefusedRowError(
            "captured_at", f"{at:%Y-%m-%d %H:%M} UTC has not been yet",
            "mend [time] of the mapping, its zone above all",
        )  # fmt: skip
    if at < now - timedelta(days=kept_days):
        raise RefusedRowError(
            "captured_at",
            f"{at:%Y-%m-%d} is longer ago than the {kept_days} days reads of {read.camera_id} "
            "are kept",
            "leave the row out: what is forgotten on time is not brought back",
        )


def _vehicle(past: PastRead) -> Vehicle | None:
    return Vehicle.of(
        make=past.make, model=past.model, colour=past.colour, vehicle_class=past.vehicle_class,
        lane=past.lane, direction=past.direction, speed_kmh=past.speed_kmh,
    )  # fmt: skip
