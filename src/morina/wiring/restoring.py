"""``morina restore``: a home made anew from a backup, all of it checked before anything is made."""

import asyncio
import io
import json
import os
import shutil
import tarfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from getpass import getuser
from pathlib import Path

import nats
from clickhouse_connect.driver.exceptions import Error as ClickHouseError

from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.signing import SignatureError, Signer
from morina.accountability.trail import Act, Deed, What
from morina.accountability.trail_check import Verified, verify
from morina.backup import BackupError, BackupFolder, Manifest, Piece
from morina.backup.adapters.nats_streams import CHUNK, put_back
from morina.backup.adapters.postgres_dump import load
from morina.backup.bundles import unbundle
from morina.backup.checking import check_one, checked_manifest
from morina.backup.manifest import ATTACHMENTS, SEALED
from morina.backup.sealing import secret_of, unseal
from morina.engines import EngineError, Home, Supervisor
from morina.records.adapters.clickhouse_freezing import Thawing
from morina.records.adapters.obstore import ObstoreImages
from morina.records.statements import Statement
from morina.settings import Settings
from morina.wiring.backup_commands import FAULTS_SHOWN, refuse_faults
from morina.wiring.database import Database
from morina.wiring.parts import start_engines, upgrade_schema
from morina.wiring.pictures import attachments_of, pictures_of
from morina.wiring.refused import RefusedError
from morina.wiring.restored import forget_once, forget_waiting
from morina.wiring.trail import checkpoints_of, seal

PICTURES_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Restoring:
    """One backup on its way into ``home``, which is not there yet; ``private`` are its keys."""

    settings: Settings
    folder: BackupFolder
    manifest: Manifest
    private: bytes

    def content(self, name: str) -> bytes:
        """A small piece's bytes."""
        return self.folder.object(self.manifest.piece(name).sha256).read_bytes()

    def place(self, name: str) -> Path:
        """Where a piece's bytes are."""
        return self.folder.object(self.manifest.piece(name).sha256)


async def restore(settings: Settings, path: Path, into: Path, number: int | None) -> None:
    """Make the home ``into`` from a backup; RefusedError, and nothing is made, where it is not
    whole. What fails later leaves no home, only ``<into>.new`` to be looked at."""
    begun = time.monotonic()
    fresh = into.with_name(f"{into.name}.new")
    try:
        refuse_occupied(into, fresh)
        work = await asyncio.to_thread(opened, settings, path, number)
        refuse_no_room(into, work)
        print(f"backup {work.manifest.number} is whole and signed; restoring", flush=True)
        made = await _make(work, fresh)
        await asyncio.to_thread(_settle, fresh, into)
    except (BackupError, SignatureError, EngineError) as error:
        raise RefusedError(str(error)) from None
    except (OSError, ClickHouseError) as error:
        raise RefusedError(f"{fresh} is unfinished: {str(error)[:300]}; remove it") from None
    print("\n".join(_told(work, made)))
    print(
        f"{into} is restored in {time.monotonic() - begun:.1f} s; "
        f"start it with: morina up --home {into}"
    )
    if made.held.found:
        shown = "\n".join(f"  {one}" for one in made.held.found[:FAULTS_SHOWN])
        raise RefusedError(f"but its trail does not hold:\n{shown}")


def refuse_occupied(into: Path, fresh: Path) -> None:
    """RefusedError where a home, or anything else, is there already."""
    for one in (into, fresh):
        if one.exists() and (not one.is_dir() or any(one.iterdir())):
            raise RefusedError(f"{one} is not empty; restore into a new folder, or remove it")


def refuse_no_room(into: Path, work: Restoring) -> None:
    """RefusedError where the disk cannot hold what is restored."""
    above = next(one for one in into.resolve().parents if one.exists())
    free = shutil.disk_usage(above).free
    listed = sum(one.size for one in work.folder.listed(work.manifest))
    needed = 2 * work.manifest.bytes + listed
    if free < needed:
        raise RefusedError(
            f"{above}: {free:,} bytes are free, {needed:,} are needed; free some space"
        )


def opened(settings: Settings, path: Path, number: int | None) -> Restoring:
    """The backup to be restored, all of it checked, and its keys; RefusedError, BackupError."""
    secret = secret_of(settings.backup.key_file)
    folder = BackupFolder(path)
    files = {int(file.stem): file for file in folder.manifest_files()}
    if not files:
        raise BackupError(f"{path}: no backup is there; name the folder of backups")
    wanted = number or max(files)
    if wanted not in files:
        numbers = ", ".join(map(str, files))
        raise BackupError(f"{path}: no backup {wanted} is there; there are: {numbers}")
    manifest = checked_manifest(files[wanted], None)
    refuse_faults(path, check_one(folder, manifest))
    private = unseal(folder.object(manifest.piece(SEALED).sha256).read_bytes(), secret)
    if signer_in(private).public.text != manifest.key:
        raise BackupError(
            f"backup {wanted} was signed with another key than the one sealed in it; restore "
            "another with --number"
        )
    return Restoring(settings, folder, manifest, private)


