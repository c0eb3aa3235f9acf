"""Trails as lines, and every way of changing their bytes."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from morina.accountability.checkpoints import Checkpoint, sealed
from morina.accountability.signing import Signer
from morina.accountability.trail import Act, Deed, Entry, What, chained
from morina.accountability.trail_check import Verified, verify
from morina.accountability.trail_file import entry_line, read_entry

SIGNER = Signer.of("A" * 43)
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def a_trail(length: int) -> list[Entry]:
    """Entries of every act, chained."""
    made: list[Entry] = []
    for index in range(length):
        deed = Deed(
            act=list(Act)[index % len(Act)],
            what=What("alert", (f"id-{index}",), "step"),
            who=f"officer {index % 7} ë",
            at=NOW + timedelta(seconds=index),
            why={"case_number": f"C-{index}", "justification": "seen near the mill"},
            with_whom="a partner" if index % 3 == 0 else "",
        )
        made.append(chained(deed, made[-1] if made else None))
    return made


def sealed_in(entries: Sequence[Entry], parts: int) -> list[Checkpoint]:
    """Checkpoints over all of them, ``parts`` in number."""
    made: list[Checkpoint] = []
    size = -(-len(entries) // parts)
    for begin in range(0, len(entries), size):
        hashes = [one.hash for one in entries[begin : begin + size]]
        made.append(sealed(hashes, made[-1] if made else None, SIGNER, NOW))
    return made


def verified(lines: Sequence[bytes], checkpoints: Sequence[Checkpoint]) -> Verified:
    return verify(map(read_entry, lines), checkpoints, SIGNER.public)


def mutated(lines: Sequence[bytes], rng: random.Random) -> tuple[str, list[bytes], int]:
    """One change to the bytes: its kind, the lines then, and the number of the entry it hits."""
    changed, at = list(lines), rng.randrange(len(lines))
    kind = rng.choice(("byte", "byte", "byte", "removed", "swapped", "truncated", "doubled"))
    if kind == "byte":
        line = bytearray(lines[at])
        line[rng.randrange(len(line))] ^= rng.randrange(1, 256)
        changed[at] = bytes(line)
    elif kind == "removed":
        del changed[at]
    elif kind == "swapped":
        other = rng.choice([one for one in range(len(lines)) if one != at])
        changed[at], changed[other] = changed[other], changed[at]
        at = min(at, other)
    elif kind == "truncated":
        del changed[at:]
    else:
        changed.insert(rng.randrange(at + 1, len(lines) + 1), lines[at])
    return kind, changed, at + 1


def missed(length: int, changes: int, seed: int) -> list[str]:
    """Changes that verify did not find, or found without the number."""
    entries = a_trail(length)
    lines, checkpoints = [entry_line(one) for one in entries], sealed_in(entries, 5)
    rng = random.Random(seed)
    wrong = []
    for _ in range(changes):
        kind, changed, number = mutated(lines, rng)
        found = verified(changed, checkpoints).found
        if number not in {one.number for one in found}:
            wrong.append(f"{kind} at {number}: {[str(one) for one in found]}")
    return wrong
