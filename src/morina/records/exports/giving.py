"""An answer given out of the house: logged first, then written, signed and packed."""

import asyncio
import tempfile
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from morina.accountability.approvals import ApprovalNeededError, Guarded, Request
from morina.accountability.purpose import Asked as Logged
from morina.accountability.purpose import Outcome
from morina.accountability.signing import Signer
from morina.accountability.trail import why_of
from morina.records.asking import LOGGED_WITHIN_S, Asking, Stage, State
from morina.records.exports.manifest import Asked, Given, write_manifest
from morina.records.exports.rows import Cameras, Format, Written, writer
from morina.records.finding import Found
from morina.records.images import ImageStore, NoSuchImageError
from morina.records.kept_questions import said
from morina.records.kinds import RefusedQuestionError
from morina.records.questions import Answer

WAIT_S = 30.0
_ENDINGS = {b"\xff\xd8": "jpg", b"\x89P": "png", b"RI": "webp"}
NOT_KEPT = "no longer kept"
TOO_MUCH = "left out: the export would be larger than search.export_bytes"


class NotExportedError(Exception):
    """The export could not be made; says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRules:
    """The most one export holds: rows, and bytes with its pictures. More than ``alone`` rows need
    a second person."""

    rows: int = 50_000
    bytes: int = 2_000_000_000
    alone: int = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be exported, and how."""

    question_id: UUID
    officer: str
    form: Format = "parquet"
    pictures: bool = False
    approval_id: UUID | None = None


@dataclass(slots=True)
class _Made:
    """An export while it is made."""

    folder: Path
    rows: int = 0
    bytes: int = 0
    pictures: set[str] = field(default_factory=set)
    asked: list[Asked] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    incomplete: str = ""


