"""The exchange with partners: who they are, what passed, what was refused, what does not agree."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from morina.accountability.trail import Act, Deed, What, acts_as
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import Instant
from morina.desk.exchange import ExchangeServices
from morina.desk.exchange_inbox import inbox
from morina.desk.problems import ProblemError
from morina.desk.services import Services
from morina.desk.to_see import TO_DO, Sort
from morina.exchange import Item, Kind, Message, Party
from morina.exchange.delivering import (
    Attack,
    Deliveries,
    Passed,
    Queue,
    Report,
    SoughtMessages,
    State,
)

routes = APIRouter(prefix="/exchange", tags=["exchange"], route_class=Route)

MOST = 1000
Most = Annotated[int, Query(ge=1, le=MOST)]


def exchange_of(desk: Services) -> ExchangeServices:
    """What the routes work with; ProblemError (404) where this node exchanges with nobody."""
    if desk.exchange is None:
        raise ProblemError(404, "this node exchanges with nobody", place="node",
                           mend="set exchange.node_id, see docs/exchange.md")  # fmt: skip
    return desk.exchange


def deliveries_of(desk: Services) -> Deliveries:
    """What passes; ProblemError (404) where this node delivers nothing."""
    deliveries = exchange_of(desk).deliveries
    if deliveries is None:
        raise ProblemError(404, "this node delivers no messages", place="node", mend="ask another")
    return deliveries


async def looked(desk: Services, who: str, what: What, act: Act = Act.CONSULTATION) -> None:
    """Enter in the trail what is about to be shown."""
    acts_as(who)
    await exchange_of(desk).enter(Deed(act=act, what=what, who=who))


def as_sent(picture: bytes, media_type: str) -> Response:
    """A picture as a partner sent it, taken for nothing else by a browser."""
    return Response(picture, media_type=media_type, headers={"X-Content-Type-Options": "nosniff"})


class PartnerOut(BaseModel):
    """One node of the directory in force; ``link`` is null for this node itself and for one
    nothing is delivered to. Compare ``fingerprint`` over the telephone."""

    node_id: str
    name: str
    address: str
    contact: str
    fingerprint: str
    is_this_node: bool
    link: Queue | None

    @classmethod
    def of(cls, one: Party, here: str, queues: dict[str, Queue]) -> "PartnerOut":
        """As the directory has it."""
        return cls(
            node_id=one.node_id, name=one.name, address=one.address, contact=one.contact,
            fingerprint=one.fingerprint, is_this_node=one.node_id == here,
            link=queues.get(one.node_id),
        )  # fmt: skip


class PartnersOut(BaseModel):
    """The directory in force; ``until`` is null where nobody knows when it ends."""

    version: int
    until: datetime | None
    partners: list[PartnerOut]


class ItemOut(BaseModel):
    """Data of one vehicle or person, as the agreement lets it pass."""

    fields: dict[str, Any]
    at: datetime | None
    camera_group: str

    @classmethod
    def of(cls, one: Item) -> "ItemOut":
        """As it was told."""
        return cls(fields=dict(one.fields), at=one.at, camera_group=one.camera_group)


class MessageOut(BaseModel):
    """What one message says."""

    message_id: UUID
    sender: str
    to: str
    kind: Kind
    conversation: UUID
    seq: int
    created_at: datetime
    digest: str
    said: dict[str, Any]
    items: list[ItemOut]

    @classmethod
    def of(cls, one: Message) -> "MessageOut":
        """As it was signed."""
        return cls(
            message_id=one.message_id, sender=one.sender, to=one.to, kind=one.kind,
            conversation=one.conversation, seq=one.seq, created_at=one.created_at,
            digest=one.digest, said=dict(one.said), items=[ItemOut.of(item) for item in one.items],
        )  # fmt: skip


class ToSeeOut(BaseModel):
    """One thing of the inbox; ``to_do`` where it waits for somebody, ``page`` where it is done."""

    sort: Sort
    to_do: bool
    said: str
    partner: str
    at: datetime | None
    kind: Kind | None
    page: str


class AskedFor(BaseModel):
    """Which messages are wanted; all that is left out is of no matter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    partner: str = ""
    kind: Kind | None = None
    state: State | None = None
    conversation: UUID | None = None
    before: Instant | None = None
    limit: Most = 100

    def sought(self) -> SoughtMessages:
        """As deliveries are asked."""
        return SoughtMessages(
            partner=self.partner, kind=self.kind, state=self.state, limit=self.limit,
            conversation=self.conversation,
            before=self.before.astimezone(UTC) if self.before else None,
        )  # fmt: skip


