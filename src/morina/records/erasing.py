"""Erasing one plate on request: what is kept of it goes, and what must stay is said.

Only the text asked for: look-alikes are other vehicles. A read goes when it stands as the plate or
was read as it; one that a person corrected to another plate stays, without that text. Reads under
an alert that is not decided stay until it is, reads pinned to a case until they are unpinned,
labels of suspected clones for ever: they protect the keeper, and say who was told so and why.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID, uuid4

from morina.plates import plate_text
from morina.records.forgetting import Forgets, Forgetting, Hits, HitsDue
from morina.records.statements import Statement


class RefusedErasureError(ValueError):
    """A request that says too little, or too much; the message names the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks for the erasure of which plate, for whom and why. ``reference`` names the request
    in the authority's own files; neither it nor ``reason`` may hold the plate, for both stay."""

    plate: str
    by: str
    reference: str
    reason: str

    def __post_init__(self) -> None:
        plate = plate_text(self.plate)
        for name in ("reference", "reason"):
            said = getattr(self, name)
            if not said.strip():
                raise RefusedErasureError(f"{name}: is empty; the statement must say it")
            if plate in "".join(filter(str.isalnum, said.upper())):
                raise RefusedErasureError(f"{name}: leave the plate out; the statement stays")


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was removed of one plate. ``reads`` were removed whole, ``mentions`` are others that
    no longer hold its text; ``under_alerts``, ``pinned`` and
    ``suspected_clones`` (labels, withdrawn ones too) are what stays."""

    reads: int
    mentions: int
    pictures: int
    pictures_shared: int
    alerts: int
    under_alerts: int
    pinned: int
    suspected_clones: int
    cases: tuple[str, ...]
    statement: Statement

    @property
    def all_gone(self) -> bool:
        """Whether nothing had to stay."""
        return not (self.under_alerts or self.pinned or self.suspected_clones)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateFound:
    """One plate in the records: reads (ids), and all pictures of theirs. ``elsewhere`` are reads
    that a person corrected to another plate, ``mentioning`` those that stay without the text."""

    read_ids: frozenset[UUID]
    elsewhere: frozenset[UUID]
    mentioning: frozenset[UUID]
    pictures: frozenset[str]
    pinned: int
    cases: tuple[str, ...]

    @property
    def mentions(self) -> int:
        """How many reads stay without the text."""
        return len(self.mentioning)


class PlateForgets(Forgets, Protocol):
    """The records, as far as they erase one plate."""

    async def find_plate(self, plate: str, but: Collection[UUID]) -> PlateFound:
        """What there is of it, reads ``but`` those left out."""

    async def pictures_of_others(self, names: Collection[str], reads: Collection[UUID]) -> set[str]:
        """Those of ``names`` that another read than ``reads``, or a pinned one, refers to."""

    async def erase_plate(self, plate: str, found: PlateFound) -> None:
        """Remove the reads found and the text from all that was found; returns when the parts are
        written anew. What was kept of the plate since then stays."""


class PlateHits(Hits, Protocol):
    """Alerts, as far as they erase one plate."""

    async def of_plate(self, text: str) -> HitsDue:
        """Decided ones whose read is of that text."""

    async def open_reads(self, text: str) -> set[UUID]:
        """Reads of that text that alerts not yet decided rest on."""


class PlateLabels(Protocol):
    """Labels of suspected clones, as far as what stays of a plate is said."""

    async def labelled(self, text: str) -> int:
        """How many name that text, withdrawn ones too."""


@dataclass(slots=True)
class Erasing:
    """Erases plates. ``secret`` makes the mark by which a statement can be held to a plate."""

    records: PlateForgets
    hits: PlateHits
    clones: PlateLabels
    forgetting: Forgetting
    secret: str

    async def erase(self, request: Request, now: datetime) -> Erased:
        """Erase it, and state it; returns when the files are gone too."""
        plate = plate_text(request.plate)
        found, stays = await self._found(plate)
        hits = await self.hits.of_plate(plate)
        names = found.pictures | hits.pictures
        shared = await self.records.pictures_of_others(names, found.read_ids)
        shared |= names & await self.hits.pictures(hits)
        removed = await self.forgetting.images.remove(names - shared)
        await self.records.erase_plate(plate, found)
        in_files = await self.hits.forget(hits, now)
        left = await self.records.files_left()
        labels = await self.clones.labelled(plate)
        content = {
            "kind": "erasure", "by": request.by, "reference": request.reference,
            "reason": request.reason, "plate_mark": mark(self.secret, plate),
            "reads_removed": len(found.read_ids), "mentions_removed": found.mentions,
            "pictures": {"removed": removed, "shared_and_kept": len(shared)},
            "alerts_forgotten": {"alerts": len(hits.alert_ids), "in_files": in_files},
            "files_left": left,
            "stays": {"under_open_alerts": len(stays), "pinned": found.pinned,
                      "suspected_clones": labels, "cases": list(found.cases)},
            "remains": await self.forgetting.remains(now.date()),
        }  # fmt: skip
        return Erased(
            reads=len(found.read_ids), mentions=found.mentions, pictures=removed,
            pictures_shared=len(shared), alerts=len(hits.alert_ids), under_alerts=len(stays),
            pinned=found.pinned, suspected_clones=labels, cases=found.cases,
            statement=self.forgetting.statements.add(content, now),
        )  # fmt: skip

    async def _found(self, plate: str) -> tuple[PlateFound, set[UUID]]:
        """What goes, and the reads that stay under alerts; one raised while the plate was looked
        for counts too."""
        stays = await self.hits.open_reads(plate)
        while True:
            found = await self.records.find_plate(plate, stays)
            late = await self.hits.open_reads(plate) - stays
            if not late:
                return found, stays
            stays |= late


def mark(secret: str, plate: str) -> str:
    """What only this node can make of a plate: HMAC-SHA256, hex, of its text."""
    return hmac.new(secret.encode(), plate_text(plate).encode(), hashlib.sha256).hexdigest()


class NoSuchErasureError(LookupError):
    """No erasure was begun under that id since the node started; its statement is kept."""


class ErasureStage(StrEnum):
    """How far an erasure is."""

    UNDER_WAY = "under_way"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One erasure begun since the node started, without its plate; ``erased`` once it is done.

    One that failed did so part of the way: begun again, it goes on where it was.
    """

    erasure_id: UUID
    reference: str
    by: str
    begun_at: datetime
    stage: ErasureStage
    erased: Erased | None = None


