"""Statements of erasure as files of one folder, each readable with any program."""

import os
from datetime import datetime
from pathlib import Path

from morina.accountability.signing import Signer
from morina.records.statements import Content, Statement, file_name, stated


class FolderStatements:
    """The role Statements. Without a ``signer`` they can only be read."""

    def __init__(self, folder: Path, signer: Signer | None = None) -> None:
        self._folder = folder
        self._signer = signer

    def add(self, content: Content, now: datetime) -> Statement:
        """See Statements."""
        if self._signer is None:
            raise PermissionError("statements are signed by the node only")
        self._folder.mkdir(exist_ok=True)
        files = self._files()
        before = Statement(files[-1].read_bytes()) if files else None
        made = stated(content, now, before, self._signer)
        _write(self._folder / file_name(made), made.raw)
        return made

    def all(self) -> list[Statement]:
        """See Statements."""
        return [Statement(file.read_bytes()) for file in self._files()]

    def newest(self, limit: int) -> list[Statement]:
        """See Statements."""
        return [Statement(file.read_bytes()) for file in reversed(self._files()[-limit:])]

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("[0-9]*.json"))


def _write(file: Path, content: bytes) -> None:
    """Whole and durable, or not at all; never over another."""
    fresh = file.with_suffix(".new")
    with fresh.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.link(fresh, file)
    fresh.unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
