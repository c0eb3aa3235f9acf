"""Looking at operations in PostgreSQL, and what is entered in the trail with every act."""

from collections.abc import Mapping

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import Act, Deed, What, hash_of
from morina.exchange.adapters import operations_sql as sql
from morina.exchange.adapters.operations_rows import to_item, to_row
from morina.exchange.adapters.operations_telling import Ways
from morina.exchange.message import Value
from morina.exchange.operations.item import TASKS, Actor, ItemKind, Key, OperationItem
from morina.exchange.operations.keeping import OperationView
from morina.exchange.operations.refusing import NoSuchItemError
from morina.exchange.operations.telling import case_why

NOT_HERE = "nothing of that id is kept here, or it is not addressed to you"
_CASE_GONE = "the operation it belongs to is not kept here any more"


class Seeing:
    """What a person sees of operations; every look is entered in the trail."""

    def __init__(self, pool: AsyncConnectionPool, ways: Ways) -> None:
        self._pool, self._ways = pool, ways

    async def operations(self, actor: Actor) -> list[OperationItem]:
        """See Operations."""
        async with self._pool.connection() as connection:
            rows = await connection.cursor(row_factory=dict_row).execute(sql.CASES)
            cases = [to_item(row) for row in await rows.fetchall()]
            seen = [case for case in cases if case.visible_to(actor.authority)]
            await self._looked(connection, seen, ("listed", actor))
            return seen

    async def operation(self, key: Key, actor: Actor) -> OperationView:
        """See Operations."""
        async with self._pool.connection() as connection:
            rows = await connection.cursor(row_factory=dict_row).execute(sql.OF_OPERATION, key)
            items = [to_item(row) for row in await rows.fetchall()]
            cases = [one for one in items if one.key == key and one.withdrawn_at is None]
            if not cases or not cases[0].visible_to(actor.authority):
                raise NoSuchItemError(NOT_HERE)
            parties = cases[0].fields["authorities"]
            seen = [
                one for one in items
                if one.kind is not ItemKind.CASE and one.visible_to(actor.authority)
                and one.key.node in (parties if isinstance(parties, list) else ())
                and (one.withdrawn_at is None or self._shown_withdrawn(one))
            ]  # fmt: skip
            await self._looked(connection, [cases[0], *seen], ("seen", actor))
            return OperationView(cases[0], seen)

    async def content(self, key: Key, actor: Actor) -> tuple[OperationItem, bytes]:
        """See Operations."""
        item = await self.item(key, actor)
        if item.kind is not ItemKind.ATTACHMENT:
            raise NoSuchItemError(NOT_HERE)
        await self.case(item.operation, actor)
        found = await self._ways.files.get(item.text("sha256"))
        async with self._pool.connection() as connection:
            await self._looked(connection, [item], ("attachment read", actor))
        return item, found

    def _shown_withdrawn(self, item: OperationItem) -> bool:
        """An own task that was withdrawn stays on the board."""
        return item.kind in TASKS and item.key.node == self._ways.node_id

    async def case(self, operation: Key, actor: Actor) -> OperationItem:
        case = await self.item(operation, actor)
        if case.kind is not ItemKind.CASE:
            raise NoSuchItemError(NOT_HERE)
        return case

    async def item(self, key: Key, actor: Actor) -> OperationItem:
        async with self._pool.connection() as connection:
            row = await (
                await connection.cursor(row_factory=dict_row).execute(sql.ONE, key)
            ).fetchone()
        item = to_item(row) if row and row["withdrawn_at"] is None else None
        if item is None or not item.visible_to(actor.authority):
            raise NoSuchItemError(NOT_HERE)
        return item

    async def _looked(
        self, connection: AsyncConnection, items: list[OperationItem], of: tuple[str, Actor]
    ) -> None:
        step, actor = of
        if items:
            what = What("operation_item", tuple(str(item.key) for item in items), step)
            deed = Deed(act=Act.CONSULTATION, what=what, who=actor.name, at=actor.at)
            await self._ways.trail.append(connection, deed)


async def held_item(connection: AsyncConnection, key: Key) -> OperationItem:
    """One item that stands, held until the transaction ends; NoSuchItemError."""
    row = await (await connection.cursor(row_factory=dict_row).execute(sql.HELD, key)).fetchone()
    if row is None or row["withdrawn_at"] is not None:
        raise NoSuchItemError(NOT_HERE)
    return to_item(row)


async def case_fields(connection: AsyncConnection, item: OperationItem) -> Mapping[str, Value]:
    """The fields of the case an item belongs to; none where it is not kept any more."""
    cursor = connection.cursor(row_factory=dict_row)
    row = await (await cursor.execute(sql.ONE, item.operation)).fetchone()
    return to_item(row).fields if row else {}


async def told_of(connection: AsyncConnection, item: OperationItem) -> Mapping[str, Value]:
    """The same where somebody is to be told of it; NoSuchItemError without a case."""
    if found := await case_fields(connection, item):
        return found
    raise NoSuchItemError(_CASE_GONE)


async def entered(
    connection: AsyncConnection, ways: Ways, item: OperationItem,
    of: tuple[str, Actor, Mapping[str, Value]],
) -> None:  # fmt: skip
    """Keep an item as it is now, and enter what was done and by whom, as the last thing done."""
    step, actor, case = of
    await connection.execute(sql.PUT, to_row(item))
    what = What("operation_item", (str(item.key),), f"{item.kind} {step}",
                digest=hash_of(dict(item.fields)))  # fmt: skip
    deed = Deed(act=Act.ALTERATION, what=what, who=actor.name, at=actor.at,
                why=case_why(case), with_whom=", ".join(item.addressed))  # fmt: skip
    await ways.trail.append(connection, deed)
