"""How a running node takes a backup; the order of it is ``Backups._pieces``."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import nats.errors
import psycopg
from clickhouse_connect.driver.exceptions import Error as ClickHouseError
from nats.aio.client import Client
from nats.js.errors import APIError
from psycopg_pool import PoolTimeout

from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.signing import SignatureError, Signer
from morina.accountability.trail import Act, Deed, What
from morina.backup import BackupError, BackupFolder, Manifest, Piece
from morina.backup.adapters.nats_streams import copy_out, streams_in_files
from morina.backup.adapters.postgres_dump import Moment, moment_of, waiting_arrivals
from morina.backup.checking import checked_manifest
from morina.backup.keeping import Keeping
from morina.backup.manifest import ATTACHMENTS, SEALED, Facts, signed
from morina.backup.sealing import seal, secret_of
from morina.engines import Home
from morina.records.adapters.clickhouse import ClickHouseReads
from morina.records.adapters.clickhouse_freezing import FrozenTables, frozen
from morina.records.adapters.obstore import ObstoreImages
from morina.settings import Settings
from morina.wiring.backup_pieces import (
    bundled,
    home_pieces,
    part_pieces,
    picture_pieces,
    private_files,
    rows_of,
)
from morina.wiring.pictures import attachments_of, may_have_attachments

log = logging.getLogger(__name__)

STREAMS = "MORINA_"
OUTAGES = (
    APIError, ClickHouseError, OSError, PoolTimeout, SignatureError, nats.errors.Error,
    psycopg.Error,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is backed up; ``dsn`` is of a role that may read the whole database."""

    settings: Settings
    home: Home
    dsn: str
    client: Client
    records: ClickHouseReads
    images: ObstoreImages
    trail: PostgresTrailReader
    signer: Signer


@dataclass(slots=True)
class Taken:
    """A backup being put together."""

    folder: BackupFolder
    before: Manifest | None
    mark: datetime
    pieces: list[Piece] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    head: tuple[int, str] = (0, "")

    def add(self, *pieces: Piece) -> None:
        """More of it."""
        self.pieces += pieces


