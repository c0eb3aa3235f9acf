"""The statements of ClickHouseFigures. Of corrected reads, all count what the machine read."""

from morina.records.adapters.clickhouse_rows import SELECTED

HOURS = """
CREATE TABLE IF NOT EXISTS morina.camera_hours (
    camera_id LowCardinality(String),
    hour DateTime('UTC'),
    passages UInt32,
    unread UInt32,
    confidence_sum Float64,
    measured UInt32,
    width_sum Float64,
    compared UInt32,
    differing UInt32,
    clock_wrong UInt32,
    fresh UInt32,
    delay_sum Float64,
    link_sum Float64,
    counted_at DateTime('UTC')
)
ENGINE = ReplacingMergeTree(counted_at)
PARTITION BY toStartOfMonth(hour)
ORDER BY (hour, camera_id)
TTL hour + INTERVAL 1 YEAR
"""
"""No plate and no picture is in it, so it may outlast the reads it was counted from."""

CHANGED = """
SELECT parts.day, counted.counted_at
FROM (
    SELECT day, max(modification_time) AS changed_at
    FROM morina.reads_parts WHERE day >= {since:Date} GROUP BY day
) AS parts
LEFT JOIN (
    SELECT toDate(hour) AS day, max(counted_at) AS counted_at
    FROM morina.camera_hours GROUP BY day
) AS counted ON counted.day = parts.day
WHERE parts.changed_at >= counted.counted_at
ORDER BY day
"""
"""A part written in the second of the count may have come after it, so it is counted again."""

TOUCHED = """
SELECT
    toStartOfHour(toDateTime(min(captured_at), 'UTC')),
    toStartOfHour(toDateTime(max(captured_at), 'UTC')),
    count()
FROM morina.reads
WHERE toDate(captured_at) = {day:Date} AND stored_at >= {since:DateTime('UTC')}
"""

COUNT = """
INSERT INTO morina.camera_hours
SELECT
    camera_id,
    toStartOfHour(toDateTime(captured_at, 'UTC')) AS hour,
    count(),
    countIf(plate = ''),
    sumIf(confidence, plate != ''),
    countIf(measured),
    sumIf(box[3] - box[1], measured),
    countIf(said_text != '' AND own_text != ''),
    countIf(said_text != '' AND own_text != '' AND said_text != own_text),
    countIf(clock_wrong),
    countIf(NOT retransmitted),
    sumIf(least(3600, greatest(0, delay_s)), NOT retransmitted),
    sumIf(least(3600, greatest(0, link_s)), NOT retransmitted),
    now()
FROM (
    SELECT
        camera_id, captured_at, plate, confidence, box, said_text, own_text, clock_wrong,
        retransmitted,
        plate != '' AND length(box) = 4 AND box[3] > box[1] AS measured,
        (toUnixTimestamp64Milli(received_at) - toUnixTimestamp64Milli(captured_at)) / 1000
            AS delay_s,
        (toUnixTimestamp64Milli(stored_at) - toUnixTimestamp64Milli(received_at)) / 1000
            - ifNull(clock_offset_s, 0) AS link_s
    FROM morina.reads
    PREWHERE captured_at >= toDateTime64({begins_at:DateTime('UTC')}, 3, 'UTC')
        AND captured_at < toDateTime64({ends_at:DateTime('UTC')}, 3, 'UTC')
    WHERE corrected_at = 0
    ORDER BY stored_after_ms DESC
    LIMIT 1 BY id_high, id_low, captured_at
)
GROUP BY camera_id, hour
"""
"""A read kept twice counts once. An hour late on the link is an hour: more would hide the rest."""

SUMS = (
    "passages", "unread", "confidence_sum", "measured", "width_sum", "compared", "differing",
    "clock_wrong", "fresh", "delay_sum", "link_sum",
)  # fmt: skip

_SUMMED = ", ".join(f"sum({name}) AS {name}" for name in SUMS)

