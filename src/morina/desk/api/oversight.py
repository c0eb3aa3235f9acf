"""Overseeing: who looked at a plate, how the chain is, the trail as a file, counts by the month."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from morina.accountability import Purpose, PurposeCode, RefusedPurposeError
from morina.accountability.oversight import Checked
from morina.accountability.trail import acts_as
from morina.desk.api.asked import ConsultationOut
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import Line, Named
from morina.desk.api.trail import EntryOut
from morina.desk.oversight import Oversight
from morina.desk.problems import ProblemError
from morina.plates import NotAPlateError, plate_text

routes = APIRouter(prefix="/trail", tags=["trail"], route_class=Route)

FILE_TYPE = "application/x-ndjson"


class LookIn(BaseModel):
    """Who looked at this plate; that you ask is written down under the purpose oversight."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    plate: Named = Field(examples=["AB12CDE"])
    case_number: Named = Field(examples=["DPO-2026-4"], description="your own file's reference")
    legal_basis: Named
    justification: Line = Field(examples=["a complaint that somebody looked up a neighbour"])
    before: int | None = Field(default=None, ge=1, le=2**62, description="go on below this number")
    limit: int = Field(default=100, ge=1, le=1000)


class LookOut(BaseModel):
    """``number`` is that under which this look is written down; ``consultations`` named the plate
    or a pattern it fits, ``alerts`` are entries about alerts of it, ``partners`` about what
    partners asked here of it, ``with_whom``; newest first."""

    number: int
    plate: str
    consultations: list[ConsultationOut]
    alerts: list[EntryOut]
    partners: list[EntryOut]


class CheckedOut(BaseModel):
    """One check of the whole trail; ``found`` is empty where it holds."""

    at: datetime
    count: int
    sealed_to: int
    found: tuple[str, ...]

    @classmethod
    def of(cls, one: Checked) -> "CheckedOut":
        """As entered."""
        return cls(at=one.at, count=one.count, sealed_to=one.sealed_to, found=one.found)


class ChainOut(BaseModel):
    """The newest checkpoint, ``digest`` to be compared by telephone with a copy kept elsewhere,
    and the last check; null where there is none."""

    key: str
    fingerprint: str
    checkpoint: dict[str, Any] | None
    digest: str
    checked: CheckedOut | None


def _oversight(desk: Desk) -> Oversight:
    if desk.oversight is None:
        raise ProblemError(503, "this node keeps no trail", place="node", mend="ask another")
    return desk.oversight


Seen = Annotated[Oversight, Depends(_oversight)]


@routes.post("/plates", summary="Who looked at this plate, and why")
async def who_looked(sent: LookIn, seen: Seen, officer: Officer) -> LookOut:
    """Questions that named it, or a pattern it fits, with their purpose, what was done with alerts
    of it, and what partners asked of it and were answered. Go on below the last number with
    ``before``."""
    acts_as(officer.name)
    plate, page, now = _plate(sent.plate), (sent.before, sent.limit), datetime.now(UTC)
    try:
        purpose = _purpose(sent, officer.name)
        found = await seen.overseeing.who_looked(plate, purpose, now, page)
    except RefusedPurposeError as error:
        raise ProblemError(422, str(error), place=error.field, mend=error.mend) from None
    return LookOut(
        number=found.number, plate=found.plate,
        consultations=[ConsultationOut.of(one) for one in found.consultations],
        alerts=[EntryOut.of(one) for one in found.entries],
        partners=[EntryOut.of(one) for one in found.partners],
    )  # fmt: skip


@routes.get("/chain", summary="How the chain is")
async def chain(seen: Seen, _officer: Officer) -> ChainOut:
    """The newest seal, and when the whole trail was last checked."""
    sealed, checked = await seen.chain.sealed(), await seen.chain.checked()
    return ChainOut(
        key=seen.chain.key.text, fingerprint=seen.chain.key.fingerprint,
        checkpoint=sealed.as_kept() if sealed else None, digest=sealed.digest if sealed else "",
        checked=CheckedOut.of(checked) if checked else None,
    )  # fmt: skip


@routes.post(
    "/export", summary="The whole trail as a signed file", response_class=StreamingResponse
)
async def export(seen: Seen, officer: Officer) -> StreamingResponse:
    """As ``morina audit export`` writes it, for the supervisory authority; it is entered."""
    acts_as(officer.name)
    name = f"trail-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.jsonl"
    lines = seen.chain.given_out(name)
    first = await anext(lines, b"")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_whole(first, lines), media_type=FILE_TYPE, headers=headers)


@routes.get("/months", summary="Counts by the month, for everybody")
async def months(seen: Seen, _officer: Officer) -> list[dict[str, Any]]:
    """Newest first: acts and questions by purpose, refusals, hits, erasures. No names, no plates;
    small counts are not told."""
    return [month.said(seen.authority.fewer_than) for month in await seen.months()]


async def _whole(first: bytes, lines: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for line in lines:
        yield line


def _purpose(sent: LookIn, officer: str) -> Purpose:
    return Purpose(
        officer=officer, code=PurposeCode.OVERSIGHT, case_number=sent.case_number,
        legal_basis=sent.legal_basis, justification=sent.justification,
    )  # fmt: skip


def _plate(text: str) -> str:
    try:
        return plate_text(text)
    except NotAPlateError as error:
        raise ProblemError(422, str(error), place="plate", mend="send a plate") from None
