"""The site's hotlist: fetched sealed, kept sealed, opened in memory only, gone when it is over."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from morina.sense.site import JoinToken, Ledger, LinkError
from morina.sense.site.adapters.nats import LeafLink
from morina.watch import CopyKeys, Hotlists, RefusedCopyError, SiteCopy, opened

log = logging.getLogger(__name__)

ASK_EVERY_S = 5.0
MOST_BYTES = 400_000_000


@dataclass(slots=True)
class HeldHotlist:
    """The newest copy the node sealed for this site, in ``file`` as sealed.

    ``use`` takes what may be matched against from now on: nothing, once the copy is over. ``now``
    is the node's time as well as this machine knows it. ``most_swaps`` is as in Hotlists.
    """

    token: JoinToken
    file: Path
    ledger: Ledger
    use: Callable[[Hotlists], None]
    now: Callable[[], datetime]
    most_swaps: int = 2
    copy: SiteCopy | None = None
    entries: int = 0
    _over_at: float = field(default=0.0)

    def load(self) -> None:
        """Take up the copy on disk; one that is no longer to be used is removed."""
        try:
            sealed = self.file.read_bytes()
        except FileNotFoundError:
            return
        try:
            self._take(sealed, above=self.ledger.hotlist_version - 1)
        except RefusedCopyError as refused:
            log.error("%s; it is removed", refused)
            self._forget()

    async def keep_up(self, link: LeafLink) -> None:
        """For ever: ask the node for a newer copy; without a link, keep what there is."""
        while True:
            try:
                if sealed := await self._newer(link):
                    above = self.ledger.hotlist_version - (self.copy is None)
                    await asyncio.to_thread(self._take, sealed, above)
                    await asyncio.to_thread(self._keep, sealed)
            except LinkError:
                pass  # the state of the link is told elsewhere
            except RefusedCopyError as refused:
                log.error("%s; the copy at hand stays", refused)
            await asyncio.sleep(ASK_EVERY_S)

    def expire(self) -> None:
        """Forget the copy when it is over by the clock or by the time it has run here.

        Single listings that are over are dropped with it from what is matched against.
        """
        if self.copy is None:
            return
        now = self.now()
        if now >= self.copy.until or time.monotonic() >= self._over_at:
            log.warning("the hotlist ended at %s and is removed", self.copy.until.isoformat())
            self._forget()
        elif any(one.listing.valid_to <= now for one in self.copy.listed):
            self._use(self.copy, now)

    async def _newer(self, link: LeafLink) -> bytes | None:
        held = self.copy.version if self.copy else 0
        content, version = b"", -1
        while True:
            answer = await link.hotlist(held, len(content))
            head, _, piece = answer.partition(b"\n")
            try:
                said = json.loads(head)
                known, size, of = bool(said["known"]), int(said["size"]), int(said["version"])
            except (ValueError, KeyError, TypeError):
                raise LinkError("the node's answer on the hotlist is not understood") from None
            if known or size > MOST_BYTES:
                return None
            content = content + piece if of == version else piece
            if of != version and version != -1:
                return None  # another copy meanwhile; asked for anew next time
            version = of
            if len(content) >= size or not piece:
                return content

    def _take(self, sealed: bytes, above: int) -> None:
        now = self.now()
        keys = CopyKeys(self.token.node_key, self.token.box_secret)
        copy = opened(sealed, keys, self.token.site, now, above)
        self._over_at = time.monotonic() + (copy.until - now).total_seconds()
        self.ledger.hotlist_version = copy.version
        self._use(copy, now)

    def _use(self, copy: SiteCopy, now: datetime) -> None:
        in_force = tuple(one for one in copy.listed if one.listing.valid_to > now)
        self.copy = SiteCopy(
            site=copy.site,
            version=copy.version,
            made_at=copy.made_at,
            until=copy.until,
            listed=in_force,
        )
        self.entries = len(in_force)
        self.use(Hotlists(in_force, most_swaps=self.most_swaps))

    def _keep(self, sealed: bytes) -> None:
        fresh = self.file.with_suffix(".new")
        fresh.write_bytes(sealed)
        fresh.replace(self.file)

    def _forget(self) -> None:
        self.copy, self.entries = None, 0
        self.use(Hotlists())
        self.file.unlink(missing_ok=True)


def best_now(offset_s: float | None, ledger: Ledger) -> datetime:
    """The node's time: our clock put right, and never before a time the node once told us."""
    now = datetime.now(UTC)
    if offset_s is not None:
        now = datetime.fromtimestamp(now.timestamp() + offset_s, UTC)
    return max(now, ledger.latest_at) if ledger.latest_at else now
