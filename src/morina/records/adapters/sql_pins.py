"""The statements of ClickHousePins."""

from morina.records.adapters.clickhouse_rows import SELECTED
from morina.records.adapters.clickhouse_schema import READ_COLUMNS

_PINS = ("case_number", "pinned_by", "pinned_at", "review_at", "reason")

_READS = """
FROM morina.reads
WHERE skeleton = {skeleton:String} AND plate = {plate:String}
    AND captured_at >= {begins_at:DateTime64(3, 'UTC')}
    AND captured_at < {ends_at:DateTime64(3, 'UTC')}
"""

WANTED = f"""
SELECT DISTINCT toString(read_id) {_READS}
    AND ({{all:Bool}} OR has({{read_ids:Array(String)}}, toString(read_id)))
"""
"""Reads that stand as the plate or were read as it: a correction and its read stay together."""

PIN = f"""
INSERT INTO morina.pinned ({", ".join((*READ_COLUMNS, *_PINS))})
SELECT {", ".join(READ_COLUMNS)}, {{case_number:String}}, {{by:String}}, {{at:DateTime('UTC')}},
    {{review_at:Date}}, {{reason:String}}
{_READS} AND has({{found:Array(String)}}, toString(read_id))
"""

_OF_CASE = "case_number = {case_number:String} AND ({plate:String} = '' OR plate = {plate:String})"

COUNT = f"SELECT uniqExact(read_id) FROM morina.pinned WHERE {_OF_CASE}"  # noqa: S608

CHANGING = (
    "CREATE TABLE IF NOT EXISTS morina.changing_pins (case_number String, plate String) "
    "ENGINE = Memory",
    "TRUNCATE TABLE morina.changing_pins",
    "INSERT INTO morina.changing_pins SELECT DISTINCT case_number, plate FROM morina.pinned "  # noqa: S608
    f"WHERE {_OF_CASE}",
)
"""What is changed, in memory only: the engine keeps the words of what it carried out in files, so
those must hold no plate."""

_CHANGED = (
    "WHERE (case_number, plate) IN (SELECT case_number, plate FROM morina.changing_pins) "
    "SETTINGS mutations_sync = 2"
)

UNPIN = f"ALTER TABLE morina.pinned DELETE {_CHANGED}"

REVIEW = f"ALTER TABLE morina.pinned UPDATE review_at = {{review_at:Date}} {_CHANGED}"

_PINNED = f"SELECT {SELECTED}, {', '.join(_PINS)} FROM morina.pinned FINAL"  # noqa: S608
_NEWEST = "ORDER BY captured_at DESC, read_id, corrected_at DESC LIMIT 1 BY read_id, case_number"

OF_PLATE = f"""
{_PINNED} WHERE skeleton = {{skeleton:String}} AND plate = {{plate:String}} {_NEWEST}
"""

OF_CASE = f"{_PINNED} WHERE case_number = {{case_number:String}} {_NEWEST} LIMIT {{limit:UInt32}}"

CASES = """
SELECT case_number, uniqExact(read_id), uniqExact(plate), min(review_at) AS review,
    arraySort(groupUniqArray(toString(pinned_by)))
FROM morina.pinned
GROUP BY case_number HAVING review <= {until:Date} ORDER BY review, case_number
"""