@dataclass(slots=True)
class Erasures:
    """Erasures under way and those done since the node started: files take minutes to go."""

    erasing: Erasing
    _tasks: "dict[UUID, asyncio.Task[Erased]]" = field(default_factory=dict)
    _begun: dict[UUID, tuple[str, str, datetime]] = field(default_factory=dict)

    def begin(self, request: Request, now: datetime) -> UUID:
        """Begin it; it goes on whoever waits for it. Its id."""
        erasure_id = uuid4()
        self._tasks[erasure_id] = asyncio.create_task(self.erasing.erase(request, now))
        self._begun[erasure_id] = (request.reference, request.by, now)
        return erasure_id

    def asked(self) -> list[Asked]:
        """Those begun since the node started, the newest first."""
        return [self._asked(erasure_id) for erasure_id in reversed(self._begun)]

    def _asked(self, erasure_id: UUID) -> Asked:
        task, (reference, by, at) = self._tasks[erasure_id], self._begun[erasure_id]
        stage = ErasureStage.DONE if task.done() else ErasureStage.UNDER_WAY
        if task.done() and (task.cancelled() or task.exception()):
            stage = ErasureStage.FAILED
        return Asked(
            erasure_id=erasure_id, reference=reference, by=by, begun_at=at, stage=stage,
            erased=task.result() if stage is ErasureStage.DONE else None,
        )  # fmt: skip

    async def done(self, erasure_id: UUID, within_s: float) -> Erased | None:
        """What was erased; None while it goes on. Raises what it failed with."""
        task = self._tasks.get(erasure_id)
        if task is None:
            raise NoSuchErasureError("no erasure of that id was begun since the node started")
        await asyncio.wait({task}, timeout=within_s)
        return task.result() if task.done() else None

    async def close(self) -> None:
        """Wait for what is under way no longer; begun again, it goes on where it was."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
