"""Files that cameras which read plates upload, taken as what was pushed."""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from morina.sense.cameras.adapters.drop_folder import DropFolder
from morina.sense.cameras.beside import Beside, kind_of
from morina.sense.cameras.left_files import (
    DROP_EVERY_S,
    REFUSED,
    TAKEN,
    Keep,
    Left,
    Look,
    NeverTakenError,
)
from morina.sense.cameras.pushing import PushingCamera
from morina.sense.cameras.receiving import Receiving, Sent
from morina.sense.cameras.reports import Heartbeat, PayloadError, Report, SentImage
from morina.sense.cameras.stills import whole
from morina.settings import Settings
from morina.wiring.decoding import media_type_of
from morina.wiring.sources import keep_of

log = logging.getLogger(__name__)

UNFINISHED = frozenset({".filepart", ".part", ".partial", ".tmp"})
UNKNOWN = "is in no folder of a camera that reads plates; see docs/cameras/push.md"

Items = Sequence[Report | Heartbeat]


@dataclass(frozen=True, slots=True)
class Patience:
    """For how many seconds a file must not have changed before it is taken.

    Rows (CSV) cut short at the end of a line are still rows, so they are left alone for longer.
    What cannot be taken after ``give_up_after_s`` never can; an unfinished upload (``.part``) is
    given up after ``unfinished_s``.
    """

    settled_s: float = 2.0
    rows_s: float = 10.0
    give_up_after_s: float = 60.0
    unfinished_s: float = 3600.0


