"""Counts by camera and hour, in a process each: chDB allows one engine a process."""

import subprocess
import sys
import textwrap
from pathlib import Path

from reads_process import DSN, emptied

HEAD = """
import asyncio, sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo
from morina.plates import Plate
from morina.records import Period
from morina.records.adapters.clickhouse import ClickHouseReads
from morina.records.adapters.clickhouse_figures import ClickHouseFigures
from morina.sense import Evidence, Read, Said
NOW = datetime.now(UTC).replace(minute=30, second=0, microsecond=0)
HOUR, ZONE = timedelta(hours=1), ZoneInfo("Asia/Dubai")
def passed(ago, text="AB12CDE", width=100.0, **more):
    at = NOW - ago
    given = dict(
        read_id=uuid4(), camera_id="north", captured_at=at, received_at=at + timedelta(seconds=2),
        plate=Plate(text, "GB") if text else None, confidence=0.75,
        evidence=Evidence("a" * 64, "b" * 64, (10, 10, 10 + width, 40), ()),
    )
    return Read(**(given | more))
"""


def in_a_process(folder: Path, body: str) -> None:
    """Run the body of a coroutine with ``reads`` and ``figures`` on one engine."""
    emptied()
    code = f"""{HEAD}
async def main():
    reads = ClickHouseReads.at({DSN!r}, Path({str(folder)!r}))
    figures = ClickHouseFigures.at({DSN!r}, Path({str(folder)!r}))
{textwrap.indent(textwrap.dedent(body), "    ")}
    await figures.close()
    await reads.close()
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_each_hour_is_counted_and_a_read_kept_twice_counts_once(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
        camera = Said(by="axis", text="AB12CDF")
        own = Said(by="morina", text="AB12CDE")
        one = passed(HOUR, width=80.0, said=camera, own=own)
        kept = [one, passed(HOUR, None), passed(HOUR, width=120.0, own=own), passed(0 * HOUR)]
        await reads.keep([replace(one, evidence=None)], one.received_at)
        await reads.keep(kept, NOW - HOUR + timedelta(seconds=5))
        assert await figures.count() >= 1
        before, now = (await figures.hours(NOW - 2 * HOUR))["north"]
        assert before.begins_at == (NOW - HOUR).replace(minute=0)
        p = before.passed
        assert (p.passages, p.unread, p.confidence, p.plate_width_px) == (3, 1, 0.75, 100.0)
        assert (p.compared, p.differing) == (1, 1)
        assert (p.delay_s, p.link_s) == (2.0, 3.0)
        assert now.passed.passages == 1
    """)  # fmt: skip


def test_late_reads_get_into_the_hour_they_belong_to(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
        ago = timedelta(days=2)
        await reads.keep([passed(ago)], datetime.now(UTC))
        await figures.count()
        await reads.keep([passed(ago), passed(ago + HOUR)], datetime.now(UTC))
        assert await figures.count() >= 1
        found = (await figures.hours(NOW - timedelta(days=7)))["north"]
        assert [hour.passed.passages for hour in found] == [1, 2]
    """)  # fmt: skip


def test_usual_is_the_median_of_that_hour_of_the_week_where_the_camera_stands(
    tmp_path: Path,
) -> None:
    in_a_process(tmp_path, """
        week = timedelta(weeks=1)
        counts = [4, 6, 0, 5]  # of this hour, one to four weeks ago
        kept = [passed((n + 1) * week) for n, count in enumerate(counts) for _ in range(count)]
        kept += [passed((n + 1) * week, None) for n in (0, 1)]
        kept += [passed(2 * HOUR, camera_id="new")]
        await reads.keep(kept, NOW)
        await figures.count()
        usual = await figures.usual(NOW, ZONE)
        assert set(usual) == {"north"}
        known = usual["north"]
        here = (NOW - week).astimezone(ZONE)
        at = here.weekday() * 24 + here.hour
        assert known.weeks == 4
        assert known.passages[at] == 5.0, known.passages[at]
        assert sum(known.passages) == 5.0
        assert known.unread_share[at] == 2 / 17
        assert known.altogether.passages == 17
    """)  # fmt: skip


def test_passages_are_drawn_once_each_from_the_camera_and_time_asked_for(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
        mine = [passed(timedelta(minutes=n)) for n in range(1, 30)]
        others = [passed(HOUR, camera_id="south"), passed(3 * HOUR)]
        await reads.keep([replace(one, evidence=None) for one in mine], NOW)
        await reads.keep([*mine, *others], NOW)
        period = Period(NOW - HOUR, NOW)
        drawn = await figures.drawn("north", period, 10)
        assert len({one.read_id for one in drawn}) == 10
        assert {one.read_id for one in drawn} <= {one.read_id for one in mine}
        assert all(one.evidence for one in drawn)
        again = await figures.drawn("north", period, 10)
        assert {one.read_id for one in again} != {one.read_id for one in drawn}
        whole = await figures.drawn("north", period, 500)
        assert len(whole) == 29
        ids = [one.read_id for one in drawn]
        found = await figures.passages("north", period, [*ids, others[0].read_id])
        assert set(found) == set(ids)
        newest = await figures.last(NOW - HOUR)
        assert newest["north"] == mine[0]
    """)  # fmt: skip


def test_unread_passages_of_one_second_are_each_as_likely_as_any_other(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
        at = timedelta(minutes=10)
        twins = [replace(passed(at), plate=None, confidence=0.0) for _ in range(2)]
        alone = [passed(at + timedelta(minutes=n)) for n in range(1, 5)]
        await reads.keep([*twins, *alone], NOW)
        period = Period(NOW - HOUR, NOW)
        times = {one.read_id: 0 for one in [*twins, *alone]}
        for _ in range(120):
            drawn = await figures.drawn("north", period, 2)
            assert len(drawn) == 2
            for one in drawn:
                times[one.read_id] += 1
        assert all(abs(n - 40) < 30 for n in times.values()), times
        last = await figures.last_passed(NOW - HOUR)
        assert last == {"north": max(one.captured_at for one in twins).replace(microsecond=0)}
        assert await figures.last_passed(NOW) == {}
    """)  # fmt: skip
