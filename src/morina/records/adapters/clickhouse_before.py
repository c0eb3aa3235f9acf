"""Reads kept before the tables were sorted by plate, moved over day by day; columns added since.

The table of before is renamed first, so that a start that finds ``reads_before`` knows what is
left to do. A day is dropped there only when all of it was inserted; one that was inserted in part
is inserted again, which changes nothing: the rows are the same and are merged into one.
"""

import logging
from collections.abc import Sequence
from datetime import date
from typing import Any

from clickhouse_connect.driver.client import Client

from morina.records.adapters.clickhouse_rows import KeepDays

log = logging.getLogger(__name__)

_COLUMNS_OF = "SELECT name FROM system.columns WHERE database = 'morina' AND table = {table:String}"

_SINCE_ADDED = """
ALTER TABLE morina.reads_before
    ADD COLUMN IF NOT EXISTS clock_offset_s Nullable(Float32),
    ADD COLUMN IF NOT EXISTS clock_wrong Bool,
    ADD COLUMN IF NOT EXISTS said_by LowCardinality(String),
    ADD COLUMN IF NOT EXISTS said_text String,
    ADD COLUMN IF NOT EXISTS said_country LowCardinality(String),
    ADD COLUMN IF NOT EXISTS said_confidence Nullable(Float32),
    ADD COLUMN IF NOT EXISTS own_by LowCardinality(String),
    ADD COLUMN IF NOT EXISTS own_text String,
    ADD COLUMN IF NOT EXISTS own_country LowCardinality(String),
    ADD COLUMN IF NOT EXISTS own_confidence Nullable(Float32)
"""

_AS_THEY_WERE = (
    "camera_id", "captured_at", "plate", "country", "retransmitted", "clock_offset_s",
    "clock_wrong", "said_by", "said_text", "said_country", "said_confidence", "own_by", "own_text",
    "own_country", "own_confidence", "frames",
)  # fmt: skip

_MS = "toUnixTimestamp64Milli({})"
_CAPTURED = _MS.format("captured_at")
_PIXEL = "toInt16(round(least(greatest({}, -32767), 32767)))"
_MOVED = {name: name for name in _AS_THEY_WERE} | {
    "id_high": "toUInt64(bitShiftRight(toUInt128(read_id), 64)) "
    f"- bitShiftLeft(toUInt64({_CAPTURED}), 16)",
    "id_low": "toUInt64(toUInt128(read_id))",
    "keep_days": "toUInt16(transform(toString(camera_id), {cameras:Array(String)}, "
    "{days:Array(UInt16)}, 0))",
    "received_after_ms": f"{_MS.format('received_at')} - {_CAPTURED}",
    "stored_after_ms": f"{_MS.format('stored_at')} - {_CAPTURED}",
    "country_thousandths": "toUInt16(round(country_probability * 1000))",
    "thousandths": "toUInt16(round(confidence * 1000))",
    "character_percent": "arrayMap(one -> toUInt8(round(one * 100)), character_confidences)",
    "overview_hash": "unhex(overview)",
    "patch_hash": "unhex(patch)",
    "box": f"arrayMap(one -> {_PIXEL.format('one')}, if(overview = '', [], box))",
    "corners": f"arrayMap(one -> ({_PIXEL.format('one.1')}, {_PIXEL.format('one.2')}), corners)",
}

_MOVE = f"""
INSERT INTO morina.reads ({", ".join(_MOVED)})
SELECT {", ".join(_MOVED.values())}
FROM morina.reads_before WHERE toDate(captured_at) = {{day:Date}}
ORDER BY stored_at DESC LIMIT 1 BY read_id
"""  # noqa: S608 - constant columns

_WORK_OUT = "ALTER TABLE morina.reads MATERIALIZE COLUMN seldom"
"""By the engine, beside all else; until it is done, questions about those days take longer."""

_DAYS = "SELECT DISTINCT toDate(captured_at) AS day FROM morina.reads_before ORDER BY day"
_CAMERAS = """
SELECT DISTINCT toString(camera_id) FROM morina.reads_before WHERE toDate(captured_at) = {day:Date}
"""


def bring_up(client: Client, statements: Sequence[str], keep_days: KeepDays) -> None:
    """Run ``statements``, which make the tables; reads kept in the form of before are moved there.

    May be killed at any moment and run again.
    """
    columns = _values(client, _COLUMNS_OF, {"table": "reads"})
    if columns and "id_high" not in columns:
        client.command("RENAME TABLE morina.reads TO morina.reads_before")
    for statement in statements:
        client.command(statement)
    if "id_high" in columns and "seldom" not in columns:
        client.command(_WORK_OUT)
    if not _values(client, _COLUMNS_OF, {"table": "reads_before"}):
        return
    client.command(_SINCE_ADDED)
    for day in _values(client, _DAYS, {}):
        log.warning("the reads of %s are brought into the new form of the records", day)
        _move(client, day, keep_days)
    client.command("DROP TABLE morina.reads_before")


def _move(client: Client, day: date, keep_days: KeepDays) -> None:
    cameras = _values(client, _CAMERAS, {"day": day})
    days = [keep_days(camera_id) for camera_id in cameras]
    client.command(_MOVE, parameters={"day": day, "cameras": cameras, "days": days})
    for kept in set(days):
        client.command(f"OPTIMIZE TABLE morina.reads PARTITION ('{day}', {kept:d}) FINAL")
    client.command(f"ALTER TABLE morina.reads_before DROP PARTITION '{day}'")


def _values(client: Client, sql: str, parameters: dict[str, Any]) -> list[Any]:
    """The first column of what is found."""
    return [row[0] for row in client.query(sql, parameters=parameters).result_rows]
