"""How a listed vehicle should look, beside an alert: by this node's register, and by what partners
answered the officer who looks. A difference is a question, never a finding."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from morina.accountability.trail import Act, Deed, What
from morina.alerts import Alert
from morina.desk.exchange import ExchangeServices
from morina.exchange.clash import COMPARED, Clash, clashes
from morina.exchange.message import Value
from morina.exchange.register import Named, RefusedVehicleError

WITHIN_S = 5.0
QUESTIONS = 200
"""Among so many of their own newest questions answers about the vehicle are looked for."""

_SHOWN = frozenset({"make", "model", "colour", "status"})


class Side(StrEnum):
    """What is compared with the register."""

    LISTED = "listed"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Looked:
    """What one register says of the plate: ``partner`` whose it is, empty for this node's own."""

    partner: str
    found: tuple[Mapping[str, Value], ...]
    clashes: tuple[tuple[Side, Clash], ...]


async def from_register(exchange: ExchangeServices, alert: Alert, officer: str) -> list[Looked]:
    """What the own register says, one or none; that it is asked enters the trail first. None too
    where it does not answer in time."""
    if exchange.register is None:
        return []
    what = What("register", (str(alert.alert_id),), "looked up for an alert")
    await exchange.enter(Deed(act=Act.CONSULTATION, what=what, who=officer))
    try:
        async with asyncio.timeout(WITHIN_S):
            found = await exchange.register.look_up(Named(plate=alert.listed.listing.plate))
    except (RefusedVehicleError, ConnectionError, TimeoutError):
        return []
    if not found:
        return []
    differing = beside(alert, [one.fields for one in found])
    told = tuple(one.told(_SHOWN, refined=False) for one in found)
    return [Looked("", told, tuple(differing))]


async def from_partners(exchange: ExchangeServices, alert: Alert, officer: str) -> list[Looked]:
    """What each partner answered ``officer`` last about the listed plate; nobody is asked anew, and
    nobody sees what another was answered."""
    if exchange.questions is None:
        return []
    plate, newest = alert.listed.listing.plate, dict[str, Looked]()
    for one in await exchange.questions.newest(officer, QUESTIONS):
        if one.named.plate == plate and one.answer and one.answer.found:
            found = one.answer.found
            looked = Looked(one.partner, tuple(found), tuple(beside(alert, found)))
            newest.setdefault(one.partner, looked)
    return list(newest.values())


def beside(alert: Alert, found: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Side, Clash]]:
    """Where vehicles found differ from what is listed, then from what was seen. What is found
    without colour and make, as an entry of a hotlist, says nothing."""
    vehicles = [one for one in found if any(one.get(name) for name in COMPARED)]
    sides = {Side.LISTED: alert.listed.listing, Side.SEEN: alert.read.vehicle}
    for side, looks in sides.items():
        known = {name: getattr(looks, name, "") for name in COMPARED}
        for clash in clashes(known, vehicles):
            yield side, clash
