"""Files of one folder as one object: a tar whose bytes depend on names and contents only."""

import io
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol, cast

from morina.backup.manifest import BackupError

AT_ONCE = 1000
"""Files in one bundle of a growing folder: those before stay as they were."""


class Writable(Protocol):
    """What bytes are written to."""

    def write(self, chunk: bytes, /) -> object:
        """Write more."""


def bundle(files: Sequence[tuple[str, Path]], into: Writable) -> None:
    """Write the files (name within, where it is) into a tar, in that order; sizes taken once."""
    with tarfile.open(fileobj=cast(Any, into), mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for name, file in files:
            content = file.open("rb")
            with content:
                info = tarfile.TarInfo(name)
                info.size = content.seek(0, io.SEEK_END)
                info.mode = file.stat().st_mode & 0o777
                content.seek(0)
                tar.addfile(info, content)


def unbundle(bundled: IO[bytes], folder: Path) -> int:
    """Write the files of a tar below ``folder``; how many. BackupError for a name beyond it."""
    count = 0
    with tarfile.open(fileobj=bundled, mode="r|") as tar:
        for info in tar:
            name = PurePosixPath(info.name)
            if name.is_absolute() or ".." in name.parts or not info.isreg():
                raise BackupError(f"the bundle holds {info.name!r}, which leads out of its folder")
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            content = tar.extractfile(info)
            if content is None:
                raise BackupError(f"the bundle holds {info.name!r}, which is no file")
            with file.open("xb") as written:
                file.chmod(info.mode)
                while chunk := content.read(1 << 20):
                    written.write(chunk)
            count += 1
    return count


def portions(files: Sequence[tuple[str, Path]]) -> Iterator[Sequence[tuple[str, Path]]]:
    """Files in order, ``AT_ONCE`` a time."""
    for first in range(0, len(files), AT_ONCE):
        yield files[first : first + AT_ONCE]
