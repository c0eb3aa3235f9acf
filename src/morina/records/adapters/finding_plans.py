"""How a text is looked for: which reads may have it, and whether to look at all days at once."""

from dataclasses import dataclass
from datetime import UTC, timedelta

from morina.records.adapters import sql_finding as sql
from morina.records.adapters.sql_scope import Condition
from morina.records.adapters.sql_texts import by_key, of_reads_matching, of_texts
from morina.records.figures import Period
from morina.records.running import Rows, Running
from morina.records.texts import AnyText, TextQuestion, Unread
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


NOTHING = Plan(Condition("false"), ALL_DAYS)


async def plan(text: TextQuestion, period: Period, rows: Rows, running: Running) -> Plan:
    """Texts are first looked up among those remembered, which are far fewer than reads.

    So only the days are opened on which one of them was read.
    """
    if isinstance(text, AnyText):
        return Plan(Condition(""))
    if isinstance(text, Unread):
        return Plan(of_texts([""]))
    if (key := by_key(text)) is not None:
        return await _on_days(key, period, rows, running)
    wanted = of_reads_matching(text)
    asked = {**wanted.parameters, "most": FEW + 1}
    texts = [plate for (plate,) in await rows.rows(sql.texts(wanted.sql), asked, running)]
    if not texts:
        return NOTHING
    if len(texts) > FEW:
        return Plan(wanted)
    if len(texts) > AT_ONCE:
        return Plan(of_texts(texts), DAY)
    return await _on_days(of_texts(texts), period, rows, running)


async def _on_days(key: Condition, period: Period, rows: Rows, running: Running) -> Plan:
    """All days of the period at once, those opened on which the key was read."""
    last = period.ends_at.astimezone(UTC) - timedelta(microseconds=1)
    within = {"first_day": period.begins_at.astimezone(UTC).date(), "last_day": last.date()}
    known = await rows.rows(sql.days(key.sql), {**key.parameters, **within}, running)
    if not known:
        return NOTHING
    days = Condition(sql.ON_DAYS, {"days": sorted({day for _, day in known})})
    texts = {plate for plate, _ in known}
    where = of_texts(sorted(texts)) if len(texts) <= AT_ONCE else key
    return Plan(where & days, ALL_DAYS)
