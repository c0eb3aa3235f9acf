"""The statements of ClickHouseReads."""

from morina.records.adapters.clickhouse_rows import SELECTED
from morina.records.adapters.clickhouse_schema import READ_COLUMNS

NOTHING = (
    "DROP TABLE IF EXISTS morina.nothing",
    "CREATE TABLE morina.nothing AS morina.reads ENGINE = Null",
)

DAYS = """
SELECT max(captured_at), toDate(captured_at) AS day
FROM morina.reads WHERE toDate(captured_at) >= {since:Date}
GROUP BY day ORDER BY day DESC
"""
"""Answered from what the engine knows of each part; no read is looked at."""

STANDS = "corrected_at DESC, stored_after_ms DESC"
"""Of rows of one read, the order in which the one that stands comes first."""

NEWEST = f"""
SELECT {SELECTED} FROM morina.reads
PREWHERE captured_at >= {{first:DateTime64(3, 'UTC')}}
    AND captured_at <= {{last:DateTime64(3, 'UTC')}}
ORDER BY captured_at DESC, read_id, {STANDS}
LIMIT 1 BY read_id LIMIT {{limit:UInt32}}
"""  # noqa: S608 - constant columns

COUNT_KEPT = "SELECT count() FROM morina.reads"

DISPUTED = """
SELECT camera_id, uniqExact(read_id), uniqExactIf(read_id, said_text != own_text)
FROM morina.reads
PREWHERE captured_at > {since:DateTime64(3, 'UTC')} AND said_text != '' AND own_text != ''
WHERE corrected_at = 0
GROUP BY camera_id
"""

_ORIGINAL = """
FROM morina.reads
WHERE skeleton = {skeleton:String} AND plate = {plate:String}
    AND captured_at = {captured_at:DateTime64(3, 'UTC')}
    AND read_id = {read_id:UUID} AND camera_id = {camera_id:String} AND corrected_at = 0
ORDER BY stored_after_ms DESC LIMIT 1
"""

ORIGINAL = f"SELECT read_id {_ORIGINAL}"

_PUT = {
    "plate": "{to_plate:String}",
    "country": "{to_country:String}",
    "stored_after_ms": "{at_ms:Int64} - toUnixTimestamp64Milli(captured_at)",
    "corrected_from": "plate",
    "corrected_from_country": "country",
    "corrected_by": "{by:String}",
    "corrected_at": "{at:DateTime('UTC')}",
}

CORRECT = f"""
INSERT INTO morina.reads ({", ".join(READ_COLUMNS)})
SELECT {", ".join(_PUT.get(name, name) for name in READ_COLUMNS)}
{_ORIGINAL}
"""
