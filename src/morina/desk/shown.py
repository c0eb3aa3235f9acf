"""Alerts whose every change is put before all who watch, with the label of a suspected clone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from morina.alerts import Alert, AlertStore, State, Step
from morina.desk.live import AlertChanged, Live
from morina.sense import Read
from morina.watch import ClonedPlates, Hit, label_of


@dataclass(frozen=True, slots=True)
class ShownAlerts:
    """An AlertStore that shows what it changes; see there for every method."""

    store: AlertStore
    live: Live
    clones: ClonedPlates

    async def raise_for(self, hits: Sequence[tuple[Read, Hit]], now: datetime) -> list[Alert]:
        """A first, live alert is shown as new; a repeat as a change."""
        alerts = await self.labelled(await self.store.raise_for(hits, now))
        for alert in alerts:
            self.live.show(AlertChanged(alert, new=alert.repeats == 0 and not alert.late))
        return alerts

    async def take_pictures(self, reads: Sequence[Read], now: datetime) -> list[Alert]:
        """As the store, and shown."""
        return await self._all_shown(await self.store.take_pictures(reads, now))

    async def alert(self, alert_id: UUID) -> Alert:
        """As the store."""
        [alert] = await self.labelled([await self.store.alert(alert_id)])
        return alert

    async def alerts(
        self, states: Sequence[State] = (), late: bool | None = None, limit: int = 100
    ) -> list[Alert]:
        """As the store."""
        return await self.labelled(await self.store.alerts(states, late, limit))

    async def transcribe(self, alert_id: UUID, by: str, text: str, now: datetime) -> Alert:
        """As the store, and shown."""
        return await self._shown(await self.store.transcribe(alert_id, by, text, now))

    async def take(
        self, alert_id: UUID, step: Step, by: str, now: datetime, reason: str = ""
    ) -> Alert:
        """As the store, and shown."""
        return await self._shown(await self.store.take(alert_id, step, by, now, reason))

    async def expire_due(self, now: datetime) -> list[Alert]:
        """As the store, and shown."""
        return await self._all_shown(await self.store.expire_due(now))

    async def labelled(self, alerts: Sequence[Alert]) -> list[Alert]:
        """The alerts, each with the label that stands for its plate."""
        plates = [plate for alert in alerts for plate in alert.plates]
        labels = await self.clones.concerning(plates) if plates else []
        return [replace(alert, clone=label_of(alert.plates, labels)) for alert in alerts]

    async def _shown(self, alert: Alert) -> Alert:
        [shown] = await self._all_shown([alert])
        return shown

    async def _all_shown(self, alerts: Sequence[Alert]) -> list[Alert]:
        labelled = await self.labelled(alerts)
        for alert in labelled:
            self.live.show(AlertChanged(alert, new=False))
        return labelled
