"""What an answer could not see; its statements in a process of their own, as chDB wants."""

import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from morina.records import Period
from morina.records.coverage import (
    NOT_TOLD,
    Coverages,
    Kept,
    Usuals,
    down_of,
    kept_of,
    memory_of,
    whole_hours,
)
from morina.records.questions import Answer, Coverage, Down, Less, Scope, Stop
from morina.records.retention import Group, Retention
from morina.records.running import Running, StoppedError
from morina.sense.cameras import Camera
from morina.sense.cameras.passed import NOTHING, Usual

HOUR = timedelta(hours=1)
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
MIDNIGHT = NOON.replace(hour=0)
WEEK = Period(NOON - timedelta(days=7), NOON)
BUSY = Usual(weeks=8, passages=(10.0,) * 168, unread_share=(None,) * 168, altogether=NOTHING)


def gap(hours: int, camera: str = "north") -> Down:
    return Down(camera, Period(NOON - hours * HOUR, NOON))


@dataclass
class Given:
    """Says what a test put in."""

    found: Sequence[Down] = ()
    fails: bool = False
    asked: tuple[set[str], Period] | None = None

    async def oldest(self, _running: Running) -> Mapping[int, datetime]:
        if self.fails:
            raise StoppedError(Stop.TIME)
        return {90: NOON - timedelta(days=40, hours=1), 7: NOON - timedelta(days=6)}

    async def gaps(
        self, cameras: Collection[str], period: Period, _running: Running
    ) -> Sequence[Down]:
        self.asked = (set(cameras), period)
        return self.found


async def kept() -> Sequence[Kept]:
    return [Kept("north", 90), Kept("south", 90), Kept("short", 7), Kept("hits", 90, True)]


async def completed(given: Given, cameras: frozenset[str] | None = None) -> Answer[str]:
    usuals = Usuals({"north": BUSY, "south": BUSY}, ZoneInfo("Europe/Tirane"))
    answer = Answer(found=("a",), coverage=Coverage(asked=WEEK, covered=WEEK))
    scope = Scope(period=WEEK, cameras=cameras)
    return await Coverages(given, lambda: usuals, kept).completed(answer, scope, NOON)


def test_down_is_what_chance_alone_would_not_do() -> None:
    usuals = Usuals({"north": BUSY, "quiet": BUSY}, ZoneInfo("UTC"))
    assert down_of([gap(1), gap(2), gap(3, "unknown")], usuals) == (gap(2),)
    assert down_of([gap(5, "quiet"), gap(3), gap(2)], usuals) == (gap(3), gap(2), gap(5, "quiet"))


def test_only_full_hours_that_are_over_are_judged() -> None:
    within = Period(NOON - 3 * HOUR + timedelta(minutes=1), NOON + timedelta(minutes=30))
    assert whole_hours(within, NOON + timedelta(minutes=20)) == Period(NOON - 2 * HOUR, NOON)
    assert whole_hours(Period(NOON, NOON + timedelta(minutes=59)), NOON + HOUR) is None
    assert whole_hours(None, NOON) is None


async def test_an_answer_says_what_was_down_and_what_is_remembered() -> None:
    given = Given([gap(3)])
    answer = await completed(given)
    assert answer.coverage.down == (gap(3),)
    assert answer.coverage.remembered_since == datetime(2026, 1, 23, tzinfo=UTC)
    assert given.asked == ({"north", "south"}, WEEK)
    await completed(given, frozenset({"south", "gone"}))
    assert given.asked == ({"south"}, WEEK)


async def test_what_is_remembered_is_by_the_cameras_asked_about() -> None:
    alone = (await completed(Given(), frozenset({"short"}))).coverage
    assert (alone.remembered_since, alone.less) == (MIDNIGHT - timedelta(days=6), ())
    both = (await completed(Given(), frozenset({"short", "north"}))).coverage
    assert both.remembered_since == MIDNIGHT - timedelta(days=40)
    assert both.less == (Less(cameras=("short",), since=MIDNIGHT - timedelta(days=6)),)
    hits = (await completed(Given(), frozenset({"hits"}))).coverage
    [said] = hits.less
    assert (said.cameras, said.hits_only) == (("hits",), True)


