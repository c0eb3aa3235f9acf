"""Checkpoints of the trail as files of one folder, outside the database."""

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path

from morina.accountability.checkpoints import Checkpoint
from morina.accountability.signing import SignatureError, canonical

_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


class FolderCheckpoints:
    """The role Checkpoints. ``is_made`` says whether a folder that is not there is made."""

    def __init__(self, folder: Path, *, is_made: bool = True) -> None:
        self._folder, self._is_made = folder, is_made

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

    def after(self, number: int) -> Iterator[Checkpoint]:
        """Those that follow that number without a gap."""
        while (file := self._file(number := number + 1)).exists():
            yield _read(file)

    def keep(self, checkpoint: Checkpoint) -> bool:
        """See Checkpoints."""
        if self._is_made:
            self._folder.mkdir(parents=True, exist_ok=True)
        file = self._file(checkpoint.number)
        fresh = file.with_suffix(f".{os.getpid()}.new")
        with fresh.open("wb") as stream:
            stream.write(canonical(checkpoint.as_kept()))
            stream.flush()
            os.fsync(stream.fileno())
        try:
            _name(fresh, file)
        except FileExistsError:
            return False
        finally:
            fresh.unlink(missing_ok=True)
        _make_durable(self._folder)
        return True

    def _file(self, number: int) -> Path:
        return self._folder / f"{number:08}.json"


def _read(file: Path) -> Checkpoint:
    try:
        return Checkpoint.of(json.loads(file.read_bytes()))
    except (ValueError, AttributeError) as error:
        raise SignatureError(f"{file.name}: {error}") from None


def _name(fresh: Path, file: Path) -> None:
    """Let the whole file appear under its name, or raise FileExistsError. Many shares know no hard
    links; who writes to one is alone there."""
    try:
        os.link(fresh, file)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if file.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), file) from None
        fresh.rename(file)


def _make_durable(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a share whose folders cannot be synchronised
            raise
    finally:
        os.close(opened)
