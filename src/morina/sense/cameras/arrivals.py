"""From what a camera reports to one read a passage, however often and in however many parts.

A report of an interim state (``new``, ``update``, a preview) waits a bounded time for the final
one; a final one goes on at once. What comes later for the same passage, a picture or a corrected
text, is handed on again under the same id and replaces what was kept.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid5

from morina.sense.cameras.reports import Box, Report
from morina.sense.cameras.sent_pictures import keep_first
from morina.sense.capture import Capture, OutOfRangeError, sensed
from morina.sense.passing import Forgets, forgets_none
from morina.sense.pictures import Pictures
from morina.sense.read import Read
from morina.sense.recogniser.words import word_alone
from morina.sense.said import Said
from morina.sense.vehicle import Vehicle

AHEAD = timedelta(minutes=5)
"""A time further ahead of the node's than this cannot be; the arrival's counts instead."""

SAME_TRACK = timedelta(minutes=10)
"""Cameras number their tracks anew after a restart; later than this it is another passage."""

FORGET_AFTER = timedelta(hours=1)
UNTIMED = 30
"""Seconds within which the same text without time and id is taken for one passage."""

_INTERIM = frozenset({"new", "update"})
_NAMESPACE = UUID("8f2b7b0e-5b60-5a5e-9d0c-0d7c9f1f6b12")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What has come of one passage: ``key`` names it among its camera's.

    ``due_at`` is when it is handed on without waiting longer, None once it was.
    """

    key: str
    capture: Capture
    final: bool
    due_at: datetime | None
    touched_at: datetime


class Pending(Protocol):
    """Arrivals of the last hour, durable."""

    async def find(self, camera_id: str, key: str, since: datetime) -> Arrival | None:
        """The arrival under that key touched since then."""

    async def put(self, arrival: Arrival) -> None:
        """Keep it in place of what was kept under its key."""

    async def due(self, now: datetime) -> list[Arrival]:
        """Those that wait no longer, oldest first."""

    async def forget(self, before: datetime) -> None:
        """Those handed on and not touched since."""


class Onward(Protocol):
    """Where passages go on to."""

    async def publish_reads(self, reads: Sequence[Read]) -> None:
        """Reads, to be kept."""

    async def hand_over(self, capture: Capture) -> None:
        """A capture, to be read."""


@dataclass(slots=True)
class Arrivals:
    """Takes reports. ``reads_pictures``: whether workers read the pictures that come with them.

    Those of cameras that ``forgets`` says only hits are kept of go to ``at_once``, which keeps
    nothing on disk.
    """

    stream: Onward
    pictures: Pictures
    pending: Pending
    reads_pictures: bool = True
    wait_s: float = 5.0
    most_pixels: int = 40_000_000
    forgets: Forgets = forgets_none
    at_once: "Arrivals | None" = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def take(self, report: Report, camera_id: str, maker: str, received_at: datetime) -> bool:
        """Take a report; False for a repeat that says nothing new. Durable on return."""
        if self.at_once is not None and self.forgets(camera_id):
            return await self.at_once.take(report, camera_id, maker, received_at)
        capture = await self._capture(report, camera_id, maker, received_at)
        key, window = key_of(report, received_at)
        final = not (report.provisional or report.event in _INTERIM)
        async with self._turn:
            before = await self.pending.find(camera_id, key, received_at - window)
            arrival = Arrival(
                key=key,
                capture=capture,
                final=final,
                due_at=received_at + timedelta(seconds=0 if final else self.wait_s),
                touched_at=received_at,
            )
            if before is not None:
                arrival = together(before, arrival)
                if says_nothing_new(before, arrival):
                    return False
            await self._go_on(arrival, received_at)
        return True

    async def hand_on_due(self, now: datetime) -> int:
        """Hand on what has waited long enough; how many."""
        async with self._turn:
            waiting = await self.pending.due(now)
            for arrival in waiting:
                await self._go_on(arrival, now)
        await self.pending.forget(now - FORGET_AFTER)
        forgetting = await self.at_once.hand_on_due(now) if self.at_once else 0
        return len(waiting) + forgetting

    async def _go_on(self, arrival: Arrival, now: datetime) -> None:
        """Handed on before it is noted as such: cut off between, it is handed on again."""
        if arrival.due_at is None or arrival.due_at <= now:
            await self._hand_on(arrival.capture)
            arrival = replace(arrival, due_at=None)
        await self.pending.put(arrival)

    async def _hand_on(self, capture: Capture) -> None:
        if self.reads_pictures and (capture.image or capture.patch):
            await self.stream.hand_over(capture)
        else:
            await self.stream.publish_reads([word_alone(capture)])

    async def _capture(
        self, report: Report, camera_id: str, maker: str, received_at: datetime
    ) -> Capture:
        images = report.images
        overview, kind = await keep_first(
            images, ("overview", "vehicle"), self.pictures, self.most_pixels
        )
        patch, _ = await keep_first(images, ("patch",), self.pictures, self.most_pixels)
        key, _ = key_of(report, received_at)
        captured_at = _possible(report.captured_at, received_at, camera_id)
        started = (report.captured_at or received_at).isoformat() if report.track_key else ""
        return Capture(
            capture_id=uuid5(_NAMESPACE, f"{camera_id}|{key}|{started}"),
            camera_id=camera_id,
            captured_at=captured_at,
            received_at=received_at,
            image=overview,
            retransmitted=report.retransmitted,
            said=_word(report, maker),
            patch=patch,
            box=_corners(report.plate_box) if kind == "overview" else None,
            vehicle=_vehicle(report),
        )