def test_of_cameras_less_is_kept_only_where_it_was_asked_for() -> None:
    cameras = [Kept("north", 90), Kept("short", 7)]
    oldest = {90: NOON - timedelta(days=80), 7: NOON - timedelta(days=6)}
    asked_from = NOON - timedelta(days=2)
    assert memory_of(cameras, oldest, asked_from, NOON) == (MIDNIGHT - timedelta(days=80), ())
    since = MIDNIGHT - timedelta(days=6)
    less = (Less(cameras=("short",), since=since),)
    assert memory_of(cameras, oldest, NOON - timedelta(days=30), NOON)[1] == less
    # nothing is kept yet, and reads kept so long are not there yet
    assert memory_of(cameras, {}, NOON - timedelta(days=30), NOON) == (None, less)
    lengthened = memory_of([Kept("long", 365)], oldest, NOON - timedelta(days=300), NOON)
    assert lengthened == (MIDNIGHT - timedelta(days=80), ())


def test_how_long_a_camera_is_kept_is_as_the_policies_say() -> None:
    policies = Retention(
        groups=(
            Group(name="town", owner="a", policy="b", days=7, sites=frozenset({"Town"})),
            Group(name="border", owner="a", policy="b", days=30, cameras=frozenset({"gate"}),
                  match_and_forget=True),
        )
    )  # fmt: skip
    cameras = [
        Camera(camera_id=name, name="", site=site, latitude=0, longitude=0)
        for name, site in (("gate", "Town"), ("lane", "Town"), ("road", "Hill"))
    ]
    assert kept_of(cameras, policies) == [Kept("gate", 30, True), Kept("lane", 7), Kept("road", 90)]


async def test_what_could_not_be_told_in_time_is_said() -> None:
    answer = await completed(Given(fails=True))
    assert answer.notes == (NOT_TOLD,)
    assert answer.found == ("a",)


STATEMENTS = """
import asyncio, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
import clickhouse_connect
from morina.records import Period
from morina.records.adapters import clickhouse_schema, sql_figures
from morina.records.adapters.clickhouse_asking import ClickHouseRows
from morina.records.adapters.clickhouse_coverage import ClickHouseCounted
from morina.records.running import Running
HOUR, NOON = timedelta(hours=1), datetime(2026, 3, 4, 12, tzinfo=UTC)
folder = Path(sys.argv[1])
made = clickhouse_connect.get_client(interface="chdb", path=str(folder))
for statement in (*clickhouse_schema.statements(), sql_figures.HOURS, *sql_figures.UNKEPT):
    made.command(statement)
def hours(camera, *ago, passages=1, table="camera_hours"):
    made.insert(f"morina.{table}", [[camera, NOON - n * HOUR, passages] for n in ago],
        column_names=["camera_id", "hour", "passages"])
async def main():
    rows = ClickHouseRows.at("", folder, 1)
    counted = ClickHouseCounted(rows)
    assert await counted.oldest(Running()) == {}
    captured = datetime(2026, 2, 1, 7, 30, tzinfo=UTC)
    made.insert("morina.reads", [[7, captured, 90], [9, NOON, 90], [8, NOON, 30]],
        column_names=["id_low", "captured_at", "keep_days"])
    assert await counted.oldest(Running()) == {90: captured, 30: NOON}
    hours("whole", *range(1, 30))
    hours("held", *range(1, 3), *range(5, 30))
    hours("held", 4, passages=0)
    hours("ended", 30)
    hours("hits", 20, table="camera_hours")
    hours("hits", *range(1, 2), *range(4, 30), table="unkept_hours")
    hours("new", 1, 2)
    hours("other", 30)
    period = Period(NOON - 10 * HOUR, NOON)
    found = await counted.gaps(["whole", "held", "ended", "new", "never", "hits"], period,
        Running())
    assert sorted((one.camera_id, one.period) for one in found) == [
        ("ended", period), ("held", Period(NOON - 4 * HOUR, NOON - 2 * HOUR)),
        ("hits", Period(NOON - 3 * HOUR, NOON - 1 * HOUR))], found
    await rows.close()
asyncio.run(main())
"""


def test_hours_without_a_passage_are_found_of_cameras_heard_before(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STATEMENTS, str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
