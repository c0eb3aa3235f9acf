"""Alerts whose every change is put before all who watch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from morina.alerts import Alert, AlertStore, State, Step
from morina.desk.live import AlertChanged, Live
from morina.sense import Read
from morina.watch import Hit


@dataclass(frozen=True, slots=True)
class ShownAlerts:
    """An AlertStore that shows what it changes; see there for every method."""

    store: AlertStore
    live: Live

    async def raise_for(self, hits: Sequence[tuple[Read, Hit]], now: datetime) -> list[Alert]:
        """A first, live alert is shown as new; a repeat as a change."""
        alerts = await self.store.raise_for(hits, now)
        for alert in alerts:
            self.live.show(AlertChanged(alert, new=alert.repeats == 0 and not alert.late))
        return alerts

    async def take_pictures(self, reads: Sequence[Read], now: datetime) -> list[Alert]:
        """As the store, and shown."""
        return [self._shown(alert) for alert in await self.store.take_pictures(reads, now)]

    async def alert(self, alert_id: UUID) -> Alert:
        """As the store."""
        return await self.store.alert(alert_id)

    async def alerts(
        self, states: Sequence[State] = (), late: bool | None = None, limit: int = 100
    ) -> list[Alert]:
        """As the store."""
        return await self.store.alerts(states, late, limit)

    async def transcribe(self, alert_id: UUID, by: str, text: str, now: datetime) -> Alert:
        """As the store, and shown."""
        return self._shown(await self.store.transcribe(alert_id, by, text, now))

    async def take(
        self, alert_id: UUID, step: Step, by: str, now: datetime, reason: str = ""
    ) -> Alert:
        """As the store, and shown."""
        return self._shown(await self.store.take(alert_id, step, by, now, reason))

    async def expire_due(self, now: datetime) -> list[Alert]:
        """As the store, and shown."""
        return [self._shown(alert) for alert in await self.store.expire_due(now)]

    def _shown(self, alert: Alert) -> Alert:
        self.live.show(AlertChanged(alert, new=False))
        return alert
