"""Vehicles of our hotlists that partners saw, and what was told to partners of our alerts."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from morina.accountability import PurposeCode
from morina.accountability.trail import What
from morina.desk.api.exchange import as_sent, exchange_of, looked
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.problems import ProblemError
from morina.desk.services import Services
from morina.exchange.lists import ListShare, PartnerList, SharedLists, ShareState
from morina.exchange.sighting_messages import PICTURE, image_of
from morina.exchange.sightings import HeardSighting, Sightings, ToldSighting

routes = APIRouter(tags=["exchange"], route_class=Route)

MOST = 1000


class SightingOut(BaseModel):
    """One sighting; ``fields`` are those agreed, without the picture, which has its own address.

    ``state`` is 1 for one that was taken back, 3 for one an officer there confirmed.
    """

    sighting_id: UUID
    told_by: str
    hotlist_id: UUID
    listing_id: UUID
    state: int
    seen_at: datetime
    heard_at: datetime
    keep_until: datetime
    fields: Mapping[str, str | int | bool | list[str]]
    picture: str | None
    officer: str
    corrected_at: datetime | None

    @classmethod
    def of(cls, one: HeardSighting) -> "SightingOut":
        """As it is shown."""
        fields = {name: value for name, value in one.fields.items() if name != PICTURE}
        at = f"/api/v1/sightings/{one.told_by}/{one.sighting_id}/picture"
        return cls(
            sighting_id=one.sighting_id, told_by=one.told_by, hotlist_id=one.hotlist_id,
            listing_id=one.listing_id, state=one.state.value, seen_at=one.seen_at,
            heard_at=one.heard_at, keep_until=one.keep_until, fields=fields,
            picture=at if one.fields.get(PICTURE) else None, officer=one.officer,
            corrected_at=one.corrected_at,
        )  # fmt: skip


class ShareIn(BaseModel):
    """With whom a list is shared, under which agreement and why."""

    partner: str
    agreement_id: UUID
    purpose: PurposeCode
    case_number: str
    justification: str


class ListsOut(BaseModel):
    """Own lists as partners have them, and partners' lists as they are here."""

    shared: list[ShareState]
    heard: list[PartnerList]


@routes.get("/sightings", summary="Sightings partners told, newest first")
async def sightings(
    desk: Desk,
    officer: Officer,
    listing_id: UUID | None = None,
    hotlist_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> list[SightingOut]:
    """Of one entry or hotlist, or of all. That they were looked at enters the trail."""
    store = sightings_of(desk)
    found = await store.heard(listing_id=listing_id, hotlist_id=hotlist_id, limit=limit)
    ids = tuple(str(one.sighting_id) for one in found)
    await looked(desk, officer.name, What("sighting", ids, "read"))
    return [SightingOut.of(one) for one in found]


@routes.get(
    "/sightings/{told_by}/{sighting_id}/picture",
    summary="The picture of a sighting",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}, "image/png": {}}}},
)
async def picture(told_by: str, sighting_id: UUID, desk: Desk, officer: Officer) -> Response:
    """As the partner sent it. 404 where none was agreed or sent."""
    found = image_of((await sightings_of(desk).sighting(told_by, sighting_id)).fields)
    if found is None:
        raise ProblemError(404, "no picture came with it", place="sighting_id",
                           mend="ask the partner in a follow-up")  # fmt: skip
    await looked(desk, officer.name, What("sighting", (str(sighting_id),), "picture"))
    return as_sent(*found)


@routes.get("/alerts/{alert_id}/told", summary="What was told of an alert to its entry's owner")
async def told(alert_id: UUID, desk: Desk, _officer: Officer) -> list[ToldSighting]:
    """Empty before anybody confirmed it; ``denied`` says why something was not told."""
    await desk.alerts.alert(alert_id)
    return list(await sightings_of(desk).told(alert_id))


@routes.post("/alerts/{alert_id}/told", status_code=204, summary="Tell what was not told")
async def tell_again(alert_id: UUID, desk: Desk, officer: Officer) -> None:
    """It is tried within a second, under the agreements as they are now; see what was told then.
    404 where nothing was denied."""
    await desk.alerts.alert(alert_id)
    await sightings_of(desk).tell_again(alert_id, officer.name, datetime.now(UTC))


@routes.get("/exchange/lists", summary="Hotlists shared with partners, and theirs here")
async def lists(desk: Desk, _officer: Officer, partner: str = "") -> ListsOut:
    """How far each copy is; of one partner or of all."""
    store = lists_of(desk)
    return ListsOut(
        shared=list(await store.shares(partner)), heard=list(await store.heard(partner))
    )


@routes.post("/hotlists/{hotlist_id}/shares", status_code=201, summary="Share with a partner")
async def share(hotlist_id: UUID, sent: ShareIn, desk: Desk, officer: Officer) -> ShareState:
    """The whole list goes first, then every change. 409 where no agreement allows it."""
    wanted = ListShare(
        hotlist_id=hotlist_id, partner=sent.partner, agreement_id=sent.agreement_id,
        purpose=sent.purpose, case_number=sent.case_number, justification=sent.justification,
        officer=officer.name,
    )  # fmt: skip
    return await lists_of(desk).share(wanted, datetime.now(UTC))


@routes.delete("/hotlists/{hotlist_id}/shares/{partner}", summary="Share no longer")
async def stop(hotlist_id: UUID, partner: str, desk: Desk, officer: Officer) -> ShareState:
    """The partner is told to take the list out."""
    return await lists_of(desk).stop(hotlist_id, partner, officer.name, datetime.now(UTC))


def lists_of(desk: Services) -> SharedLists:
    """ProblemError (404) where this node shares none."""
    found = exchange_of(desk).lists
    if found is None:
        raise ProblemError(404, "this node shares no hotlists", place="node", mend="ask another")
    return found


def sightings_of(desk: Services) -> Sightings:
    """ProblemError (404) where this node keeps none."""
    found = exchange_of(desk).sightings
    if found is None:
        raise ProblemError(404, "this node keeps no sightings", place="node", mend="ask another")
    return found
