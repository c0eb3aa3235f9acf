"""Random reads in a real engine, and plain slow answers to hold those of the finder against.

Run in a process of its own (chDB allows one engine a process): folder, seed.
"""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from morina.plates import Plate, skeleton
from morina.records import Period
from morina.records.adapters.clickhouse import ClickHouseReads
from morina.records.adapters.clickhouse_asking import ClickHouseRows
from morina.records.adapters.clickhouse_finding import ClickHouseFinder
from morina.records.adapters.clickhouse_habits import ClickHouseHabits
from morina.records.finding import FindPassages, FindTexts, Found, FoundText
from morina.records.habits import FindHabits, habits_of
from morina.records.questions import NO_COUNTRY, Answer, Hours, Limits, Looks, Scope, Stop
from morina.records.running import Running, StoppedError
from morina.records.texts import (
    AnyText,
    Exact,
    LookAlikes,
    Near,
    Partial,
    TextQuestion,
    Unread,
    Wildcard,
)
from morina.sense import Read, Vehicle

ZONE = ZoneInfo("Europe/Tirane")
SUMMER_ENDS = datetime(2026, 10, 25, 1, tzinfo=UTC)
BEGIN = SUMMER_ENDS - timedelta(days=6)
DAYS = 9
LETTERS = "AB08OČ"
CAMERAS = ("east", "north", "south", "west")
COLOURS = ("red", "blue", "")
SETTINGS = settings(
    max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@dataclass(frozen=True)
class Row:
    """One row of the table: a read under one of its texts."""

    read: Read
    text: str
    country: str

    @property
    def order(self) -> tuple[int, int, int]:
        ms = round(self.read.captured_at.timestamp() * 1000)
        high, low = divmod(self.read.read_id.int, 2**64)
        return ms, (high - (ms << 16)) % 2**64, low


def a_text(rng: random.Random) -> str:
    return "".join(rng.choices(LETTERS, k=rng.randint(3, 5)))


def a_read(rng: random.Random) -> Read:
    at = BEGIN + timedelta(milliseconds=rng.randrange(DAYS * 86_400_000))
    if rng.random() < 0.3:  # many in the same few seconds and milliseconds
        at = SUMMER_ENDS + timedelta(milliseconds=rng.choice((-1, 0, 0, 1, 999, 1000)))
    text = a_text(rng) if rng.random() < 0.9 else ""
    return Read(
        read_id=UUID(int=rng.getrandbits(128), version=4),
        camera_id=rng.choice(CAMERAS),
        captured_at=at,
        received_at=at + timedelta(seconds=1),
        plate=Plate(text, rng.choice(("AL", "XK", None))) if text else None,
        confidence=0.5,
        vehicle=Vehicle.of(colour=rng.choice(COLOURS)),
    )


async def kept(reads: ClickHouseReads, rng: random.Random) -> list[Row]:
    """Fill the tables: some reads twice, some corrected once or twice."""
    made = [a_read(rng) for _ in range(500)]
    now = SUMMER_ENDS + timedelta(days=30)
    await reads.keep(made, now)
    await reads.keep(made[::3], now + timedelta(hours=1))
    rows = [_row(read, read.plate) for read in made]
    for read in made[:25]:
        for more in range(rng.choice((1, 1, 2))):
            plate = Plate(a_text(rng), "MK") if rng.random() < 0.9 else None
            await reads.correct(read, plate, "an officer", now + timedelta(days=more + 1))
            rows.append(_row(read, plate))
    return rows


def _row(read: Read, plate: Plate | None) -> Row:
    return Row(read, plate.text if plate else "", (plate and plate.country) or "")


def distance(one: str, other: str) -> int:
    """Characters to put in, take out or replace, by the book."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def fits(asked: TextQuestion, text: str) -> bool:
    match asked:
        case Exact(plate):
            return text == plate
        case LookAlikes(plate):
            return skeleton(text) == skeleton(plate)
        case Near(plate):
            return distance(text, plate) <= 1
        case Wildcard(pattern):
            return fnmatchcase(text, pattern)
        case Partial(known, length):
            return not Counter(known) - Counter(text) and length in (0, len(text))
        case Unread():
            return text == ""
    return True


def in_hours(hours: Hours, at: datetime) -> bool:
    """Looks at each evening and morning by itself."""
    here = at.astimezone(hours.zone).replace(tzinfo=None, microsecond=0)
    for back in (0, 1):
        day = here.date() - timedelta(days=back)
        begins = datetime.combine(day, hours.begins)
        ends = datetime.combine(day, hours.ends)
        ends += timedelta(days=1) if ends <= begins else timedelta()
        if begins <= here < ends and day.weekday() in hours.weekdays:
            return True
    return False


def in_scope(scope: Scope, row: Row) -> bool:
    read, colour = row.read, (row.read.vehicle and row.read.vehicle.colour) or ""
    country = "" if scope.country == NO_COUNTRY else scope.country
    return (
        scope.period.begins_at <= read.captured_at < scope.period.ends_at
        and (scope.cameras is None or read.camera_id in scope.cameras)
        and (scope.hours is None or in_hours(scope.hours, read.captured_at))
        and (not scope.looks.colour or colour == scope.looks.colour.lower())
        and (not scope.country or row.country == country)
    )


def matching(rows: Sequence[Row], text: TextQuestion, scope: Scope) -> list[Row]:
    return [row for row in rows if fits(text, row.text) and in_scope(scope, row)]


WORDS = st.text(alphabet=LETTERS, min_size=3, max_size=5)
PATTERNS = st.text(alphabet=LETTERS + "??**", min_size=2, max_size=7).filter(
    lambda pattern: sum(c not in "?*" for c in pattern) >= 2
)


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    clock = st.sampled_from((time(0), time(1, 30), time(2), time(3), time(8, 0, 1), time(22)))
    days = st.frozensets(st.integers(0, 6), min_size=1)
    return Hours(zone=ZONE, begins=draw(clock), ends=draw(clock), weekdays=draw(days))


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    begin = draw(st.sampled_from((BEGIN, SUMMER_ENDS - timedelta(hours=3), SUMMER_ENDS)))
    long = draw(st.sampled_from((timedelta(seconds=1), timedelta(hours=6), timedelta(days=DAYS))))
    return Scope(
        period=Period(
            begin + timedelta(microseconds=draw(st.sampled_from((0, 400)))), begin + long
        ),
        cameras=draw(st.none() | st.frozensets(st.sampled_from(CAMERAS))),
        hours=draw(st.none() | hours()),
        looks=Looks(colour=draw(st.sampled_from(("", "", "Red")))),
        country=draw(st.sampled_from(("", "", "AL", "MK", NO_COUNTRY))),
    )


def dense() -> st.SearchStrategy[Scope]:
    """A few seconds in which much passed, asked for by place and time alone."""
    seconds, cameras = timedelta(seconds=2), st.none() | st.frozensets(st.sampled_from(CAMERAS))
    period = Period(SUMMER_ENDS - seconds, SUMMER_ENDS + seconds)
    return st.builds(Scope, period=st.just(period), cameras=cameras)


def texts(rows: Sequence[Row]) -> st.SearchStrategy[TextQuestion]:
    there = st.sampled_from(sorted({row.text for row in rows} - {""}))
    return (
        there.map(Exact) | there.map(LookAlikes) | (there | WORDS).map(Near)
        | PATTERNS.map(Wildcard) | WORDS.map(Partial) | st.builds(Partial, WORDS, st.just(5))
        | st.just(Unread()) | st.just(AnyText())
    )  # fmt: skip


def patient(rows: int = 1000) -> Running:
    """A question that no busy machine ends."""
    return Running(limits=Limits(seconds=600, rows=rows))


class Halting:
    """The rows of another, until so many statements were asked; then the time is over."""

    def __init__(self, rows: ClickHouseRows) -> None:
        self.rows_of, self.left = rows, sys.maxsize

    async def rows(
        self, sql: str, parameters: Mapping[str, Any], running: Running
    ) -> Sequence[Sequence[Any]]:
        """See Rows."""
        shows = "id_low IN" in sql or "corrected_at > 0" in sql
        self.left -= not shows  # what was found is still shown
        if self.left < 0:
            raise StoppedError(Stop.TIME)
        return await self.rows_of.rows(sql, parameters, running)


@dataclass
class World:
    """The engine, filled, and its rows."""

    rows: list[Row]
    halting: Halting

    async def pages(
        self, asked: FindPassages, size: int, statements: int = sys.maxsize
    ) -> list[Answer[Found]]:
        """All pages; each may take so many statements."""
        finder, pages, after = ClickHouseFinder(self.halting), [], asked.after
        while True:
            self.halting.left = statements
            question = FindPassages(scope=asked.scope, text=asked.text, after=after)
            pages.append(await finder.passages(question, patient(size)))
            self.halting.left = sys.maxsize
            after = pages[-1].more
            if not after:
                return pages


def expected(rows: Sequence[Row], asked: FindPassages) -> list[UUID]:
    """Ids of what must be found, newest first."""
    found = {row.order: row.read.read_id for row in matching(rows, asked.text, asked.scope)}
    return [read_id for _, read_id in sorted(found.items(), reverse=True)]


def check_found(world: World, one: Found, asked: TextQuestion) -> None:
    """Under a text of the read that fits, with the latest correction."""
    of_read = [row for row in world.rows if row.read.read_id == one.read.read_id]
    assert one.text in {row.text for row in of_read}
    assert fits(asked, one.text)
    assert (one.read.plate.text if one.read.plate else "") == of_read[-1].text
    if len(of_read) > 1:
        assert one.read.correction is not None
        assert (one.read.correction.from_text or "") == of_read[0].text
    if isinstance(asked, Near):
        assert one.grade == distance(one.text, asked.text)
        assert one.grade <= min(distance(of_read[n].text, asked.text) for n in (0, -1))
    if isinstance(asked, LookAlikes):
        assert one.grade == sum(a != b for a, b in zip(one.text, asked.text, strict=True))


def run(
    check: Callable[..., Awaitable[None]], world: World, number: int, *drawn: st.SearchStrategy[Any]
) -> None:
    """Put the question of each example to the engine."""

    @seed(number)
    @SETTINGS
    @given(st.tuples(*drawn))
    def example(values: tuple[Any, ...]) -> None:
        LOOP.run_until_complete(check(world, *values))

    example()


async def pages_hold_all(world: World, text: TextQuestion, scope: Scope, size: int) -> None:
    asked = FindPassages(scope=scope, text=text)
    pages = await world.pages(asked, size)
    found = [one for page in pages for one in page.found]
    assert [one.read.read_id for one in found] == expected(world.rows, asked)
    assert all(len(page.found) == size for page in pages[:-1])
    assert all(page.coverage.stopped is Stop.ROWS for page in pages[:-1])
    assert pages[-1].coverage.stopped is None
    assert pages[-1].coverage.covered == scope.period
    for one in found:
        check_found(world, one, text)


async def stops_lose_nothing(world: World, text: TextQuestion, scope: Scope, most: int) -> None:
    asked = FindPassages(scope=scope, text=text)
    pages = await world.pages(asked, 7, most)
    found = [one.read.read_id for page in pages for one in page.found]
    assert found == expected(world.rows, asked)
    stopped = await ClickHouseFinder(world.halting).passages(
        asked, Running(limits=Limits(seconds=0))
    )
    assert (stopped.found, stopped.coverage.covered) == ((), None)
    assert stopped.coverage.stopped is Stop.TIME


async def texts_are_counted(world: World, text: TextQuestion, scope: Scope, size: int) -> None:
    finder, after = ClickHouseFinder(world.halting), ""
    found: list[FoundText] = []
    while True:
        question = FindTexts(scope=scope, text=text, after=after)
        answer = await finder.texts(question, patient(size))
        found += answer.found
        after = answer.more
        if not after:
            break
    groups: dict[tuple[str, str], set[Read]] = {}
    for row in matching(world.rows, text, scope):
        groups.setdefault((row.text, row.country), set()).add(row.read)
    wanted = sorted(groups.items(), key=lambda item: (-len(item[1]), *item[0]))
    assert [(one.text, one.country or "", one.passages) for one in found] == [
        (*key, len(reads)) for key, reads in wanted
    ]
    for one, (_, reads) in zip(found, wanted, strict=True):
        assert one.first_at == min(read.captured_at for read in reads)
        assert one.last_at == max(read.captured_at for read in reads)


async def habits_are_counted(world: World, text: str, scope: Scope) -> None:
    asked = FindHabits(scope=scope, text=LookAlikes(text), zone=ZONE)
    answer = await ClickHouseHabits(world.halting).habits(asked, patient())
    reads = {row.read for row in matching(world.rows, asked.text, scope)}
    if not reads:
        assert (answer.found, habits_of([])) == ((), None)
        return
    [habits] = answer.found
    times = [read.captured_at for read in reads]
    here = [at.astimezone(ZONE) for at in times]
    counts = Counter(at.weekday() * 24 + at.hour for at in here)
    assert habits.by_hour == tuple(counts[hour] for hour in range(168))
    assert (habits.passages, habits.first_at, habits.last_at) == (
        len(reads),
        min(times),
        max(times),
    )
    by_camera = Counter(read.camera_id for read in reads)
    assert {stay.at: stay.passages for stay in habits.by_camera} == by_camera


def main(folder: Path, number: int) -> None:
    reads = ClickHouseReads.at("", folder)
    rows = LOOP.run_until_complete(kept(reads, random.Random(number)))
    asking = ClickHouseRows.at("", folder)
    world = World(rows, Halting(asking))
    sizes, statements = st.sampled_from((7, 100, 1000)), st.integers(3, 6)
    there = st.sampled_from(sorted({row.text for row in rows} - {""}))
    run(pages_hold_all, world, number, texts(rows), scopes(), sizes)
    run(pages_hold_all, world, number, st.just(AnyText()), dense(), st.sampled_from((9, 40)))
    run(stops_lose_nothing, world, number, texts(rows), scopes(), statements)
    run(texts_are_counted, world, number, texts(rows), scopes(), sizes)
    run(habits_are_counted, world, number, there, scopes())
    LOOP.run_until_complete(asking.close())
    LOOP.run_until_complete(reads.close())


LOOP = asyncio.new_event_loop()
if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
