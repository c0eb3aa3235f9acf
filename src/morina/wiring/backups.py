"""Backups of a running node: taken on time, asked for by command, and how old the last one is."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from morina.accountability.signing import SignatureError
from morina.accountability.trail import NODE
from morina.backup import BackupError, BackupFolder, Manifest
from morina.backup.figures import FAILED, LAST
from morina.records.adapters.clickhouse_freezing import leave_nothing_frozen
from morina.settings import Settings
from morina.wiring.backing_up import Backups, Source
from morina.wiring.backup_door import backup_door
from morina.wiring.ending import ended

log = logging.getLogger(__name__)

TRY_AGAIN_AFTER_S = 600.0


@dataclass(slots=True)
class BackupState:
    """What is known of the backups in ``backup.folder``."""

    settings: Settings
    last: datetime | None = None
    failed: str = ""

    def took(self, manifest: Manifest) -> None:
        """There is a new one."""
        self.last, self.failed = manifest.ended_at, ""
        self._show()

    def came_to_nothing(self, why: str) -> None:
        """A try failed."""
        self.failed = why
        self._show()

    def look(self) -> None:
        """Learn of the newest there is."""
        folder = self.settings.backup.folder
        try:
            newest = BackupFolder(folder).newest() if folder else None
            self.last = newest.ended_at if newest else None
        except (SignatureError, OSError) as error:
            self.failed = str(error)
        self._show()

    def due_in_s(self, now: datetime) -> float:
        """Seconds until the next is due."""
        if self.last is None:
            return 0.0
        due = self.last + timedelta(hours=self.settings.backup.every_h)
        return max(0.0, (due - now).total_seconds())

    def said(self, now: datetime) -> str | None:
        """``"up"``, or what is wrong; None where no backups are wanted."""
        if self.settings.backup.folder is None:
            return None
        if self.failed:
            return f"the last backup failed: {self.failed}"
        if self.last is None:
            return "no backup has been taken yet"
        late = timedelta(hours=2 * self.settings.backup.every_h)
        if now - self.last > late:
            return f"the last good backup is of {self.last:%Y-%m-%d %H:%M} UTC; look at the log"
        return "up"

    def _show(self) -> None:
        LAST.set(self.last.timestamp() if self.last else 0)
        FAILED.set(bool(self.failed))


@dataclass(slots=True)
class BackupService:
    """Takes backups and knows how it went."""

    backups: Backups
    state: BackupState
    _settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        self._settings = self.backups.source.settings

    async def take(self, folder: Path, who: str) -> str:
        """Take one; what to say of it. BackupError."""
        begun = time.monotonic()
        manifest, added = await self.backups.take(folder, who)
        if self._is_ours(folder):
            self.state.took(manifest)
        return _told(manifest, folder, added, time.monotonic() - begun)

    async def follow(self) -> None:
        """For ever: take one whenever one is due, into the folder of the settings."""
        folder = self._settings.backup.folder
        while folder:
            await asyncio.sleep(self.state.due_in_s(datetime.now(UTC)))
            try:
                log.info("%s", await self.take(folder, NODE))
                continue
            except BackupError as error:
                log.error("no backup was taken: %s", error)
                self.state.came_to_nothing(str(error))
            except Exception as error:
                # Broad on purpose: whatever one try met, the next must still be made.
                log.exception("no backup was taken")
                self.state.came_to_nothing(f"{type(error).__name__}; look at the log")
            await asyncio.sleep(TRY_AGAIN_AFTER_S)

    def _is_ours(self, folder: Path) -> bool:
        ours = self._settings.backup.folder
        return ours is not None and ours.resolve() == folder.resolve()


@asynccontextmanager
async def backups_of(source: Source) -> AsyncIterator[BackupState]:
    """Backups of a node, while the context lasts."""
    leave_nothing_frozen(source.home.path / "clickhouse")
    state = BackupState(source.settings)
    await asyncio.to_thread(state.look)
    service = BackupService(Backups(source), state)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(backup_door(source.home.path, service.take))
        stack.push_async_callback(ended, [asyncio.create_task(service.follow())])
        yield state


def _told(manifest: Manifest, folder: Path, added: int, seconds: float) -> str:
    counts = manifest.facts.counts
    return (
        f"backup {manifest.number} in {folder}: {counts.get('reads', 0)} rows of reads, "
        f"{counts['pictures']} pictures, {counts['alerts']} alerts, {counts['messages']} messages "
        f"waiting, trail to entry {manifest.facts.trail['number']}; {added:,} bytes new, "
        f"{seconds:.1f} s; all acknowledged before {manifest.mark:%Y-%m-%d %H:%M:%S} UTC is in it"
    )
