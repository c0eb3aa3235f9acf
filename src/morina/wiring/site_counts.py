"""What sites counted and forgot, added to the node's counts once, however often it is told."""

import logging
from dataclasses import dataclass, field

import msgspec

from morina.engines import Home
from morina.records.unkept import UnkeptHours
from morina.wiring.edge.counts import CountedHours

log = logging.getLogger(__name__)


@dataclass(slots=True)
class CountedSites:
    """Knows of each site the batch it told last, across restarts: a site tells one at a time.

    Killed between adding and noting, a batch counts twice.
    """

    home: Home
    hours: UnkeptHours
    _last: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        file = self.home.folder("run") / "site-counts.json"
        try:
            self._last = msgspec.json.decode(file.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            self._last = {}
        except msgspec.DecodeError as error:
            log.error("%s cannot be read (%s); what sites tell again counts twice", file, error)
            self._last = {}

    async def hear(self, site: str, said: bytes) -> None:
        """That site counted so; durable on return. msgspec.DecodeError where it is no count."""
        counted = msgspec.json.decode(said, type=CountedHours)
        if self._last.get(site) == counted.batch:
            return
        await self.hours.add(counted.counts)
        self._last[site] = counted.batch
        file = self.home.folder("run") / "site-counts.json"
        self.home.write_private(file, msgspec.json.encode(self._last).decode())
