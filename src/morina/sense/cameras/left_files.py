"""Files that cameras leave in folders: which there are, where they go, when they are dropped."""

import logging
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from morina.sense.cameras.reports import PayloadError

log = logging.getLogger(__name__)

TAKEN, REFUSED = "taken", "refused"
"""In the folder itself: what was read, and what cannot be."""
PICTURES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
DROP_EVERY_S = 300.0
EMPTY_FOR_S = 86_400.0
"""Cameras make a folder for each day or hour; one that was left empty for so long is removed."""


@dataclass(frozen=True, slots=True)
class Keep:
    """For how long files that were dealt with are kept, seconds."""

    taken_s: float = 86_400.0
    refused_s: float = 604_800.0


class NeverTakenError(PayloadError):
    """It will not become a payload by waiting: a link, no file, or too large."""


class Look(NamedTuple):
    """What tells a file from what it was before: its number, size in bytes, and times in ns.

    ``arrived_ns`` is when anything of it last changed here; unlike ``changed_ns``, no upload can
    choose it.
    """

    number: int
    size: int
    changed_ns: int
    arrived_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A file in a drop folder, at ``inside``; it was as ``look`` says for ``still_s`` seconds."""

    inside: Path
    look: Look
    mode: int
    still_s: float

    @property
    def camera_id(self) -> str:
        """The sub-folder's name, empty for a file in the folder itself."""
        return self.inside.parts[0] if len(self.inside.parts) > 1 else ""

    @property
    def name(self) -> str:
        """Its name as a text that can be kept, whatever bytes it is of."""
        return os.fsencode(self.inside.name).decode("utf-8", "replace")

    @property
    def is_picture(self) -> bool:
        """Whether its name ends like a picture's."""
        return self.inside.suffix.lower() in PICTURES

    @property
    def arrived_at(self) -> datetime:
        """When it came; the same at each look."""
        return datetime.fromtimestamp(self.look.arrived_ns / 1e9, UTC)


def files_below(
    root: Path, cannot: Callable[[OSError], None] | None = None
) -> Iterator[tuple[Path, os.stat_result]]:
    """All but folders in ``root`` and below, links among them and not followed.

    Without names that begin with a dot and what was put away. ``cannot`` is told of folders that
    cannot be looked into.
    """
    for place, folders, names in os.walk(root, onerror=cannot):
        away = (TAKEN, REFUSED) if Path(place) == root else ()
        linked = [name for name in folders if Path(place, name).is_symlink()]
        folders[:] = [name for name in folders if not (name.startswith(".") or name in away)]
        for name in (*names, *linked):
            if not name.startswith(".") and name not in away:
                with suppress(FileNotFoundError):
                    yield Path(place, name), Path(place, name).lstat()


def place_for(path: Path, mark: int) -> Path:
    """``path``, its folder made; with ``mark`` in its name where it is taken already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(f"{path.stem}.{mark}{path.suffix}") if os.path.lexists(path) else path


def drop_old(root: Path, keep: Keep, now: float) -> int:
    """Remove what was put away in ``root`` long enough before ``now`` (Unix time); how many files.

    Counted from when a file was put there, whatever time it carries.
    """
    dropped = _drop(root / TAKEN, now - keep.taken_s) + _drop(root / REFUSED, now - keep.refused_s)
    if dropped:
        log.info("%s: %d files taken or refused long ago were removed", root, dropped)
    return dropped


def drop_empty(folder: Path, now: float) -> None:
    """Remove folders below ``folder`` that have been empty for a day; ``folder`` itself stays."""
    for place, folders, _ in os.walk(folder, topdown=False):
        for name in folders:
            path = Path(place, name)
            with suppress(OSError):  # not empty, or gone
                if now - path.lstat().st_mtime > EMPTY_FOR_S:
                    path.rmdir()


def _drop(folder: Path, before: float) -> int:
    if folder.is_symlink():
        return 0
    dropped = 0
    for place, folders, names in os.walk(folder, topdown=False):
        for name in (*names, *folders):
            try:
                dropped += _dropped(Path(place, name), before)
            except OSError as error:
                log.warning("%s cannot be removed: %s", Path(place, name), error.strerror)
    return dropped


def _dropped(path: Path, before: float) -> bool:
    """Whether it was a file that old and is removed; a folder is, when it is empty."""
    state = path.lstat()
    if stat.S_ISDIR(state.st_mode):
        with suppress(OSError):
            path.rmdir()
        return False
    if state.st_ctime >= before:
        return False
    path.unlink()
    return True