def signer_in(private: bytes) -> Signer:
    """Who signs for the node whose keys these are; BackupError where none is among them."""
    with tarfile.open(fileobj=io.BytesIO(private)) as tar:
        try:
            found = tar.extractfile("secrets/signing")
        except KeyError:
            found = None
        if found is None:
            raise BackupError("no signing key is among the keys in the backup; restore another")
        return Signer.of(found.read().decode())


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: messages that wait, what was forgotten at once, how the trail is."""

    messages: int
    statement: Statement
    held: Verified


async def _make(work: Restoring, fresh: Path) -> Made:
    """Everything of a home, in ``fresh``; what is due is forgotten before anything answers."""
    settings = work.settings.model_copy(update={"home": fresh})
    home = Home.open(fresh)
    async with AsyncExitStack() as stack:
        stack.callback(home.close)
        signer = await asyncio.to_thread(_files, work, home)
        supervisor = Supervisor()
        stack.push_async_callback(supervisor.stop)
        addresses = await start_engines(settings, home, supervisor)
        arrivals = work.content("postgres/arrivals.json")
        roles = json.loads(work.content("postgres/roles.json"))
        await load(addresses.owner, work.place("postgres/database.dump"), roles, arrivals)
        messages = await _streams(work, addresses.nats)
        if work.manifest.below("clickhouse/"):
            await asyncio.to_thread(_records, work, fresh / "clickhouse")
        await _listed(work, work.folder.pictures(work.manifest), pictures_of(settings))
        if work.manifest.below(ATTACHMENTS):
            files = work.folder.attachments(work.manifest)
            await _listed(work, files, attachments_of(settings))
        await asyncio.to_thread(upgrade_schema, addresses)
        pool = Database(addresses.postgres, open=False, min_size=1, max_size=4)
        await stack.enter_async_context(pool)
        trail = PostgresTrailReader(pool)
        await trail.enter(_deed(work.manifest))
        async with await nats.connect(addresses.nats) as client:
            messages -= await forget_waiting(settings, pool, client)
        statement = await forget_once(settings, home, pool)
        await seal(trail, checkpoints_of(fresh), signer)
        points = checkpoints_of(fresh).all()
        held = verify([one async for one in trail.raw()], points, signer.public)
    return Made(messages, statement, held)


def _files(work: Restoring, home: Home) -> Signer:
    """The home's files and keys; who signs for it."""
    unbundle(io.BytesIO(work.private), home.path)
    (home.path / "secrets").chmod(0o700)
    for piece in work.manifest.below("home/"):
        with work.folder.object(piece.sha256).open("rb") as bundled:
            unbundle(bundled, home.path)
    return signer_in(work.private)


async def _streams(work: Restoring, url: str) -> int:
    client, waiting = await nats.connect(url), 0
    try:
        for piece in work.manifest.below("nats/"):
            if piece.name.endswith(".snapshot"):
                said = json.loads(work.content(piece.name.replace(".snapshot", ".json")))
                chunks = _chunks(work.folder.object(piece.sha256))
                waiting += await put_back(client, said["config"]["name"], said, chunks)
    finally:
        await client.close()
    return waiting


def _records(work: Restoring, folder: Path) -> None:
    """Make the tables, put each part in its place, have the engine take it up."""
    folder.mkdir(exist_ok=True)
    pieces = work.manifest.below("clickhouse/")
    made = [(one.name, work.content(one.name).decode()) for one in pieces if _is_statement(one)]
    thawing = Thawing(folder)
    try:
        thawing.make(made)
        for piece in sorted((one for one in pieces if not _is_statement(one)), key=_by_block):
            _, table, part, _ = piece.name.split("/")
            with work.folder.object(piece.sha256).open("rb") as bundled:
                unbundle(bundled, thawing.place(table) / part)
            thawing.attach(table, part)
    finally:
        thawing.close()


async def _listed(work: Restoring, pieces: Iterator[Piece], images: ObstoreImages) -> None:
    portion: list[str] = []
    for one in pieces:
        portion.append(one.sha256)
        if len(portion) == PICTURES_AT_ONCE:
            await _put(work, images.put, portion)
            portion = []
    await _put(work, images.put, portion)


async def _put(work: Restoring, put: Callable[[bytes], Awaitable[str]], names: list[str]) -> None:
    await asyncio.gather(*(put(work.folder.object(name).read_bytes()) for name in names))


def _settle(fresh: Path, into: Path) -> None:
    """Have all of it on the disk, then give it its name."""
    os.sync()
    if into.exists():
        into.rmdir()
    fresh.rename(into)
    os.sync()


def _deed(manifest: Manifest) -> Deed:
    what = What("backup", (str(manifest.number),), "restored", digest=manifest.digest)
    return Deed(act=Act.BACKUP, what=what, who=f"console:{getuser()}")


def _told(work: Restoring, made: Made) -> Iterator[str]:
    facts = work.manifest.facts
    counts = ", ".join(f"{count} {name}" for name, count in facts.counts.items() if count)
    yield f"in the backup: {counts}; {made.messages} messages wait to be kept"
    yield f"what is due by today was forgotten first: statement {made.statement.number}"
    yield (
        f"what came after {work.manifest.mark:%Y-%m-%d %H:%M:%S} UTC is not in it; plates erased "
        "on request since then must be erased again (docs/backup.md)"
    )
    if not made.held.found:
        yield f"the trail holds: {made.held.count} entries, sealed to {made.held.sealed_to}"


def _is_statement(piece: Piece) -> bool:
    return piece.name.endswith(".sql")


def _by_block(piece: Piece) -> tuple[str, str, int]:
    """By table and partition, then as the parts were made: of two rows the later one counts."""
    _, table, part, _ = piece.name.split("/")
    partition, first, *_ = part.split("_")
    return table, partition, int(first)


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as content:
        while chunk := content.read(CHUNK):
            yield chunk