@routes.get("/partners", summary="Partners, and how the link to each is")
async def partners(desk: Desk, _officer: Officer) -> PartnersOut:
    """The directory in force, this node among it."""
    exchange = exchange_of(desk)
    queues = await exchange.deliveries.queues() if exchange.deliveries else ()
    by_name = {one.partner: one for one in queues}
    found = [PartnerOut.of(one, exchange.node_id, by_name)
             for one in await exchange.partners.parties()]  # fmt: skip
    until = await exchange.directory_until() if exchange.directory_until else None
    version = await exchange.partners.version()
    return PartnersOut(version=version, until=until, partners=found)


@routes.post("/partners/{node_id}/retry", status_code=204, summary="Try again now")
async def retry(node_id: str, desk: Desk, officer: Officer) -> None:
    """What waits for this partner is tried at once, and what of its own could not be acted on."""
    acts_as(officer.name)
    await exchange_of(desk).partners.party(node_id)
    await deliveries_of(desk).retry_now(node_id)


@routes.post("/partners/{node_id}/comparison", status_code=204, summary="Compare now")
async def compare(node_id: str, desk: Desk, officer: Officer) -> None:
    """A checkpoint is sent; the partner compares it with what it has."""
    acts_as(officer.name)
    await exchange_of(desk).partners.party(node_id)
    await deliveries_of(desk).compare_now(node_id, datetime.now(UTC))


@routes.get("/messages", summary="That messages passed, newest first")
async def messages(
    desk: Desk, officer: Officer, asked: Annotated[AskedFor, Query()]
) -> Sequence[Passed]:
    """Who to whom, what kind and how far it came; nothing of what they say. That they were looked
    at is in the trail."""
    found = await deliveries_of(desk).messages(asked.sought())
    ids = tuple(str(one.message_id) for one in found)
    await looked(desk, officer.name, What("messages passed", ids, "read"))
    return found


@routes.get("/messages/{message_id}", summary="What one message says")
async def message(message_id: UUID, desk: Desk, officer: Officer) -> MessageOut:
    """Its content, while it is kept. That it was looked at is in the trail."""
    deliveries = deliveries_of(desk)
    await looked(desk, officer.name, What("messages", (str(message_id),), "content"))
    found = await deliveries.message(message_id)
    if found is None:
        raise ProblemError(404, "no message of that id is kept", place="message_id",
                           mend="use an id that GET /api/v1/exchange/messages lists")  # fmt: skip
    return MessageOut.of(found)


@routes.get(
    "/conversations/{conversation}/evidence",
    summary="The evidence of one conversation",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def evidence(conversation: UUID, desk: Desk, officer: Officer, partner: str = "") -> Response:
    """A file that proves what passed; `morina exchange verify` reads it without this node. Where
    several take part, `partner` says of which."""
    made = exchange_of(desk).evidence
    if made is None:
        raise ProblemError(404, "this node gives no evidence", place="node", mend="ask another")
    what = What("conversation", (str(conversation),), "evidence")
    await looked(desk, officer.name, what, Act.EXPORT)
    try:
        content = await made(conversation, partner)
    except LookupError as error:
        mend = "use one that GET /api/v1/exchange/messages lists"
        raise ProblemError(404, str(error), place="conversation",
                           mend=mend) from None  # fmt: skip
    name = f'attachment; filename="exchange-{conversation}.evidence"'
    return Response(content, headers={"Content-Disposition": name},
                    media_type="application/octet-stream")  # fmt: skip


@routes.get("/comparisons", summary="What they say passed and what is here")
async def comparisons(
    desk: Desk, _officer: Officer, partner: str = "", limit: Most = 100
) -> Sequence[Report]:
    """Every comparison, newest first, with the numbers one side has not."""
    return await deliveries_of(desk).reports(partner, limit)


@routes.get("/attacks", summary="What was refused at the door")
async def attacks(desk: Desk, _officer: Officer, limit: Most = 100) -> Sequence[Attack]:
    """Newest first: what came in and was no message to be taken."""
    return await deliveries_of(desk).attacks(limit)


@routes.get("/inbox", summary="What a person has to see")
async def to_see(desk: Desk, _officer: Officer) -> list[ToSeeOut]:
    """What waits for somebody first, then what is to be known of the last days."""
    return [
        ToSeeOut(sort=one.sort, to_do=one.sort in TO_DO, said=one.said, partner=one.partner,
                 at=one.at, kind=one.kind, page=one.href)
        for one in await inbox(exchange_of(desk), datetime.now(UTC))
    ]  # fmt: skip