UNKEPT = (
    """
CREATE TABLE IF NOT EXISTS morina.unkept_hours (
    camera_id LowCardinality(String),
    hour DateTime('UTC'),
    passages UInt64,
    unread UInt64,
    confidence_sum Float64,
    measured UInt64,
    width_sum Float64,
    compared UInt64,
    differing UInt64,
    clock_wrong UInt64,
    fresh UInt64,
    delay_sum Float64,
    link_sum Float64
)
ENGINE = SummingMergeTree
PARTITION BY toStartOfMonth(hour)
ORDER BY (hour, camera_id)
TTL hour + INTERVAL 1 YEAR
""",
    f"""
CREATE VIEW IF NOT EXISTS morina.hours_counted AS
SELECT camera_id, hour, {", ".join(SUMS)} FROM morina.camera_hours FINAL
WHERE (camera_id, hour) NOT IN (SELECT camera_id, hour FROM morina.unkept_hours)
UNION ALL
SELECT camera_id, hour, {_SUMMED} FROM morina.unkept_hours GROUP BY camera_id, hour
""",  # noqa: S608 - constant columns
)
"""Cameras of which only hits are kept are counted while they pass; their hits count there too."""

THIS_WEEK = f"""
SELECT camera_id, hour, {", ".join(SUMS)}
FROM morina.hours_counted
WHERE hour >= {{since:DateTime('UTC')}}
ORDER BY camera_id, hour
"""  # noqa: S608 - constant columns

FIRST = """
SELECT camera_id, min(hour)
FROM morina.hours_counted WHERE hour >= {since:DateTime('UTC')} GROUP BY camera_id
"""

BY_HOUR_OF_WEEK = f"""
SELECT
    camera_id,
    (toDayOfWeek(hour, 0, {{zone:String}}) - 1) * 24 + toHour(hour, {{zone:String}}) AS of_week,
    groupArray(toUInt32(passages)),
    {", ".join(f"sum({name})" for name in SUMS)}
FROM morina.hours_counted
WHERE hour >= {{since:DateTime('UTC')}} AND hour < {{until:DateTime('UTC')}}
GROUP BY camera_id, of_week
"""  # noqa: S608 - constant columns

LAST = f"""
SELECT {SELECTED} FROM morina.reads
PREWHERE (camera_id, captured_at) GLOBAL IN (
    SELECT camera_id, max(captured_at) FROM morina.reads
    WHERE captured_at > {{since:DateTime64(3, 'UTC')}} AND overview_hash != ''
        AND corrected_at = 0
    GROUP BY camera_id
)
WHERE captured_at > {{since:DateTime64(3, 'UTC')}} AND overview_hash != '' AND corrected_at = 0
ORDER BY stored_after_ms DESC, read_id LIMIT 1 BY camera_id
"""  # noqa: S608 - constant columns

_OF_PERIOD = (
    "camera_id = {camera_id:String} AND captured_at >= {begins_at:DateTime64(3, 'UTC')} "
    "AND captured_at < {ends_at:DateTime64(3, 'UTC')} AND corrected_at = 0"
)

SLOTS = """
SELECT toUnixTimestamp(captured_s), plate, slot FROM (
    SELECT DISTINCT captured_s, plate FROM morina.passed
    WHERE camera_id = {camera_id:String}
        AND captured_s >= toDateTime({begins_at:DateTime64(3, 'UTC')}, 'UTC')
        AND captured_s < {ends_at:DateTime64(3, 'UTC')}
) ARRAY JOIN range({at_once:UInt8}) AS slot
ORDER BY rand() LIMIT {slots:UInt32}
"""
"""A camera's passages by second and text, each with as many slots as there may be at once: of the
slots that hold a passage, each is as likely as the other."""

_AT_SECONDS = f"""
FROM morina.reads
PREWHERE toUnixTimestamp(toDateTime(captured_at, 'UTC')) IN {{seconds:Array(UInt32)}}
WHERE skeleton IN {{skeletons:Array(String)}} AND plate IN {{plates:Array(String)}}
    AND {_OF_PERIOD}
"""

AT_SLOTS = f"""
SELECT DISTINCT toUnixTimestamp(toDateTime(captured_at, 'UTC')), plate, read_id
{_AT_SECONDS} ORDER BY read_id
"""

DRAWN = f"""
SELECT {SELECTED} {_AT_SECONDS} AND read_id IN {{read_ids:Array(UUID)}}
ORDER BY stored_after_ms DESC LIMIT 1 BY read_id
"""

LAST_PASSED = """
SELECT camera_id, max(captured_s) FROM morina.passed
WHERE captured_s >= {since:DateTime('UTC')} GROUP BY camera_id
"""

PASSAGES = f"""
SELECT {SELECTED} FROM morina.reads
WHERE {_OF_PERIOD} AND read_id IN {{read_ids:Array(UUID)}}
ORDER BY stored_after_ms DESC LIMIT 1 BY read_id
"""  # noqa: S608 - constant columns
