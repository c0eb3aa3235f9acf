"""A file of another system's history sent to a node part by part, resumable at any of them."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from morina.records.imports.cells import Reader
from morina.records.imports.keeping import TakenPast
from morina.records.imports.mapping import FileMapping
from morina.records.imports.past import PastRead, RefusedRowError
from morina.records.imports.progress import Beside, Progress, Refused
from morina.records.imports.rows import Part, Place, parts_of

TRIES = 20
TRY_AGAIN_AFTER_S = 3.0


class Node(Protocol):
    """The node that takes what is read."""

    async def take(self, source: str, past: Sequence[PastRead]) -> TakenPast:
        """What became of a part, once it is durable. ConnectionError while the node is away."""


@dataclass(slots=True)
class Sending:
    """One import. ``faults`` counts the rows refused by what was wrong, of this run."""

    node: Node
    mapping: FileMapping
    beside: Beside
    progress: Progress
    shown: Callable[[Progress], None] = lambda _progress: None
    faults: Counter[str] = field(default_factory=Counter)
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self) -> Progress:
        """Send what is left of the file. Ended anywhere, the next run loses and doubles nothing.

        A part counts as done only once the node has it and the report is on disk. ConnectionError
        when the node stays away.
        """
        parts = parts_of(self.beside.file, self.mapping, self.progress.place)
        reader = Reader(self.mapping)
        coming = asyncio.create_task(asyncio.to_thread(_next, parts, reader))
        while found := await coming:
            coming = asyncio.create_task(asyncio.to_thread(_next, parts, reader))
            try:
                await self._send(found)
            except BaseException:  # cancelled too: no thread reads on in the file
                await asyncio.gather(coming, return_exceptions=True)
                raise
        self._note(msgspec.structs.replace(self.progress, done=True))
        return self.progress

    async def _send(self, found: "_Read") -> None:
        past, numbers, refused = found.past, found.numbers, list(found.refused)
        taken = await self._taken(past)
        refused += [Refused(numbers[r.index], r.field, r.fault, r.mend) for r in taken.refused]
        turned_down = {r.index for r in taken.refused}
        unread = sum(
            one.plate is None for index, one in enumerate(past) if index not in turned_down
        )
        self.faults.update(f"{one.field}: {one.mend}" for one in refused)
        size = self.beside.report(sorted(refused, key=lambda one: one.row))
        done = self.progress
        self._note(
            msgspec.structs.replace(
                done, place=found.after, kept=done.kept + taken.kept,
                unread=done.unread + unread, refused=done.refused + len(refused), report_bytes=size,
            )
        )  # fmt: skip

    async def _taken(self, past: Sequence[PastRead]) -> TakenPast:
        if not past:
            return TakenPast(kept=0, refused=())
        for _ in range(TRIES - 1):
            try:
                return await self.node.take(self.mapping.source, past)
            except ConnectionError:
                await self.pause(TRY_AGAIN_AFTER_S)
        return await self.node.take(self.mapping.source, past)

    def _note(self, progress: Progress) -> None:
        self.beside.note(progress)
        self.progress = progress
        self.shown(progress)


class _Read(msgspec.Struct, frozen=True):
    """A part read: its rows that can be, with their numbers, and those that cannot."""

    past: list[PastRead]
    numbers: list[int]
    refused: list[Refused]
    after: Place


def _next(parts: Iterator[Part], reader: Reader) -> _Read | None:
    """The next part; None at the end. It is read while the node keeps the one before."""
    part = next(parts, None)
    if part is None:
        return None
    found = _Read([], [], [], part.after)
    for row in part.rows:
        try:
            found.past.append(reader.past(row))
            found.numbers.append(row.number)
        except RefusedRowError as error:
            found.refused.append(Refused(row.number, error.field, error.fault, error.mend))
    return found
