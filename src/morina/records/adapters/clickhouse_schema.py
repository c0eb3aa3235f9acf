"""The tables of reads, on one machine and on a cluster, from one description.

``reads`` is sorted by look-alike class and text, so a plate and all its look-alikes lie together;
``passed`` is the same passages by camera and second, for questions about a place; ``texts`` is
every text remembered, once for each day it was read. All are partitioned so that a day of one
retention is dropped whole, ``texts`` excepted, whose rows carry the day they are to be forgotten.
Why: decisions/0011.
"""

from dataclasses import dataclass

from morina.plates import LOOK_ALIKE_HEADS

_FROM = "".join(LOOK_ALIKE_HEADS)
_TO = "".join(LOOK_ALIKE_HEADS.values())
SKELETON = f"translateUTF8(plate, '{_FROM}', '{_TO}')"
"""``morina.plates.skeleton`` in SQL; not stored, only sorted by."""

_MS = "toUInt64(toUnixTimestamp64Milli(captured_at))"
_ID = (
    f"reinterpretAsUUID(concat(reinterpretAsFixedString(id_high + bitShiftLeft({_MS}, 16)), "
    "reinterpretAsFixedString(id_low)))"
)

SELDOM = (
    "retransmitted", "clock_offset_s", "clock_wrong", "said_by", "said_text", "said_country",
    "said_confidence", "said_candidates", "own_by", "own_text", "own_country", "own_confidence",
    "make", "model", "colour", "vehicle_class", "lane", "direction", "speed_kmh",
    "corrected_from", "corrected_from_country", "corrected_by", "corrected_at",
)  # fmt: skip
"""The columns that a page of findings only passes on and most reads have nothing in."""

_VALUES = ", ".join(SELDOM).replace("corrected_at", "toUnixTimestamp(corrected_at)")
_HAS_SELDOM = (
    "retransmitted OR clock_wrong OR isNotNull(clock_offset_s) OR said_by != '' OR own_by != '' "
    "OR concat(make, model, colour, vehicle_class, lane, direction) != '' OR speed_kmh > 0 "
    "OR corrected_at > 0"
)
_SELDOM = f"seldom String MATERIALIZED if({_HAS_SELDOM}, toJSONString(({_VALUES})), '') CODEC(ZSTD)"
"""All of SELDOM as one list of JSON, empty where there is nothing: one column is planned and read
where it would be two dozen. Its columns are kept besides, for questions about one of them."""

