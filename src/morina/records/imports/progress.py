"""How far the import of one file is, kept beside it; and the rows refused, as CSV beside it."""

import csv
import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from morina.records.cells import defused
from morina.records.imports.rows import Place

COLUMNS = ("file", "row", "field", "fault", "mend")
_CHUNK = 1 << 22


class ProgressError(Exception):
    """The import cannot go on where it ended; says why and what to do."""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """What was done up to ``place``: every row before it is kept or in the report.

    ``file_sha256`` and ``mapping_sha256`` say of which file and mapping; ``report_bytes`` is how
    long the report was then.
    """

    file_sha256: str
    mapping_sha256: str
    place: Place = Place()
    kept: int = 0
    unread: int = 0
    refused: int = 0
    report_bytes: int = 0
    done: bool = False


class Refused(msgspec.Struct, frozen=True):
    """One row that was not kept."""

    row: int
    field: str
    fault: str
    mend: str


class Beside:
    """The two files beside ``file``: ``NAME.import.json`` and ``NAME.refused.csv``."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.progress_file = file.with_name(f"{file.name}.import.json")
        self.report_file = file.with_name(f"{file.name}.refused.csv")

    def begin(self, file_sha256: str, mapping_sha256: str) -> Progress:
        """Start anew; what an import before left is overwritten."""
        with self.report_file.open("w", newline="", encoding="utf-8") as report:
            csv.writer(report).writerow(COLUMNS)
        started = Progress(
            file_sha256=file_sha256,
            mapping_sha256=mapping_sha256,
            report_bytes=self.report_file.stat().st_size,
        )
        self.note(started)
        return started

    def resume(self, file_sha256: str, mapping_sha256: str) -> Progress:
        """Where an import before ended; ProgressError where file or mapping is another."""
        try:
            found = msgspec.json.decode(self.progress_file.read_bytes(), type=Progress)
        except FileNotFoundError:
            raise ProgressError(
                f"no import of {self.file.name} was begun here; leave --resume out"
            ) from None
        except msgspec.MsgspecError:
            raise ProgressError(
                f"{self.progress_file} is broken; leave --resume out: nothing is kept twice"
            ) from None
        for what, was, now in (
            (self.file.name, found.file_sha256, file_sha256),
            ("the mapping", found.mapping_sha256, mapping_sha256),
        ):
            if was != now:
                raise ProgressError(
                    f"{what} was changed since the import was begun; leave --resume out to begin "
                    "anew: nothing is kept twice"
                )
        self._cut_report(found.report_bytes)
        return found

    def _cut_report(self, size: int) -> None:
        """Forget what was reported after the last note: it will be reported again."""
        if not self.report_file.exists() or self.report_file.stat().st_size < size:
            raise ProgressError(
                f"{self.report_file} is gone or was shortened; leave --resume out to begin anew: "
                "nothing is kept twice"
            )
        os.truncate(self.report_file, size)

    def report(self, refused: Iterable[Refused]) -> int:
        """Add rows to the report; how long it is then, bytes. Durable on return."""
        with self.report_file.open("a", newline="", encoding="utf-8") as report:
            writer = csv.writer(report)
            for one in refused:
                texts = (self.file.name, one.field, one.fault, one.mend)
                name, field, fault, mend = map(defused, texts)
                writer.writerow([name, one.row, field, fault, mend])
            _sync(report.flush, report.fileno())
        return self.report_file.stat().st_size

    def note(self, progress: Progress) -> None:
        """Keep how far it is, whole or not at all."""
        fresh = self.progress_file.with_suffix(".new")
        with fresh.open("wb") as stream:
            stream.write(msgspec.json.encode(progress))
            _sync(stream.flush, stream.fileno())
        fresh.replace(self.progress_file)


def sha256_of(file: Path) -> str:
    """SHA-256 of a file's content, hex."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _sync(flush: Callable[[], None], descriptor: int) -> None:
    flush()
    os.fsync(descriptor)
