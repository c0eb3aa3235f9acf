"""What is sent and shown of duties: breaches, requests of persons, what is due."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from morina.accountability.duties import Concern, Matter, breaches
from morina.desk.api.sent import Instant, Named, Sent
from morina.desk.oversight import Oversight


class PaperName(StrEnum):
    """Which paper."""

    PROCESSING = "processing"
    ASSESSMENT = "assessment"
    CONTROLS = "controls"


Text = Annotated[str, Field(max_length=4000)]
Said = Annotated[dict[Named, Text], Field(max_length=12)]


class BreachIn(Sent):
    """A breach as it is first recorded; ``said`` has what, whose, data, how_many, consequences,
    measures, of which the first two are needed."""

    noticed_at: Instant
    said: Said


class RequestIn(Sent):
    """A request as it came in; ``said`` has right, plate, person (a reference, no name), said."""

    received_at: Instant
    said: Said


class StepIn(Sent):
    """One step, of the breach or request as it was after ``after`` steps."""

    kind: Named
    after: int = Field(ge=0, le=10_000)
    said: Said = Field(default_factory=dict)


class StepOut(BaseModel):
    """One step that was taken."""

    at: datetime
    by: str
    kind: str
    said: dict[str, str]


class MatterOut(BaseModel):
    """A breach or request. ``due_at`` is when its clock ends, ``left_s`` seconds until then, below
    0 when late; a settled one's clock stands still."""

    matter_id: UUID
    number: int
    began_at: datetime
    opened_at: datetime
    opened_by: str
    said: dict[str, str]
    steps: list[StepOut]
    due_at: datetime
    left_s: float
    settled: bool
    closed: bool

    @classmethod
    def of(cls, one: Matter, seen: Oversight) -> "MatterOut":
        """As it stands now."""
        now, rules = datetime.now(UTC), seen.authority
        if one.concern is Concern.BREACH:
            clock = breaches.clock(one, rules.breach_hours, now)
            due, left, settled = clock.ends_at, clock.left_s, clock.settled
        else:
            due = one.began_at + timedelta(days=rules.request_days)
            answered = one.newest("answer")
            left = (due - (answered.at if answered else now)).total_seconds()
            settled = answered is not None
        steps = [StepOut(at=s.at, by=s.by, kind=s.kind, said=dict(s.said)) for s in one.steps]
        return cls(
            matter_id=one.matter_id, number=one.number, began_at=one.began_at,
            opened_at=one.opened_at, opened_by=one.opened_by, said=dict(one.said), steps=steps,
            due_at=due, left_s=left, settled=settled, closed=one.is_closed,
        )  # fmt: skip


class DueOut(BaseModel):
    """Something to look at again by ``day``; ``kind`` is hotlist, entries or pins."""

    day: date
    kind: str
    name: str
    count: int


class DutiesOut(BaseModel):
    """What is open and what is due."""

    breaches: list[MatterOut]
    requests: list[MatterOut]
    reviews: list[DueOut]


class PassageOut(BaseModel):
    """One passage of the plate."""

    read_id: UUID
    captured_at: datetime
    camera_id: str
    text: str


class PreparedOut(BaseModel):
    """The plate's passages, newest first; ``consultation`` is where the look is written down."""

    consultation: int
    more: bool
    passages: list[PassageOut]


class RecipientOut(BaseModel):
    """Who was given data of the plate: by the trail, or (no ``entry``) what partners were told."""

    entry: int | None
    at: datetime
    act: str
    officer: str
    case_number: str
    to: str