@dataclass(frozen=True, slots=True)
class Exports:
    """Makes exports one at a time, in ``folder``, of which nothing stays."""

    asking: Asking
    images: ImageStore
    signer: Signer
    folder: Path
    rules: ExportRules = ExportRules()
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def given(self, wanted: Wanted, cameras: Cameras) -> AsyncIterator[Path]:
        """The ZIP file of an export, for as long as the context lasts.

        It is written down as a consultation of its own before anything is read, and what became of
        it before it is given. RefusedQuestionError where the question finds no passages or is not
        answered; ApprovalNeededError, RefusedApprovalError where it is large; NotExportedError;
        ConnectionError and TimeoutError where it cannot be logged.
        """
        state = self.asking.state(wanted.question_id, wanted.officer)
        _refuse_other(state)
        if self._is_large(state) and wanted.approval_id is None:
            raise ApprovalNeededError(self._request(wanted, state))
        self.folder.mkdir(exist_ok=True)
        async with self._turn:
            with tempfile.TemporaryDirectory(dir=self.folder) as made:
                yield await self._given(wanted, state, cameras, _Made(Path(made) / "export"))

    async def _given(self, wanted: Wanted, state: State, cameras: Cameras, made: _Made) -> Path:
        purpose = self.asking.purpose_of(wanted.question_id, wanted.officer)
        number = await self._logged(wanted, state)
        made.folder.mkdir()
        try:
            await self._write(wanted, state, cameras, made)
        except BaseException:  # cancelled or failed: the consultation gets its outcome
            await self._ended(number, Outcome(at=datetime.now(UTC), failed="it was not made"))
            raise
        given = Given(
            number=number, made_at=datetime.now(UTC), purpose=purpose, asked=made.asked,
            rows=made.rows, incomplete=made.incomplete, with_pictures=wanted.pictures,
            missing=made.missing,
        )  # fmt: skip
        await asyncio.to_thread(write_manifest, made.folder, given, self.signer)
        packed = await asyncio.to_thread(_packed, made.folder, f"export-{number}.zip")
        await self._ended(
            number,
            Outcome(
                at=given.made_at, shown=made.rows,
                covered=f"export: {made.rows} rows {made.incomplete}".strip(),
            ),
        )  # fmt: skip
        return packed

    def _is_large(self, state: State) -> bool:
        answer = _answer(state)
        return len(answer.found) > self.rules.alone or bool(answer.more and self._may_grow)

    @property
    def _may_grow(self) -> bool:
        return self.rules.rows > self.rules.alone

    def _request(self, wanted: Wanted, state: State) -> Request:
        """The same for the same question asked anew, as answers are kept for minutes only."""
        purpose = self.asking.purpose_of(wanted.question_id, wanted.officer)
        return Request(
            kind=Guarded.EXPORT,
            requester=wanted.officer,
            words=_words(wanted, state),
            needed=f"exports of more than {self.rules.alone} passages need a second person",
            why=why_of(purpose),
            content={"question": said(state.question), "form": wanted.form,
                     "pictures": wanted.pictures},
        )  # fmt: skip

    async def _logged(self, wanted: Wanted, state: State) -> int:
        large = self._is_large(state)
        asked = Logged(
            at=datetime.now(UTC),
            purpose=self.asking.purpose_of(wanted.question_id, wanted.officer),
            question=f"{_words(wanted, state)} ({state.number})",
            plates=state.question.plates,
            act="export",
            approval_id=wanted.approval_id if large else None,
            approval_digest=self._request(wanted, state).digest if large else "",
        )
        async with asyncio.timeout(LOGGED_WITHIN_S):
            return await self.asking.consultations.begin(asked)

    async def _ended(self, number: int, outcome: Outcome) -> None:
        async with asyncio.timeout(LOGGED_WITHIN_S):
            await self.asking.consultations.end(number, outcome)

    async def _write(self, wanted: Wanted, state: State, cameras: Cameras, made: _Made) -> None:
        """The rows of the answer and of all that goes on from it, and their pictures."""
        rows = writer(wanted.form, made.folder / f"reads.{wanted.form}", cameras)
        try:
            while True:
                answer = _answer(state)
                await self._page(wanted, answer, made, rows)
                made.asked.append(Asked(state.number, state.question.words(), answer.coverage))
                if not answer.more or made.incomplete:
                    break
                state = await self._next(state, wanted.officer)
        finally:
            await asyncio.to_thread(rows.close)
        if answer.coverage.stopped and not made.incomplete:
            made.incomplete = f"the question was stopped: {answer.coverage.stopped}"

    async def _page(
        self, wanted: Wanted, answer: Answer[Found], made: _Made, rows: Written
    ) -> None:
        found = answer.found[: self.rules.rows - made.rows]
        full = made.rows + len(found) >= self.rules.rows
        if len(found) < len(answer.found) or (answer.more and full):
            made.incomplete = f"there are more than {self.rules.rows} rows (search.export_rows)"
        await asyncio.to_thread(rows.add, found)
        made.rows += len(found)
        evidences = [one.read.evidence for one in found if wanted.pictures]
        for evidence in evidences:
            for name in (evidence.overview, evidence.patch) if evidence else ():
                if name not in made.missing and name not in made.pictures:
                    await self._picture(name, made)

    async def _picture(self, name: str, made: _Made) -> None:
        if made.bytes >= self.rules.bytes:
            made.missing[name] = TOO_MUCH
            return
        try:
            content = await self.images.get(name)
        except NoSuchImageError:
            made.missing[name] = NOT_KEPT
            return
        folder = made.folder / "pictures"
        folder.mkdir(exist_ok=True)
        file = folder / f"{name}.{_ENDINGS.get(content[:2], 'bin')}"
        await asyncio.to_thread(file.write_bytes, content)
        made.pictures.add(name)
        made.bytes += len(content)

    async def _next(self, state: State, officer: str) -> State:
        """The answer that goes on; NotExportedError where there is none."""
        question_id = await self.asking.more(state.question_id, officer)
        state = self.asking.state(question_id, officer)
        while state.stage in (Stage.WAITING, Stage.RUNNING):
            state = await self.asking.settled(question_id, officer, WAIT_S)
        if state.answer is None:
            raise NotExportedError(f"{state.failed or state.stage}; ask for less, then export that")
        return state


def _words(wanted: Wanted, state: State) -> str:
    pictures = " with pictures" if wanted.pictures else ""
    return f"export as {wanted.form}{pictures} of {state.question.words()}"


def _refuse_other(state: State) -> None:
    answer = state.answer
    if answer is None:
        mend = "wait for its answer, or ask again"
        raise RefusedQuestionError("question_id", f"the question is {state.stage}", mend)
    if not all(isinstance(one, Found) for one in answer.found) or state.kind != "passages":
        mend = "ask for passages, whose reads can be"
        raise RefusedQuestionError("question_id", f"{state.kind} cannot be exported", mend)


def _answer(state: State) -> Answer[Found]:
    if state.answer is None:
        raise NotExportedError("the answer is no longer kept; ask again")
    return state.answer


def _packed(folder: Path, name: str) -> Path:
    packed = folder.with_name(name)
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                plain = file.suffix in (".csv", ".json")
                how = zipfile.ZIP_DEFLATED if plain else zipfile.ZIP_STORED
                archive.write(file, file.relative_to(folder).as_posix(), how)
    return packed
