"""What is forgotten is looked for in the files themselves, byte by byte."""

import subprocess
import sys
import textwrap
from pathlib import Path

import psycopg
import pytest

from morina.migrations import upgrade

PREAMBLE = """
import asyncio, hashlib, json, sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4
sys.path[:0] = {support!r}
from psycopg_pool import AsyncConnectionPool
from forgetting_home import *
folder, dsn = Path({folder!r}), {dsn!r}
async def main():
    async with HomeOfReads.at(folder, dsn) as home:
{body}
asyncio.run(main())
"""


def in_a_process(folder: Path, dsn: str, body: str) -> None:
    """Run the body of a coroutine there; chDB allows one engine a process."""
    upgrade(dsn)
    support = [str(Path(__file__).parent.parent / "support")]
    body = textwrap.indent(textwrap.dedent(body), " " * 8)
    code = PREAMBLE.format(support=support, folder=str(folder), dsn=dsn, body=body)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def postgres_files(dsn: str) -> Path:
    """The folder of the test's database."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "SELECT setting || '/base/' || (SELECT oid FROM pg_database"
            " WHERE datname = current_database())"
            " FROM pg_settings WHERE name = 'data_directory'"
        ).fetchone()
    assert row is not None
    return Path(row[0])


def test_after_its_day_no_file_holds_a_plate_or_its_pictures(
    tmp_path: Path, dsn: str, postgres_files: Path
) -> None:
    in_a_process(tmp_path, dsn, f"""
        tables = Path({str(postgres_files)!r})
        old, kept = await home.seen("QX77FGT", days_ago=90), await home.seen("KE33PTT", days_ago=89)
        shared = await home.seen("QX78FGT", days_ago=91, pictures_of=kept)
        open_one = await home.seen("QP55KKK", days_ago=95)
        await home.raised(old, closed_days_ago=90)
        await home.raised(open_one)
        await home.crowd(300, days_ago=90)
        await home.records.correct(old, Plate("QX79FGT", "GB"), "officer", home.now)
        await home.checkpoint()
        for place in (home.clickhouse, tables):
            assert holds(place, "QX77FGT") and holds(place, "QP55KKK")
        assert holds(home.clickhouse, "QX79FGT") and home.has_picture(old)

        statement = await home.forgetting.forget(home.now)
        await home.checkpoint()

        for text in ("QX77FGT", "QX78FGT", "QX79FGT", "QP55KKK", *home.crowd_texts):
            assert not holds(home.clickhouse, text), text
        assert not holds(tables, "QX77FGT")
        assert holds(home.clickhouse, "KE33PTT") and holds(tables, "QP55KKK")
        assert not home.has_picture(old) and home.has_picture(kept)
        assert home.has_picture(open_one), "its alert is not decided yet"
        assert await home.records.latest() == [kept]
        said = statement.said
        assert said["still_there"] == [] and said["files_left"] == 0
        assert {{(one["table"], one["day"]) for one in said["dropped"]}} == {{
            (table, str(home.day(days))) for table in ("reads", "passed") for days in (90, 91, 95)
        }}
        assert said["texts_removed"] >= 304 and said["alerts_forgotten"]["alerts"] == 1
        assert said["pictures"]["removed"] == 2 + 300 * 2
        assert said["remains"]["oldest_read"] == str(home.day(89))
        assert said["remains"]["under_open_alerts"] == 1
    """)  # fmt: skip


def test_a_second_run_finds_nothing_due_and_a_run_cut_off_is_gone_on_with(
    tmp_path: Path, dsn: str
) -> None:
    in_a_process(tmp_path, dsn, """
        old = await home.seen("QX77FGT", days_ago=90)
        class CutOff(Exception):
            pass
        async def fails(partition):
            raise CutOff
        drops, home.forgetting.records.drop = home.forgetting.records.drop, fails
        try:
            await home.forgetting.forget(home.now)
        except CutOff:
            pass
        assert home.statements.all() == [] and await home.records.count() == 1
        home.forgetting.records.drop = drops
        first = await home.forgetting.forget(home.now)
        second = await home.forgetting.forget(home.now + timedelta(days=1))
        assert len(first.said["dropped"]) == 2 and first.said["pictures"] == {
            "due": 2, "removed": 0, "unreferred_removed": 0
        }
        assert second.said["due"] == [] and second.said["previous"] == first.sha256
        assert verified(home.statements.all()) == first.key
    """)  # fmt: skip


def test_a_read_that_a_wrong_clock_put_ahead_goes_when_its_days_are_over(
    tmp_path: Path, dsn: str
) -> None:
    in_a_process(tmp_path, dsn, """
        await home.seen("QX77FGT", days_ago=-3000, stored_days_ago=90)
        await home.seen("QX88FGT", days_ago=-3000, stored_days_ago=89, keep_days=91)
        await home.forgetting.forget(home.now)
        assert not holds(home.clickhouse, "QX77FGT") and holds(home.clickhouse, "QX88FGT")
        assert await home.texts() == ["QX88FGT"]
    """)  # fmt: skip


def test_a_picture_nothing_refers_to_goes_within_eight_days(tmp_path: Path, dsn: str) -> None:
    in_a_process(tmp_path, dsn, """
        kept = await home.seen("KE33PTT", days_ago=0)
        lost = await home.images.put(b"of a capture that never became a read")
        home.made_old(days=93)
        fresh = await home.images.put(b"of a capture of today")
        removed = [
            (await home.forgetting.forget(home.now + timedelta(days=day))).said["pictures"]
            ["unreferred_removed"] for day in range(8)
        ]
        assert sum(removed) == 1 and not await home.images.has(lost)
        assert await home.images.has(fresh) and home.has_picture(kept)
    """)  # fmt: skip


def test_pinned_reads_outlive_their_day_with_their_pictures_until_unpinned(
    tmp_path: Path, dsn: str
) -> None:
    in_a_process(tmp_path, dsn, """
        old = await home.seen("QX77FGT", days_ago=90)
        other = await home.seen("QX88FGT", days_ago=90)
        pin = Pin(case_number="C-2026-7", by="officer", at=home.now, reason="needed for the trial",
                  review_at=home.day(-30))
        wanted = Wanted(plate="QX77FGT", period=Period(home.noon(100), home.now))
        assert await home.pins.pin(wanted, pin) == 1 == await home.pins.pin(wanted, pin)
        assert await home.pins.pin(replace(wanted, read_ids=frozenset([other.read_id])), pin) == 0
        statement = await home.forgetting.forget(home.now)
        assert not holds(home.clickhouse, "QX88FGT") and holds(home.clickhouse, "QX77FGT")
        assert home.has_picture(old) and not home.has_picture(other)
        assert statement.said["remains"]["pinned_to_cases"] == {
            "reads": 1, "cases": 1, "due_for_review": 0
        }
        [pinned] = await home.pins.of_plate("QX77FGT")
        assert (pinned.read, pinned.pin.case_number) == (old, "C-2026-7")
        assert [one.read for one in await home.pins.of_case("C-2026-7")] == [old]
        [case] = await home.pins.cases()
        assert (case.reads, case.plates, case.review_at) == (1, 1, home.day(-30))
        assert await home.pins.cases(until=home.day(-29)) == []
        assert await home.pins.review("C-2026-7", home.day(-60)) == 1
        assert [one.review_at for one in await home.pins.cases()] == [home.day(-60)]
        assert await home.pins.unpin("C-2026-7", "QX88FGT") == 0
        assert await home.pins.unpin("C-2026-7", "QX77FGT") == 1
        home.made_old(days=93)
        for day in range(8):
            await home.forgetting.forget(home.now + timedelta(days=day))
        assert not holds(home.clickhouse, "QX77FGT") and not home.has_picture(old)
    """)  # fmt: skip


def test_one_plate_is_erased_from_every_file_and_its_look_alikes_are_not(
    tmp_path: Path, dsn: str, postgres_files: Path
) -> None:
    in_a_process(tmp_path, dsn, f"""
        tables = Path({str(postgres_files)!r})
        mine = await home.seen("QX77FGT", days_ago=3)
        alike = await home.seen("0X77FGT", days_ago=3)
        misread = await home.seen("QX77FGY", days_ago=2)
        await home.records.correct(misread, Plate("QX77FGT", "GB"), "officer", home.now)
        elsewhere = await home.seen("QX77FGT", days_ago=1)
        await home.records.correct(elsewhere, Plate("QX11FGT", "GB"), "officer", home.now)
        mentioned = await home.seen("KE33PTT", days_ago=1, said="QX77FGT")
        together = await home.seen("QX77FGT", days_ago=4, pictures_of=mentioned)
        await home.raised(mine, closed_days_ago=1)
        await home.checkpoint()
        assert holds(home.clickhouse, "QX77FGT") and holds(tables, "QX77FGT")

        request = Request(plate="QX77FGT", by="officer", reference="ER-1", reason="court order")
        erased = await home.erasing.erase(request, home.now)
        await home.checkpoint()

        assert not holds(home.clickhouse, "QX77FGT") and not holds(tables, "QX77FGT")
        assert not holds(home.clickhouse, "QX77FGY"), "it was the same vehicle"
        assert holds(home.clickhouse, "0X77FGT") and holds(home.clickhouse, "QX11FGT")
        assert not home.has_picture(mine) and not home.has_picture(misread)
        assert home.has_picture(alike) and home.has_picture(mentioned)
        assert (erased.reads, erased.mentions, erased.alerts) == (3, 2, 1)
        assert erased.all_gone and erased.pictures_shared == 2
        [left] = [one for one in await home.records.latest() if one.camera_id == mentioned.camera_id
                  and one.read_id == mentioned.read_id]
        assert left.said.text is None and left.plate == mentioned.plate
        assert await home.passed() == sorted(["0X77FGT", "KE33PTT"])
        assert not holds(home.folder / "statements", "QX77FGT")
        assert erased.statement.said["plate_mark"] == mark("secret", "QX77FGT")
        assert erased.statement.said["files_left"] == 0
        again = await home.erasing.erase(request, home.now)
        assert (again.reads, again.pictures) == (0, 0)
        verified(home.statements.all())
    """)  # fmt: skip


def test_a_read_kept_while_a_plate_is_erased_stays(tmp_path: Path, dsn: str) -> None:
    in_a_process(tmp_path, dsn, """
        await home.seen("QX77FGT", days_ago=3), await home.seen("QX77FGT", days_ago=2)
        misread = await home.seen("QX77FGY", days_ago=4)
        await home.records.correct(misread, Plate("QX77FGT", "GB"), "officer", home.now)
        elsewhere = await home.seen("QX77FGT", days_ago=1)
        await home.records.correct(elsewhere, Plate("QX11FGT", "GB"), "officer", home.now)
        await home.seen("KE33PTT", days_ago=1, said="QX77FGT")
        found = await home.forgets.find_plate("QX77FGT", [])
        assert (len(found.read_ids), found.mentions) == (3, 2)

        home.crowd_texts = ["one"]  # a millisecond later, at the same camera in the same second
        late, mentioning = (await home.seen("QX77FGT", days_ago=3),
                            await home.seen("KE44PTT", days_ago=1, said="QX77FGT"))
        same_text = await home.seen("QX77FGY", days_ago=4)
        await home.raised(late)
        await home.forgets.erase_plate("QX77FGT", found)

        kept = {one.read_id: one for one in await home.records.latest()}
        assert kept[late.read_id] == late and kept[mentioning.read_id] == mentioning
        assert same_text.read_id in kept and len(kept) == 5
        there = ["KE33PTT", "KE44PTT", "QX77FGT", "QX77FGY"]
        assert sorted(set(await home.passed())) == there
        assert await home.texts() == sorted([*there, "QX11FGT"])
        assert await home.days_of("QX77FGT") == [home.day(3)]
    """)  # fmt: skip


def test_a_read_whose_alert_is_raised_while_the_plate_is_looked_for_stays(
    tmp_path: Path, dsn: str
) -> None:
    in_a_process(tmp_path, dsn, """
        read, find = await home.seen("QX77FGT", days_ago=3), home.forgets.find_plate
        async def then_raised(plate, but):
            found = await find(plate, but)
            if not but:
                await home.raised(read)
            return found
        home.forgets.find_plate = then_raised
        request = Request(plate="QX77FGT", by="officer", reference="ER-1", reason="court order")
        erased = await home.erasing.erase(request, home.now)
        assert (erased.reads, erased.under_alerts, erased.all_gone) == (0, 1, False)
        assert await home.records.latest() == [read]
    """)  # fmt: skip


def test_labels_of_suspected_clones_stay_and_the_answer_says_so(tmp_path: Path, dsn: str) -> None:
    in_a_process(tmp_path, dsn, """
        read, other = await home.seen("QX77FGT", days_ago=3), await home.seen("QX88FGT", days_ago=3)
        await home.labelled(read), await home.labelled(other)
        first = await home.labelled(await home.seen("QX77FGT", days_ago=2), country="AL")
        withdrawal = Withdrawal(by="officer", at=home.now, reason="it was a misread")
        await home.clones.withdraw(first.label_id, withdrawal)
        request = Request(plate="QX77FGT", by="officer", reference="ER-1", reason="court order")
        erased = await home.erasing.erase(request, home.now)
        assert (erased.reads, erased.suspected_clones, erased.all_gone) == (2, 2, False)
        assert erased.statement.said["stays"]["suspected_clones"] == 2
        assert any("suspected clone" in limit for limit in LIMITS)
        assert len(await home.clones.labels(standing=False)) == 3
    """)  # fmt: skip


def test_what_an_open_alert_or_a_case_needs_stays_and_the_answer_says_so(
    tmp_path: Path, dsn: str
) -> None:
    in_a_process(tmp_path, dsn, """
        under, free = await home.seen("QX77FGT", days_ago=3), await home.seen("QX77FGT", days_ago=4)
        pinned = await home.seen("QX77FGT", days_ago=5)
        await home.raised(under)
        pin = Pin(case_number="C-2026-7", by="officer", at=home.now, reason="needed for the trial",
                  review_at=home.day(-30))
        period = Period(home.noon(6), home.noon(5) + timedelta(hours=1))
        wanted = Wanted(plate="QX77FGT", period=period)
        assert await home.pins.pin(wanted, pin) == 1
        await home.labelled(under)
        request = Request(plate="QX77FGT", by="officer", reference="ER-1", reason="court order")
        erased = await home.erasing.erase(request, home.now)
        assert (erased.reads, erased.under_alerts, erased.pinned) == (2, 1, 1)
        assert not erased.all_gone and erased.cases == ("C-2026-7",)
        assert await home.records.latest() == [under]
        assert await home.passed() == ["QX77FGT"] == await home.texts()
        assert home.has_picture(under) and home.has_picture(pinned) and not home.has_picture(free)
        stays = erased.statement.said["stays"]
        assert stays == {"under_open_alerts": 1, "pinned": 1, "suspected_clones": 1,
                         "cases": ["C-2026-7"]}
    """)  # fmt: skip
