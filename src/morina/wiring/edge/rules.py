"""The node's rules at a site: asked for, kept in a file, joined with the site's own settings."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from morina.records.retention import Retention
from morina.sense.recogniser.fitting import PictureSizes
from morina.sense.site import LinkError, SiteRules, narrower
from morina.sense.site.adapters.nats import LeafLink

log = logging.getLogger(__name__)

ASK_EVERY_S = 5.0


@dataclass(slots=True)
class HeldRules:
    """What the node last said, in ``file`` across restarts; the stricter of it and ``own`` counts.

    Before a site has ever reached its node only ``own`` counts. ``takes_files`` says that cameras
    upload files here, which are on disk before anybody can match them.
    """

    file: Path
    own: Retention
    own_sizes: PictureSizes
    takes_files: bool = False
    told: SiteRules = field(default_factory=SiteRules)

    def load(self) -> None:
        """As it was last told; nothing where there is none or it cannot be read."""
        try:
            self.told = msgspec.json.decode(self.file.read_bytes(), type=SiteRules)
        except FileNotFoundError:
            return
        except msgspec.DecodeError as error:
            log.error("%s cannot be read (%s); the node will say it anew", self.file, error)

    async def keep_up(self, link: LeafLink) -> None:
        """For ever: ask the node; without a link what it last said holds."""
        while True:
            with suppress(LinkError):  # the state of the link is told elsewhere
                self.take(await link.rules())
            await asyncio.sleep(ASK_EVERY_S)

    def forgets(self, camera_id: str) -> bool:
        """Whether of this camera only hits are kept."""
        return self.own.forgets_at_once(camera_id) or camera_id in self.told.only_hits

    def sizes(self) -> PictureSizes:
        """How large pictures may be that are encoded here."""
        return PictureSizes(
            overview_bytes=narrower(self.own_sizes.overview_bytes, self.told.overview_bytes),
            patch_bytes=narrower(self.own_sizes.patch_bytes, self.told.patch_bytes),
        )

    def take(self, told: SiteRules) -> None:
        """Hold to these from now on."""
        if told == self.told:
            return
        self.told = told
        log.info("the node's rules: only hits are kept of %s", ", ".join(told.only_hits) or "none")
        if told.only_hits and self.takes_files:
            log.error("files that such cameras upload stay on disk; take them out of push.folders")
        try:
            fresh = self.file.with_suffix(".new")
            fresh.write_bytes(msgspec.json.encode(told))
            fresh.replace(self.file)
        except OSError as error:
            log.error("%s cannot be written (%s); it counts until the end", self.file, error)
