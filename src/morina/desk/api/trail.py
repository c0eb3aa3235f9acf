"""The trail: who did what, when and why."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from morina.accountability.trail import Act, Entry, Sought, acts_as
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import Instant, Named
from morina.desk.problems import ProblemError

routes = APIRouter(prefix="/trail", tags=["trail"], route_class=Route)


class WhatOut(BaseModel):
    """Objects of one kind by their ids, the first thousand of ``count``."""

    kind: str
    ids: tuple[str, ...]
    step: str
    count: int
    digest: str


class EntryOut(BaseModel):
    """One entry; ``hash`` is over all the others, ``previous`` that of the entry before."""

    number: int
    at: datetime
    who: str
    act: Act
    what: WhatOut
    why: dict[str, Any]
    with_whom: str
    previous: str
    hash: str

    @classmethod
    def of(cls, entry: Entry) -> "EntryOut":
        """As kept."""
        return cls.model_validate({**entry.said(), "hash": entry.hash})


class AskedOf(BaseModel):
    """Which entries are wanted; all that is left out is of no matter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    who: Named | None = None
    act: Act | None = None
    object_id: Named | None = Field(
        default=None, description="one of the ids: of an alert, a hotlist, a consultation"
    )
    since: Instant | None = None
    until: Instant | None = None
    before: int | None = Field(default=None, ge=1, le=2**62)
    limit: int = Field(default=100, ge=1, le=1000)

    def sought(self) -> Sought:
        """As the trail is asked."""
        return Sought(
            who=self.who or "", act=self.act, object_id=self.object_id or "",
            since=_utc(self.since), until=_utc(self.until), before=self.before, limit=self.limit,
        )  # fmt: skip


@routes.get("", summary="Who did what, newest first")
async def trail(desk: Desk, officer: Officer, asked: Annotated[AskedOf, Query()]) -> list[EntryOut]:
    """Entries of the trail. That they were read is in the trail as well."""
    if desk.trail is None:
        raise ProblemError(503, "this node keeps no trail", place="node", mend="ask another")
    acts_as(officer.name)
    return [EntryOut.of(one) for one in await desk.trail.read(asked.sought())]


def _utc(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC) if at else None
