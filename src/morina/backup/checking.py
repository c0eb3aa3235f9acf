"""Whether a folder's backups are as they were made."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from morina.accountability.signing import PublicKey, SignatureError
from morina.backup.folder import CHUNK, BackupFolder, read_manifest
from morina.backup.manifest import BackupError, Manifest, Piece


@dataclass(frozen=True, slots=True)
class Fault:
    """A file of a backup that is not as it was made."""

    place: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.place}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True, slots=True)
class Checked:
    """How many backups, objects and bytes were looked at, and every fault."""

    backups: int
    objects: int
    bytes: int
    faults: tuple[Fault, ...]


def check_all(folder: BackupFolder, key: PublicKey | None = None) -> Checked:
    """Check every backup of a folder: signatures, how they follow one another, every object once.

    BackupError where there is none.
    """
    files = folder.manifest_files()
    if not files:
        raise BackupError(f"{folder.path}: no backup is there; name the folder of backups")
    faults: list[Fault] = []
    whole: list[Manifest] = []
    for file in files:
        try:
            whole.append(checked_manifest(file, key))
        except SignatureError as error:
            faults.append(_unsigned(file, error))
    faults += _order(whole)
    return _with_objects(folder, whole, faults)


def check_one(folder: BackupFolder, manifest: Manifest) -> Checked:
    """Check every object of one backup whose signature was checked."""
    return _with_objects(folder, [manifest], [])


def checked_manifest(file: Path, key: PublicKey | None) -> Manifest:
    """The manifest in ``file``; SignatureError where ``key``, or else its own, did not sign it."""
    made = read_manifest(file)
    if made.number != int(file.stem):
        raise SignatureError(f"it is the manifest of backup {made.number}; give it back its name")
    if key is not None and key.text != made.key:
        raise SignatureError(f"the key {PublicKey(made.key).fingerprint} signed it, not that given")
    made.check()
    return made


def _unsigned(file: Path, error: SignatureError) -> Fault:
    return Fault(f"backups/{file.name}", "a manifest signed by the node", str(error))


def _order(manifests: list[Manifest]) -> Iterator[Fault]:
    for before, after in pairwise(manifests):
        place = f"backups/{after.number:08}.json"
        if after.number == before.number + 1 and after.previous != before.digest:
            expected = f"one that follows {before.number}"
            yield Fault(place, expected, "one that follows another")
        if after.number != before.number + 1:
            missing = f"backups/{before.number + 1:08}.json"
            yield Fault(missing, "a manifest", "nothing: it was removed from between others")


def _with_objects(folder: BackupFolder, whole: list[Manifest], faults: list[Fault]) -> Checked:
    seen: set[str] = set()
    size = 0
    for manifest in whole:
        for piece in _pieces(folder, manifest, faults):
            if piece.sha256 not in seen:
                seen.add(piece.sha256)
                size += piece.size
                faults.extend(_object(folder, piece))
    return Checked(len(whole), len(seen), size, tuple(faults))


def _pieces(folder: BackupFolder, manifest: Manifest, faults: list[Fault]) -> Iterator[Piece]:
    yield from manifest.pieces
    try:
        yield from folder.listed(manifest)
    except BackupError as error:
        faults.append(
            Fault(f"backup {manifest.number}", "a list of its pictures and files", str(error))
        )


def _object(folder: BackupFolder, piece: Piece) -> Iterator[Fault]:
    file = folder.object(piece.sha256)
    place = f"{file.relative_to(folder.path)} ({piece.name})"
    digest, size = hashlib.sha256(), 0
    try:
        with file.open("rb") as content:
            while chunk := content.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        yield Fault(place, f"{piece.size} bytes", f"nothing ({error.strerror})")
        return
    if size != piece.size:
        yield Fault(place, f"{piece.size} bytes", f"{size} bytes")
    elif digest.hexdigest() != piece.sha256:
        yield Fault(place, f"SHA-256 {piece.sha256}", f"SHA-256 {digest.hexdigest()}")
