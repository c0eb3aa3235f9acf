"""A folder cameras upload files into (FTP, SFTP): each into the sub-folder named as its id.

Who uploads there may write there: so no link is followed, wherever in the path it stands, and
nothing but a file of a bearable size is read. What was dealt with goes into the folder's own
``taken`` and ``refused``, which no camera writes to.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISLNK, S_ISREG
from time import monotonic

from morina.sense.cameras.left_files import (
    TAKEN,
    Keep,
    Left,
    Look,
    NeverTakenError,
    drop_empty,
    drop_old,
    files_below,
    place_for,
)

log = logging.getLogger(__name__)

DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


@dataclass(slots=True)
class DropFolder:
    """One folder. ``removes``: what was taken is removed instead of put into ``taken``."""

    root: Path
    removes: bool = False
    most_bytes: int = 20_000_000
    _since: dict[Path, tuple[Look, float]] = field(default_factory=dict)
    _blind: set[str] = field(default_factory=set)

    def left(self) -> list[Left]:
        """All files, the first that came first; NotADirectoryError where the folder is none."""
        if not self.root.is_dir():
            raise NotADirectoryError("no such folder; make it, or mend push.folders")
        now, found = monotonic(), []
        since: dict[Path, tuple[Look, float]] = {}
        for path, state in files_below(self.root, self._cannot):
            look = _look(state)
            inside = path.relative_to(self.root)
            before = self._since.get(inside)
            since[inside] = before if before and before[0] == look else (look, now)
            still_s = now - since[inside][1]
            found.append(Left(inside=inside, look=look, mode=state.st_mode, still_s=still_s))
        self._since = since
        return sorted(found, key=lambda file: (file.look.arrived_ns, file.inside))

    def content(self, file: Left) -> bytes | None:
        """What is in it; None when it is no longer as it was looked at, or is gone."""
        if S_ISLNK(file.mode):
            raise NeverTakenError("a link; let the camera upload the file itself")
        if not S_ISREG(file.mode):
            raise NeverTakenError("neither a file nor a folder; remove it")
        if file.look.size > self.most_bytes:
            raise NeverTakenError(
                f"{file.look.size} bytes, more than push.bytes; let the camera send smaller ones"
            )
        try:
            with self._folder_of(file) as folder:
                return _read(file, folder)
        except FileNotFoundError:
            return None

    def put_away(self, file: Left, where: str) -> None:
        """Move it into ``taken`` or ``refused``; one that is gone or was written anew stays."""
        try:
            with self._folder_of(file) as folder:
                state = os.stat(file.inside.name, dir_fd=folder, follow_symlinks=False)
                if _look(state) != file.look:
                    return
                if where == TAKEN and self.removes:
                    os.unlink(file.inside.name, dir_fd=folder)
                    return
                place = place_for(self.root / where / file.inside, file.look.arrived_ns)
                os.rename(file.inside.name, place, src_dir_fd=folder)
        except FileNotFoundError:
            log.info("%s is gone before it was put away", self.root / file.inside)

    def drop_old(self, keep: Keep, now: float) -> int:
        """Remove what was put away long ago, and folders cameras left empty; how many files."""
        for camera in self.root.iterdir():
            if camera.is_dir() and not camera.is_symlink():
                drop_empty(camera, now)
        return drop_old(self.root, keep, now)

    def _cannot(self, error: OSError) -> None:
        """Say once that a folder cannot be looked into; the others are."""
        if not isinstance(error, FileNotFoundError) and str(error) not in self._blind:
            self._blind.add(str(error))
            log.warning("a drop folder: %s; let the node's user look into it", error)

    @contextmanager
    def _folder_of(self, file: Left) -> Iterator[int]:
        """The file's own folder, opened step by step so that no link on the way is followed."""
        opened = os.open(self.root, DIRECTORY & ~os.O_NOFOLLOW)
        try:
            for part in file.inside.parts[:-1]:
                inner = os.open(part, DIRECTORY, dir_fd=opened)
                os.close(opened)
                opened = inner
            yield opened
        finally:
            os.close(opened)


def _read(file: Left, folder: int) -> bytes | None:
    """All of it, read once; it may be written to meanwhile, which its look tells."""
    opened = os.open(file.inside.name, FILE, dir_fd=folder)
    with os.fdopen(opened, "rb") as whole:
        content = whole.read(file.look.size + 1)
        look = _look(os.fstat(opened))
    return content if look == file.look and len(content) == file.look.size else None


def _look(state: os.stat_result) -> Look:
    return Look(state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