@dataclass(slots=True)
class Dropped:
    """Takes what cameras left in one folder; a file stays until what it says is durable."""

    receiving: Receiving
    folder: DropFolder
    keep: Keep
    patience: Patience = Patience()
    _kept: dict[Path, Look] = field(default_factory=dict)
    _waits: dict[Path, tuple[Look, float]] = field(default_factory=dict)
    _told: dict[str, str] = field(default_factory=dict)
    _drops_at: float = 0.0

    async def look(self) -> None:
        """Take each file that is complete, the first that came first.

        What is away (a store, the stream, the folder) raises its own error; the rest then waits.
        """
        files = await asyncio.to_thread(self.folder.left)
        self._forget_all_but(files)
        if files:
            known = {one.camera_id: one for one in await self.receiving.cameras.pushing()}
            beside = Beside.of(files)
            for file in files:
                if file.still_s >= self._waits_s(file):
                    await self._deal_with(file, known.get(file.camera_id), beside)
        if time.monotonic() >= self._drops_at:
            await asyncio.to_thread(self.folder.drop_old, self.keep, time.time())
            self._drops_at = time.monotonic() + DROP_EVERY_S

    def _forget_all_but(self, files: Sequence[Left]) -> None:
        looks = {file.inside: file.look for file in files}
        self._kept = {at: look for at, look in self._kept.items() if looks.get(at) == look}
        self._waits = {at: wait for at, wait in self._waits.items() if looks.get(at) == wait[0]}

    def _waits_s(self, file: Left) -> float:
        if file.inside in self._waits:
            return self._waits[file.inside][1]
        unfinished = file.inside.suffix.lower() in UNFINISHED
        return self.patience.unfinished_s if unfinished else self.patience.settled_s

    async def _deal_with(self, file: Left, camera: PushingCamera | None, beside: Beside) -> None:
        if camera is None:
            await self._knock(file)
        elif file.inside in self._kept:
            await self._put_away(file, TAKEN)
        else:
            try:
                payload = await self._complete(file)
            except NeverTakenError as why:
                await self._refuse(camera, file, _sent(file, b""), why)
                return
            if payload is not None:
                await self._take(camera, file, payload, beside)

    async def _complete(self, file: Left) -> bytes | None:
        """What is in it, None while it is not complete or may not be read; NeverTakenError."""
        try:
            payload = await asyncio.to_thread(self.folder.content, file)
        except OSError as error:
            self._tell(file, f"cannot be read ({error.strerror}); let the node's user read it")
            return None
        if payload is None:
            return None
        needed_s = await asyncio.to_thread(self._needed_s, file, payload)
        if file.still_s >= needed_s:
            return payload
        self._waits[file.inside] = (file.look, needed_s)
        return None

    def _needed_s(self, file: Left, payload: bytes) -> float:
        """How long it must have lain still: what cannot be complete, until hope is given up."""
        if file.is_picture:
            done = whole(payload)
            return self.patience.settled_s if done else self.patience.give_up_after_s
        tells_its_end = payload[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{", b"[")
        return self.patience.settled_s if tells_its_end else self.patience.rows_s

    async def _take(
        self, camera: PushingCamera, file: Left, payload: bytes, beside: Beside
    ) -> None:
        sent, hopeless = _sent(file, payload), file.still_s >= self.patience.give_up_after_s
        try:
            _, items = await self.receiving.tried(camera, sent)
        except PayloadError as why:
            if not hopeless:
                self._waits[file.inside] = (file.look, self.patience.give_up_after_s)
            elif not beside.has_document(file):
                await self._refuse(camera, file, sent, why)
            return
        pictures = beside.pictures(file) if len(items) == 1 else ()
        contents = {one: await self._picture(one) for one in pictures}
        if None in contents.values() and not hopeless:
            return
        there = {one: content for one, content in contents.items() if content is not None}
        await self._report(camera, _joined(items, there), sent.received_at)
        for one in (*there, file):  # the document last: until it goes, it is taken again
            self._kept[one.inside] = one.look
            await self._put_away(one, TAKEN)

    async def _picture(self, file: Left) -> bytes | None:
        """A picture beside a document, None while it is not complete, or for ever."""
        if file.still_s < self.patience.settled_s:
            return None
        try:
            return await self._complete(file)
        except NeverTakenError:
            return None

    async def _report(self, camera: PushingCamera, items: Items, received_at: datetime) -> None:
        for item in items:
            if isinstance(item, Report):
                await self.receiving.report(camera, item, received_at)
            else:
                await self.receiving.cameras.hear(camera.camera_id, received_at)

    async def _refuse(
        self, camera: PushingCamera, file: Left, sent: Sent, why: PayloadError
    ) -> None:
        """Keep the fault, then put the file aside."""
        log.info("camera %s: its file %s: %s", camera.camera_id, file.name, why)
        await self.receiving.refuse(camera, sent, PayloadError(f"file {file.name[:100]}: {why}"))
        await self._put_away(file, REFUSED)

    async def _put_away(self, file: Left, where: str) -> None:
        try:
            await asyncio.to_thread(self.folder.put_away, file, where)
        except OSError as error:
            self._tell(file, f"cannot be moved ({error.strerror}); let the node's user write there")

    async def _knock(self, file: Left) -> None:
        """Files wait in a folder that is no camera's; it is shown once as knocking."""
        if self._tell(file, UNKNOWN) and file.camera_id:
            await self.receiving.knock(_sent(file, b""))

    def _tell(self, file: Left, what: str) -> bool:
        """Say what is wrong in a camera's folder once, not at each look; whether it was said."""
        if self._told.get(file.camera_id) == what:
            return False
        self._told[file.camera_id] = what
        log.warning("%s %s", self.folder.root / file.inside, what)
        return True


def dropped_of(settings: Settings, receiving: Receiving) -> list[Dropped]:
    """What takes the files of each folder of the settings."""
    keep, most = keep_of(settings.reading), settings.push.bytes
    return [
        Dropped(receiving, DropFolder(one.path, one.then == "remove", most), keep)
        for one in settings.push.folders
    ]


def _joined(items: Items, pictures: dict[Left, bytes]) -> Items:
    """The one report with the pictures that lie beside its document."""
    if not pictures or not isinstance(report := items[0], Report):
        return items
    sent = [
        SentImage(kind=kind_of(one), name=one.name, content=content)
        for one, content in pictures.items()
    ]
    return [replace(report, images=(*report.images, *sent))]


def _sent(file: Left, payload: bytes) -> Sent:
    return Sent(
        payload=payload,
        headers={"filename": file.name, "content-type": media_type_of(payload)},
        address=f"folder {file.camera_id}",
        received_at=min(file.arrived_at, datetime.now(UTC)),
    )
