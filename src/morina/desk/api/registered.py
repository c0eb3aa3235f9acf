"""Beside an alert: what registers say of the listed plate, and what does not fit with it."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from morina.alerts import revealed_to
from morina.desk.api.exchange import exchange_of
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.problems import ProblemError
from morina.desk.registered import Looked, Side, from_partners, from_register

routes = APIRouter(prefix="/alerts", tags=["alerts"], route_class=Route)


class ClashOut(BaseModel):
    """One field that differs: ``side`` says whether from the entry or from what was seen."""

    side: Side
    field: str
    seen: str
    registered: str


class RegisteredOut(BaseModel):
    """What one register says; ``partner`` is empty for this node's own. A clash is a question (a
    new coat of paint, an error, plates of another car), never a finding."""

    partner: str
    found: list[dict[str, Any]]
    clashes: list[ClashOut]

    @classmethod
    def of(cls, one: Looked) -> "RegisteredOut":
        """As it was found."""
        differing = [
            ClashOut(side=side, field=clash.field, seen=clash.seen, registered=clash.registered)
            for side, clash in one.clashes
        ]
        found = [dict(each) for each in one.found]
        return cls(partner=one.partner, found=found, clashes=differing)


@routes.get("/{alert_id}/registered", summary="What registers say of the listed plate")
async def registered(alert_id: UUID, desk: Desk, officer: Officer) -> list[RegisteredOut]:
    """This node's register, which is asked and that is entered, and what partners answered you
    about the plate; 409 while the listing is withheld from you."""
    exchange, alert = exchange_of(desk), await desk.alerts.alert(alert_id)
    if not revealed_to(alert, officer.name):
        said, mend = "the listing is withheld from you", "send a transcription first"
        raise ProblemError(409, said, place="alert_id", mend=mend)
    found = await from_register(exchange, alert, officer.name)
    found += await from_partners(exchange, alert, officer.name)
    return [RegisteredOut.of(one) for one in found]