READS = f"""
    id_high UInt64 CODEC(ZSTD),
    id_low UInt64 CODEC(T64),
    camera_id LowCardinality(String) CODEC(ZSTD),
    captured_at DateTime64(3, 'UTC') CODEC(T64, ZSTD),
    keep_days UInt16 CODEC(ZSTD),
    received_after_ms Int64 CODEC(T64, ZSTD),
    stored_after_ms Int64 CODEC(T64, ZSTD),
    plate String CODEC(ZSTD(3)),
    country LowCardinality(String) CODEC(ZSTD),
    country_thousandths UInt16 CODEC(T64, ZSTD),
    thousandths UInt16 CODEC(T64, ZSTD),
    character_percent Array(UInt8) CODEC(ZSTD),
    frames UInt16 CODEC(T64, ZSTD),
    retransmitted Bool CODEC(ZSTD),
    overview_hash String CODEC(NONE),
    patch_hash String CODEC(NONE),
    box Array(Int16) CODEC(ZSTD),
    corners Array(Tuple(Int16, Int16)) CODEC(ZSTD),
    clock_offset_s Nullable(Float32) CODEC(ZSTD),
    clock_wrong Bool CODEC(ZSTD),
    said_by LowCardinality(String) CODEC(ZSTD),
    said_text String CODEC(ZSTD),
    said_country LowCardinality(String) CODEC(ZSTD),
    said_confidence Nullable(Float32) CODEC(ZSTD),
    said_candidates Array(String) CODEC(ZSTD),
    own_by LowCardinality(String) CODEC(ZSTD),
    own_text String CODEC(ZSTD),
    own_country LowCardinality(String) CODEC(ZSTD),
    own_confidence Nullable(Float32) CODEC(ZSTD),
    make LowCardinality(String) CODEC(ZSTD),
    model LowCardinality(String) CODEC(ZSTD),
    colour LowCardinality(String) CODEC(ZSTD),
    vehicle_class LowCardinality(String) CODEC(ZSTD),
    lane LowCardinality(String) CODEC(ZSTD),
    direction LowCardinality(String) CODEC(ZSTD),
    speed_kmh UInt16 CODEC(T64, ZSTD),
    corrected_from String CODEC(ZSTD),
    corrected_from_country LowCardinality(String) CODEC(ZSTD),
    corrected_by LowCardinality(String) CODEC(ZSTD),
    corrected_at DateTime('UTC') CODEC(ZSTD),
    {_SELDOM},
    read_id UUID ALIAS {_ID},
    received_at DateTime64(3, 'UTC') ALIAS captured_at + toIntervalMillisecond(received_after_ms),
    stored_at DateTime64(3, 'UTC') ALIAS captured_at + toIntervalMillisecond(stored_after_ms),
    skeleton String ALIAS {SKELETON},
    confidence Float32 ALIAS thousandths / 1000,
    country_probability Float32 ALIAS country_thousandths / 1000,
    overview String ALIAS lower(hex(overview_hash)),
    patch String ALIAS lower(hex(patch_hash))
"""
"""``id_high`` is what the read's id has beyond its time (the same in all ids Morina makes); a speed
of 0 and an empty text are unknown; a row with ``corrected_at`` is a correction, beside the row it
corrects. ``plate`` is empty in an unread passage."""

READ_COLUMNS = tuple(
    line.split()[0]
    for line in READS.strip().splitlines()
    if " ALIAS " not in line and " MATERIALIZED " not in line
)
"""Those that are inserted, in order."""

ADDED = {"reads": _SELDOM, "pinned": _SELDOM}
"""Columns that tables made before have not. Days kept before work them out when they are read."""

PASSED = """
    camera_id LowCardinality(String) CODEC(ZSTD),
    captured_s DateTime('UTC') CODEC(Delta, ZSTD),
    keep_days UInt16 CODEC(ZSTD),
    plate String CODEC(ZSTD)
"""

TEXTS = f"""
    plate String CODEC(ZSTD),
    day Date CODEC(ZSTD),
    forget_on SimpleAggregateFunction(max, Date) CODEC(ZSTD),
    skeleton String ALIAS {SKELETON}
"""

PINNED = f"""{READS.rstrip()},
    case_number String CODEC(ZSTD),
    pinned_by LowCardinality(String) CODEC(ZSTD),
    pinned_at DateTime('UTC') CODEC(ZSTD),
    review_at Date CODEC(ZSTD),
    reason String CODEC(ZSTD)
"""
"""Reads kept for a case beyond their time, apart from all others, until somebody unpins them."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, engine, order, partition; ``shard_by`` is for a cluster."""

    name: str
    columns: str
    engine: str
    order: str
    partition: str
    shard_by: str
    settings: str = ""
    primary: str = ""
    filled_by: str = ""


_DURABLE = (
    "fsync_after_insert = 1, fsync_part_directory = 1, old_parts_lifetime = 60, "
    "cleanup_delay_period = 1, max_cleanup_delay_period = 10, cleanup_delay_period_random_add = 0"
)
"""What is dropped leaves the disk soon; how often that is looked at counts from the start only."""

_MERGED = "min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1"
"""A day to which nothing was added for an hour is merged into one part, so that a text is looked up
in as many places as there are days, not ten times as many."""
_FINE = "index_granularity = 2048"
"""Each of some hundred texts or moments looked up reads a quarter of what it would by default."""
_FINEST = "index_granularity = 512"
_SMALL = "min_compress_block_size = 16384"
"""A row is unpacked with its whole block: of a page from fifty places, a quarter of the default
saves a third of the time and costs half a byte a read."""

