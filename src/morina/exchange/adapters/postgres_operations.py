"""Joint operations in PostgreSQL: own items, and those partners addressed to this node."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.exchange.adapters.operations_seeing import (
    NOT_HERE,
    Seeing,
    case_fields,
    entered,
    held_item,
    told_of,
)
from morina.exchange.adapters.operations_telling import Telling, Ways
from morina.exchange.message import Value
from morina.exchange.operations.checking import checked
from morina.exchange.operations.files import media_type, safe_name
from morina.exchange.operations.item import TASKS, Actor, ItemKind, Key, OperationItem, Writing
from morina.exchange.operations.keeping import Attached, OperationView
from morina.exchange.operations.refusing import NoSuchItemError, RefusedItemError
from morina.exchange.operations.tasks import TaskState, TaskStep, allowed, moved, stepped

_SET_HERE = frozenset({ItemKind.CASE, ItemKind.ATTACHMENT, ItemKind.STEP})
"""Kinds that have a way of their own in."""


class PostgresOperations:
    """The role Operations. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool, ways: Ways) -> None:
        self._pool, self._ways = pool, ways
        self._telling, self._seeing = Telling(ways), Seeing(pool, ways)

    async def begin(self, case: Writing, actor: Actor) -> OperationItem:
        """See Operations."""
        if actor.authority:
            raise RefusedItemError("authority", "an operation is begun by this node's own officers")
        here = self._ways.node_id
        named = case.fields.get("authorities")
        others = sorted(named) if isinstance(named, list) else []
        fields = checked(case.kind, {**case.fields, "authorities": sorted({here, *others})})
        key = Key(here, uuid4())
        item = self._item(key, key, replace(case, fields=fields), actor)
        return await self._keep_new(item, fields, actor)

    async def add(self, operation: Key, writing: Writing, actor: Actor) -> OperationItem:
        """See Operations."""
        if writing.kind in _SET_HERE:
            raise RefusedItemError("kind", f"a {writing.kind} is not added so")
        case = await self._seeing.case(operation, actor)
        return await self._added(case, self._opened(writing), actor)

    async def attach(self, operation: Key, file: Attached, actor: Actor) -> OperationItem:
        """See Operations."""
        case = await self._seeing.case(operation, actor)
        kind = media_type(file.content, self._ways.largest)
        fields: dict[str, Value] = {
            "name": safe_name(file.name, kind), "media_type": kind, "size": len(file.content),
            "sha256": hashlib.sha256(file.content).hexdigest(),
        }  # fmt: skip
        await self._ways.files.put(file.content)
        return await self._added(case, Writing(ItemKind.ATTACHMENT, fields, file.addressed), actor)

    async def revise(self, key: Key, writing: Writing, actor: Actor) -> OperationItem:
        """See Operations."""
        async with self._pool.connection() as connection:
            before = await self._own(connection, key, actor)
            if before.kind in (ItemKind.STEP, ItemKind.RESULT):
                raise RefusedItemError("kind", "withdraw it, and write another")
            case = await told_of(connection, before)
            kept = {name: before.fields[name] for name in _stays(before.kind)
                    if name in before.fields}  # fmt: skip
            fields = checked(before.kind, {**writing.fields, **kept})
            case = fields if before.kind is ItemKind.CASE else case
            self._takes_part(case, writing.addressed)
            after = replace(
                before, fields=fields, addressed=tuple(sorted(writing.addressed)), by=actor.name,
                by_authority=actor.authority, changed_at=actor.at, revision=before.revision + 1,
            )  # fmt: skip
            after = await self._telling.all(connection, after, case)
            out = set(before.told) - writing.addressed - _back(before)
            after = await self._telling.take_back(connection, after, out)
            await entered(connection, self._ways, after, ("revised", actor, case))
            return after

    async def step(self, key: Key, step: TaskStep, actor: Actor) -> OperationItem:
        """See Operations."""
        here = self._ways.node_id
        task = await self._seeing.item(key, actor)
        if task.kind not in TASKS:
            raise RefusedItemError("step", f"a {task.kind} has no steps; only tasks have")
        if key.node != here:
            stepped(task.fields, step, here, key.node)
            fields: dict[str, Value] = {"task": str(key), "step": step.value}
            case = await self._seeing.case(task.operation, actor)
            return await self._added(
                case, Writing(ItemKind.STEP, fields, frozenset({key.node})), actor
            )
        if step is TaskStep.WITHDRAW:
            return await self.withdraw(key, actor)
        async with self._pool.connection() as connection:
            after = moved(await held_item(connection, key), step, here, actor.at)
            about = await told_of(connection, after)
            after = await self._telling.as_far_as_agreed(connection, after, about)
            await entered(connection, self._ways, after, (step.value, actor, about))
            return after

    async def operations(self, actor: Actor) -> list[OperationItem]:
        """See Operations."""
        return await self._seeing.operations(actor)

    async def operation(self, key: Key, actor: Actor) -> OperationView:
        """See Operations."""
        return await self._seeing.operation(key, actor)

    async def content(self, key: Key, actor: Actor) -> tuple[OperationItem, bytes]:
        """See Operations."""
        return await self._seeing.content(key, actor)

    async def withdraw(self, key: Key, actor: Actor) -> OperationItem:
        """See Operations."""
        async with self._pool.connection() as connection:
            before = await self._own(connection, key, actor)
            fields = dict(before.fields)
            if before.kind in TASKS and allowed(TaskState(before.text("state"))):
                fields["state"] = TaskState.WITHDRAWN.value
            after = replace(before, fields=fields, changed_at=actor.at, withdrawn_at=actor.at,
                            revision=before.revision + 1)  # fmt: skip
            out = set(before.told) - _back(before)
            after = await self._telling.take_back(connection, after, out)
            case = await case_fields(connection, before)
            await entered(connection, self._ways, after, ("withdrawn", actor, case))
            return after

    def _opened(self, writing: Writing) -> Writing:
        if writing.kind not in TASKS:
            return writing
        fields = {**writing.fields, "state": TaskState.OPEN.value, "taken_by": ""}
        return replace(writing, fields=fields)

    async def _added(self, case: OperationItem, writing: Writing, actor: Actor) -> OperationItem:
        self._takes_part(case.fields, writing.addressed)
        writing = replace(writing, fields=checked(writing.kind, writing.fields))
        item = self._item(Key(self._ways.node_id, uuid4()), case.key, writing, actor)
        return await self._keep_new(item, case.fields, actor)

    def _item(self, key: Key, operation: Key, writing: Writing, actor: Actor) -> OperationItem:
        return OperationItem(
            key=key, operation=operation, kind=writing.kind, fields=writing.fields,
            addressed=tuple(sorted(writing.addressed)), by=actor.name,
            by_authority=actor.authority, made_at=actor.at, changed_at=actor.at,
        )  # fmt: skip

    async def _keep_new(
        self, item: OperationItem, case: Mapping[str, Value], actor: Actor
    ) -> OperationItem:
        self._takes_part(case, frozenset(item.addressed))
        async with self._pool.connection() as connection:
            told = await self._telling.all(connection, item, case)
            await entered(connection, self._ways, told, ("added", actor, case))
            return told

    def _takes_part(self, case: Mapping[str, Value], addressed: frozenset[str]) -> None:
        parties = case["authorities"]
        known = set(parties if isinstance(parties, list) else ()) - {self._ways.node_id}
        if over := sorted(addressed - known):
            may = ", ".join(sorted(known)) or "nobody"
            raise RefusedItemError(
                "addressed", f"{over[0]} takes no part in the operation; address it to: {may}"
            )

    async def _own(self, connection: AsyncConnection, key: Key, actor: Actor) -> OperationItem:
        """An item of this node's that ``actor`` may change: a liaison officer what their own
        authority wrote here."""
        item = await held_item(connection, key)
        if not item.visible_to(actor.authority):
            raise NoSuchItemError(NOT_HERE)
        if key.node != self._ways.node_id or actor.authority not in ("", item.by_authority):
            owner = key.node if key.node != self._ways.node_id else item.by_authority or key.node
            raise RefusedItemError("owner", f"it is {owner}'s; only {owner} changes it")
        return item


def _stays(kind: ItemKind) -> tuple[str, ...]:
    """Fields that other ways change."""
    if kind in TASKS:
        return ("state", "taken_by")
    return ("name", "media_type", "size", "sha256") if kind is ItemKind.ATTACHMENT else ()


def _back(item: OperationItem) -> set[str]:
    """Those it was taken back from already."""
    return {to for to, said in item.told.items() if said == "withdrawn"}
