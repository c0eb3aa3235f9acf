"""Forgetting items of operations: a partner's when its agreement says so, own ones later."""

from datetime import datetime, timedelta

from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import Act, Deed, What
from morina.exchange.adapters import operations_sql as sql
from morina.exchange.adapters.operations_rows import to_item
from morina.exchange.adapters.operations_taking import unused_removed
from morina.exchange.adapters.operations_telling import Ways


async def forget_operations(pool: AsyncConnectionPool, ways: Ways, now: datetime) -> int:
    """Forget what is due, at most a thousand items at once; how many there were.

    A partner's item goes ``keep_days`` of its agreement after it came, an own one when
    ``ways.keep_days`` have passed since its operation ended; the case of it goes last.
    """
    asked = {"now": now, "node": ways.node_id,
             "ended_before": now - timedelta(days=ways.keep_days)}  # fmt: skip
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        rows = await (await cursor.execute(sql.LOCK_FORGOTTEN, asked)).fetchall()
        gone = [to_item(row) for row in rows]
        await connection.cursor().executemany(sql.FORGET, [one.key for one in gone])
        await unused_removed(connection, ways, gone)
        if gone:
            what = What("operation_item", tuple(str(one.key) for one in gone), "kept long enough")
            await ways.trail.append(connection, Deed(act=Act.ERASURE, what=what, at=now))
    return len(gone)