TABLES = (
    Table(
        name="reads", columns=READS, engine="ReplacingMergeTree",
        order=f"({SKELETON}, plate, captured_at, id_high, id_low, corrected_at)",
        primary=f"({SKELETON}, plate)",
        partition="(toDate(captured_at), keep_days)",
        shard_by=f"sipHash64({SKELETON})", settings=f"{_DURABLE}, {_MERGED}, {_FINE}, {_SMALL}",
    ),
    Table(
        name="passed", columns=PASSED, engine="ReplacingMergeTree",
        order="(camera_id, captured_s, plate)",
        partition="(toDate(captured_s), keep_days)",
        shard_by="sipHash64(camera_id)", settings=f"{_DURABLE}, {_MERGED}, {_FINE}",
        filled_by="SELECT camera_id, toDateTime(captured_at, 'UTC') AS captured_s, keep_days, "
                  "plate FROM {reads} WHERE corrected_at = 0",
    ),
    Table(
        name="texts", columns=TEXTS, engine="AggregatingMergeTree",
        order=f"({SKELETON}, plate, day)", primary=f"({SKELETON}, plate)", partition="",
        shard_by=f"sipHash64({SKELETON})", settings=f"{_DURABLE}, {_FINEST}",
        filled_by="SELECT plate, toDate(captured_at) AS day, max(day + keep_days) AS forget_on "
                  "FROM {reads} WHERE plate != '' GROUP BY plate, day",
    ),
    Table(
        name="pinned", columns=PINNED, engine="ReplacingMergeTree",
        order=f"({SKELETON}, plate, captured_at, id_high, id_low, corrected_at, case_number)",
        primary=f"({SKELETON}, plate)", partition="",
        shard_by=f"sipHash64({SKELETON})", settings=_DURABLE,
    ),
)  # fmt: skip


PARTS = """
CREATE VIEW IF NOT EXISTS morina.reads_parts AS
SELECT toDate(substring(partition, 3, 10)) AS day, modification_time
FROM {parts} WHERE database = 'morina' AND table = '{table}' AND active
"""
"""When which day changed. A partition is named by its day and the days it is kept, as in
``('2026-11-22',90)``."""


def statements() -> tuple[str, ...]:
    """What makes the tables in one server or in-process; each may run again."""
    made = ["CREATE DATABASE IF NOT EXISTS morina"]
    for table in TABLES:
        made.append(create(table, f"morina.{table.name}", table.engine))
        if table.name in ADDED:
            made.append(add(table, f"morina.{table.name}"))
        if table.filled_by:
            made.append(
                f"CREATE MATERIALIZED VIEW IF NOT EXISTS morina.{table.name}_filled "
                f"TO morina.{table.name} AS {table.filled_by.format(reads='morina.reads')}"
            )
    made.append(PARTS.format(parts="system.parts", table="reads"))
    return tuple(made)


def create(table: Table, name: str, engine: str, on_cluster: str = "") -> str:
    """The statement that makes ``table`` under ``name``."""
    parts = [
        f"CREATE TABLE IF NOT EXISTS {name}{on_cluster} ({table.columns})",
        f"ENGINE = {engine}",
        f"PARTITION BY {table.partition}" if table.partition else "",
        f"PRIMARY KEY {table.primary}" if table.primary else "",
        f"ORDER BY {table.order}",
        f"SETTINGS {table.settings}" if table.settings else "",
    ]
    return "\n".join(part for part in parts if part)


def add(table: Table, name: str, on_cluster: str = "") -> str:
    """The statement that brings a table made before, called ``name``, to the columns of now."""
    return f"ALTER TABLE {name}{on_cluster} ADD COLUMN IF NOT EXISTS {ADDED[table.name]}"
