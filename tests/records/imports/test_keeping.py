"""Reads of the past in the real engine: what can be is kept, whatever order and days it is in."""

from pathlib import Path

from reads_process import in_a_process

GIVEN = """
        from datetime import UTC, datetime
        from morina.records.imports.keeping import PastReads
        from morina.records.imports.past import PastRead
        now = datetime.now(UTC)
        def past(days, camera_id="north-1", **more):
            more = {"plate": "AA123BC", "source_id": str(days)} | more
            return PastRead(camera_id=camera_id, captured_at=now - timedelta(days=days), **more)
"""


def test_a_part_over_more_days_than_the_engine_takes_at_once_is_kept(tmp_path: Path) -> None:
    in_a_process(tmp_path, GIVEN + """
        store = ClickHouseReads.at("", folder, lambda camera_id: 400)
        taken = PastReads(store, lambda camera_id: 400)
        scattered = [past(day * 7 % 101) for day in range(101)]
        one = await taken.take("old", scattered, {"north-1"}, now)
        assert (one.kept, one.refused) == (101, ())
        await taken.take("old", scattered[:3], {"north-1"}, now)
        found = await store.latest(500)
        assert len(found) == len({read.read_id for read in found}) == 101
        assert all(read.retransmitted and read.said.by == "old" for read in found)
        await store.close()
    """)  # fmt: skip


def test_each_read_that_cannot_be_kept_is_named_and_the_others_are(tmp_path: Path) -> None:
    in_a_process(tmp_path, GIVEN + """
        kept = {"north-1": 30, "gate": 5, "nothing": 0}
        store = ClickHouseReads.at("", folder, lambda camera_id: kept.get(camera_id) or 1)
        taken = PastReads(store, kept.__getitem__)
        sent = [past(29), past(31), past(4, "gate"), past(6, "gate"), past(1, "else"), past(-1),
                past(1, "nothing"), past(2, plate="no plate!"), past(3, plate=None)]
        one = await taken.take("old", sent, set(kept), now)
        assert one.kept == 3
        told = [(r.index, r.field) for r in one.refused]
        assert told == [(1, "captured_at"), (3, "captured_at"), (4, "camera"), (5, "captured_at"),
                        (6, "captured_at"), (7, "plate")]
        assert "5 days reads of gate are kept" in one.refused[1].fault
        assert "morina camera put" in one.refused[2].mend
        assert [read.plate for read in await store.latest()] == [None, Plate("AA123BC"),
                                                                 Plate("AA123BC")]
        await store.close()
    """)  # fmt: skip
