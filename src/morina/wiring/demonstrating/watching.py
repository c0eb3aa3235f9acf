"""Says what comes of the visitor's own acts: a sighting that reached its owner's desk."""

import asyncio
from datetime import datetime

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.exchange.adapters.postgres_sightings import PostgresSightings
from morina.wiring.demonstrating.officers import PlayedDesk

LOOK_EVERY_S = 1.0


async def tell_sightings(gb: PlayedDesk) -> None:
    """For ever: a line for each sighting that partners told GB."""
    sightings = PostgresSightings(gb.pool, PostgresTrail())
    known = {one.sighting_id for one in await sightings.heard()}
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        for one in reversed(await sightings.heard()):
            if one.sighting_id in known:
                continue
            known.add(one.sighting_id)
            plate, camera = one.fields.get("plate", ""), one.fields.get("camera", "")
            confirmed = datetime.fromisoformat(str(one.fields["confirmed_at"]))
            later = (one.heard_at - confirmed).total_seconds()
            print(
                f"GB has the sighting of {plate} at {camera}, {later:.1f} s after it was confirmed"
                f" at AL:\n  {gb.authority.url}/sightings",
                flush=True,
            )
