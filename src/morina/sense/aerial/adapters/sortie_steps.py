"""A sortie's steps in PostgreSQL: by the table of steps only, each with its entry in the trail."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection, sql
from psycopg.rows import dict_row

from morina.accountability.trail import Act, Deed, Trail, What
from morina.sense.aerial.adapters.sortie_rows import SORTIE, sortie_of
from morina.sense.aerial.roles import UnknownSortieError
from morina.sense.aerial.sortie import Sortie, SortieState, SortieStep, moved
from morina.sense.aerial.sources.told import Told

KIND = "sortie"
"""What the trail calls it."""

ACTS = {
    SortieStep.RECEIVE: Act.COLLECTION,
    SortieStep.FLY: Act.COLLECTION,
    SortieStep.FINISH: Act.COLLECTION,
    SortieStep.FORGET: Act.ERASURE,
}
"""What a step is; every other is an alteration."""

AGAIN: dict[str, Any] = {"tries": 0, "done": 0.0, "fault": ""}
"""Columns of one that is worked through from the beginning."""


async def locked(connection: AsyncConnection, sortie_id: UUID) -> Sortie:
    """One, which nobody else changes until the transaction ends; UnknownSortieError."""
    cursor = connection.cursor(row_factory=dict_row)
    found = await cursor.execute(f"{SORTIE} WHERE sortie_id = %s FOR UPDATE", (sortie_id,))
    if row := await found.fetchone():
        return sortie_of(row)
    raise UnknownSortieError(f"there is no sortie {sortie_id}, or it is forgotten")


async def step_on(
    connection: AsyncConnection, sortie: Sortie, step: SortieStep, sets: Mapping[str, Any]
) -> SortieState:
    """Move a locked sortie on and set columns; RefusedSortieError."""
    after = moved(sortie.state, step)
    values = {**sets, "state": after.value}
    columns = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in values
    )
    statement = sql.SQL("UPDATE sortie SET {} WHERE sortie_id = {}").format(
        columns, sql.Placeholder("id")
    )
    await connection.execute(statement, {**values, "id": sortie.sortie_id})
    return after


def received(before: Sortie, told: Told, now: datetime, keep: timedelta) -> dict[str, Any]:
    """The columns of a sortie whose files came in.

    It is forgotten ``keep`` after the flight ended, or after it came in where its clock says
    something later or longer ago than that; what came in a second time is kept no longer.
    """
    ended = told.ended_at
    forget_at = (ended if ended and now - keep < ended <= now else now) + keep
    if before.ended_at and before.forget_at:
        forget_at = min(forget_at, before.forget_at)
    return AGAIN | {
        "began_at": told.began_at or now, "ended_at": ended or now,
        "clocked": told.began_at is not None, "source": told.source, "lacks": list(told.lacks),
        "notes": list(told.notes),
        "seconds": told.seconds, "received_at": now,
        "forget_at": forget_at,
    }  # fmt: skip


By = tuple[str, datetime] | tuple[str, datetime, str]
"""Whom and when; and why, where a person says it."""


async def entered(
    trail: Trail[AsyncConnection], connection: AsyncConnection, what: What, step: SortieStep, by: By
) -> None:
    """Enter a step, the last thing done in the transaction."""
    who, now, *said = by
    why = {"justification": said[0]} if said and said[0] else {}
    deed = Deed(act=ACTS.get(step, Act.ALTERATION), what=what, who=who, at=now, why=why)
    await trail.append(connection, deed)
