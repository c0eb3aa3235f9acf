"""The worker process that looks through live video: the body of ``morina worker looking``.

The recorder of a source feeds it (feeding.py) and does not wait for it. What it cannot keep up with
it passes over and counts; what crashes it leaves the recording and its telemetry as they are.
"""

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.sense.aerial.adapters.live_pictures import LivePictures, StreamBrokenError
from morina.sense.aerial.adapters.postgres_sorties_live import Found, PostgresLive
from morina.sense.aerial.ground import Ground
from morina.sense.aerial.looking.eyes import as_filmed
from morina.sense.aerial.looking.live import LiveLooking, Newest, Said
from morina.sense.aerial.looking.look import Looks
from morina.sense.aerial.looking.pictures import Picture
from morina.sense.aerial.sources.klv import IN_TRANSPORT
from morina.sense.aerial.sources.klv_live import Following
from morina.sense.aerial.sources.klv_moment import SPREAD
from morina.sense.aerial.telemetry import Spread, TelemetryError
from morina.sense.aerial.terrain.steady_ground import SteadyGround
from morina.sense.aerial.track import Track
from morina.sense.aerial.tracking.tracker import Tracker
from morina.settings import Settings
from morina.wiring.aerial.feeding import BROKEN, LEFT_OUT, Begun, pieces
from morina.wiring.aerial.flights import spread_of
from morina.wiring.aerial.ground import ground_of
from morina.wiring.aerial.store import folder_of
from morina.wiring.aerial.working import eyes_of
from morina.wiring.cameras import DATABASE_OUTAGES
from morina.wiring.database import brief

log = logging.getLogger(__name__)

WRITTEN_EVERY_S = 1.0
WAIT_S = 0.5
SILENT = timedelta(seconds=2)
"""In a transaction. Should it stop there, the recorder waits no longer for the sortie's row."""


async def look_live(settings: Settings, number: int) -> None:
    """Look through what one source sends until that ends or its sortie flies no more."""
    os.nice(settings.aerial.nice)
    begun = Begun.of(await asyncio.to_thread(sys.stdin.buffer.readline))
    spread = spread_of(settings, settings.aerial.live[number].airframe) or SPREAD
    eyes = as_filmed(await asyncio.to_thread(eyes_of, settings), begun.film)
    ground = SteadyGround(ground_of(settings, settings.aerial.live[number].airframe))
    with ThreadPoolExecutor(max(1, len(eyes)), thread_name_prefix="eyes") as pool:
        live = LiveEyes(begun, spread, ground, Looks(ground, eyes, pool))
        live.begin(settings.aerial.live_looks_per_s)
        async with brief(settings.engines.postgres_dsn, SILENT) as database:
            days = settings.aerial.keep_days
            store = PostgresLive(database, PostgresTrail(), folder_of(settings), days)
            await Writing(store, begun.sortie_id, live).follow()
        live.over.set()


class LiveEyes:
    """Takes the stream in and looks, each in a thread of its own. ``over`` ends both."""

    def __init__(self, begun: Begun, spread: Spread, ground: Ground, looks: Looks) -> None:
        self.over = threading.Event()
        self._following = Following(spread, begun.before)
        self._said, self._newest = Said(IN_TRANSPORT), Newest()
        self._looking = LiveLooking(self._said, ground, looks, Tracker(begun.sortie_id))
        self._last_s: float | None = None
        self._left_out = False

    def begin(self, per_s: float) -> None:
        """Start both threads; at most ``per_s`` pictures a second of video are looked at."""
        self._per_s = per_s
        for work in (self._take_in, self._look):
            threading.Thread(target=work, name=work.__name__, daemon=True).start()

    def news(self) -> Found:
        """What is new since last asked."""
        news = self._looking.news()
        skipped = self._newest.skipped()
        return Found(
            tracks=news.tracks, gone=news.gone, looked=news.looked, skipped=skipped, size=news.size
        )  # fmt: skip

    def _take_in(self) -> None:
        pictures = self._pictures()
        for piece in pieces(sys.stdin.buffer):
            try:
                if isinstance(piece, int):
                    raise StreamBrokenError("the link broke" if piece == BROKEN else "too slow")
                for one in self._following.feed(piece):
                    self._said.hear(one)
                pictures.feed(piece)
            except (StreamBrokenError, TelemetryError):
                pictures.close()
                if piece == LEFT_OUT or isinstance(piece, bytes):
                    self._following.skipped()
                else:
                    self._following.again()
                self._left_out = piece != BROKEN
                pictures = self._pictures()
        pictures.close()
        self.over.set()

    def _pictures(self) -> LivePictures:
        return LivePictures(self._per_s, self._following, self._put)

    def _put(self, picture: Picture) -> None:
        """Of what was left out it is counted how many were due."""
        if self._left_out and self._last_s is not None:
            missed = round((picture.at_s - self._last_s) * self._per_s) - 1
            self._newest.passed_over(max(missed, 0))
        self._left_out, self._last_s = False, picture.at_s
        self._newest.put(picture)

    def _look(self) -> None:
        while not self.over.is_set():
            if picture := self._newest.take(WAIT_S):
                self._looking.look(picture)


@dataclass(slots=True)
class Writing:
    """Into the database, as it is found."""

    store: PostgresLive
    sortie_id: UUID
    live: LiveEyes
    _owed: list[Found] = field(default_factory=list)

    async def follow(self) -> None:
        """Until the stream ends or the sortie flies no more."""
        flies = True
        while flies and not self.live.over.is_set():
            await asyncio.sleep(WRITTEN_EVERY_S)
            flies = await self._written()
        if flies:
            await self._written()

    async def _written(self) -> bool:
        """Whether it flies; what could not be written down is owed."""
        self._owed.append(await asyncio.to_thread(self.live.news))
        together = _together(self._owed)
        try:
            flies = await self.store.keep_found(self.sortie_id, together)
        except DATABASE_OUTAGES as outage:
            log.warning("PostgreSQL does not answer (%s); trying again", str(outage)[:200])
            self._owed = [together]
            return True
        self._owed = []
        return flies


def _together(owed: Sequence[Found]) -> Found:
    newest: dict[UUID, Track] = {one.track_id: one for found in owed for one in found.tracks}
    gone = [one for found in owed for one in found.gone]
    return Found(
        tracks=[one for name, one in newest.items() if name not in gone], gone=gone,
        looked=sum(one.looked for one in owed), skipped=sum(one.skipped for one in owed),
        size=owed[-1].size,
    )  # fmt: skip
