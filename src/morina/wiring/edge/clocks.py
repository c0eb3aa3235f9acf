"""The clocks of a site: its own against the node's, and those of its cameras against its own."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from morina.sense import Capture, Read
from morina.sense.site import CameraClocks, Ledger, LinkError, Offset, OffsetMeter
from morina.sense.site.adapters.nats import LeafLink
from morina.wiring.edge.hotlist import best_now

ASK_EVERY_S = 5.0
ASK_FIRST_EVERY_S = 0.5
FIRST_QUESTIONS = 8


@dataclass(slots=True)
class SiteClocks:
    """Asks the node what time it is, and marks each read with what is known of its clocks."""

    within_s: float
    ledger: Ledger
    linked: bool = False
    cameras: CameraClocks = field(init=False)
    _meter: OffsetMeter = field(default_factory=OffsetMeter)
    _last: Offset | None = None

    def __post_init__(self) -> None:
        self.cameras = CameraClocks(self.within_s)

    @property
    def offset(self) -> Offset | None:
        """The best measurement since the link last came up, else the last one before it went."""
        return self._meter.best or self._last

    @property
    def offset_s(self) -> float | None:
        """Its seconds."""
        return self.offset.offset_s if self.offset else None

    def is_wrong(self, offset_s: float) -> bool:
        """Whether a site's clock that far off is flagged."""
        return abs(offset_s) > self.within_s

    def now(self) -> datetime:
        """The node's time as well as it is known here."""
        return best_now(self.offset_s, self.ledger)

    async def keep_up(self, link: LeafLink) -> None:
        """For ever: measure; a lost link ends the series, so that a clock set meanwhile shows."""
        asked = 0
        while True:
            try:
                self._meter.put(await link.clock())
                self._last = self._meter.best
                self.ledger.latest_at = self.now()
                self.linked, asked = True, asked + 1
            except LinkError:
                self._meter.forget()
                self.linked, asked = False, 0
            settled = asked > FIRST_QUESTIONS
            await asyncio.sleep(ASK_EVERY_S if settled else ASK_FIRST_EVERY_S)

    def captured(self, capture: Capture) -> None:
        """A camera handed a capture over."""
        if not capture.retransmitted:
            self.cameras.put(capture.camera_id, capture.captured_at, capture.received_at)

    def behind(self, camera_id: str, offset_s: float) -> None:
        """A camera that reads plates itself reported a passage, so long ago by its own clock."""
        now = datetime.now(UTC)
        self.cameras.put(camera_id, now - timedelta(seconds=offset_s), now)

    def marked(self, read: Read) -> Read:
        """The read with the site's offset, and marked when a clock it rests on is wrong."""
        offset_s = self.offset_s
        ours = offset_s is not None and self.is_wrong(offset_s)
        theirs = self.cameras.is_wrong(read.camera_id)
        ahead = (read.captured_at - datetime.now(UTC)).total_seconds() > self.within_s
        wrong = read.clock_wrong or ours or theirs or ahead
        return replace(read, clock_offset_s=offset_s, clock_wrong=wrong)
