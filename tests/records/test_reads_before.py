"""Reads of an installation of before, in a process each: chDB allows one engine a process."""

from pathlib import Path
from textwrap import dedent

from reads_process import in_a_process

BEFORE = '''
OLD = """
CREATE TABLE morina.reads (
    read_id UUID,
    camera_id LowCardinality(String),
    captured_at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC'),
    plate String,
    skeleton String,
    country LowCardinality(String),
    country_probability Float32,
    confidence Float32,
    character_confidences Array(Float32),
    frames UInt16,
    retransmitted Bool,
    overview String,
    patch String,
    box Array(Float32),
    corners Array(Tuple(Float32, Float32))
)
ENGINE = ReplacingMergeTree PARTITION BY toDate(captured_at) ORDER BY (captured_at, read_id)
"""
NEWER = """
ALTER TABLE morina.reads
    ADD COLUMN clock_offset_s Nullable(Float32), ADD COLUMN clock_wrong Bool,
    ADD COLUMN said_by LowCardinality(String), ADD COLUMN said_text String,
    ADD COLUMN said_country LowCardinality(String), ADD COLUMN said_confidence Nullable(Float32),
    ADD COLUMN own_by LowCardinality(String), ADD COLUMN own_text String,
    ADD COLUMN own_country LowCardinality(String), ADD COLUMN own_confidence Nullable(Float32)
"""
from morina.records.adapters import clickhouse_before as before
from morina.records.adapters.clickhouse_schema import statements
client = engine(folder)
client.command("CREATE DATABASE morina")
client.command(OLD)
def put(*reads, newer=False):
    """As the Morina of before wrote them."""
    names = ["read_id", "camera_id", "captured_at", "received_at", "stored_at", "plate", "country",
             "country_probability", "confidence", "character_confidences", "frames",
             "retransmitted", "overview", "patch", "box", "corners"]
    rows = [[r.read_id, r.camera_id, r.captured_at, r.received_at, r.received_at + timedelta(0, 1),
             r.plate.text if r.plate else "", r.plate.country if r.plate else "",
             r.country_probability, r.confidence, list(r.character_confidences), r.frames,
             r.retransmitted, r.evidence.overview if r.evidence else "",
             r.evidence.patch if r.evidence else "", r.evidence.box if r.evidence else (0, 0, 0, 0),
             r.evidence.corners if r.evidence else ()] for r in reads]
    if newer:
        names += ["clock_offset_s", "clock_wrong", "said_by", "said_text", "said_country",
                  "said_confidence"]
        for row, r in zip(rows, reads):
            row += [r.clock_offset_s, r.clock_wrong, r.said.by, r.said.text, r.said.country,
                    r.said.confidence]
    client.insert("morina.reads", rows, column_names=names)
def rows(sql):
    return [row[0] for row in client.query(sql).result_rows]
def days(camera_id):
    return {"morine-in": 30}.get(camera_id, 90)
'''
DAY = 24 * 60


def test_reads_kept_before_are_all_there_with_their_cameras_retention(tmp_path: Path) -> None:
    in_a_process(tmp_path, BEFORE + dedent(f"""
        said = Said(by="dahua", text="AB12CDF", country="GB", confidence=0.75)
        reads = [a_read({DAY} * n // 2, text) for n in range(8) for text in ("AB12CDE", None)]
        reads = [replace(one, clock_offset_s=None, clock_wrong=False) for one in reads]
        reads[3] = replace(reads[3], evidence=None, camera_id="other", retransmitted=True)
        put(*reads[:8])
        client.command(NEWER)
        reads[8:] = [replace(one, clock_offset_s=-1.5, clock_wrong=True, said=said)
                     for one in reads[8:]]
        put(*reads[8:], newer=True)
        put(reads[8], newer=True)
        store = ClickHouseReads(client, days)
        kept = await store.latest()
        assert {{one.read_id: one for one in kept}} == {{one.read_id: one for one in reads}}
        assert len(kept) == await store.count() == 16
        assert rows("SELECT keep_days FROM morina.reads WHERE camera_id = 'other'") == [90]
        assert set(rows("SELECT keep_days FROM morina.reads WHERE camera_id != 'other'")) == {{30}}
        assert rows("SELECT count() FROM morina.passed FINAL") == [16]
        assert rows("SELECT DISTINCT plate FROM morina.texts") == ["AB12CDE"]
        assert "reads_before" not in rows("SHOW TABLES FROM morina")
        ClickHouseReads(client, days)
        assert await store.count() == 16
        await store.close()
    """))  # fmt: skip


def test_killed_at_any_step_of_moving_nothing_is_lost_and_nothing_there_twice(
    tmp_path: Path,
) -> None:
    """Each start runs one statement more than the one before it, until one comes to its end."""
    in_a_process(tmp_path, BEFORE + dedent(f"""
        class Killed(Exception):
            pass
        class Dying:
            def __init__(self, left):
                self.left = left
                self.query = client.query
            def command(self, *given, **named):
                client.command(*given, **named)
                self.left -= 1
                if self.left == 0:
                    raise Killed
        reads = [replace(a_read({DAY} * n), clock_offset_s=None) for n in range(3)]
        put(*reads)
        deaths = 0
        while True:
            try:
                before.bring_up(Dying(deaths + 1), statements(), days)
            except Killed:
                deaths += 1
            else:
                break
        assert deaths > 10
        store = ClickHouseReads(client, days)
        kept = await store.latest()
        assert kept == reads[::-1]
        assert await store.count() == 3
        assert rows("SELECT count() FROM morina.passed FINAL") == [3]
        await store.close()
    """))  # fmt: skip


def test_tables_made_before_a_column_was_added_are_brought_up_with_their_reads(
    tmp_path: Path,
) -> None:
    in_a_process(tmp_path, """
        from morina.records.adapters.clickhouse_rows import table_of
        from morina.records.adapters.clickhouse_schema import statements
        client = engine(folder)
        for statement in statements():
            client.command(statement)
        client.command("ALTER TABLE morina.reads DROP COLUMN seldom")
        said = Said(by="dahua", text='AB"12/CDF', confidence=0.75, candidates=("A812CDE",))
        reads = [replace(a_read(0), clock_offset_s=None), replace(a_read(1), said=said)]
        client.insert_arrow("morina.reads", table_of(reads, NOON, lambda _camera: 90))
        for statement in statements():
            client.command(statement)
        assert client.query("SELECT countIf(seldom = '') FROM morina.reads").result_rows == [(1,)]
        client.command("ALTER TABLE morina.reads DROP COLUMN seldom")
        store = ClickHouseReads(client)
        assert await store.latest() == reads[::-1]
        without = "SELECT count() FROM system.parts WHERE table = 'reads' AND active AND name " \
            "NOT IN (SELECT name FROM system.parts_columns WHERE table = 'reads' " \
            "AND column = 'seldom')"
        while client.query(without).result_rows != [(0,)]:
            await asyncio.sleep(0.05)
        await store.close()
    """)  # fmt: skip
