"""Tells of each confirmed alert as Cursor on Target, once it is confirmed and while it is fresh."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple, Protocol
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import Act, Deed, Trail, What
from morina.alerts import AlertStore, NoSuchAlertError
from morina.exchange.adapters.cot_client import NotToldError
from morina.exchange.adapters.trail_following import Happened, begun, next_of, taken_up
from morina.exchange.formats import NotConfirmedError, Passage, confirmed, cot
from morina.sense.cameras import CameraRegistry, NoSuchCameraError

log = logging.getLogger(__name__)
NAME = "cot"


class Sends(Protocol):
    """Where events go."""

    async def send(self, event: bytes) -> None:
        """NotToldError where nobody took it."""


class To(NamedTuple):
    """Where alerts are told: the way there, the trail it enters, who it is, how long one is shown,
    and whether alerts on partners' entries are told there too."""

    sends: Sends
    trail: Trail[AsyncConnection]
    whom: str
    stale: timedelta
    partners: bool = False


class TrailTelling(ABC):
    """Tells of what is new in the trail, which it follows under a name of its own."""

    name: ClassVar[str]

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def begin(self) -> None:
        """From now on; what was entered before is not told."""
        async with self._pool.connection() as connection:
            await begun(connection, self.name)

    async def tell(self, now: datetime) -> int:
        """Tell all that is due; how many events went. What nobody took is due the next time."""
        told = 0
        try:
            while (went := await self._next(now)) is not None:
                told += went
        except NotToldError as error:
            log.warning("%s", error)
        return told

    @abstractmethod
    async def _next(self, now: datetime) -> int | None:
        """Tell of the next one in one transaction; None where nothing is new. NotToldError."""


class CotTelling(TrailTelling):
    """Follows the trail; what it told is entered as a disclosure in the transaction that marks it.

    Told at least once: where the node ends between the two, a second event of the same uid
    replaces the first at whoever shows it.
    """

    name = NAME

    def __init__(
        self, pool: AsyncConnectionPool, alerts: AlertStore, cameras: CameraRegistry, to: To
    ) -> None:
        super().__init__(pool)
        self._alerts, self._cameras, self._to = alerts, cameras, to

    async def _next(self, now: datetime) -> int | None:
        """Tell of the next confirmation in one transaction; None where nothing is new.

        The trail is written last, for others who write it wait until the transaction ends.
        """
        async with self._pool.connection() as connection:
            new = await next_of(connection, NAME)
            if not new:
                return None
            one = next((one for one in new if _confirms(one)), new[-1])
            passages = [await self._passage(i) for i in one.ids] if _confirms(one) else []
            fresh = [p for p in passages if p and not cot.is_stale(p, self._to.stale, now)]
            for passage in fresh:
                await self._to.sends.send(cot.event(passage, self._to.stale))
            await taken_up(connection, NAME, one.number)
            await self._enter(connection, fresh, now)
        return len(fresh)

    async def _enter(
        self, connection: AsyncConnection, told: Sequence[Passage], now: datetime
    ) -> None:
        if told:
            what = What("alert", tuple(str(p.alert_id) for p in told), "told as cursor on target")
            deed = Deed(act=Act.DISCLOSURE, what=what, at=now, with_whom=self._to.whom)
            await self._to.trail.append(connection, deed)

    async def _passage(self, alert_id: str) -> Passage | None:
        """None where the confirmation no longer stands, alert or camera are gone, or the entry is a
        partner's and those are not told there."""
        try:
            alert = await self._alerts.alert(UUID(alert_id))
            made = confirmed(alert, await self._cameras.camera(alert.read.camera_id))
        except (NoSuchAlertError, NoSuchCameraError, NotConfirmedError):
            return None
        return made if self._to.partners or not made.owner else None


def _confirms(one: Happened) -> bool:
    return (one.kind, one.step) == ("alert", "confirm")