def _word(report: Report, maker: str) -> Said:
    word = Said.of(maker, report.text, report.country, report.confidence)
    return replace(word, candidates=report.candidates)


def _vehicle(report: Report) -> Vehicle | None:
    angle = "" if report.direction_deg is None else f"{report.direction_deg:g} degrees"
    return Vehicle.of(
        make=report.make,
        model=report.model,
        colour=report.colour,
        vehicle_class=report.vehicle_class,
        lane=report.lane,
        direction=report.direction or angle,
        speed_kmh=report.speed_kmh,
    )


def key_of(report: Report, received_at: datetime) -> tuple[str, timedelta]:
    """What names the passage among its camera's, and for how long after it may go on."""
    if report.track_key:
        return f"track|{report.track_key}", SAME_TRACK
    if report.source_id:
        return f"id|{report.source_id}", FORGET_AFTER
    text = report.text or ""
    if report.captured_at is None:
        part = int(received_at.timestamp()) // UNTIMED
        return f"untimed|{part}|{report.lane or ''}|{text}", FORGET_AFTER
    return f"at|{report.captured_at.isoformat()}|{report.lane or ''}|{text}", FORGET_AFTER


def together(before: Arrival, after: Arrival) -> Arrival:
    """The passage by all that has come: its first times and id, its last word, all pictures."""
    old, new = before.capture, after.capture
    unread = new.said is None or new.said.text is None
    keeps_word = (before.final and not after.final) or (unread and old.said is not None)
    capture = replace(
        old,
        said=old.said if keeps_word else new.said,
        image=new.image or old.image,
        patch=new.patch or old.patch,
        box=new.box if new.image else old.box,
        vehicle=new.vehicle or old.vehicle,
    )
    final = before.final or after.final
    waits = before.due_at is not None and not final
    return replace(
        after, capture=capture, final=final, due_at=before.due_at if waits else after.due_at
    )


def says_nothing_new(before: Arrival, arrival: Arrival) -> bool:
    """Whether what came adds neither word nor first picture, and nothing waits to be handed on."""
    old, new = before.capture, arrival.capture
    same = (old.said, old.vehicle) == (new.said, new.vehicle)
    same = same and bool(old.image) == bool(new.image)
    waits_on = before.due_at is not None and arrival.final
    return same and bool(old.patch) == bool(new.patch) and not waits_on


def clock_offset_s(report: Report, received_at: datetime) -> float | None:
    """What the camera's clock was behind the node's, the way of the report included."""
    if report.captured_at is None or report.retransmitted:
        return None
    return (received_at - report.captured_at).total_seconds()


def _possible(captured_at: datetime | None, received_at: datetime, camera_id: str) -> datetime:
    """The camera's time, or that of the arrival where there is none or it cannot be."""
    if captured_at is None or captured_at > received_at + AHEAD:
        return received_at
    try:
        sensed(captured_at, camera_id)
    except OutOfRangeError:
        return received_at
    return captured_at


def _corners(box: Box | None) -> Box | None:
    if box is None:
        return None
    left, top, width, height = box
    return left, top, left + width, top + height
