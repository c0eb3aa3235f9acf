"""Another system's history in: parts of it, each checked and kept before it is answered."""

import asyncio
import logging
from datetime import UTC, datetime

import msgspec
from fastapi import APIRouter, Request

from morina.desk.api.form import read_form
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.problems import ProblemError
from morina.records.imports.keeping import PastReads, TakenPast
from morina.records.imports.past import PastRead
from morina.sense import Said

log = logging.getLogger(__name__)

MOST_READS = 10_000

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "source"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "JSON lines, a read each (docs/records-import.md)",
                        },
                        "source": {
                            "type": "string",
                            "description": "the other system's name, always the same",
                        },
                    },
                }
            }
        },
    }
}
_decoder = msgspec.json.Decoder(PastRead)


routes = APIRouter(tags=["records"], route_class=Route)


@routes.post("/records/imports", summary="Take in another system's reads", openapi_extra=_FORM)
async def take(request: Request, desk: Desk, officer: Officer) -> TakenPast:
    """Part of another system's history. Answered once those kept are durable; the others are
    named with what to do. The same reads again change nothing. They are never live: no
    hotlist is looked into and no alert raised."""
    upload, fields = await read_form(request, "file", ["source"])
    source = _source(fields.get("source", ""))
    past = await asyncio.to_thread(_decoded, upload.content)
    cameras = {camera.camera_id for camera in await desk.cameras.cameras()}
    past_reads: PastReads = request.app.state.past_reads
    taken = await past_reads.take(source, past, cameras, datetime.now(UTC))
    counts = (len(past), source, taken.kept, len(taken.refused))
    log.info("%s imported %d reads of %s: %d kept, %d refused", officer.name, *counts)
    return taken


def _source(said: str) -> str:
    try:
        Said(by=said, text=said)
    except ValueError:
        raise ProblemError(
            422, "source is missing, too long or not printable", place="source",
            mend="send the other system's name in up to 40 characters",
        ) from None  # fmt: skip
    return said


def _decoded(content: bytes) -> list[PastRead]:
    lines = content.splitlines()
    if len(lines) > MOST_READS:
        mend = f"send at most {MOST_READS} in a part"
        raise ProblemError(413, f"{len(lines)} reads in one part", place="file", mend=mend)
    past = []
    for number, line in enumerate(lines, 1):
        try:
            past.append(_decoder.decode(line))
        except (msgspec.DecodeError, RecursionError) as error:
            mend = "nothing was kept; send a read a line as docs/records-import.md shows"
            place = f"file, line {number}"
            raise ProblemError(422, f"line {number}: {error}", place=place, mend=mend) from None
    return past
