"""Suspected clones: labels that people give to plates, to protect the keepers."""

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query
from pydantic import Field

from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import Sent
from morina.plates import NotAPlateError, Plate
from morina.watch import RefusedLabelError, SuspectedClone, Withdrawal
from morina.watch.clones import LONGEST

routes = APIRouter(prefix="/suspected-clones", tags=["suspected clones"], route_class=Route)

Words = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class CloneIn(Sent):
    """A label; ``passages`` are the ids of the reads it rests on."""

    text: Annotated[str, Field(max_length=40)] = Field(examples=["AB12CDE"])
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    reason: Words
    review_on: date
    passages: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=100)]


class WithdrawalIn(Sent):
    """Why a label no longer stands."""

    reason: Words


@routes.get("", summary="List suspected clones, newest first")
async def clones(
    desk: Desk,
    _officer: Officer,
    standing: Annotated[bool, Query(description="false: withdrawn ones too")] = True,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[SuspectedClone]:
    """Plates that somebody labelled, and why."""
    return await desk.clones.labels(standing, limit)


@routes.post("", status_code=201, summary="Label a plate as a suspected clone")
async def label(sent: CloneIn, desk: Desk, officer: Officer) -> SuspectedClone:
    """The label as it stands from now on, on every later alert of that plate."""
    try:
        plate = Plate.of(sent.text, sent.country)
    except NotAPlateError as error:
        raise RefusedLabelError(str(error)) from None
    clone = SuspectedClone(
        label_id=uuid4(),
        plate=plate,
        reason=sent.reason,
        passages=sent.passages,
        review_on=sent.review_on,
        labelled_by=officer.name,
        labelled_at=datetime.now(UTC),
    )
    return await desk.clones.label(clone)


@routes.post("/{label_id}/withdrawal", summary="Withdraw the label of a suspected clone")
async def withdraw(
    label_id: UUID, sent: WithdrawalIn, desk: Desk, officer: Officer
) -> SuspectedClone:
    """The label with who withdrew it; it stays on record."""
    withdrawal = Withdrawal(officer.name, datetime.now(UTC), sent.reason)
    return await desk.clones.withdraw(label_id, withdrawal)
