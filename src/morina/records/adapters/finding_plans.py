"""How a text is looked for: which reads may have it, and whether to look at all days at once."""

from dataclasses import dataclass
from datetime import timedelta

from morina.records.adapters import sql_finding as sql
from morina.records.adapters.sql_scope import Condition
from morina.records.adapters.sql_texts import by_key, matching, of_reads_matching, of_texts
from morina.records.running import Rows, Running
from morina.records.texts import AnyText, Near, TextQuestion, Unread
from morina.records.windows import FIRST

AT_ONCE = 20
"""So few texts lie in so few places of the key that all days are looked at in one statement."""

FEW = 500
"""So many texts are looked up by the key; of more, every read is held against the question."""

ALL_DAYS = timedelta.max / 8
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """The condition on reads, and how long the first stretch of time is that is looked at."""

    where: Condition
    first: timedelta = FIRST

    @property
    def is_narrow(self) -> bool:
        """Whether so few reads fit that all their columns may be read at once."""
        return self.first == ALL_DAYS


async def plan(text: TextQuestion, rows: Rows, running: Running) -> Plan:
    """Patterns are first matched against the texts remembered, which are far fewer than reads."""
    if (key := by_key(text)) is not None:
        return Plan(key, FIRST if isinstance(text, Unread) else ALL_DAYS)
    if isinstance(text, AnyText):
        return Plan(Condition(""))
    wanted = matching(text)
    asked = {**wanted.parameters, "most": FEW + 1}
    texts = [plate for (plate,) in await rows.rows(sql.texts(wanted.sql), asked, running)]
    if not texts:
        return Plan(Condition("false"), ALL_DAYS)
    if len(texts) > FEW and not isinstance(text, Near):
        return Plan(of_reads_matching(text))
    return Plan(of_texts(texts), ALL_DAYS if len(texts) <= AT_ONCE else DAY)
