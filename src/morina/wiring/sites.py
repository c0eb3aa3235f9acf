"""What a node does for its sites: lets them join, answers them, knows how they are."""

import asyncio
import json
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
from clickhouse_connect.driver.exceptions import Error as ClickHouseError
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from obstore.exceptions import BaseError as StoreError

from morina.engines import EngineError, NodeNats, Supervisor
from morina.records import ImageStore
from morina.records.unkept import UnkeptHours
from morina.sense.adapters.nats import OUTAGES
from morina.sense.cameras.reports import SentImage
from morina.sense.cameras.sent_pictures import is_picture
from morina.sense.site import Site, SiteRules, SiteState, Subjects
from morina.settings import Settings
from morina.watch import CopyKeys, Hotlists, SiteCopy, for_site, seal
from morina.wiring.parts import Engines
from morina.wiring.retention import retention_of
from morina.wiring.site_counts import CountedSites
from morina.wiring.site_folder import SiteFolder, leaf_of
from morina.wiring.site_states import SiteStates

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
PIECE_BYTES = 1_000_000
Answer = Callable[[Site, bytes], Awaitable[bytes | None]]


@dataclass(frozen=True, slots=True)
class SealedCopy:
    """The copy a site has now, and what it was made from."""

    version: int
    revision: int
    renew_at: datetime
    content: bytes


@dataclass(frozen=True, slots=True)
class Served:
    """What of the node its sites are given: its stream's connection, hotlists and pictures, and
    where counts of passages go that a site forgot."""

    client: Client
    hotlists: Hotlists
    images: ImageStore
    hours: UnkeptHours


@dataclass(slots=True)
class NodeSites:
    """Answers every site of the folder, for as long as it serves; looks for new ones each second.

    An unanswered question is asked again by the site: nothing here need be tried twice.
    """

    folder: SiteFolder
    nats: NodeNats
    supervisor: Supervisor
    node: Served
    _known: dict[str, Site] = field(default_factory=dict)
    _hearing: dict[str, list[Subscription]] = field(default_factory=dict)
    _copies: dict[str, SealedCopy] = field(default_factory=dict)
    _states: SiteStates = field(init=False)
    _counted: CountedSites = field(init=False)

    def __post_init__(self) -> None:
        self._states = SiteStates(self.folder.home)
        self._counted = CountedSites(self.folder.home, self.node.hours)

    async def serve(self) -> None:
        """For ever."""
        while True:
            with suppress(*OUTAGES):
                await self._follow_folder()
            await asyncio.sleep(LOOK_EVERY_S)

    async def _follow_folder(self) -> None:
        wanted = {site.name: site for site in self.folder.sites()}
        if wanted == self._known:
            return
        for name in [name for name, site in self._known.items() if wanted.get(name) != site]:
            for hearing in self._hearing.pop(name, []):
                await hearing.unsubscribe()
            self._copies.pop(name, None)
            self._states.forget(name)
        self.nats.write([leaf_of(site) for site in wanted.values()])
        if process_id := self.supervisor.process_id("nats"):
            os.kill(process_id, signal.SIGHUP)
        for name, site in wanted.items():
            if name not in self._hearing:
                self._hearing[name] = await self._hear(site)
        self._known = wanted

    async def _hear(self, site: Site) -> list[Subscription]:
        subjects = Subjects(site.name)
        answers: dict[str, Answer] = {
            subjects.clock: self._clock,
            subjects.picture: self._picture,
            subjects.hotlist: self._hotlist,
            subjects.rules: self._rules,
            subjects.counts: self._counts,
            subjects.state: self._state,
        }
        return [
            await self.node.client.subscribe(subject, cb=_answering(site, answer))
            for subject, answer in answers.items()
        ]

    async def _clock(self, _site: Site, _question: bytes) -> bytes:
        return datetime.now(UTC).isoformat().encode()

    async def _picture(self, site: Site, picture: bytes) -> bytes | None:
        most = self.folder.settings.desk.upload_bytes
        if len(picture) > most:
            return f"refused: it is larger than {most:,} bytes (desk.upload_bytes)".encode()
        sent = SentImage(kind="overview", name=site.name, content=picture)
        if not is_picture(sent, self.folder.settings.desk.image_pixels):
            return b"refused: it is no JPEG, PNG or WebP of at most desk.image_pixels"
        try:
            return (await self.node.images.put(picture)).encode()
        except (OSError, StoreError) as outage:
            log.warning("a picture of the site %s cannot be kept now: %s", site.name, outage)
            return None

    async def _hotlist(self, site: Site, question: bytes) -> bytes:
        asked = json.loads(question)
        copy = await self._copy_for(site)
        start = int(asked["offset"])
        known = start == 0 and asked["version"] == copy.version
        piece = b"" if known else copy.content[start : start + PIECE_BYTES]
        head = {"version": copy.version, "size": len(copy.content), "known": known}
        return json.dumps(head).encode() + b"\n" + piece

    async def _copy_for(self, site: Site) -> SealedCopy:
        now = datetime.now(UTC)
        held = self._copies.get(site.name)
        if held and held.revision == self.node.hotlists.revision and now < held.renew_at:
            return held
        revision, listed = self.node.hotlists.revision, list(self.node.hotlists)
        life = timedelta(hours=self.folder.settings.sites.hotlist_hours)
        version = max(int(now.timestamp() * 1000), held.version + 1 if held else 0)
        keys = CopyKeys(self.folder.signing_key, site.box_key)

        def made() -> bytes:
            copy = SiteCopy(
                site=site.name,
                version=version,
                made_at=now,
                until=now + life,
                listed=for_site(listed, site.scope, now),
            )
            return seal(copy, keys)

        content = await asyncio.to_thread(made)
        fresh = SealedCopy(version, revision, now + life / 4, content)
        self._copies[site.name] = fresh
        return fresh

    async def _rules(self, _site: Site, _question: bytes) -> bytes:
        return msgspec.json.encode(rules_of(self.folder.settings))

    async def _counts(self, site: Site, said: bytes) -> bytes | None:
        try:
            await self._counted.hear(site.name, said)
        except ClickHouseError as outage:
            log.warning("counts of the site %s wait there: %s", site.name, str(outage)[:200])
            return None
        return b"counted"

    async def _state(self, site: Site, said: bytes) -> bytes:
        self._states.hear(msgspec.json.decode(said, type=SiteState), datetime.now(UTC), site.name)
        return b"heard"


