"""Checkpoints of the trail as files of one folder, outside the database."""

import json
import os
from pathlib import Path

from morina.accountability.checkpoints import Checkpoint
from morina.accountability.signing import SignatureError, canonical


class FolderCheckpoints:
    """The role Checkpoints."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[Checkpoint]:
        """See Checkpoints."""
        return [_read(file) for file in sorted(self._folder.glob("[0-9]*.json"))]

    def newest(self) -> Checkpoint | None:
        """The last by number without reading the others, None where there is none."""
        try:
            files = [one.name for one in os.scandir(self._folder) if one.name[0].isdigit()]
        except FileNotFoundError:
            return None
        kept = [name for name in files if name.endswith(".json")]
        return _read(self._folder / max(kept)) if kept else None

    def keep(self, checkpoint: Checkpoint) -> bool:
        """See Checkpoints."""
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / f"{checkpoint.number:08}.json"
        fresh = file.with_suffix(f".{os.getpid()}.new")
        with fresh.open("wb") as stream:
            stream.write(canonical(checkpoint.as_kept()))
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(fresh, file)
        except FileExistsError:
            return False
        finally:
            fresh.unlink()
        _make_durable(self._folder)
        return True


def _read(file: Path) -> Checkpoint:
    try:
        return Checkpoint.of(json.loads(file.read_bytes()))
    except (ValueError, AttributeError) as error:
        raise SignatureError(f"{file.name}: {error}") from None


def _make_durable(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
