"""How often a plate passes, when and where, in ClickHouse."""

from collections.abc import Sequence
from typing import Any

from morina.records.adapters import sql_finding as sql
from morina.records.adapters.finding_plans import plan
from morina.records.adapters.sql_scope import in_period, in_place, moment, of_vehicle
from morina.records.habits import (
    HOURS_OF_WEEK,
    ONLY_REMEMBERED,
    FindHabits,
    Habits,
    Stay,
    habits_of,
)
from morina.records.questions import Answer, Coverage
from morina.records.running import Rows, Running


class ClickHouseHabits:
    """The role HabitFinder: one statement over the key of the text."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def habits(self, asked: FindHabits, running: Running) -> Answer[Habits]:
        """See HabitFinder."""
        scope = asked.scope
        text = await plan(asked.text, scope.period, self._rows, running)
        where = text.where & in_period(scope.period) & in_place(scope) & of_vehicle(scope)
        wanted = {**where.parameters, "habit_zone": asked.zone.key}
        found = habits_of(map(_stay, await self._rows.rows(sql.habits(where.sql), wanted, running)))
        running.share = 1.0
        return Answer(
            found=() if found is None else (found,),
            coverage=Coverage(asked=scope.period, covered=scope.period),
            notes=() if found is None else (ONLY_REMEMBERED,),
        )


def _stay(row: Sequence[Any]) -> Stay:
    camera_id, of_week, passages, first_ms, last_ms = row
    by_hour = [0] * HOURS_OF_WEEK
    by_hour[of_week] = passages
    return Stay(camera_id, passages, moment(first_ms), moment(last_ms), tuple(by_hour))
