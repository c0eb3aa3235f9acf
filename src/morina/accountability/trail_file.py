"""A trail as a file: a line of JSON for each entry, then one for each checkpoint."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from morina.accountability.checkpoints import Checkpoint
from morina.accountability.signing import SignatureError, Statement, canonical
from morina.accountability.trail import Act, Deed, Entry, What


def entry_line(entry: Entry) -> bytes:
    """An entry as a line, without its end."""
    return canonical({"entry": {**entry.said(), "hash": entry.hash}})


def checkpoint_line(checkpoint: Checkpoint) -> bytes:
    """A checkpoint as a line, without its end."""
    return canonical({"checkpoint": checkpoint.as_kept()})


def entry_of(said: Statement) -> Entry:
    """An entry of what it says with its hash; ValueError, KeyError or TypeError for another."""
    what = said["what"]
    deed = Deed(
        act=Act(said["act"]),
        what=What(what["kind"], tuple(what["ids"]), what["step"], what["count"], what["digest"]),
        who=said["who"],
        at=datetime.fromisoformat(said["at"]),
        why=dict(said["why"].items()),
        with_whom=said["with_whom"],
    )
    return Entry(int(said["number"]), deed, said["previous"], said["hash"])


def read_entry(line: bytes) -> Entry | None:
    """The entry of a line; None for a line that differs by a byte from how one is written."""
    try:
        entry = entry_of(json.loads(line)["entry"])
        return entry if entry_line(entry) == line else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def read_file(lines: Iterable[bytes]) -> tuple[Iterator[Entry | None], list[Checkpoint]]:
    """Entries, None for each that cannot be read, and checkpoints; SignatureError for a
    checkpoint that is none."""
    entries, checkpoints = [], []
    for line in lines:
        if line.startswith(b'{"checkpoint":'):
            checkpoints.append(_checkpoint(line))
        else:
            entries.append(line)
    return (read_entry(line) for line in entries), checkpoints


def _checkpoint(line: bytes) -> Checkpoint:
    try:
        kept: dict[str, Any] = json.loads(line)["checkpoint"]
    except (ValueError, KeyError):
        raise SignatureError("a line with a checkpoint is broken; take the file again") from None
    return Checkpoint.of(kept)
