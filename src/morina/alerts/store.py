"""Where alerts are kept, as a role."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from morina.alerts.alert import Alert, State, Step
from morina.sense import Read
from morina.watch import Hit


class NoSuchAlertError(LookupError):
    """No alert has that id."""


class RefusedStepError(Exception):
    """The step is not allowed now; the message says why and what to do first."""


class AlertStore(Protocol):
    """Alerts, durable. Raising is idempotent by (read, listing)."""

    async def raise_for(self, hits: Sequence[tuple[Read, Hit]], now: datetime) -> list[Alert]:
        """Alerts new or repeated by these hits, in one transaction; known pairs change nothing."""

    async def take_pictures(self, reads: Sequence[Read], now: datetime) -> list[Alert]:
        """Give undecided alerts without a picture that of their own read; those it changed.

        Once an alert has a picture or is decided, nothing changes it here any more.
        """

    async def alert(self, alert_id: UUID) -> Alert:
        """One alert with its acts; NoSuchAlertError."""

    async def alerts(
        self, states: Sequence[State] = (), late: bool | None = None, limit: int = 100
    ) -> list[Alert]:
        """Alerts, newest first; all states when none is named."""

    async def transcribe(self, alert_id: UUID, by: str, text: str, now: datetime) -> Alert:
        """Record what ``by`` sees on the patch; RefusedStepError unless acknowledged."""

    async def take(
        self, alert_id: UUID, step: Step, by: str, now: datetime, reason: str = ""
    ) -> Alert:
        """Do a step of the lifecycle; RefusedStepError names the missing one."""

    async def expire_due(self, now: datetime) -> list[Alert]:
        """Expire raised alerts nobody acknowledged in time; returns them."""
