"""Questions to partners and of partners, and follow-ups, forgotten once their time is over."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import NODE, Act, Deed, Trail, What

_FORGET = "SELECT kind, id FROM exchange_forget(%s, %s)"
STATED = {
    "partner_question": "asked of partners",
    "answer_given": "asked by partners",
    "follow_up": "follow-ups",
}


@dataclass(frozen=True, slots=True)
class QuestionsForgetting:
    """Blanks vehicle, reason and officer ``log_days`` after it was asked, and not before the
    messages of that conversation have lost their content: an agreement may ask for longer. That
    there was one stays."""

    pool: AsyncConnectionPool
    trail: Trail[AsyncConnection]
    log_days: int

    async def forget(self, now: datetime) -> Mapping[str, int]:
        """What is due, entered in the trail; how many, by what they were."""
        gone: defaultdict[str, list[str]] = defaultdict(list)
        async with self.pool.connection() as connection:
            before = now - timedelta(days=self.log_days)
            for kind, id_ in await (await connection.execute(_FORGET, (before, now))).fetchall():
                gone[kind].append(str(id_))
            for kind, ids in gone.items():
                what = What(kind, tuple(ids), "forgotten: vehicle, reason and officer")
                deed = Deed(act=Act.ERASURE, what=what, who=NODE, at=now)
                await self.trail.append(connection, deed)
        return {said: len(gone[kind]) for kind, said in STATED.items()}
