"""Answers out for a case: a ZIP file with a signed manifest."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any, BinaryIO, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import Sent
from morina.desk.problems import ProblemError
from morina.records.exports.giving import NotExportedError, Wanted

routes = APIRouter(tags=["records"], route_class=Route)

CHUNK = 1 << 20
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {}}, "description": "The files and their manifest"}
}


class ExportIn(Sent):
    """What the rows are written in, and whether their pictures are put beside them."""

    format: Literal["parquet", "csv"] = "parquet"
    pictures: bool = Field(default=False)
    approval_id: UUID | None = Field(default=None, description="where the export is a large one")


class KeyOut(BaseModel):
    """What the node's signatures are checked with; compare the fingerprint by another way."""

    public_key: str
    fingerprint: str


@routes.post(
    "/records/questions/{question_id}/export",
    summary="Take an answer out for a case",
    response_class=StreamingResponse,
    responses=_ZIP,
)
async def export(
    question_id: UUID, sent: ExportIn, desk: Desk, officer: Officer
) -> StreamingResponse:
    """All passages of an answer and of what goes on from it, with a manifest signed by this node.
    Written down as a consultation of its own first; its number is the audit reference. 409 where
    a question that goes on fails, and where another person has to agree to a large one first."""
    cameras = {camera.camera_id: camera.shown() for camera in await desk.cameras.cameras()}
    wanted = Wanted(
        question_id=question_id, officer=officer.name, form=sent.format, pictures=sent.pictures,
        approval_id=sent.approval_id,
    )  # fmt: skip
    try:
        async with desk.exports.given(wanted, cameras) as packed:
            stream = packed.open("rb")  # stays readable when the file's name is gone
            name = packed.name
    except NotExportedError as error:
        raise ProblemError(409, str(error), place="question_id", mend="ask for less") from None
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(os.fstat(stream.fileno()).st_size),
    }
    return StreamingResponse(_chunks(stream), media_type="application/zip", headers=headers)


@routes.get("/records/signing-key", summary="What exports are checked with")
async def signing_key(desk: Desk, _officer: Officer) -> KeyOut:
    """The public key of this node; the secret one never leaves it."""
    public = desk.exports.signer.public
    return KeyOut(public_key=public.text, fingerprint=public.fingerprint)


async def _chunks(stream: BinaryIO) -> AsyncIterator[bytes]:
    with stream:
        while chunk := await asyncio.to_thread(stream.read, CHUNK):
            yield chunk
