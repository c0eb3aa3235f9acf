"""What overseers are told of before vehicles are put on a hotlist."""

from collections.abc import Iterable
from uuid import UUID

from morina.desk.services import Services
from morina.watch import VehicleOfInterest


async def listing_seen(
    services: Services, by: str, hotlist_id: UUID, listings: Iterable[VehicleOfInterest]
) -> None:
    """Raise notices of sensitive plates, and those of one's own household: once listed, their
    passages come as alerts."""
    if services.guard is not None:
        plates = {one.plate.text for one in listings}
        await services.guard.overseer.listed(by, str(hotlist_id), plates)
