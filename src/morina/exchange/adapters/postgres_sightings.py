"""Sightings in PostgreSQL: what was told of our alerts, and what partners told of our entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import Act, Deed, Trail, What
from morina.exchange.adapters import sql_sightings as sql
from morina.exchange.agreement import Agreements
from morina.exchange.kinds import Category, Kind
from morina.exchange.message import Message
from morina.exchange.roles import RefusedMessageError
from morina.exchange.sighting_messages import SightingHead, only_item, sighting_head
from morina.exchange.sightings import (
    HeardSighting,
    NoSuchSightingError,
    SightingState,
    ToldSighting,
)


@dataclass(frozen=True, slots=True)
class PostgresSightings:
    """The role Sightings. ``pool`` is opened and closed by the caller."""

    pool: AsyncConnectionPool
    trail: Trail[AsyncConnection]

    async def told(self, alert_id: UUID) -> Sequence[ToldSighting]:
        """See Sightings."""
        rows = await self._rows(sql.TOLD, (alert_id,))
        return [ToldSighting(**row | {"state": SightingState(row["state"])}) for row in rows]

    async def heard(
        self, *, listing_id: UUID | None = None, hotlist_id: UUID | None = None, limit: int = 100
    ) -> Sequence[HeardSighting]:
        """See Sightings."""
        asked = {"listing": listing_id, "hotlist": hotlist_id, "limit": limit}
        return [_heard(row) for row in await self._rows(sql.HEARD, asked)]

    async def sighting(self, told_by: str, sighting_id: UUID) -> HeardSighting:
        """See Sightings."""
        for row in await self._rows(sql.ONE, (told_by, sighting_id)):
            return _heard(row)
        raise NoSuchSightingError(f"{told_by} told no sighting {sighting_id} that is kept here")

    async def tell_again(self, alert_id: UUID, by: str, now: datetime) -> None:
        """See Sightings."""
        async with self.pool.connection() as connection:
            if not await (await connection.execute(sql.AGAIN, (alert_id,))).fetchall():
                raise NoSuchSightingError("nothing of that alert waits to be told")
            what = What("sighting", (str(alert_id),), "to be told again")
            await self.trail.append(connection, Deed(act=Act.ALTERATION, what=what, who=by, at=now))

    async def forget(self, now: datetime) -> int:
        """Remove those whose time is over; how many."""
        async with self.pool.connection() as connection:
            rows = await (await connection.execute(sql.FORGET, (now,))).fetchall()
            for partner in sorted({row[1] for row in rows}):
                ids = tuple(str(row[0]) for row in rows if row[1] == partner)
                what = What("sighting", ids, "forgotten when the agreement says")
                deed = Deed(act=Act.ERASURE, what=what, with_whom=partner)
                await self.trail.append(connection, deed)
        return len(rows)

    async def _rows(
        self, statement: str, asked: Mapping[str, Any] | Sequence[Any]
    ) -> list[dict[str, Any]]:
        async with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            return await (await cursor.execute(statement, asked)).fetchall()


@dataclass(frozen=True, slots=True)
class HeardSightings:
    """The role Takes for sightings of our entries. ``here`` is this node's name."""

    agreements: Agreements
    trail: Trail[AsyncConnection]
    here: str

    @property
    def kinds(self) -> Sequence[Kind]:
        """See Takes."""
        return (Kind.SIGHTING, Kind.SIGHTING_CORRECTION)

    async def take(self, connection: AsyncConnection, message: Message, now: datetime) -> None:
        """See Takes."""
        head = sighting_head(message.said)
        is_first = message.kind is Kind.SIGHTING
        if is_first is not (head.state is SightingState.CONFIRMED):
            raise RefusedMessageError(
                "state", "only what a person confirmed is taken, and corrected once it was"
            )
        asked = (message.sender, head.list_id, head.listing_id)
        if not await (await connection.execute(sql.IS_SHARED, asked)).fetchall():
            raise RefusedMessageError("listing", "no entry of that id was shared with you")
        if is_first:
            await self._hear(connection, message, head, now)
        else:
            await self._correct(connection, message, head)

    async def _hear(
        self, connection: AsyncConnection, message: Message, head: SightingHead, now: datetime
    ) -> None:
        item, keep_days = only_item(message.items), await self._keep_days(message, now)
        row = {
            "told_by": message.sender, "sighting_id": head.sighting_id, "seen_at": item.at,
            "hotlist_id": head.list_id, "listing_id": head.listing_id, "state": head.state.value,
            "heard_at": now, "keep_until": now + timedelta(days=keep_days),
            "camera_group": item.camera_group, "fields": Jsonb(dict(item.fields)),
            "officer": message.why.officer if message.why else "",
        }  # fmt: skip
        if await (await connection.execute(sql.HEAR, row)).fetchall():
            await self._enter(connection, message, head, Act.COLLECTION)

    async def _correct(
        self, connection: AsyncConnection, message: Message, head: SightingHead
    ) -> None:
        row = {
            "told_by": message.sender, "sighting_id": head.sighting_id,
            "listing_id": head.listing_id, "state": head.state.value, "at": message.created_at,
            "said": f"{message.sender} took it back",
        }  # fmt: skip
        if (await connection.execute(sql.CORRECT, row)).rowcount:
            await self._enter(connection, message, head, Act.ALTERATION)

    async def _enter(
        self, connection: AsyncConnection, message: Message, head: SightingHead, act: Act
    ) -> None:
        await connection.execute(sql.NOTIFY, (str(head.sighting_id),))
        step = head.state.name.lower()
        what = What("sighting", (str(head.sighting_id), str(head.listing_id)), step)
        await self.trail.append(connection, Deed(act=act, what=what, with_whom=message.sender))

    async def _keep_days(self, message: Message, now: datetime) -> int:
        wanted = message.why.agreement_id if message.why else None
        for one in await self.agreements.in_force(message.sender, self.here, now):
            if one.agreement_id == wanted and one.category is Category.SIGHTING:
                return one.keep_days
        raise RefusedMessageError("no_agreement", "no agreement about sightings is in force")


@dataclass(frozen=True, slots=True)
class SightingAnswers:
    """The role Takes for refusals of sightings we told, which stand beside the alert then."""

    @property
    def kinds(self) -> Sequence[Kind]:
        """See Takes."""
        return (Kind.REFUSED,)

    async def take(self, connection: AsyncConnection, message: Message, now: datetime) -> None:
        """See Takes; a refusal of anything else is nobody's here."""
        said = f"{message.sender} did not take it on {now:%Y-%m-%d %H:%M} UTC:"
        asked = {
            "said": f"{said} {str(message.said.get('said', ''))[:300]}",
            "partner": message.sender, "sighting_id": message.conversation,
        }  # fmt: skip
        await connection.execute(sql.REFUSED, asked)


def _heard(row: dict[str, Any]) -> HeardSighting:
    return HeardSighting(**row | {"state": SightingState(row["state"])})
