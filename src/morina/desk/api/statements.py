"""Statements of erasure: as signed, to be read, checked and taken along."""

import asyncio
import io
import zipfile
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from morina.desk.api.kept import Kept
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.problems import ProblemError
from morina.records.statements import Chain, Statement, chain_of, file_name

routes = APIRouter(prefix="/records/statements", tags=["retention"], route_class=Route)

_JSON: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {}}, "description": "The file, byte for byte"}
}
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {}}, "description": "All files, as kept"}
}


class StatementOut(BaseModel):
    """One statement of erasure; ``file`` is what is signed and chained, as kept."""

    number: int
    sha256: str
    said: dict[str, Any]
    file: str

    @classmethod
    def of(cls, one: Statement) -> "StatementOut":
        """As kept."""
        return cls(number=one.number, sha256=one.sha256, said=one.said, file=one.raw.decode())


@routes.get("", summary="Statements of erasure")
async def statements(
    kept: Kept, _officer: Officer, after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[StatementOut]:  # fmt: skip
    """Oldest first, those numbered above ``after``."""
    found = [one for one in kept.statements.all() if one.number > after]
    return [StatementOut.of(one) for one in found[:limit]]


@routes.get("/check", summary="Whether all statements hold")
async def check(kept: Kept, desk: Desk, _officer: Officer) -> Chain:
    """Each by its signature with this node's key and by the hash of the one before. That the last
    were taken away shows only against a number and hash noted elsewhere."""
    key = desk.exports.signer.public.text
    return await asyncio.to_thread(lambda: chain_of(kept.statements.all(), key))


@routes.get("/copy", summary="All statements", response_class=Response, responses=_ZIP)
async def copy(kept: Kept, _officer: Officer) -> Response:
    """A ZIP of the files, to be checked elsewhere: morina records statements --verify --folder."""
    content = await asyncio.to_thread(lambda: _packed(kept.statements.all()))
    return _sent(content, "application/zip", "statements.zip")


@routes.get("/{number}", summary="One statement", response_class=Response, responses=_JSON)
async def one(number: int, kept: Kept, _officer: Officer) -> Response:
    """The file, byte for byte: its SHA-256 is in the one after."""
    found = [one for one in kept.statements.all() if one.number == number]
    if not found:
        mend = "use a number that GET /api/v1/records/statements lists"
        raise ProblemError(404, f"there is no statement {number}", place="number", mend=mend)
    return _sent(found[0].raw, "application/json", file_name(found[0]))


def _sent(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


def _packed(statements: list[Statement]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for statement in statements:
            packed.writestr(file_name(statement), statement.raw)
    return content.getvalue()
