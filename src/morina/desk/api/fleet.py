"""The fleet over HTTP: airframes, batteries, pilots, airspace, limits; checks before a flight."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from morina.desk.api.aerial_route import AerialRoute, aerial_of
from morina.desk.api.fleet_sent import (
    AirframeIn,
    AirspaceIn,
    BatteryIn,
    ClearanceIn,
    ClearedOut,
    FlownIn,
    LimitsIn,
    PilotIn,
    PlanIn,
)
from morina.desk.api.route import Desk, Officer
from morina.desk.api.sent import Named
from morina.desk.problems import ProblemError
from morina.desk.services import Services
from morina.sense.aerial.fleet.checks import Check
from morina.sense.aerial.fleet.fleet import FleetState
from morina.sense.aerial.fleet.roles import Clearance, Fleet, ItemKind

routes = APIRouter(prefix="/fleet", tags=["fleet"], route_class=AerialRoute)

Name = Annotated[Named, Path(max_length=100)]


@routes.get("", summary="The whole fleet")
async def fleet(desk: Desk, _officer: Officer) -> FleetState:
    """Airframes, batteries, pilots, airspace and the authority's own limits."""
    return await fleet_of(desk).state()


@routes.put("/airframes/{name}", status_code=204, summary="Enter or change an airframe")
async def put_airframe(name: Name, sent: AirframeIn, desk: Desk, officer: Officer) -> None:
    """By its name; after a service, ``serviced_hours`` is what ``hours`` is. In the trail."""
    await fleet_of(desk).put(sent.of(name), officer.name, datetime.now(UTC))


@routes.put("/batteries/{name}", status_code=204, summary="Enter or change a battery")
async def put_battery(name: Name, sent: BatteryIn, desk: Desk, officer: Officer) -> None:
    """By its name; ``health`` as last measured. Entered in the trail."""
    await fleet_of(desk).put(sent.of(name), officer.name, datetime.now(UTC))


@routes.put("/pilots/{name}", status_code=204, summary="Enter or change a pilot")
async def put_pilot(name: Name, sent: PilotIn, desk: Desk, officer: Officer) -> None:
    """By the name of the account; 409 where there is none. Entered in the trail."""
    await fleet_of(desk).put(sent.of(name), officer.name, datetime.now(UTC))


@routes.put("/airspace/{airspace_id}", status_code=204, summary="Enter or change airspace")
async def put_airspace(airspace_id: UUID, sent: AirspaceIn, desk: Desk, officer: Officer) -> None:
    """By an id the caller makes up; it names its source. Entered in the trail."""
    await fleet_of(desk).put(sent.of(airspace_id), officer.name, datetime.now(UTC))


@routes.put("/limits", status_code=204, summary="Set the authority's own limits")
async def put_limits(sent: LimitsIn, desk: Desk, officer: Officer) -> None:
    """Height above ground and practice of pilots, each with where it is written. Entered in the
    trail."""
    await fleet_of(desk).put(sent.of(), officer.name, datetime.now(UTC))


@routes.delete("/{kind}/{name}", status_code=204, summary="Take something out of the fleet")
async def remove(kind: ItemKind, name: Name, desk: Desk, officer: Officer) -> None:
    """``kind`` is airframe, battery, pilot or airspace (by its id). 409 where there is none.
    Entered in the trail."""
    await fleet_of(desk).remove(kind, name, officer.name, datetime.now(UTC))


@routes.post("/checks", summary="Look at a plan")
async def checks(sent: PlanIn, desk: Desk, _officer: Officer) -> list[Check]:
    """What clearing would say of it now; nothing is changed or kept."""
    return list(await fleet_of(desk).checks(sent.of(), datetime.now(UTC)))


@routes.post("/sorties/{sortie_id}/clearance", summary="Clear a planned flight")
async def clear(sortie_id: UUID, sent: ClearanceIn, desk: Desk, officer: Officer) -> ClearedOut:
    """409 where a check stops it, or one warns and no ``reason`` is given; the reason and who gave
    it are kept in the trail."""
    plan, at = sent.plan.of(), datetime.now(UTC)
    done, found = await fleet_of(desk).clear(sortie_id, plan, sent.reason, officer.name, at)
    return ClearedOut.of(done, list(found))


@routes.get("/clearances", summary="What flights were cleared with")
async def clearances(desk: Desk, _officer: Officer) -> list[Clearance]:
    """Plan, checks, reason and who cleared, newest first, at most a hundred; they go with their
    flights."""
    return list(await fleet_of(desk).clearances())


@routes.post("/sorties/{sortie_id}/flown", summary="Enter the hours of a flight")
async def flown(sortie_id: UUID, sent: FlownIn, desk: Desk, officer: Officer) -> Clearance:
    """Adds them to the airframe, a cycle to the battery, and the flight to the pilot's practice.
    409 where it was not cleared, or its hours are in."""
    return await fleet_of(desk).flew(sortie_id, sent.hours, officer.name, datetime.now(UTC))


def fleet_of(desk: Services) -> Fleet:
    """ProblemError (404) where this node keeps none."""
    if (kept := aerial_of(desk).fleet) is None:
        raise ProblemError(404, "this node keeps no fleet", place="node", mend="ask another")
    return kept
