"""Alerts in PostgreSQL.

The read and the listing are kept in the alert as they were, so that a later change of the hotlist
does not alter what was judged. Acts are only ever added. Whoever changes an alert holds its row;
whoever raises holds one advisory lock, so a hit is never raised twice. Every change is announced
on the channel ``morina_alerts``.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import Act, Deed, Trail, What
from morina.alerts import (
    MORINA,
    UNDECIDED,
    Alert,
    AlertRules,
    Fold,
    NoSuchAlertError,
    State,
    Step,
    fullest,
    pictured,
    taken,
    transcribed,
    vehicle_of,
)
from morina.alerts.adapters import sql
from morina.alerts.adapters.rows import to_alert, to_row
from morina.sense import Read
from morina.watch import Hit

CHANNEL = "morina_alerts"
"""NOTIFY channel; the payload is the alert's id."""

_RAISERS = 0x616C65727473


class PostgresAlerts:
    """The role AlertStore. ``pool`` is opened and closed by the caller."""

    def __init__(
        self,
        pool: AsyncConnectionPool,
        rules: AlertRules,
        trail: Trail[AsyncConnection],
    ) -> None:
        self._pool = pool
        self._trail = trail
        self._rules = rules

    async def raise_for(self, hits: Sequence[tuple[Read, Hit]], now: datetime) -> list[Alert]:
        """Alerts new or repeated by these hits, in one transaction; known pairs change nothing."""
        pairs = fullest(hits)
        if not pairs:
            return []
        async with self._pool.connection() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_RAISERS,))
            known = await connection.execute(sql.KNOWN, _columns(pairs))
            for pair in await known.fetchall():
                del pairs[pair]
            if not pairs:
                return []
            fold = Fold(await self._open_for(connection, pairs.values()), self._rules)
            of_pair = {pair: fold.put(read, hit, now) for pair, (read, hit) in pairs.items()}
            alerts = {alert.alert_id: alert for alert in of_pair.values()}
            ids = [(*pair, alert.alert_id) for pair, alert in of_pair.items()]
            async with connection.pipeline():  # one answer is waited for, not one a statement
                await _keep(connection, alerts.values())
                await connection.cursor().executemany(sql.HIT, ids)
                await self._enter(
                    connection, Act.COMBINATION, alerts.values(), "raised or repeated"
                )
            return list(alerts.values())

    async def take_pictures(self, reads: Sequence[Read], now: datetime) -> list[Alert]:
        """Give undecided alerts without a picture that of their own read; those it changed."""
        fuller = {read.read_id: read for read in reads if read.evidence is not None}
        if not fuller:
            return []
        async with self._pool.connection() as connection:
            states = [state.value for state in UNDECIDED]
            held = await connection.execute(sql.LOCK_UNPICTURED, (list(fuller), states))
            ids = [row[0] for row in await held.fetchall()]
            if not ids:
                return []
            changed = [
                pictured(alert, fuller[alert.read.read_id], now)
                for alert in await _many(connection, ids)
                if alert.read.read_id in fuller
            ]
            await _keep(connection, changed)
            return changed

    async def alert(self, alert_id: UUID) -> Alert:
        """One alert with its acts; NoSuchAlertError."""
        async with self._pool.connection() as connection:
            return await _one(connection, alert_id)

    async def alerts(
        self, states: Sequence[State] = (), late: bool | None = None, limit: int = 100
    ) -> list[Alert]:
        """Alerts, newest first; all states when none is named."""
        asked = {"states": [state.value for state in states], "late": late, "limit": limit}
        async with self._pool.connection() as connection:
            rows = await connection.execute(sql.NEWEST, asked)
            return [to_alert(row) for row in await rows.fetchall()]

    async def transcribe(self, alert_id: UUID, by: str, text: str, now: datetime) -> Alert:
        """Record what ``by`` sees on the patch; RefusedStepError unless acknowledged."""
        return await self._change(alert_id, lambda alert: transcribed(alert, by, text, now))

    async def take(
        self, alert_id: UUID, step: Step, by: str, now: datetime, reason: str = ""
    ) -> Alert:
        """Do a step of the lifecycle; RefusedStepError names the missing one."""
        return await self._change(alert_id, lambda alert: taken(alert, step, by, now, reason))

    async def expire_due(self, now: datetime) -> list[Alert]:
        """Expire raised alerts nobody acknowledged in time; returns them."""
        async with self._pool.connection() as connection:
            due = await connection.execute(sql.LOCK_DUE, (self._rules.expires_before(now),))
            ids = [row[0] for row in await due.fetchall()]
            expired = [
                taken(alert, Step.EXPIRE, MORINA, now) for alert in await _many(connection, ids)
            ]
            await _keep(connection, expired)
            if expired:
                await self._enter(connection, Act.ALTERATION, expired, "expired")
            return expired

    async def _change(self, alert_id: UUID, change: Callable[[Alert], Alert]) -> Alert:
        async with self._pool.connection() as connection:
            await connection.execute(sql.LOCK, (alert_id,))
            changed = change(await _one(connection, alert_id))
            last = changed.acts[-1]
            async with connection.pipeline():
                await _keep(connection, [changed])
                await self._enter(connection, Act.ALTERATION, [changed], last.kind, last.by)
            return changed

    async def _enter(
        self, connection: AsyncConnection, act: Act, alerts: Iterable[Alert], step: str,
        by: str = MORINA,
    ) -> None:  # fmt: skip
        what = What("alert", tuple(str(alert.alert_id) for alert in alerts), step)
        await self._trail.append(connection, Deed(act=act, what=what, who=by))

    async def _open_for(
        self, connection: AsyncConnection, hits: Iterable[tuple[Read, Hit]]
    ) -> list[Alert]:
        """The open alerts these hits may belong to, held until the transaction ends."""
        vehicles = {vehicle_of(read, hit.listed) for read, hit in hits}
        captured = [read.captured_at for read, _ in hits]
        within = timedelta(seconds=self._rules.fold_within_s)
        held = await connection.execute(
            sql.LOCK_OPEN,
            (
                [vehicle.listing_id for vehicle in vehicles],
                [vehicle.camera_id for vehicle in vehicles],
                [vehicle.text for vehicle in vehicles],
                min(captured) - within,
                max(captured) + within,
            ),
        )
        return await _many(connection, [row[0] for row in await held.fetchall()])


def _columns(pairs: Iterable[tuple[UUID, UUID]]) -> tuple[list[UUID], list[UUID]]:
    return [read_id for read_id, _ in pairs], [listing_id for _, listing_id in pairs]


async def _many(connection: AsyncConnection, ids: Sequence[UUID]) -> list[Alert]:
    if not ids:
        return []
    rows = await connection.execute(sql.BY_ID, (list(ids),))
    return [to_alert(row) for row in await rows.fetchall()]


async def _one(connection: AsyncConnection, alert_id: UUID) -> Alert:
    for alert in await _many(connection, [alert_id]):
        return alert
    raise NoSuchAlertError(f"no alert has the id {alert_id}")


async def _keep(connection: AsyncConnection, alerts: Iterable[Alert]) -> None:
    cursor = connection.cursor()
    await cursor.executemany(sql.PUT, [to_row(alert) for alert in alerts])
    acts = [
        (alert.alert_id, number, act.at, act.by, act.kind, act.text)
        for alert in alerts
        for number, act in enumerate(alert.acts)
    ]
    await cursor.executemany(sql.ACT, acts)
    await cursor.executemany(sql.NOTIFY, [(str(alert.alert_id),) for alert in alerts])
