"""The statements of ClickHouseFinder and ClickHouseHabits."""

from morina.records.adapters.clickhouse_rows import SELECTED
from morina.records.adapters.sql_reads import STANDS

_PASSAGE = "captured_at, id_high, id_low"
"""What tells passages apart, newest first where sorted downwards."""


def texts(matching: str) -> str:
    """Which of the texts remembered match, once each."""
    return f"""
        SELECT DISTINCT plate FROM morina.texts WHERE {matching} LIMIT {{most:UInt32}}
    """  # noqa: S608 - conditions of this package


def days(matching: str) -> str:
    """On which days of a period texts were read; whole days, UTC, as reads are partitioned."""
    return f"""
        SELECT DISTINCT plate, day FROM morina.texts
        WHERE {matching} AND day >= {{first_day:Date}} AND day <= {{last_day:Date}}
    """  # noqa: S608 - conditions of this package


ON_DAYS = "toDate(captured_at) IN {days:Array(Date)}"


def keys(where: str) -> str:
    """The newest passages by what tells them apart, and nothing wide."""
    return f"""
        SELECT toUnixTimestamp64Milli(captured_at), id_high, id_low, plate
        FROM morina.reads WHERE {where}
        ORDER BY captured_at DESC, id_high DESC, id_low DESC
        LIMIT 1 BY {_PASSAGE} LIMIT {{most:UInt32}}
    """  # noqa: S608 - conditions of this package


def whole(where: str) -> str:
    """The same passages with all columns; for questions that few reads can answer."""
    return f"""
        SELECT {SELECTED} FROM morina.reads WHERE {where}
        ORDER BY captured_at DESC, id_high DESC, id_low DESC, {STANDS}
        LIMIT 1 BY {_PASSAGE} LIMIT {{most:UInt32}}
    """  # noqa: S608 - conditions of this package


AFTER = (
    "captured_at <= fromUnixTimestamp64Milli({after_ms:Int64}, 'UTC') "
    "AND (toUnixTimestamp64Milli(captured_at), id_high, id_low) "
    "< ({after_ms:Int64}, {after_high:UInt64}, {after_low:UInt64})"
)


def passed(where: str) -> str:
    """The texts that passed last, by second, with all of the earliest second among them."""
    return f"""
        SELECT DISTINCT plate, toUnixTimestamp(captured_s) AS second
        FROM morina.passed WHERE {where}
        ORDER BY second DESC LIMIT {{most:UInt32}} WITH TIES
    """  # noqa: S608 - conditions of this package


PASSED_WITHIN = (
    "captured_s >= toDateTime({begins_s:Int64}, 'UTC') "
    "AND captured_s <= toDateTime({last_s:Int64}, 'UTC')"
)

_THESE = (
    "captured_at IN (SELECT fromUnixTimestamp64Milli(arrayJoin({ms:Array(Int64)}), 'UTC')) "
    "AND id_low IN {low:Array(UInt64)} AND toDate(captured_at) IN {their_days:Array(Date)}"
)
_STANDING = f"ORDER BY {STANDS} LIMIT 1 BY {_PASSAGE}"

PAGE = f"""
SELECT {SELECTED} FROM morina.reads
WHERE skeleton IN {{skeletons:Array(String)}} AND plate IN {{plates:Array(String)}} AND {_THESE}
{_STANDING}
"""  # noqa: S608 - constants
"""All columns of the rows that were found."""

ANY_CORRECTED = """
SELECT 1 FROM morina.reads
WHERE corrected_at > 0 AND toDate(captured_at) IN {their_days:Array(Date)} LIMIT 1
"""
"""Whether anything was corrected on those days; a fifth of the cost of asking for all columns."""

CORRECTED = f"""
SELECT {SELECTED} FROM morina.reads WHERE corrected_at > 0 AND {_THESE}
{_STANDING}
"""  # noqa: S608 - constants
"""Corrections of a page's passages, whatever their texts are."""


def grouped(where: str) -> str:
    """Texts and countries with how many passages, first and last."""
    return f"""
        SELECT plate, country, uniqExact({_PASSAGE}),
            toUnixTimestamp64Milli(min(captured_at)), toUnixTimestamp64Milli(max(captured_at))
        FROM morina.reads WHERE {where} GROUP BY plate, country LIMIT {{most:UInt32}}
    """  # noqa: S608 - conditions of this package


def habits(where: str) -> str:
    """By camera and hour of the week in a zone, how many passages, first and last."""
    return f"""
        SELECT camera_id,
            (toDayOfWeek(captured_at, 0, {{habit_zone:String}}) - 1) * 24
                + toHour(captured_at, {{habit_zone:String}}) AS of_week,
            uniqExact({_PASSAGE}),
            toUnixTimestamp64Milli(min(captured_at)), toUnixTimestamp64Milli(max(captured_at))
        FROM morina.reads WHERE {where} GROUP BY camera_id, of_week
    """  # noqa: S608 - conditions of this package