@dataclass(frozen=True, slots=True)
class Backups:
    """Takes backups of a running node, one at a time."""

    source: Source
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def take(self, path: Path, who: str) -> tuple[Manifest, int]:
        """Add a backup to the folder ``path``; its manifest, and the bytes that were new.

        Older ones whose time is over are removed. BackupError.
        """
        async with self._turn:
            try:
                with BackupFolder.held(path.resolve()) as folder:
                    manifest = await self._entered(folder, who)
                    await asyncio.to_thread(self._remove_old, folder)
                    return manifest, folder.added_bytes
            except OUTAGES as outage:
                raise BackupError(f"no backup was made: {str(outage)[:300]}") from None

    async def _entered(self, folder: BackupFolder, who: str) -> Manifest:
        """No copy of anything is made without an entry in the trail, made or not."""
        await asyncio.to_thread(self._remove_old, folder)
        await self._enter(who, What("backup", (), "is being made"))
        try:
            manifest = await self._take(folder)
        finally:
            folder.stopped = True  # threads of one that was cancelled write no more
        made = What("backup", (str(manifest.number),), "made", digest=manifest.digest)
        await self._enter(who, made)
        return manifest

    async def _take(self, folder: BackupFolder) -> Manifest:
        source = self.source
        secret = secret_of(source.settings.backup.key_file, (source.home.path, folder.path))
        before = await asyncio.to_thread(last_of, folder, source.signer)
        taken = Taken(folder, before, datetime.now(UTC))
        await self._pieces(taken, secret)
        manifest = signed(await self._facts(taken), taken.pieces, before, source.signer)
        await asyncio.to_thread(folder.keep, manifest)
        return manifest

    async def _pieces(self, taken: Taken, secret: bytes) -> None:
        """Everything, in the order in which a read goes through the node, so that what leaves one
        place while it is copied is found in the next. Checkpoints go before the trail they seal,
        pictures after all that names them."""
        folder, source = taken.folder, self.source
        arrivals = await waiting_arrivals(source.dsn)
        taken.add(await _added(folder, "postgres/arrivals.json", arrivals))
        taken.add(*await self._streams(taken))
        taken.add(*await asyncio.to_thread(home_pieces, folder, source.home.path))
        async with self._frozen() as tables, moment_of(source.dsn) as moment:
            taken.add(*await self._database(taken, moment))
            if tables:
                taken.add(*await asyncio.to_thread(part_pieces, folder, tables, taken.before))
                taken.counts["reads"] = await asyncio.to_thread(rows_of, tables, "reads")
        listed, taken.counts["pictures"] = await picture_pieces(folder, source.images)
        taken.add(listed)
        if may_have_attachments(source.settings):
            files = attachments_of(source.settings)
            listed, taken.counts["files"] = await picture_pieces(folder, files, ATTACHMENTS)
            taken.add(listed)
        private = await asyncio.to_thread(bundled, private_files(source.home.path))
        sealed = await asyncio.to_thread(seal, private, secret)
        taken.add(await _added(folder, SEALED, sealed))

    async def _streams(self, taken: Taken) -> list[Piece]:
        """Captures come before the reads they become, in the alphabet too."""
        pieces: list[Piece] = []
        waiting = 0
        for name in await streams_in_files(self.source.client, STREAMS):
            with taken.folder.incoming() as incoming:
                said = await copy_out(self.source.client, name, incoming.write)
                copied = await asyncio.to_thread(incoming.kept_as, f"nats/{name}.snapshot")
            content = json.dumps(said).encode()
            pieces += [copied, await _added(taken.folder, f"nats/{name}.json", content)]
            waiting += said["state"]["messages"]
        taken.counts["messages"] = waiting
        return pieces

    async def _database(self, taken: Taken, moment: Moment) -> list[Piece]:
        taken.counts |= moment.counts
        taken.head = moment.head
        roles = json.dumps(moment.roles).encode()
        with taken.folder.incoming() as incoming:
            await moment.dump(incoming.path)
            await asyncio.to_thread(incoming.written_by_another)
            dumped = await asyncio.to_thread(incoming.kept_as, "postgres/database.dump")
        return [dumped, await _added(taken.folder, "postgres/roles.json", roles)]

    @asynccontextmanager
    async def _frozen(self) -> AsyncIterator[FrozenTables | None]:
        """None where ClickHouse is a server of its own, which is backed up with its own means."""
        if self.source.settings.engines.clickhouse_dsn:
            yield None
            return
        place = self.source.home.path / "clickhouse"
        async with frozen(self.source.records, place) as tables:
            yield tables

    async def _facts(self, taken: Taken) -> Facts:
        source, kept = self.source, self.source.settings.retention
        keep = {"days": kept.days, "alert_days": kept.alert_days}
        return Facts(
            mark=taken.mark.isoformat(),
            ended_at=datetime.now(UTC).isoformat(),
            versions={
                "morina": version("morina"),
                "nats": str(source.client.connected_server_version),
                "records": "elsewhere" if source.settings.engines.clickhouse_dsn else "here",
            },
            trail={"number": taken.head[0], "hash": taken.head[1]},
            counts=taken.counts,
            retention=keep | {"backup_days": source.settings.backup.keep_days},
        )

    async def _enter(self, who: str, what: What) -> None:
        await self.source.trail.enter(Deed(act=Act.BACKUP, what=what, who=who))

    def _remove_old(self, folder: BackupFolder) -> None:
        """Before and after: what is over its time must go, even where the next one fails."""
        backup = self.source.settings.backup
        made = folder.manifests()
        if over := Keeping(backup.keep, backup.keep_days).over(made, datetime.now(UTC)):
            folder.remove(over)


async def _added(folder: BackupFolder, name: str, content: bytes) -> Piece:
    """In a thread, since what is durable may take its time."""
    return await asyncio.to_thread(folder.add, name, [content])


def last_of(folder: BackupFolder, signer: Signer) -> Manifest | None:
    """The newest backup in a folder of this node's; BackupError where it is another's."""
    files: Sequence[Path] = folder.manifest_files()
    try:
        return checked_manifest(files[-1], signer.public) if files else None
    except SignatureError as error:
        raise BackupError(
            f"{files[-1]}: {error}; name an empty folder, or look into why it was changed"
        ) from None