def rules_of(settings: Settings) -> SiteRules:
    """What the settings of a node ask of its sites."""
    groups = retention_of(settings).groups
    named = (one for group in groups if group.match_and_forget for one in group.cameras)
    images = settings.images
    return SiteRules(
        only_hits=tuple(sorted(named)),
        overview_bytes=images.overview_bytes, patch_bytes=images.patch_bytes,
    )  # fmt: skip


@asynccontextmanager
async def serving_sites(
    settings: Settings, engines: Engines, nats: NodeNats | None, node: Served
) -> AsyncIterator[None]:
    """Sites are served within; nothing happens where sites.port is 0."""
    if not settings.sites.port:
        yield
        return
    if nats is None:
        raise EngineError("sites join the node's own NATS; leave engines.nats_url empty")
    folder = SiteFolder(engines.home, settings)
    sites = NodeSites(folder, nats, engines.supervisor, node)
    serving = asyncio.create_task(sites.serve())
    serving.add_done_callback(_ended)
    try:
        yield
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


def _ended(serving: asyncio.Task[None]) -> None:
    if not serving.cancelled() and (error := serving.exception()):
        log.error("sites are no longer served; start the node again", exc_info=error)


def _answering(site: Site, answer: Answer) -> Callable[[Msg], Awaitable[None]]:
    async def answered(message: Msg) -> None:
        try:
            said = await answer(site, message.data)
        except (ValueError, KeyError, TypeError, msgspec.DecodeError) as error:
            log.warning("the site %s asked what nobody understands: %s", site.name, error)
            return
        if said is not None and message.reply:
            with suppress(*OUTAGES):
                await message.respond(said)

    return answered
