"""Which hits are put to an operator as a new alert and which belong to one they already have."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from morina.alerts.alert import Act, Alert, State
from morina.alerts.lifecycle import MORINA
from morina.sense import Read
from morina.watch import Hit, Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRules:
    """Settings, all in seconds.

    ``fold_within_s``: a repeat that soon after the last one joins its alert. ``live_within_s``: a
    capture older than that on arrival is late. ``expire_after_s``: how long a raised alert waits
    to be acknowledged.
    """

    fold_within_s: float = 300
    live_within_s: float = 300
    expire_after_s: float = 1800

    def is_late(self, read: Read, now: datetime) -> bool:
        """Whether the read is too old at ``now`` to be acted on as live, or was sent again.

        It is as old as the older of its capture and its reception, put right by the clock offset
        of its site: a camera whose clock runs ahead does not make days without a link look live.
        """
        made_at = min(read.captured_at, read.received_at)
        put_right = timedelta(seconds=read.clock_offset_s or 0.0)
        age = now - (made_at + put_right)
        return read.retransmitted or age > timedelta(seconds=self.live_within_s)

    def expires_before(self, now: datetime) -> datetime:
        """Alerts raised up to this time and not acknowledged are expired at ``now``."""
        return now - timedelta(seconds=self.expire_after_s)


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What repeats have in common: one text read at one camera, like one listing."""

    listing_id: UUID
    camera_id: str
    text: str


def vehicle_of(read: Read, listed: Listed) -> Vehicle:
    """What is read and listed here, to be found again in a repeat."""
    text = read.plate.text if read.plate else ""
    return Vehicle(listed.listing.listing_id, read.camera_id, text)


class Fold:
    """Puts hits to operators, joining repeats to ``open_alerts`` and to one another.

    A late hit joins only a late alert and a live hit only a live one: a late repeat must not make
    a live alert look fresh, nor hide in it.
    """

    def __init__(self, open_alerts: Iterable[Alert], rules: AlertRules) -> None:
        self._rules = rules
        self._open: dict[Vehicle, list[Alert]] = defaultdict(list)
        for alert in open_alerts:
            self._open[vehicle_of(alert.read, alert.listed)].append(alert)

    def put(self, read: Read, hit: Hit, now: datetime) -> Alert:
        """The alert, new or repeated, that ``hit`` of ``read`` belongs to."""
        late = self._rules.is_late(read, now)
        open_alerts = self._open[vehicle_of(read, hit.listed)]
        for place, alert in enumerate(open_alerts):
            if alert.late is late and self._soon_enough(read, alert):
                seen = max(alert.last_seen_at, read.captured_at)
                joined = replace(alert, repeats=alert.repeats + 1, last_seen_at=seen)
                open_alerts[place] = joined
                return joined
        raised = _raised(read, hit, late, now)
        open_alerts.append(raised)
        return raised

    def _soon_enough(self, read: Read, alert: Alert) -> bool:
        apart = abs(read.captured_at - alert.last_seen_at)
        return apart <= timedelta(seconds=self._rules.fold_within_s)


def _raised(read: Read, hit: Hit, late: bool, now: datetime) -> Alert:
    return Alert(
        alert_id=uuid4(),
        state=State.RAISED,
        read=read,
        listed=hit.listed,
        likeness=hit.likeness,
        differences=hit.differences,
        raised_at=now,
        last_seen_at=read.captured_at,
        late=late,
        acts=(Act(now, MORINA, "raise"),),
    )
