"""The pieces of a backup that are files: of the home, of the records, pictures."""

import asyncio
import hashlib
import io
import os
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from morina.backup import BackupFolder, Manifest, Piece
from morina.backup.bundles import bundle, portions
from morina.backup.folder import said
from morina.backup.manifest import PICTURES
from morina.records.adapters.clickhouse_freezing import FrozenPart, FrozenTables
from morina.records.adapters.obstore import ObstoreImages
from morina.records.adapters.obstore_listing import listed
from morina.records.images import NoSuchImageError

LEFT_OUT = {
    "postgres", "nats", "clickhouse", "images", "attachments", "logs", "run", "programs", "exports",
    "clips", "lock", "sorties",
}  # fmt: skip
"""Engines and pictures are copied by their own means; the rest is made anew by a node."""

PRIVATE = "secrets"
PICTURES_AT_ONCE = 64

Named = tuple[str, Path]


def home_pieces(folder: BackupFolder, home: Path) -> list[Piece]:
    """What a home keeps in files that others may read: statements, checkpoints, sites."""
    pieces = []
    files = [(name, file) for name, file in _files(home) if not _is_private(name, file)]
    for place, group in groupby(files, key=lambda one: os.path.dirname(one[0])):  # noqa: PTH120 - a name
        for number, portion in enumerate(portions(list(group))):
            with folder.incoming() as incoming:
                bundle(portion, incoming)
                pieces.append(incoming.kept_as(f"home/{place or '.'}/{number:04}.tar"))
    return pieces


def private_files(home: Path) -> list[Named]:
    """What of a home only its owner may read: keys, and whatever is written so."""
    return [(name, file) for name, file in _files(home) if _is_private(name, file)]


def bundled(files: Sequence[Named]) -> bytes:
    """Files as one tar in memory."""
    into = io.BytesIO()
    bundle(files, into)
    return into.getvalue()


def part_pieces(folder: BackupFolder, tables: FrozenTables, before: Manifest | None) -> list[Piece]:
    """The tables' statements, and each part as one object.

    A part is never changed: one with the name and the engine's checksums of one in the backup
    before is not read again.
    """
    known = {piece.name: piece for piece in before.pieces} if before else {}
    pieces: list[Piece] = []
    for table, statement in tables.statements:
        name = f"clickhouse/{len(pieces):04}-{table}.sql"
        pieces.append(folder.add(name, [statement.encode()]))
    for part in tables.parts:
        name = _part_name(part)
        had = known.get(name)
        if had and folder.has(had.sha256, had.size):
            pieces.append(had)
        else:
            pieces.append(_part(folder, part, name))
    return pieces


def rows_of(tables: FrozenTables, table: str) -> int:
    """How many rows the parts of a table have."""
    return sum(
        int((part.folder / "count.txt").read_text()) for part in tables.parts if part.table == table
    )


async def picture_pieces(
    folder: BackupFolder, images: ObstoreImages, name: str = PICTURES
) -> tuple[Piece, int]:
    """Copy the pictures that are new; the list of all under ``name``, and how many there are.

    A picture forgotten meanwhile, or broken where it is kept, is not in the list.
    """
    count = 0
    with folder.incoming() as lines:
        async for batch in listed(images):
            missing = [name for name, size in batch if not folder.has(name, size)]
            gone: set[str] = set()
            for first in range(0, len(missing), PICTURES_AT_ONCE):
                wanted = missing[first : first + PICTURES_AT_ONCE]
                found = await asyncio.gather(*(_picture(images, name) for name in wanted))
                gone |= {name for name, one in zip(wanted, found, strict=True) if one is None}
                await asyncio.to_thread(_store, folder, [one for one in found if one is not None])
            kept = [f"{name} {size}\n" for name, size in batch if name not in gone]
            lines.write("".join(kept).encode())
            count += len(kept)
        return lines.kept_as(name), count


async def _picture(images: ObstoreImages, name: str) -> bytes | None:
    try:
        return await images.get(name)
    except NoSuchImageError:
        return None


def _store(folder: BackupFolder, pictures: Sequence[bytes]) -> None:
    """Written together, then made durable together, which is far faster than one by one."""
    kept = []
    for one in pictures:
        with folder.incoming() as incoming:
            incoming.write(one)
            kept.append(incoming.kept_as("", durable=False))
    with said(folder.path):
        for piece in kept:
            descriptor = os.open(folder.object(piece.sha256), os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)


def _part_name(part: FrozenPart) -> str:
    checksums = hashlib.sha256((part.folder / "checksums.txt").read_bytes()).hexdigest()
    return f"clickhouse/{part.table}/{part.name}/{checksums[:16]}.tar"


def _part(folder: BackupFolder, part: FrozenPart, name: str) -> Piece:
    files = [
        (str(file.relative_to(part.folder)), file)
        for file in sorted(part.folder.rglob("*")) if file.is_file()
    ]  # fmt: skip
    with folder.incoming() as incoming:
        bundle(files, incoming)
        return incoming.kept_as(name)


def _files(home: Path) -> Iterator[Named]:
    """By folder, then by name."""
    for place, folders, names in os.walk(home):
        if Path(place) == home:
            folders[:] = [one for one in folders if one not in LEFT_OUT]
            names = [one for one in names if one not in LEFT_OUT]
        folders.sort()
        for name in sorted(names):
            file = Path(place, name)
            if file.suffix != ".new" and file.is_file() and not file.is_symlink():
                yield str(file.relative_to(home)), file


def _is_private(name: str, file: Path) -> bool:
    return name.startswith(f"{PRIVATE}/") or not file.stat().st_mode & 0o077
