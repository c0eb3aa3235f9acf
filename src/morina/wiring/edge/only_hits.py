"""Cameras of a site of which only hits are kept: matched here, then handed over or only counted."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from morina.records.unkept import Counting
from morina.sense import Read
from morina.sense.hand_over import Batch
from morina.sense.passing import Forgets, PassingRead
from morina.sense.pictures import Pictures
from morina.sense.site.adapters.nats import SiteStream
from morina.watch import Hotlists


@dataclass(slots=True)
class OnlyHitsHere:
    """The role Passing, without a stream between: what is no hit of the hotlist at hand is counted,
    and never reaches the log nor the folder of pictures. Hits are counted by the node.

    A site without a hotlist keeps nothing of such cameras.
    """

    stream: SiteStream
    pictures: Pictures
    forgets: Forgets
    hotlists: Callable[[], Hotlists]
    counting: Counting

    def may_stay(self, read: Read) -> bool:
        """Whether a read may be kept; one that may not is counted, and the caller forgets it."""
        if not self.forgets(read.camera_id) or self.hotlists().match(read):
            return True
        offset_s = read.clock_offset_s or 0.0
        self.counting.count(read, read.received_at + timedelta(seconds=offset_s))
        return False

    async def pass_on(self, passing: PassingRead) -> None:
        """See Passing: a hit goes on disk here, its pictures first."""
        if not self.may_stay(passing.read):
            return
        for image in passing.pictures.values():
            await self.pictures.put(image)
        await self.stream.log([await self._pictured(passing.read)])

    def passing(self) -> AsyncIterator[Batch[PassingRead]]:
        """See Passing; here nothing waits."""
        raise NotImplementedError("a site matches at once; there is nothing to take")

    async def _pictured(self, hit: Read) -> Read:
        """The hit, without evidence where one of its pictures is gone."""
        names = {hit.evidence.overview, hit.evidence.patch} if hit.evidence else set()
        try:
            for name in names:
                await self.pictures.get(name)
        except LookupError:
            return replace(hit, evidence=None)
        return hit
