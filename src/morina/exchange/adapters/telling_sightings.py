"""Tells the owner of an entry what a person confirmed, once, and what was taken back.

A row of ``sighting_due`` stands in the transaction of the confirmation itself; it goes in the
transaction that tells or writes down why nothing is told. Whether a person confirmed it is asked
again there, with the alert held.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability import PurposeCode
from morina.alerts import Act, Alert, NoSuchAlertError
from morina.exchange.adapters import sql_sightings as sql
from morina.exchange.adapters.told_passages import Sources
from morina.exchange.agreement import Agreement, Agreements
from morina.exchange.deciding import NotAgreedError, Told, denial
from morina.exchange.fields import FIELDS
from morina.exchange.kinds import Category, Kind
from morina.exchange.message import Draft, Item, Why
from morina.exchange.parties import UnknownNodeError
from morina.exchange.roles import Outbox
from morina.exchange.sighting_messages import (
    PICTURE,
    Seen,
    SightingHead,
    sighting_item,
)
from morina.exchange.sightings import (
    SightingState,
    WouldTell,
    confirmed_by,
    taken_back_by,
)
from morina.watch import purpose_of

AT_ONCE = 50
CONFIRM = "confirm"
JUSTIFICATION = "an officer compared the picture with the entry and confirmed the vehicle"


class Due(NamedTuple):
    """One confirmation or rejection that may have to be told."""

    number: int
    alert_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class _Telling:
    """What is about to be told, or ``denied`` and why."""

    alert: Alert
    head: SightingHead
    item: Item | None
    why: Why | None
    denied: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingTelling:
    """Follows confirmations of partners' entries. ``here`` is this node's name."""

    pool: AsyncConnectionPool
    outbox: Outbox[AsyncConnection]
    agreements: Agreements
    sources: Sources
    here: str
    as_known: Callable[[str], str]

    async def once(self, now: datetime) -> int:
        """Tell what is due; how much of it was looked at."""
        async with self.pool.connection() as connection:
            rows = await (await connection.execute(sql.DUE, (AT_ONCE,))).fetchall()
        for row in rows:
            await self._settle(Due(*row), now)
        return len(rows)

    async def _settle(self, due: Due, now: datetime) -> None:
        try:
            alert = await self.sources.alerts.alert(due.alert_id)
        except NoSuchAlertError:
            alert = None
        telling = await self._telling(due, alert, now) if alert else None
        async with self.pool.connection() as connection:
            if not await (await connection.execute(sql.LOCK_DUE, (due.number,))).fetchall():
                return
            if telling and not await _still(connection, telling.alert):
                return
            await connection.execute(sql.DONE, (due.number,))
            if telling:
                await self._tell(connection, telling, now)

    async def _telling(self, due: Due, alert: Alert, now: datetime) -> _Telling | None:
        """What is to be told of it; None where nothing is anybody's business."""
        if due.kind == CONFIRM:
            act = confirmed_by(alert)
            return await self._allowed(await self._seen(alert, act), now) if act else None
        back = taken_back_by(alert)
        return await self._correction(alert, back.by) if back else None

    async def _allowed(self, seen: Seen, now: datetime) -> _Telling:
        """What the first agreement that allows it lets be told, or why none does."""
        alert = seen.alert
        head = SightingHead(
            sighting_id=uuid4(), list_id=seen.owner_list_id, listing_id=seen.owner_listing_id,
            state=SightingState.CONFIRMED,
        )  # fmt: skip
        telling = _Telling(alert, head, None, None)
        if seen.owner_listing_id == _UNKNOWN:
            return replace(telling, denied="the entry is no longer known here")
        denied = f"no agreement about sightings with {_owner(alert)} is in force"
        for agreement in await self._agreements(alert, now):
            pictured = await self._pictured(seen, agreement)
            item = sighting_item(pictured, agreement.fields)
            why = self._why(alert, seen.confirmed.by, agreement.agreement_id)
            found = denial(agreement, self._told(alert, item, why, now))
            if found is None:
                return replace(telling, item=item, why=why)
            denied = found.said
        return replace(telling, denied=denied)

    async def would_tell(self, alert: Alert, officer: str, now: datetime) -> WouldTell | None:
        """See SightingPreview; asked just as when it is told."""
        if not _owner(alert):
            return None
        seen = await self._seen(alert, Act(now, officer, CONFIRM))
        if alert.read.evidence is not None:
            seen = replace(seen, picture="there is one")
        telling = await self._allowed(seen, now)
        if telling.item is None:
            return WouldTell(partner=_owner(alert), denied=telling.denied)
        all_there_is = sighting_item(seen, frozenset(FIELDS[Category.SIGHTING])).fields
        told = telling.item.fields
        return WouldTell(
            partner=_owner(alert), fields=tuple(sorted(told)),
            held_back=tuple(sorted(all_there_is.keys() - told.keys())),
        )  # fmt: skip

    async def _correction(self, alert: Alert, by: str) -> _Telling | None:
        """The end of what was told; None where nothing was."""
        async with self.pool.connection() as connection:
            rows = await (await connection.execute(sql.TOLD_AS, (alert.alert_id,))).fetchall()
        for (sighting_id,) in rows:
            seen = await self._seen(alert, _confirmation(alert))
            head = SightingHead(
                sighting_id=sighting_id, list_id=seen.owner_list_id,
                listing_id=seen.owner_listing_id, state=SightingState.FALSE_POSITIVE,
            )  # fmt: skip
            return _Telling(alert, head, None, await self._why_back(alert, by, sighting_id))
        return None

    async def _why_back(self, alert: Alert, by: str, sighting_id: UUID) -> Why | None:
        """The reason of what was told, under the agreement of then, in force or not."""
        async with self.pool.connection() as connection:
            rows = await (await connection.execute(sql.TOLD_UNDER, (sighting_id,))).fetchall()
        return self._why(alert, by, rows[0][0]) if rows else None

    def _told(self, alert: Alert, item: Item, why: Why, now: datetime) -> Told:
        return Told(
            sender=self.here, to=_owner(alert), kind=Kind.SIGHTING, why=why, items=(item,), at=now
        )

    async def _tell(self, connection: AsyncConnection, told: _Telling, now: datetime) -> None:
        """Tell it or write down why not; a second time nothing happens."""
        row = {
            "alert_id": told.alert.alert_id, "state": told.head.state.value, "at": now,
            "partner": _owner(told.alert), "sighting_id": told.head.sighting_id,
            "denied": told.denied,
        }  # fmt: skip
        if not await (await connection.execute(sql.TELL, row)).fetchall() or told.denied:
            return
        is_first = told.head.state is SightingState.CONFIRMED
        draft = Draft(
            to=_owner(told.alert), kind=Kind.SIGHTING if is_first else Kind.SIGHTING_CORRECTION,
            said=told.head.said(), items=(told.item,) if told.item else (), why=told.why,
            conversation=told.head.sighting_id,
        )  # fmt: skip
        try:
            async with connection.transaction():
                await self.outbox.post(connection, draft, now)
        except (NotAgreedError, UnknownNodeError, ValueError) as refused:
            key = (told.alert.alert_id, told.head.state.value)
            await connection.execute(sql.DENY, (str(refused), *key))

    async def _seen(self, alert: Alert, confirmed: Act) -> Seen:
        camera, group = await self.sources.camera(alert.read)
        listing_id = alert.listed.listing.listing_id
        async with self.pool.connection() as connection:
            row = await (await connection.execute(sql.OWNERS_IDS, (listing_id,))).fetchone()
        list_id, owner_listing_id = row or (_UNKNOWN, _UNKNOWN)
        return Seen(
            alert=alert, confirmed=confirmed, camera=camera,
            camera_group=group, owner_list_id=list_id,
            owner_listing_id=owner_listing_id,
        )  # fmt: skip

    async def _pictured(self, seen: Seen, agreement: Agreement) -> Seen:
        """With the overview picture where it is agreed and kept, and not larger than is taken."""
        if PICTURE not in agreement.fields or seen.picture:
            return seen
        return replace(seen, picture=await self.sources.picture(seen.alert.read))

    async def _agreements(self, alert: Alert, now: datetime) -> list[Agreement]:
        found = await self.agreements.in_force(self.here, _owner(alert), now)
        return [one for one in found if one.category is Category.SIGHTING]

    def _why(self, alert: Alert, officer: str, agreement_id: UUID) -> Why:
        listing = alert.listed.listing
        purpose: PurposeCode = purpose_of(alert.listed, officer).code
        return Why(
            agreement_id=agreement_id, purpose=purpose,
            case_number=listing.source_reference or f"listing {listing.listing_id}",
            justification=JUSTIFICATION, officer=self.as_known(officer),
        )  # fmt: skip


_UNKNOWN = UUID(int=0)


def _confirmation(alert: Alert) -> Act:
    return next(act for act in reversed(alert.acts) if act.kind == CONFIRM)


def _owner(alert: Alert) -> str:
    return alert.listed.hotlist.owner_node


async def _still(connection: AsyncConnection, alert: Alert) -> bool:
    """Whether the alert is in the state it was looked at in; it is held so until the end."""
    rows = await (await connection.execute(sql.STATE, (alert.alert_id,))).fetchall()
    return [row[0] for row in rows] == [alert.state.value]
