"""The fleet in PostgreSQL. The role Fleet."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection, sql
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import Act, Deed, Trail, What
from morina.sense.aerial.adapters.fleet_rows import (
    TABLES,
    Row,
    airspace_of,
    as_json,
    clearance_of,
    kind_of,
    limits_of,
    row_of,
)
from morina.sense.aerial.adapters.sortie_steps import KIND, locked, step_on
from morina.sense.aerial.fleet.area import Ring
from morina.sense.aerial.fleet.checks import Check, CheckState, checks, warns
from morina.sense.aerial.fleet.fleet import (
    Airframe,
    Battery,
    FleetState,
    Limits,
    Pilot,
    Plan,
    RefusedFleetError,
)
from morina.sense.aerial.fleet.refusing import refuse, taking_off
from morina.sense.aerial.fleet.roles import Clearance, Item, ItemKind
from morina.sense.aerial.sortie import RefusedSortieError, Sortie, SortieStep, moved

GroundUnder = Callable[[Ring], Awaitable[tuple[float, float] | None]]
"""Lowest and highest ground under an area above the sea; None where it is not known."""

LONGEST_H = 48.0
_CLEARED = """
INSERT INTO fleet_clearance (sortie_id, plan, checks, reason, officer, at)
VALUES (%s, %s::jsonb, %s::jsonb, %s, %s, %s)"""
_CLEARANCES = "SELECT * FROM fleet_clearance ORDER BY at DESC LIMIT %s"
_NOT_LANDED = """
SELECT fleet_clearance.* FROM fleet_clearance JOIN sortie USING (sortie_id)
WHERE sortie.state IN ('cleared', 'flying') AND flown_h IS NULL
    AND sortie_id IS DISTINCT FROM %s::uuid"""
_CLEARANCE = "SELECT * FROM fleet_clearance WHERE sortie_id = %s FOR UPDATE"
_FLOWN = "UPDATE fleet_clearance SET flown_h = %s WHERE sortie_id = %s"
_HOURS = "UPDATE fleet_airframe SET hours = hours + %s WHERE name = %s"
_CYCLE = "UPDATE fleet_battery SET cycles = cycles + 1 WHERE name = %s"
_LAST = """
UPDATE fleet_pilot SET last_flight_at = greatest(last_flight_at, %s::timestamptz)
WHERE name = %s"""


async def no_ground(_area: Ring) -> tuple[float, float] | None:
    """Of a node without terrain."""
    return None


@dataclass(frozen=True, slots=True)
class PostgresFleet:
    """``pool`` is opened and closed by the caller."""

    pool: AsyncConnectionPool
    trail: Trail[AsyncConnection]
    ground: GroundUnder = no_ground

    async def state(self) -> FleetState:
        """See Fleet."""
        async with self.pool.connection() as connection:
            return await _state(connection)

    async def put(self, item: Item, by: str, now: datetime) -> None:
        """See Fleet."""
        kind = kind_of(item)
        table, key = TABLES[kind] if kind else ("fleet_limits", "one")
        row = row_of(item) | ({} if kind else {"one": True})
        async with self.pool.connection() as connection:
            if isinstance(item, Pilot):
                if item.name == by:
                    raise RefusedFleetError("what one may fly is entered by somebody else; ask")
                await _has_account(connection, item.name)
            await connection.execute(_upsert(table, key, row), row)
            what = What(f"fleet_{kind}" if kind else table, (str(row[key]),), "entered")
            await self._enter(connection, Act.CONFIGURATION, what, (by, now, {}))

    async def remove(self, kind: ItemKind, name: str, by: str, now: datetime) -> None:
        """See Fleet."""
        table, key = TABLES[kind]
        statement = sql.SQL("DELETE FROM {} WHERE {}::text = %s").format(
            sql.Identifier(table), sql.Identifier(key)
        )
        async with self.pool.connection() as connection:
            done = await connection.execute(statement, (name,))
            if not done.rowcount:
                raise RefusedFleetError(f"there is no {kind} {name}; look at the list")
            what = What(f"fleet_{kind}", (name,), "removed")
            await self._enter(connection, Act.CONFIGURATION, what, (by, now, {}))

    async def checks(self, plan: Plan, now: datetime) -> Sequence[Check]:
        """See Fleet."""
        return checks(await self._over_ground(plan), await self.state(), now)

    async def clear(
        self, sortie_id: UUID, plan: Plan, reason: str, by: str, now: datetime
    ) -> tuple[Sortie, Sequence[Check]]:
        """See Fleet."""
        plan = await self._over_ground(plan)
        async with self.pool.connection() as connection:
            sortie = await locked(connection, sortie_id)
            found = checks(plan, await _state(connection, sortie_id), now)
            _refuse(found, plan, reason, by)
            sets = {
                "airframe": plan.airframe, "pilot": plan.pilot, "cleared_by": by,
                "fleet_checked": True,
            }  # fmt: skip
            await step_on(connection, sortie, SortieStep.CLEAR, sets)
            cleared = await locked(connection, sortie_id)
            values = (sortie_id, as_json(plan), as_json(found), reason, by, now)
            await connection.execute(_CLEARED, values)
            why = {"case_number": sortie.case_number, "justification": reason}
            what = What(KIND, (str(sortie_id),), SortieStep.CLEAR.value)
            await self._enter(connection, Act.ALTERATION, what, (by, now, why))
        return cleared, found

    async def fly(self, sortie_id: UUID, reason: str, by: str, now: datetime) -> Sortie:
        """See Fleet."""
        async with self.pool.connection() as connection:
            sortie = await locked(connection, sortie_id)
            moved(sortie.state, SortieStep.FLY)
            rows = await _rows(connection, _CLEARANCE, sortie_id)
            if not rows:
                raise RefusedSortieError("what it was cleared with is not here; plan it anew")
            one = clearance_of(rows[0])
            found = taking_off(one.plan, await _state(connection, sortie_id), now)
            _refuse_now(found, one, reason, by)
            await step_on(connection, sortie, SortieStep.FLY, {})
            flies = await locked(connection, sortie_id)
            why = {"case_number": sortie.case_number, "justification": reason}
            what = What(KIND, (str(sortie_id),), SortieStep.FLY.value)
            await self._enter(connection, Act.COLLECTION, what, (by, now, why))
        return flies

    async def clearances(self, most: int = 100) -> Sequence[Clearance]:
        """See Fleet."""
        async with self.pool.connection() as connection:
            return [clearance_of(row) for row in await _rows(connection, _CLEARANCES, most)]

    async def flew(self, sortie_id: UUID, hours: float, by: str, now: datetime) -> Clearance:
        """See Fleet."""
        if not 0 < hours <= LONGEST_H:
            raise RefusedFleetError(f"{hours} h is no flight; write hours up to {LONGEST_H:.0f}")
        async with self.pool.connection() as connection:
            rows = await _rows(connection, _CLEARANCE, sortie_id)
            if not rows:
                raise RefusedFleetError("this flight was not cleared here; clear it first")
            one = clearance_of(rows[0])
            if one.flown_h is not None:
                raise RefusedFleetError(f"its {one.flown_h:.2f} h are entered already; leave them")
            await connection.execute(_FLOWN, (hours, sortie_id))
            await connection.execute(_HOURS, (hours, one.plan.airframe))
            await connection.execute(_CYCLE, (one.plan.battery,))
            ended = min(one.plan.begins_at + timedelta(hours=hours), now)
            await connection.execute(_LAST, (ended, one.plan.pilot))
            what = What(KIND, (str(sortie_id),), "hours entered")
            await self._enter(connection, Act.ALTERATION, what, (by, now, {}))
            return clearance_of(rows[0] | {"flown_h": hours})

    async def _over_ground(self, plan: Plan) -> Plan:
        """With the ground under it, where the plan does not say it and terrain is imported."""
        return plan if plan.ground_m else replace(plan, ground_m=await self.ground(plan.area))

    async def _enter(
        self, connection: AsyncConnection, act: Act, what: What,
        by: tuple[str, datetime, dict[str, str]],
    ) -> None:  # fmt: skip
        """The last thing of a transaction: who, when, why."""
        who, now, why = by
        await self.trail.append(connection, Deed(act=act, what=what, who=who, at=now, why=why))


def _refuse_now(found: Sequence[Check], one: Clearance, reason: str, by: str) -> None:
    """What warned when it was cleared has its reason."""
    known = {check.said for check in warns(one.checks)}
    new = [
        check for check in found if check.state is not CheckState.WARN or check.said not in known
    ]
    _refuse(new, one.plan, reason, by)


def _refuse(found: Sequence[Check], plan: Plan, reason: str, by: str) -> None:
    """Of what warns a reason is given, and not by the pilot."""
    refuse(found, reason)
    if warns(found) and by == plan.pilot:
        raise RefusedSortieError("a pilot gives no reason for their own flight; ask somebody else")


async def _state(connection: AsyncConnection, but: UUID | None = None) -> FleetState:
    """Without the flight ``but`` among those cleared."""
    limits = await _rows(connection, "SELECT * FROM fleet_limits")
    airspace = await _rows(connection, "SELECT * FROM fleet_airspace ORDER BY name, airspace_id")
    airframes = await _rows(connection, "SELECT * FROM fleet_airframe ORDER BY name")
    batteries = await _rows(connection, "SELECT * FROM fleet_battery ORDER BY name")
    pilots = await _rows(connection, "SELECT * FROM fleet_pilot ORDER BY name")
    cleared = await _rows(connection, _NOT_LANDED, but)
    return FleetState(
        airframes=[Airframe(**row) for row in airframes],
        batteries=[Battery(**row) for row in batteries],
        pilots=[Pilot(**row) for row in pilots],
        airspace=[airspace_of(row) for row in airspace],
        limits=limits_of(limits[0]) if limits else Limits(),
        cleared=[clearance_of(row).plan for row in cleared],
    )


async def _rows(connection: AsyncConnection, statement: str, *values: Any) -> list[Row]:
    cursor = connection.cursor(row_factory=dict_row)
    return await (await cursor.execute(statement, values)).fetchall()


async def _has_account(connection: AsyncConnection, name: str) -> None:
    found = await connection.execute("SELECT 1 FROM account WHERE name = %s", (name,))
    if not await found.fetchone():
        raise RefusedFleetError(f"{name} has no account; make one, then enter the pilot")


def _upsert(table: str, key: str, row: Row) -> sql.Composed:
    columns = [sql.Identifier(name) for name in row]
    return sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) DO UPDATE SET {}").format(
        sql.Identifier(table),
        sql.SQL(", ").join(columns),
        sql.SQL(", ").join(sql.Placeholder(name) for name in row),
        sql.Identifier(key),
        sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(name) for name in columns),
    )
