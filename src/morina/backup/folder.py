"""The folder backups are kept in: ``objects/abc/<sha256>``, and ``backups/<number>.json`` each.

An object is there whole or not at all, and is never changed; one object serves every backup that
has these bytes, so a backup adds only what is new. A manifest is written when all it names is
durable. Used by one process at a time.
"""

import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self

from morina.accountability.signing import SignatureError, canonical
from morina.backup.manifest import ATTACHMENTS, PICTURES, BackupError, Manifest, Piece

CHUNK = 1 << 20


@dataclass(slots=True)
class BackupFolder:
    """Backups in ``path``."""

    path: Path
    added_bytes: int = 0
    stopped: bool = False
    """Set by whoever wants no more to be written, from any thread."""

    _touched: set[Path] = field(default_factory=set)

    @classmethod
    @contextmanager
    def held(cls, path: Path) -> Iterator[Self]:
        """The folder, made when needed, for whoever writes in it; BackupError."""
        with said(path):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            folder = cls(path)
            with said(path):
                folder._prepare()
            yield folder
        except BlockingIOError:
            raise BackupError(f"{path}: another backup is being made there; wait for it") from None
        finally:
            os.close(lock)

    def _prepare(self) -> None:
        for name in ("objects", "backups", "incoming"):
            (self.path / name).mkdir(exist_ok=True, mode=0o700)
        for left in (self.path / "incoming").iterdir():
            left.unlink()

    def object(self, sha256: str) -> Path:
        """Where these bytes are, or would be."""
        return self.path / "objects" / sha256[:3] / sha256

    def has(self, sha256: str, size: int) -> bool:
        """Whether it is there in full length; whether its bytes are right, checking tells."""
        try:
            return self.object(sha256).stat().st_size == size
        except FileNotFoundError:
            return False

    def incoming(self) -> "Incoming":
        """A new object, to be written."""
        with said(self.path):
            return Incoming(self)

    def add(self, name: str, chunks: Iterable[bytes]) -> Piece:
        """Keep these bytes under ``name``, durable but for the folder; BackupError."""
        with self.incoming() as incoming:
            for chunk in chunks:
                incoming.write(chunk)
            return incoming.kept_as(name)

    def manifests(self) -> list[Manifest]:
        """By number; SignatureError for a file that is none."""
        return [read_manifest(file) for file in self.manifest_files()]

    def manifest_files(self) -> list[Path]:
        """Every manifest's file, by number."""
        return sorted((self.path / "backups").glob("[0-9]*.json"))

    def newest(self) -> Manifest | None:
        """The last that was made; SignatureError for a file that is none."""
        files = self.manifest_files()
        return read_manifest(files[-1]) if files else None

    def keep(self, manifest: Manifest) -> None:
        """Write the manifest, after all that it names is durable; BackupError."""
        with said(self.path):
            for folder in sorted(self._touched):
                make_durable(folder)
            make_durable(self.path / "objects")
            file = self.path / "backups" / f"{manifest.number:08}.json"
            fresh = self.path / "incoming" / file.name
            fresh.write_bytes(canonical(manifest.as_kept()))
            make_durable(fresh)
            fresh.rename(file)
            make_durable(file.parent)
            make_durable(self.path)

    def remove(self, manifests: Iterable[Manifest]) -> int:
        """Remove backups and every object that no other needs; how many objects."""
        with said(self.path):
            for one in manifests:
                (self.path / "backups" / f"{one.number:08}.json").unlink()
            make_durable(self.path / "backups")
            needed = {name for one in self.manifests() for name in self.named_by(one)}
            gone = [one for one in self._objects() if one.name not in needed]
            for file in gone:
                file.unlink()
        return len(gone)

    def named_by(self, manifest: Manifest) -> Iterator[str]:
        """The SHA-256 of every object a backup needs."""
        for piece in manifest.pieces:
            yield piece.sha256
        for one in self.listed(manifest):
            yield one.sha256

    def pictures(self, manifest: Manifest) -> Iterator[Piece]:
        """The pictures of a backup; BackupError where their list cannot be read."""
        return self._in_list(manifest, PICTURES, "images")

    def attachments(self, manifest: Manifest) -> Iterator[Piece]:
        """The files of joint operations, where there are any; BackupError as for pictures."""
        if manifest.below(ATTACHMENTS):
            yield from self._in_list(manifest, ATTACHMENTS, "attachments")

    def listed(self, manifest: Manifest) -> Iterator[Piece]:
        """What is no piece and stands in a list; BackupError."""
        yield from self.pictures(manifest)
        yield from self.attachments(manifest)

    def _in_list(self, manifest: Manifest, name: str, place: str) -> Iterator[Piece]:
        listed = self.object(manifest.piece(name).sha256)
        try:
            with listed.open() as lines:
                for line in lines:
                    sha256, size = line.split()
                    yield Piece(f"{place}/{sha256}", int(size), sha256)
        except (OSError, ValueError):
            raise BackupError(
                f"{listed}: the list of {place} of backup {manifest.number} cannot be read; "
                "restore another with --number"
            ) from None

    def _objects(self) -> Iterator[Path]:
        for folder in (self.path / "objects").iterdir():
            yield from folder.iterdir()


class Incoming:
    """An object being written, in a context; what is not kept when that ends is removed."""

    def __init__(self, folder: BackupFolder) -> None:
        self._folder = folder
        self._hash, self._size = hashlib.sha256(), 0
        name = f"{os.getpid()}-{id(self):x}"
        self.path = folder.path / "incoming" / name
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self._file: BinaryIO = os.fdopen(descriptor, "w+b")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)

    def write(self, chunk: bytes) -> int:
        """Write more; BackupError."""
        self._go_on()
        with said(self._folder.path):
            self._file.write(chunk)
        self._hash.update(chunk)
        self._size += len(chunk)
        return len(chunk)

    def written_by_another(self) -> None:
        """Take into account what another program wrote to ``path``."""
        with self.path.open("rb") as written:
            while chunk := written.read(CHUNK):
                self._go_on()
                self._hash.update(chunk)
                self._size += len(chunk)

    def _go_on(self) -> None:
        if self._folder.stopped:
            raise BackupError("no backup was made: the node ends")

    def kept_as(self, name: str, durable: bool = True) -> Piece:
        """Have it be an object; BackupError. Who says not ``durable`` sees to it later."""
        piece = Piece(name, self._size, self._hash.hexdigest())
        there = self._folder.object(piece.sha256)
        if self._folder.has(piece.sha256, piece.size):
            return piece
        with said(self._folder.path):
            self._file.flush()
            if durable:
                os.fsync(self._file.fileno())
            there.parent.mkdir(exist_ok=True, mode=0o700)
            self.path.rename(there)
        self._folder._touched.add(there.parent)
        self._folder.added_bytes += piece.size
        return piece


def read_manifest(file: Path) -> Manifest:
    """SignatureError names the file that is no manifest; its signature is not checked."""
    try:
        return Manifest.of(json.loads(file.read_bytes()))
    except (ValueError, AttributeError, TypeError) as error:
        reason = error if isinstance(error, SignatureError) else "this is no manifest of a backup"
        raise SignatureError(f"{file}: {reason}") from None


def make_durable(path: Path) -> None:
    """Have a file or folder on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def said(path: Path) -> Iterator[None]:
    """An error of the file system below ``path``, as BackupError in words."""
    try:
        yield
    except BlockingIOError:
        raise
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        mend = "free some space there" if full else "mend its permissions, or name another folder"
        raise BackupError(
            f"{error.filename or path}: {error.strerror}; no backup was made: {mend}"
        ) from None
