"""What a node answers by itself: hit, no hit, refused or undecidable. Pure.

A listing that may not be told counts as if it were not there, in what is answered, in the work done
and in the size of the message, unless the agreement says that a refusal is told.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from morina.exchange.agreement import Agreement
from morina.exchange.listing_fields import may_know
from morina.exchange.message import Item, Value
from morina.exchange.questions import Found, Result
from morina.exchange.register import TOLD, RegisteredVehicle
from morina.watch import Listed, ReasonCode

SIZES = 2048
"""Answers are filled up to a multiple of so many bytes, so that their size tells less."""

_KINDS = {ReasonCode.STOLEN: Found.STOLEN, ReasonCode.CLONED_PLATE: Found.PLATE_FALSE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was found: ``listed`` on own hotlists under the very plate, ``perhaps`` whether another
    listing has its text and no country, ``vehicles`` of the register, None where it is silent."""

    listed: Sequence[Listed] = ()
    perhaps: bool = False
    vehicles: Sequence[RegisteredVehicle] | None = ()
    at: datetime | None = None
    """The moment whose state of the register was asked for; None: now."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer; ``held_back`` is whether something was found that may not be told."""

    result: Result
    items: tuple[Item, ...] = ()
    held_back: bool = False

    def said(self, is_silent: bool) -> Mapping[str, Any]:
        """The message's own particulars, with what fills it up."""
        said: dict[str, Any] = {"result": self.result.value}
        if is_silent and self.result in (Result.HIT, Result.UNDECIDABLE):
            said["register"] = "silent"
        size = len(json.dumps([said, [dict(item.fields) for item in self.items]]))
        return said | {"fill": "0" * (-size % SIZES)}


def given(known: Known, agreement: Agreement, now: datetime) -> Given:
    """The answer under ``agreement``, to its receiver."""
    listings = [one for one in known.listed if one.listing.in_force_at(now)]
    may = [one for one in listings if _may_be_told(one, agreement, now)]
    vehicles = _told_vehicles(known, agreement, now)
    items = (
        *(_item(_of_listing(one), agreement, one.listing.valid_from) for one in may),
        *(_vehicle(one, known, agreement) for one in vehicles),
    )
    held_back = len(may) < len(listings) or len(vehicles) < len(known.vehicles or ())
    if items:
        return Given(Result.HIT, items, held_back)
    if len(may) < len(listings) and agreement.tells_refusal:
        return Given(Result.REFUSED, (), held_back)
    open_ = known.perhaps or known.vehicles is None
    return Given(Result.UNDECIDABLE if open_ else Result.NO_HIT, (), held_back)


def _may_be_told(one: Listed, agreement: Agreement, now: datetime) -> bool:
    known = may_know(one.listing.share_scope, agreement.receiver)
    return known and _young(one.listing.valid_from, agreement, now)


def _young(at: datetime | None, agreement: Agreement, now: datetime) -> bool:
    if at is None or not agreement.max_age_days:
        return True
    return at >= now - timedelta(days=agreement.max_age_days)


def _told_vehicles(
    known: Known, agreement: Agreement, now: datetime
) -> Sequence[RegisteredVehicle]:
    """That a vehicle is registered is told where the agreement names what the register says; that
    it is stolen always."""
    if not _young(known.at, agreement, now):
        return ()
    tells = bool(agreement.fields & TOLD)
    return [one for one in known.vehicles or () if tells or one.is_stolen]


def _of_listing(one: Listed) -> Mapping[str, Value]:
    listing = one.listing
    return {
        "category": _KINDS.get(listing.reason_code, Found.WANTED_FOR_CHECK).value,
        "reference": listing.source_reference or str(listing.listing_id),
        "action": listing.action.value,
        "issued_at": listing.valid_from.astimezone(UTC).isoformat(),
    }


def _vehicle(one: RegisteredVehicle, known: Known, agreement: Agreement) -> Item:
    refined = len(known.vehicles or ()) > 1
    kind = Found.STOLEN if one.is_stolen else Found.REGISTERED
    fields: dict[str, Value] = {"category": kind.value, **one.told(agreement.fields, refined)}
    if known.at:
        fields["checked_at"] = known.at.astimezone(UTC).isoformat()
    return _item(fields, agreement, known.at)


def _item(fields: Mapping[str, Value], agreement: Agreement, at: datetime | None) -> Item:
    told = {name: value for name, value in fields.items() if name in agreement.fields}
    return Item(fields=told, at=at)
