"""A plate's passages, and the graph of cameras learned from ``passed``, in ClickHouse."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from morina.plates import Plate, skeleton
from morina.records.adapters.sql_clones import STANDS
from morina.records.adapters.sql_scope import in_period, in_place, moment, of_vehicle
from morina.records.clones import Passage
from morina.records.journeys import FindJourneys
from morina.records.questions import Stop
from morina.records.roads import LONGEST_S, Link, Roads
from morina.records.running import Rows, Running, StoppedError

LEARNED_FROM = 7
"""The graph is of so many full days before today."""

PASSAGES = f"""
SELECT read_id, camera_id, toUnixTimestamp64Milli(captured_at) AS ms, plate, country,
    thousandths, corrected_at > 0, clock_wrong, make, colour
FROM morina.reads
WHERE skeleton = {{skeleton:String}} AND plate = {{plate:String}} AND @where AND {STANDS}
ORDER BY ms DESC, read_id LIMIT 1 BY read_id LIMIT {{most:UInt32}}
"""  # noqa: S608 - constants

LEGS = """
SELECT from_id, to_id, count(), quantileExact(0.5)(took), quantileExact(0.9)(took)
FROM (
    SELECT leg.1 AS from_id, leg.2 AS to_id, leg.3 AS took
    FROM (
        SELECT arraySort(groupArray((captured_s, camera_id))) AS seen
        FROM morina.passed
        WHERE captured_s >= {begins:DateTime('UTC')}
            AND captured_s < {begins:DateTime('UTC')} + 86400 + {longest:UInt32}
            AND plate != ''
        GROUP BY plate
    )
    ARRAY JOIN arrayMap(
        (here, next) -> if(next.1 > here.1 + {longest:UInt32} OR next.2 = '',
            (here.2, '', toUInt32(0), here.1),
            (here.2, next.2, toUInt32(next.1 - here.1), here.1)),
        seen, arrayPushBack(arrayPopFront(seen), (toDateTime(0, 'UTC'), ''))) AS leg
    WHERE leg.4 < {begins:DateTime('UTC')} + 86400 AND leg.1 != leg.2
)
GROUP BY from_id, to_id
"""
"""One day: where each passage was followed by another, and ``to_id`` empty where by none."""


COUNTS = """
SELECT toDate(captured_s) AS day, count() FROM morina.passed
WHERE toDate(captured_s) >= {since:Date} GROUP BY day
"""
"""Known of every part, so that no passage is looked at."""

CHANGED = 0.1
"""A day is learned anew where the number of its passages changed by so large a share: reads come
late, and past ones are imported. Own choice."""


@dataclass(frozen=True, slots=True)
class _Day:
    """What was learned of a day when it held so many passages."""

    passages: int
    links: Sequence[Link]


class ClickHouseTravelled:
    """The role Travelled. Days are learned beside the questions and kept in memory, without
    plates: whoever runs the node calls ``learn`` again and again."""

    def __init__(self, rows: Rows, today: Callable[[], date] | None = None) -> None:
        self._rows = rows
        self._today = today or (lambda: datetime.now(UTC).date())
        self._days: dict[date, _Day] = {}

    async def passages(
        self, asked: FindJourneys, most: int, running: Running
    ) -> Sequence[tuple[Plate, Passage]]:
        """See Travelled."""
        scope = asked.scope
        where = in_period(scope.period) & in_place(scope) & of_vehicle(scope)
        statement = PASSAGES.replace("@where", where.sql)
        wanted = {"skeleton": skeleton(asked.plate), "plate": asked.plate, "most": most}
        parameters = {**where.parameters, **wanted}
        found = []
        for row in await self._rows.rows(statement, parameters, running):
            read_id, camera, ms, text, country, thousandths, verified, wrong, make, colour = row
            passage = Passage(
                read_id=UUID(str(read_id)), camera_id=camera, at=moment(ms),
                confidence=thousandths / 1000, verified=bool(verified),
                clock_wrong=bool(wrong), make=make, colour=colour,
            )  # fmt: skip
            found.append((Plate(text, country or None), passage))
        return found

    async def roads(self, _running: Running) -> Roads:
        """See Travelled: of the days learned so far."""
        if not self._days:
            raise StoppedError(Stop.TIME)
        roads = joined([link for day in self._days.values() for link in day.links])
        return replace(roads, still_learning=len(self._days) < LEARNED_FROM)

    async def learn(self, rows: Rows, running: Running) -> None:
        """Learn the days that are not known yet or have changed, the newest first, each kept as
        soon as it is known; StoppedError where time is over."""
        # the day before counts once its last vehicles had their time to be read again
        last = self._today() - timedelta(days=1)
        days = [last - timedelta(days=n) for n in range(1, LEARNED_FROM + 1)]
        counted = {day: n for day, n in await rows.rows(COUNTS, {"since": min(days)}, running)}
        for day in days:
            passages, known = counted.get(day, 0), self._days.get(day)
            if known is None or abs(passages - known.passages) > CHANGED * known.passages:
                links = await self._links(day, rows, running) if passages else []
                self._days[day] = _Day(passages, links)
        self._days = {day: self._days[day] for day in days}

    async def _links(self, day: date, rows: Rows, running: Running) -> list[Link]:
        begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
        wanted = {"begins": begins, "longest": LONGEST_S}
        return [Link(*row) for row in await rows.rows(LEGS, wanted, running)]


def joined(days: Sequence[Link]) -> Roads:
    """The links of several days as one graph; times are means of the days', by their travels."""
    pairs: dict[tuple[str, str], list[Link]] = defaultdict(list)
    passed: dict[str, int] = defaultdict(int)
    for one in days:
        passed[one.from_id] += one.travels
        if one.to_id:
            pairs[one.from_id, one.to_id].append(one)
    links = []
    for (from_id, to_id), several in pairs.items():
        travels = sum(one.travels for one in several)
        usual_s = sum(one.usual_s * one.travels for one in several) / travels
        slow_s = sum(one.slow_s * one.travels for one in several) / travels
        links.append(Link(from_id, to_id, travels, usual_s, slow_s))
    return Roads.of(links, passed)
