"""The instant local alarm of a site, for a barrier without a link. It says, and never acts."""

import asyncio
import json
import logging
from dataclasses import dataclass, field

import httpx
from nats.aio.client import Client

from morina.sense import Read
from morina.sense.site.adapters.nats import OUTAGES
from morina.watch import Hit, Hotlists

log = logging.getLogger(__name__)

SUBJECT = "site.alarm"
SAYS = "possible hit: compare the plate with the picture by eye before anybody acts"
TOLD_WITHIN_S = 2.0


@dataclass(slots=True)
class LocalAlarm:
    """Matches each read as it is made.

    A hit is logged, published on ``site.alarm`` of the site's own NATS and posted to ``url`` when
    there is one. An alarm nobody hears delays no read.
    """

    client: Client
    url: str = ""
    hotlists: Hotlists = field(default_factory=Hotlists)
    raised: int = 0
    _telling: set[asyncio.Task[None]] = field(default_factory=set)

    def use(self, hotlists: Hotlists) -> None:
        """Match against these from now on."""
        self.hotlists = hotlists

    def look_at(self, read: Read) -> None:
        """Say so when the read may be a vehicle of interest."""
        hits = [] if read.retransmitted else self.hotlists.match(read)
        if not hits:
            return
        self.raised += 1
        task = asyncio.get_running_loop().create_task(self._tell(message(read, hits[0])))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell(self, said: bytes) -> None:
        log.warning("%s", said.decode())
        try:
            await self.client.publish(SUBJECT, said)
            if self.url:
                async with httpx.AsyncClient(timeout=TOLD_WITHIN_S, trust_env=False) as http:
                    headers = {"Content-Type": "application/json"}
                    (await http.post(self.url, content=said, headers=headers)).raise_for_status()
        except (*OUTAGES, httpx.HTTPError) as error:
            log.error("the alarm was not heard (%s); see edge.alarm_url", error)


def message(read: Read, hit: Hit) -> bytes:
    """What is told of a hit: JSON, with every point to check by eye."""
    listing = hit.listed.listing
    return json.dumps(
        {
            "says": SAYS,
            "read_id": str(read.read_id),
            "camera_id": read.camera_id,
            "captured_at": read.captured_at.isoformat(),
            "clock_wrong": read.clock_wrong,
            "plate_read": read.plate.text if read.plate else "",
            "plate_listed": listing.plate.text,
            "country_listed": listing.plate.country,
            "likeness": hit.likeness.name.lower(),
            "check": [f"{point.place}: {point.read}/{point.listed}" for point in hit.differences],
            "reason": listing.reason_code.value,
            "action": listing.action.value,
            "warnings": list(listing.warning_markers),
            "hotlist": hit.listed.hotlist.name,
            "listing_id": str(listing.listing_id),
        }
    ).encode()
