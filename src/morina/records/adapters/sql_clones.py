"""The statements of ClickHouseMoved."""

from morina.records.adapters.clickhouse_schema import SKELETON

PAIR = 65536
"""Two cameras' numbers are one: the first times this, and the second."""

_READ = "captured_at, id_high, id_low"

_STANDS = f"""
    (({_READ}) NOT IN (
        SELECT {_READ} FROM morina.reads WHERE {{when}} AND corrected_at > 0
    ) OR ({_READ}, corrected_at) IN (
        SELECT {_READ}, max(corrected_at) FROM morina.reads
        WHERE {{when}} AND corrected_at > 0 GROUP BY {_READ}
    ))
"""  # noqa: S608 - constants
"""Of a read that was corrected, the last correction counts."""

_WHEN = (
    "captured_at >= fromUnixTimestamp64Milli({begins:Int64}, 'UTC') "
    "AND captured_at < fromUnixTimestamp64Milli({ends:Int64}, 'UTC')"
)

STANDS = _STANDS.format(when=_WHEN)
"""For a WHERE with the parameters of ``sql_scope.in_period``."""

_SEEN = """(
    toUnixTimestamp64Milli(captured_at),
    toUInt32(transform(camera_id, {cameras:Array(String)}, {numbers:Array(UInt32)}, 0)),
    id_high, id_low, thousandths, corrected_at > 0, clock_wrong, make, colour
)"""

_TOO_FAST = f"""
SELECT plate, country, first, second
FROM (
    SELECT plate, country, arraySort(groupArray({_SEEN})) AS seen
    FROM morina.reads
    WHERE @where AND camera_id IN {{cameras:Array(String)}}
        AND (thousandths >= {{least:UInt16}} OR corrected_at > 0)
        AND {STANDS}
    GROUP BY plate, country
    HAVING length(seen) > 1
)
ARRAY JOIN arrayPopBack(seen) AS first, arrayPopFront(seen) AS second
WHERE first.2 != second.2
    AND greatCircleDistance(
        {{longitudes:Array(Float64)}}[first.2], {{latitudes:Array(Float64)}}[first.2],
        {{longitudes:Array(Float64)}}[second.2], {{latitudes:Array(Float64)}}[second.2]
    ) * 1.02 + 100 > greatest(
        {{apart_m:Float64}},
        if(has({{corridor:Array(UInt64)}}, first.2 * {PAIR} + second.2),
            {{corridor_kmh:Float64}}, {{most_kmh:Float64}}) / 3.6
        * ((second.1 - first.1) / 1000 + {{clock_error_s:Float64}})
    )
ORDER BY second.1 DESC, plate DESC, country DESC
LIMIT {{most:UInt32}}
"""  # noqa: S608 - constants
TOO_FAST = _TOO_FAST.replace("{", "{{").replace("}", "}}").replace("@where", "{where}")
"""A little more than is too fast: the engine's distance is right to a percent."""

_ALIKE = f"""
    (plate IN (
        SELECT arrayJoin(arrayConcat(
            [text],
            arrayMap(i -> concat(substringUTF8(text, 1, i), substringUTF8(text, i + 2)), cuts),
            arrayFlatten(arrayMap(i -> arrayMap(
                c -> concat(substringUTF8(text, 1, i), c, substringUTF8(text, i + 2)),
                {{characters:Array(String)}}), cuts)),
            arrayFlatten(arrayMap(i -> arrayMap(
                c -> concat(substringUTF8(text, 1, i), c, substringUTF8(text, i + 1)),
                {{characters:Array(String)}}), range(lengthUTF8(text) + 1)))
        ))
        FROM (SELECT arrayJoin({{texts:Array(String)}}) AS text, range(lengthUTF8(text)) AS cuts)
    ) OR {SKELETON} IN {{skeletons:Array(String)}})
"""  # noqa: S608 - constants
"""The texts themselves, those one character apart, and look-alikes."""

_WITHIN = (
    "captured_s >= toDateTime({begins_s:Int64}, 'UTC') "
    "AND captured_s <= toDateTime({ends_s:Int64}, 'UTC')"
)

NEAR = f"""
SELECT DISTINCT plate, camera_id, toUnixTimestamp(captured_s)
FROM morina.passed WHERE {_WITHIN} AND {_ALIKE}
"""  # noqa: S608 - constants

OFTEN = f"""
SELECT plate, camera_id, uniqExact(toDate(captured_s)) AS passed_on
FROM morina.passed
WHERE camera_id IN {{cameras:Array(String)}} AND {_WITHIN} AND {_ALIKE}
GROUP BY plate, camera_id
HAVING passed_on >= {{days:UInt32}}
"""  # noqa: S608 - constants
