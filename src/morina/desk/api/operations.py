"""Joint operations: cases shared item by item, tasks, checks with counts, files."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from morina.accountability import User
from morina.desk.api.form import read_form
from morina.desk.api.operations_route import OperationsRoute
from morina.desk.api.route import Desk, Officer
from morina.desk.api.sent import Line, Named, Sent
from morina.desk.joint import operations_of
from morina.exchange.message import Value
from morina.exchange.operations import (
    Actor,
    Attached,
    ItemKind,
    Key,
    OperationItem,
    OperationView,
    TaskStep,
    Writing,
)
from morina.exchange.operations.counts import counted

routes = APIRouter(prefix="/operations", tags=["operations"], route_class=OperationsRoute)

Text = Annotated[str, Field(max_length=4000)]
Lines = Annotated[list[Line], Field(max_length=100)]
Fields = Annotated[dict[Named, Text | int | Lines], Field(max_length=20)]

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary",
                                 "description": "PNG, JPEG, PDF or plain text"},
                        "addressed": {"type": "string",
                                      "description": "authorities, a comma between them"},
                    },
                }
            }
        },
    }
}  # fmt: skip


class WritingIn(Sent):
    """An item: its fields by kind (docs/exchange-operations.md), and to whom it is addressed; with
    nobody it stays at this node."""

    kind: ItemKind
    fields: Fields
    addressed: Lines = Field(default=[], examples=[["GB", "XK"]])

    def writing(self) -> Writing:
        """As it is written."""
        return Writing(self.kind, fields_of(self.fields), frozenset(self.addressed))


class TaskStepIn(Sent):
    """A step of a task."""

    step: TaskStep


class OperationItemOut(BaseModel):
    """One item. ``told`` names, of an own item, what each addressee was told last."""

    item_id: str
    operation_id: str
    kind: ItemKind
    owner: str
    by: str
    fields: dict[str, Any]
    addressed: list[str]
    revision: int
    made_at: datetime
    changed_at: datetime
    withdrawn_at: datetime | None
    keep_until: datetime | None
    told: dict[str, str]

    @classmethod
    def of(cls, one: OperationItem) -> "OperationItemOut":
        """As it is kept here."""
        return cls(
            item_id=str(one.key), operation_id=str(one.operation), kind=one.kind,
            owner=one.key.node, by=one.by, fields=dict(one.fields),
            addressed=list(one.addressed), revision=one.revision, made_at=one.made_at,
            changed_at=one.changed_at, withdrawn_at=one.withdrawn_at,
            keep_until=one.keep_until, told=dict(one.told),
        )  # fmt: skip


class CountedOut(BaseModel):
    """Results of one check together, as far as they were addressed to this node."""

    task: str
    vehicles_checked: int
    hits: int
    stopped: dict[str, int]


class OperationOut(BaseModel):
    """An operation as you see it."""

    case: OperationItemOut
    items: list[OperationItemOut]
    counted: list[CountedOut]

    @classmethod
    def of(cls, view: OperationView) -> "OperationOut":
        """With the results of each check added up."""
        results = view.of(ItemKind.RESULT)
        tasks = sorted({one.text("task") for one in results})
        sums = {task: counted(r for r in results if r.text("task") == task) for task in tasks}
        return cls(
            case=OperationItemOut.of(view.case),
            items=[OperationItemOut.of(one) for one in view.items],
            counted=[
                CountedOut(task=task, vehicles_checked=one.vehicles_checked, hits=one.hits,
                           stopped=dict(one.stopped))
                for task, one in sums.items()
            ],
        )  # fmt: skip


def actor_of(officer: User) -> Actor:
    """Who acts, now."""
    return Actor(officer.name, datetime.now(UTC), officer.authority)


def fields_of(sent: Mapping[str, str | int | list[str]]) -> dict[str, Value]:
    """Fields as items hold them."""
    return dict(sent)


@routes.get("", summary="Joint operations")
async def operations(desk: Desk, officer: Officer) -> list[OperationItemOut]:
    """Newest first: those of this node and those it was addressed; a liaison officer's
    authority's only."""
    found = await operations_of(desk).operations(actor_of(officer))
    return [OperationItemOut.of(one) for one in found]


@routes.post("", status_code=201, summary="Begin an operation")
async def begin(sent: WritingIn, desk: Desk, officer: Officer) -> OperationItemOut:
    """Its ``kind`` is case. 409 where an addressee has no agreement that allows it."""
    return OperationItemOut.of(await operations_of(desk).begin(sent.writing(), actor_of(officer)))


@routes.get("/{operation_id}", summary="One operation")
async def operation(operation_id: str, desk: Desk, officer: Officer) -> OperationOut:
    """Its items that you may see; looking is in the trail."""
    key = Key.of(operation_id)
    return OperationOut.of(await operations_of(desk).operation(key, actor_of(officer)))


@routes.post("/{operation_id}/items", status_code=201, summary="Add an item")
async def add(
    operation_id: str, sent: WritingIn, desk: Desk, officer: Officer
) -> OperationItemOut:  # fmt: skip
    """task, check, note, officer or result, addressed to those named and nobody else."""
    key, roles = Key.of(operation_id), operations_of(desk)
    return OperationItemOut.of(await roles.add(key, sent.writing(), actor_of(officer)))


@routes.post(
    "/{operation_id}/attachments", status_code=201, summary="Attach a file", openapi_extra=_FORM
)
async def attach(
    operation_id: str, request: Request, desk: Desk, officer: Officer
) -> OperationItemOut:  # fmt: skip
    """By its content PNG, JPEG, PDF or plain text, up to ``exchange.attachment_bytes``."""
    upload, fields = await read_form(request, "file", ["addressed"])
    named = [one.strip() for one in fields.get("addressed", "").split(",")]
    file = Attached(upload.name, upload.content, frozenset(one for one in named if one))
    key, roles = Key.of(operation_id), operations_of(desk)
    return OperationItemOut.of(await roles.attach(key, file, actor_of(officer)))


@routes.put("/items/{item_id}", summary="Change an item")
async def revise(item_id: str, sent: WritingIn, desk: Desk, officer: Officer) -> OperationItemOut:
    """Its fields and addressees from now on. Who is no longer addressed loses it."""
    key, roles = Key.of(item_id), operations_of(desk)
    return OperationItemOut.of(await roles.revise(key, sent.writing(), actor_of(officer)))


@routes.post("/items/{item_id}/steps", summary="Take a step of a task")
async def step(item_id: str, sent: TaskStepIn, desk: Desk, officer: Officer) -> OperationItemOut:
    """take, give_back, finish, withdraw. Another authority's task: its owner is asked, and the
    answer is your own item of kind step."""
    key, roles = Key.of(item_id), operations_of(desk)
    return OperationItemOut.of(await roles.step(key, sent.step, actor_of(officer)))


@routes.post("/items/{item_id}/withdrawal", summary="Take an item back")
async def withdraw(item_id: str, desk: Desk, officer: Officer) -> OperationItemOut:
    """Everybody who was ever told is told."""
    key, roles = Key.of(item_id), operations_of(desk)
    return OperationItemOut.of(await roles.withdraw(key, actor_of(officer)))


@routes.get(
    "/items/{item_id}/content", summary="An attached file", response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)  # fmt: skip
async def content(item_id: str, desk: Desk, officer: Officer) -> Response:
    """As a download: no browser shows or runs it here."""
    item, found = await operations_of(desk).content(Key.of(item_id), actor_of(officer))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(item.text('name'))}",
        "Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "no-store",
    }  # fmt: skip
    return Response(found, media_type="application/octet-stream", headers=headers)
