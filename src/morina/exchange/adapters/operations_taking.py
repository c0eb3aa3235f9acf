"""Items of operations that partners tell, and what they take back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from morina.accountability.trail import NODE
from morina.exchange.adapters import operations_sql as sql
from morina.exchange.adapters.operations_rows import to_item, to_row
from morina.exchange.adapters.operations_seeing import NOT_HERE, entered, held_item, told_of
from morina.exchange.adapters.operations_telling import Telling, Ways
from morina.exchange.kinds import Kind
from morina.exchange.message import Message
from morina.exchange.operations.item import TASKS, Actor, ItemKind, Key, OperationItem
from morina.exchange.operations.refusing import NoSuchItemError, RefusedItemError
from morina.exchange.operations.tasks import TaskStep, moved
from morina.exchange.operations.telling import arrived, withdrawn_key
from morina.exchange.roles import RefusedMessageError

KINDS = (Kind.OPERATION_ITEM, Kind.OPERATION_WITHDRAW)


class TakesOperations:
    """The role Takes, for items of operations. Taking the same message twice changes nothing."""

    def __init__(self, ways: Ways) -> None:
        self._ways, self._telling = ways, Telling(ways)

    @property
    def kinds(self) -> Sequence[Kind]:
        """See Takes."""
        return KINDS

    async def take(self, connection: AsyncConnection, message: Message, now: datetime) -> None:
        """See Takes."""
        if message.kind is Kind.OPERATION_WITHDRAW:
            await self._withdraw(connection, withdrawn_key(message), now)
            return
        came = arrived(message, self._ways.largest, now)
        before = await _kept(connection, came.item.key)
        if before and (before.withdrawn_at or before.revision >= came.item.revision):
            return
        if before and (before.kind, before.operation) != (came.item.kind, came.item.operation):
            raise RefusedMessageError("changed", "an item stays of its kind and operation")
        if came.content:
            await self._ways.files.put(came.content)
        made_at = before.made_at if before else came.item.made_at
        item = replace(
            came.item, made_at=made_at, keep_until=now + await self._keeps(message)
        )  # fmt: skip
        await connection.execute(sql.PUT, to_row(item))
        if item.kind is ItemKind.STEP:
            await self._step(connection, item, now)

    async def _withdraw(self, connection: AsyncConnection, key: Key, now: datetime) -> None:
        """The item says nothing any more; that it was there is kept until its time is over."""
        before = await _kept(connection, key)
        if before is None or before.withdrawn_at:
            return
        after = replace(before, fields={}, withdrawn_at=now, changed_at=now)
        await connection.execute(sql.PUT, to_row(after))
        await unused_removed(connection, self._ways, [before])

    async def _step(self, connection: AsyncConnection, asked: OperationItem, now: datetime) -> None:
        """A partner's step of a task of this node: done, and told to all it is addressed to."""
        partner, actor = asked.key.node, Actor(NODE, now)
        try:
            task = await held_item(connection, Key.of(asked.text("task")))
            is_own = task.key.node == self._ways.node_id and task.kind in TASKS
            if not is_own or partner not in task.addressed or task.operation != asked.operation:
                raise NoSuchItemError(NOT_HERE)
            after = moved(task, TaskStep(asked.text("step")), partner, now)
            case = await told_of(connection, task)
        except (NoSuchItemError, RefusedItemError) as refused:
            raise RefusedMessageError("step", str(refused)) from None
        after = await self._telling.as_far_as_agreed(connection, after, case)
        said = f"{asked.text('step')} by {partner}"
        await entered(connection, self._ways, after, (said, actor, case))

    async def _keeps(self, message: Message) -> timedelta:
        """How long the agreement it came under lets this node keep it; a day where it is gone."""
        if message.why is not None:
            for one in await self._ways.agreements.versions(message.why.agreement_id):
                if message.agreement_version in (0, one.agreement.version):
                    return timedelta(days=one.agreement.keep_days)
        return timedelta(days=1)


async def unused_removed(
    connection: AsyncConnection, ways: Ways, gone: Sequence[OperationItem]
) -> None:
    """Forget the bytes of attachments that no item names any more."""
    for name in {one.text("sha256") for one in gone if one.kind is ItemKind.ATTACHMENT}:
        row = await (await connection.execute(sql.FILE_USED, (name,))).fetchone()
        if name and not (row and row[0]):
            await ways.files.remove(frozenset({name}))


async def _kept(connection: AsyncConnection, key: Key) -> OperationItem | None:
    cursor = connection.cursor(row_factory=dict_row)
    row = await (await cursor.execute(sql.HELD, key)).fetchone()
    return to_item(row) if row else None
