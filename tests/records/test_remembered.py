"""The counter of what is remembered, and the chain of statements as it is told."""

import subprocess
import sys
import textwrap
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from morina.accountability.signing import Signer
from morina.migrations import upgrade
from morina.records import remembered
from morina.records.adapters.folder_statements import FolderStatements
from morina.records.forgetting import Kept, Partition
from morina.records.remembered import Remembering
from morina.records.statements import chain_of

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
KEY = Signer.of("A" * 43).public.text


def folder(path: Path) -> FolderStatements:
    return FolderStatements(path / "statements", Signer.of("A" * 43))


def daily(rows: int) -> dict[str, object]:
    dropped = [
        {"table": table, "day": "2026-08-24", "keep_days": 90, "rows": rows}
        for table in ("passed", "reads")
    ]
    return {"kind": "daily", "dropped": dropped}


def test_the_chain_is_told_with_its_last_number_and_what_is_wrong(tmp_path: Path) -> None:
    statements = folder(tmp_path)
    assert chain_of([], KEY).count == 0 and chain_of([], KEY).newest is None
    for number in range(3):
        statements.add(daily(number), NOW + timedelta(days=number))
    kept = statements.all()
    chain = chain_of(kept, KEY)
    assert (chain.count, chain.newest, chain.newest_sha256) == (3, 3, kept[2].sha256)
    assert chain.fault == ""
    assert [one.number for one in statements.newest(2)] == [3, 2]
    assert "after number 1 does not hold" in chain_of([kept[0], kept[2]], KEY).fault
    [second] = (tmp_path / "statements").glob("00000002-*")
    second.write_bytes(second.read_bytes().replace(b'"rows":1', b'"rows":0'))
    assert "after number 1 does not hold" in chain_of(statements.all(), KEY).fault
    second.write_bytes(b"{")
    assert "does not hold" in chain_of(statements.all(), KEY).fault
    other = Signer.of("B" * 43).public.text
    assert "the first one does not hold" in chain_of(kept, other).fault


def test_the_counter_tells_the_records_as_they_are(tmp_path: Path, dsn: str) -> None:
    upgrade(dsn)
    body = """
        from morina.records.remembered import Remembering, remembered
        today = home.now.date()
        none = await remembered(home.forgets, home.statements, today)
        assert (none.reads, none.oldest, none.due, none.overdue, none.dropped_on) == (
            0, None, 0, 0, None
        )
        for days in (95, 90):
            await home.seen(f"QX{days}FGT", days_ago=days)
        await home.seen("QX89FGT", days_ago=89)
        await home.seen("QX88FGT", days_ago=88)
        await home.crowd(4, days_ago=1)
        before = await remembered(home.forgets, home.statements, today)
        assert (before.reads, before.oldest_days) == (8, 95)
        assert (before.overdue, before.due, before.forgets_daily) == (2, 1, False)
        await home.forgetting.forget(home.now)
        counter = Remembering(home.forgets, home.statements)
        for _ in range(60):  # each is waited for
            if after := await counter.latest(home.now):
                break
        assert (after.reads, after.oldest_days, after.overdue, after.due) == (6, 89, 0, 1)
        assert (after.dropped, after.dropped_on, after.forgets_daily) == (2, today, True)
        later = await remembered(home.forgets, home.statements, today + timedelta(days=2))
        assert (later.overdue, later.due, later.forgets_daily) == (2, 0, False)
        request = Request(plate="QX89FGT", by="ana", reference="ER-1", reason="it was ordered")
        from morina.records.erasing import Erasures, ErasureStage
        erasures = Erasures(home.erasing)
        number = erasures.begin(request, home.now)
        [asked] = erasures.asked()
        assert (asked.stage, asked.reference) == (ErasureStage.UNDER_WAY, "ER-1")
        await erasures.done(number, 600)
        [asked] = erasures.asked()
        assert asked.stage is ErasureStage.DONE and asked.erased.reads == 1
        after = await remembered(home.forgets, home.statements, today)
        assert (after.reads, after.dropped) == (5, 2), "the last daily statement counts"
        async def away(plate):
            raise ConnectionError
        home.forgetting.hits.of_plate = away
        failing = Erasures(home.erasing)
        await asyncio.wait([failing._tasks[failing.begin(request, home.now)]])
        assert failing.asked()[0].stage is ErasureStage.FAILED
        await erasures.close()
        await failing.close()
    """
    preamble = f"""
        import asyncio, sys
        from datetime import timedelta
        from pathlib import Path
        sys.path[:0] = [{str(Path(__file__).parent.parent / "support")!r}]
        from forgetting_home import *
        async def main():
            async with HomeOfReads.at(Path({str(tmp_path)!r}), {dsn!r}) as home:
    """
    code = textwrap.dedent(preamble) + textwrap.indent(textwrap.dedent(body), " " * 8)
    done = subprocess.run(
        [sys.executable, "-c", code + "\nasyncio.run(main())\n"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


class Slow:
    """Records of which one question after the other fails."""

    def __init__(self) -> None:
        self.asked = 0

    async def kept(self, today: date) -> Kept:
        self.asked += 1
        if self.asked == 2:
            raise ConnectionError("the engine is away")
        return Kept(oldest=today, rows=self.asked, pinned=0, cases=0, for_review=0)

    async def due(self, _today: date) -> list[Partition]:
        return []


async def test_the_counter_is_looked_up_once_a_minute_and_outlives_an_outage(
    tmp_path: Path,
) -> None:
    records = Slow()
    remembering = Remembering(records, folder(tmp_path))  # type: ignore[arg-type]  # what it asks
    for _ in range(3):
        told = await remembering.latest(NOW)
        assert told is not None and told.reads == 1
    remembering._looked_at -= 3600
    told = await remembering.latest(NOW)
    assert told is not None and (told.reads, records.asked) == (1, 2)
    remembering._looked_at -= 3600
    told = await remembering.latest(NOW)
    assert told is not None and told.reads == 3
    await remembering.close()


async def test_the_counter_is_looked_up_at_once_on_a_machine_just_switched_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "time", SimpleNamespace(monotonic=lambda: 5.0))
    remembering = Remembering(Slow(), folder(tmp_path))  # type: ignore[arg-type]  # what it asks
    looks = 0
    while (told := await remembering.latest(NOW)) is None and looks < 60:  # each may be waited for
        looks += 1
    assert told is not None and told.reads == 1
