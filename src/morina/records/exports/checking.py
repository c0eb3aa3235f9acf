"""Whether an export is as a node gave it: needs the folder alone."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from morina.accountability.signing import PublicKey, SignatureError
from morina.records.exports.manifest import (
    KIND,
    MANIFEST,
    ManifestError,
    files_in,
    is_name,
    read_manifest,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: every fault in words, none where all is well; and who signed.

    ``by_key`` says that the key was given by whoever checks. Without it a holding signature only
    says that nothing was changed since, not by which node it was signed.
    """

    statement: Mapping[str, Any]
    signed_by: PublicKey
    by_key: bool
    faults: tuple[str, ...]


def check(folder: Path, key: PublicKey | None = None) -> Checked:
    """Check signature, files and rows; ManifestError where there is no manifest to check."""
    statement, signed_by, signature = read_manifest(folder)
    faults = []
    if key is not None and key != signed_by:
        faults.append(
            f"it was signed with the key {signed_by.fingerprint}, not with {key.fingerprint}"
        )
    try:
        signed_by.check(statement, signature)
    except SignatureError as error:
        faults.append(str(error))
    if statement.get("kind") != KIND:
        raise ManifestError(f"{MANIFEST} is not of {KIND!r}; check it with a newer Morina")
    faults += _file_faults(folder, statement)
    if not faults:
        faults += _row_faults(folder, statement)
    return Checked(statement, signed_by, key is not None, tuple(faults))


def _file_faults(folder: Path, statement: Mapping[str, Any]) -> Iterator[str]:
    try:
        signed = {one["name"]: (one["bytes"], one["sha256"]) for one in statement["files"]}
    except (KeyError, TypeError):
        yield f"{MANIFEST} lists no files"
        return
    there = {one["name"]: (one["bytes"], one["sha256"]) for one in files_in(folder)}
    for name in sorted(map(str, signed.keys() - there.keys())):
        yield f"{name} is missing"
    for name in sorted(map(str, there.keys() - signed.keys())):
        yield f"{name} was not part of the export"
    for name in sorted(map(str, signed.keys() & there.keys())):
        if signed[name] != there[name] or not is_name(name):
            yield f"{name} was changed"


def _row_faults(folder: Path, statement: Mapping[str, Any]) -> Iterator[str]:
    for file in (folder / "reads.parquet", folder / "reads.csv"):
        if file.exists() and (rows := _rows(file)) != statement["rows"]:
            yield f"{file.name} holds {rows} rows, {statement['rows']} were given"


def _rows(file: Path) -> int:
    """How many rows there are, -1 where the file is broken."""
    try:
        if file.suffix == ".parquet":
            return int(pq.read_metadata(file).num_rows)
        with file.open(newline="", encoding="utf-8") as stream:
            return sum(1 for _ in csv.reader(stream)) - 1
    except (pa.ArrowException, OSError, csv.Error, UnicodeDecodeError):
        return -1
