"""A technician's notices: what stays wrong with a camera, until it is mended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid4

from morina.sense.cameras.condition import Fault, Finding

OPENS_AFTER = timedelta(minutes=5)
CLOSES_AFTER = timedelta(minutes=15)
"""How long a finding must last, and be gone, so that a passing one flaps nothing. Own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One fault of one camera over time; waiting, then open, then closed.

    ``values`` are those of the newest finding. Nobody is shown one that only waits.
    """

    notice_id: UUID
    camera_id: str
    fault: Fault
    values: Mapping[str, str]
    first_seen_at: datetime
    last_seen_at: datetime
    opened_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether a technician should see it."""
        return self.opened_at is not None and self.closed_at is None

    @property
    def finding(self) -> Finding:
        """What was found last."""
        return Finding(fault=self.fault, values=dict(self.values))


class NoSuchNoticeError(LookupError):
    """No open notice has that id; it was closed meanwhile, or never was."""


class Notices(Protocol):
    """Notices, durable. One fault of one camera has at most one that is not closed."""

    async def take(self, camera_id: str, found: Sequence[Finding], now: datetime) -> list[Notice]:
        """Bring the camera's notices to what was found now; those not closed."""

    async def unclosed(self) -> list[Notice]:
        """All that wait or are open."""

    async def of_camera(self, camera_id: str, limit: int = 50) -> list[Notice]:
        """Those ever opened, newest first."""

    async def acknowledge(self, notice_id: UUID, by: str, now: datetime) -> Notice:
        """Somebody takes it on; the first one stays. NoSuchNoticeError."""


def followed(
    unclosed: Iterable[Notice], camera_id: str, found: Iterable[Finding], now: datetime
) -> list[Notice]:
    """What becomes of a camera's notices; one that closed without ever being open is left out."""
    before = {notice.fault: notice for notice in unclosed}
    seen = {finding.fault: finding for finding in found}
    after = [_seen(before.get(fault), camera_id, one, now) for fault, one in seen.items()]
    gone = [notice for fault, notice in before.items() if fault not in seen]
    return after + [closed for notice in gone if (closed := _gone(notice, now)) is not None]


def _seen(notice: Notice | None, camera_id: str, finding: Finding, now: datetime) -> Notice:
    if notice is None:
        notice = Notice(
            notice_id=uuid4(), camera_id=camera_id, fault=finding.fault, values=finding.values,
            first_seen_at=now, last_seen_at=now,
        )  # fmt: skip
    opens = notice.opened_at is None and now - notice.first_seen_at >= OPENS_AFTER
    opened_at = now if opens else notice.opened_at
    return replace(notice, values=finding.values, last_seen_at=now, opened_at=opened_at)


def _gone(notice: Notice, now: datetime) -> Notice | None:
    if notice.opened_at is None:
        return None
    return replace(notice, closed_at=now) if now - notice.last_seen_at >= CLOSES_AFTER else notice
