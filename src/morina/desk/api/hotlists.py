"""Hotlists: whom we look for; files in and out, all or nothing."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from morina.accountability import Purpose
from morina.accountability.looking import Shown
from morina.desk.api.asked import PurposeIn
from morina.desk.api.form import Upload, read_form
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import HotlistIn, Line, ListingIn
from morina.desk.entering import written
from morina.desk.listing_seen import listing_seen
from morina.desk.problems import Fault, ProblemError
from morina.watch import (
    FileFormat,
    Hotlist,
    RefusedFileError,
    VehicleOfInterest,
    dump_hotlist,
    parse_hotlist,
)

routes = APIRouter(prefix="/hotlists", tags=["hotlists"], route_class=Route)

MOST_FAULTS = 10_000
"""How many faults of one file an answer lists."""

_MEDIA_TYPES: dict[FileFormat, str] = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
_FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "a .csv or .json file as docs/hotlists.md describes it",
                        }
                    },
                }
            }
        },
    }
}


class HotlistContent(BaseModel):
    """A hotlist, how many listings it has now, and a page of them."""

    hotlist: Hotlist
    count: int
    listings: list[VehicleOfInterest]


class PageOf(BaseModel):
    """Which of a hotlist's listings."""

    part: Line = Field(default="", description="of plate, owner or vehicle; all without")
    offset: int = Field(default=0, ge=0, le=10_000_000)
    limit: int = Field(default=100, ge=0, le=1000)


class TakenOutIn(PurposeIn):
    """Why the list leaves the node, and as what."""

    format: FileFormat = "csv"

    def purpose(self, officer: str) -> Purpose:
        """See PurposeIn."""
        return PurposeIn(**self.model_dump(exclude={"format"})).purpose(officer)


@routes.get("", summary="List hotlists by name")
async def hotlists(desk: Desk, _officer: Officer) -> list[Hotlist]:
    """All hotlists of this node, without their listings."""
    return await desk.hotlists.hotlists()


@routes.post("", status_code=201, summary="Make an empty hotlist")
async def create(sent: HotlistIn, desk: Desk, _officer: Officer) -> Hotlist:
    """A new hotlist at version 1. 409 when the name is taken."""
    try:
        return await desk.hotlists.create(sent.hotlist())
    except ValueError as taken:
        raise ProblemError(409, str(taken), place="name", mend="choose another name") from taken


@routes.get("/{hotlist_id}", summary="One hotlist and its listings")
async def hotlist(
    hotlist_id: UUID,
    desk: Desk,
    officer: Officer,
    page: Annotated[PageOf, Query()],
) -> HotlistContent:
    """The hotlist and ``limit`` of its listings from ``offset`` on, those that hold ``part``."""
    found = await desk.hotlists.hotlist(hotlist_id)
    await desk.looks.shown(officer.name, Shown.HOTLIST, [str(hotlist_id)])
    listed = await desk.hotlists.find(hotlist_id, page.part, page.offset, page.limit)
    return HotlistContent(hotlist=found, count=listed.count, listings=list(listed.listings))


@routes.post(
    "/{hotlist_id}/export",
    summary="Take the whole content out as a file",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}, "application/json": {}}}},
)
async def export(hotlist_id: UUID, sent: TakenOutIn, desk: Desk, officer: Officer) -> Response:
    """A file that import takes back unchanged. Written down with its purpose as a question is."""
    purpose = sent.purpose(officer.name)
    taken = await desk.hotlists.hotlist(hotlist_id)
    words = f"hotlist {hotlist_id}, version {taken.version}, as {sent.format}"
    async with written(desk, purpose, words, act="export") as done:
        listings = await desk.hotlists.listings(hotlist_id)
        plates = {one.plate.text for one in listings}
        await desk.search.asking.rules.clearance.shown(done.number, officer.name, plates)
        content = await asyncio.to_thread(dump_hotlist, listings, sent.format)
        done.reads = len(listings)
    name = f'attachment; filename="hotlist-{hotlist_id}.{sent.format}"'
    return Response(
        content, media_type=_MEDIA_TYPES[sent.format], headers={"Content-Disposition": name}
    )


@routes.post("/{hotlist_id}/import", summary="Replace the content by a file", openapi_extra=_FILE)
async def import_file(
    hotlist_id: UUID, request: Request, desk: Desk, officer: Officer
) -> HotlistContent:
    """All or nothing. 422 names every bad row: line, field, value and mend."""
    await desk.hotlists.hotlist(hotlist_id)
    upload, _ = await read_form(request, "file")
    listings = await _parsed(upload)
    await listing_seen(desk, officer.name, hotlist_id, listings)
    changed = await desk.hotlists.replace(hotlist_id, listings, officer.name)
    return HotlistContent(hotlist=changed, count=len(listings), listings=listings[:100])


@routes.post("/{hotlist_id}/listings", status_code=201, summary="Add one listing")
async def add(hotlist_id: UUID, sent: ListingIn, desk: Desk, officer: Officer) -> VehicleOfInterest:
    """Matched from the next read on. 409 when the vehicle is listed there already."""
    try:
        listing = sent.listing(officer.name, datetime.now(UTC))
    except RefusedFileError as refused:
        raise _refusal(refused, refused.errors[0].field) from refused
    await listing_seen(desk, officer.name, hotlist_id, [listing])
    await desk.hotlists.add(hotlist_id, listing, officer.name)
    return listing


@routes.delete("/{hotlist_id}/listings/{listing_id}", summary="Withdraw one listing")
async def withdraw(hotlist_id: UUID, listing_id: UUID, desk: Desk, officer: Officer) -> Hotlist:
    """The listing matches nothing from the next read on; the hotlist gets a new version."""
    return await desk.hotlists.withdraw(hotlist_id, listing_id, officer.name)


async def _parsed(upload: Upload) -> list[VehicleOfInterest]:
    place = f"file {upload.name}" if upload.name else "file"
    file_format = _format(upload, place)
    now = datetime.now(UTC)
    try:
        return await asyncio.to_thread(parse_hotlist, upload.content, file_format, now=now)
    except RefusedFileError as refused:
        raise _refusal(refused, place) from refused


def _refusal(refused: RefusedFileError, place: str) -> ProblemError:
    listed = refused.errors[:MOST_FAULTS]
    more = len(refused.errors) - 1
    return ProblemError(
        422,
        f"{refused.errors[0]}{f'; and {more} more' if more else ''}",
        place=place,
        mend="nothing was changed; mend every place under faults, then send everything again",
        faults=[Fault(row.field, row.value[:200], row.mend, row.line) for row in listed],
    )


def _format(upload: Upload, place: str) -> FileFormat:
    name, stated = upload.name.lower(), upload.stated_type
    if name.endswith(".csv") or stated == "text/csv":
        return "csv"
    if name.endswith(".json") or stated == "application/json":
        return "json"
    raise ProblemError(
        415, "the file is neither CSV nor JSON", place=place, mend="send a .csv or a .json file"
    )
