"""The statements of ClickHouseErasing."""

_MINE = "plate = {plate:String}"
_BUT = "NOT has({but:Array(String)}, toString(read_id))"

READS = f"""
SELECT DISTINCT toString(read_id) FROM morina.reads
WHERE skeleton = {{skeleton:String}} AND {_MINE} AND {_BUT}
"""  # noqa: S608

STANDS_ELSE = """
SELECT toString(read_id) FROM morina.reads
WHERE has({found:Array(String)}, toString(read_id))
GROUP BY read_id HAVING argMax(plate, (corrected_at, stored_after_ms)) != {plate:String}
"""
"""Of those found, reads that a person corrected to another plate: they stay, without the text."""

PICTURES = """
SELECT DISTINCT lower(hex(arrayJoin([overview_hash, patch_hash]))) AS name FROM morina.reads
WHERE has({gone:Array(String)}, toString(read_id)) AND name != ''
"""

_MENTIONS = (
    "(said_text = {plate:String} OR own_text = {plate:String} OR corrected_from = {plate:String} "
    "OR has(said_candidates, {plate:String}))"
)

MENTIONS = f"""
SELECT DISTINCT toString(read_id) FROM morina.reads
WHERE {_MENTIONS} AND {_BUT} AND NOT has({{gone:Array(String)}}, toString(read_id))
"""  # noqa: S608

OTHERS = """
SELECT DISTINCT name FROM (
    SELECT lower(hex(arrayJoin([overview_hash, patch_hash]))) AS name FROM morina.reads
    WHERE NOT has({gone:Array(String)}, toString(read_id))
        AND (has({names:Array(String)}, lower(hex(overview_hash)))
            OR has({names:Array(String)}, lower(hex(patch_hash))))
    UNION ALL
    SELECT lower(hex(arrayJoin([overview_hash, patch_hash]))) AS name FROM morina.pinned
) WHERE has({names:Array(String)}, name)
"""

PINNED = """
SELECT uniqExact(read_id), arraySort(groupUniqArray(case_number)) FROM morina.pinned
WHERE plate = {plate:String}
"""

_PASSED = "concat(camera_id, '/', toString(toDateTime(captured_at, 'UTC')))"

_KEPT = f"""
FROM morina.reads
WHERE skeleton = {{skeleton:String}} AND {_MINE}
    AND NOT has({{found:Array(String)}}, toString(read_id))
"""
"""Of the plate what was not found: reads that must stay, and those kept since it was looked for."""

KEPT_SECONDS = f"SELECT DISTINCT {_PASSED} {_KEPT} AND corrected_at = 0"
KEPT_DAYS = f"SELECT DISTINCT toString(toDate(captured_at)) {_KEPT}"

OTHER_SECONDS = f"""
SELECT DISTINCT concat({_PASSED}, '/', plate) FROM morina.reads
WHERE has({{gone:Array(String)}}, toString(read_id)) AND plate != {{plate:String}}
    AND corrected_at = 0
"""  # noqa: S608
"""Passages kept under what the machine read, where a person put the plate in its place."""

OTHER_TEXTS = """
SELECT DISTINCT plate FROM morina.reads
WHERE has({gone:Array(String)}, toString(read_id)) AND plate NOT IN ('', {plate:String})
    AND plate NOT IN (
        SELECT plate FROM morina.reads WHERE NOT has({gone:Array(String)}, toString(read_id))
    )
"""
"""What the machine read in its place, where nothing else was read so."""

WANTED = (
    "CREATE TABLE IF NOT EXISTS morina.erasing (what String, name String) ENGINE = Memory",
    "TRUNCATE TABLE morina.erasing",
)
"""What an erasure is about, in memory only: the engine keeps the words of what it carried out in
files, so those must hold neither the plate nor ids made of it."""


def _named(what: str) -> str:
    return f"(SELECT name FROM morina.erasing WHERE what = '{what}')"  # noqa: S608 - constant


_PLATE = f"plate IN {_named('plate')}"
_TEXTS = _named("texts")
_FOUND = f"toString(read_id) IN {_named('found')}"
_SECOND = "concat(camera_id, '/', toString(captured_s))"
_DONE = "SETTINGS mutations_sync = 2"

FORGET_PASSED = f"""
ALTER TABLE morina.passed DELETE
WHERE ({_PLATE} AND {_SECOND} NOT IN {_named("kept")})
    OR concat({_SECOND}, '/', plate) IN {_named("others")}
{_DONE}
"""

KEEP_PASSED = f"""
INSERT INTO morina.passed
SELECT camera_id, toDateTime(captured_at, 'UTC') AS captured_s, keep_days, plate FROM morina.reads
WHERE ({_PLATE} AND {_PASSED} NOT IN {_named("kept")}
    OR concat({_PASSED}, '/', plate) IN {_named("others")})
    AND NOT {_FOUND} AND corrected_at = 0
"""  # noqa: S608
"""Reads kept since the plate was looked for are there again."""

FORGET_READS = f"""
ALTER TABLE morina.reads DELETE
WHERE toString(read_id) IN {_named("gone")} OR ({_PLATE} AND {_FOUND})
{_DONE}
"""
"""By id, so that none goes that was kept since."""

_CANDIDATE = (
    "hasAny(said_candidates, (SELECT groupArray(name) FROM morina.erasing WHERE what = 'plate'))"
)

FORGET_MENTIONS = f"""
ALTER TABLE morina.reads UPDATE
    said_text = if(said_text IN {_named("plate")}, '', said_text),
    own_text = if(own_text IN {_named("plate")}, '', own_text),
    corrected_from = if(corrected_from IN {_named("plate")}, '', corrected_from),
    said_candidates = if({_CANDIDATE}, [], said_candidates)
WHERE (said_text IN {_named("plate")} OR own_text IN {_named("plate")}
    OR corrected_from IN {_named("plate")} OR {_CANDIDATE})
    AND toString(read_id) IN {_named("mentioning")}
{_DONE}
"""

FORGET_TEXTS = f"""
ALTER TABLE morina.texts DELETE
WHERE plate IN {_TEXTS} OR ({_PLATE} AND toString(day) NOT IN {_named("days")})
{_DONE}
"""

KEEP_TEXTS = f"""
INSERT INTO morina.texts
SELECT plate, toDate(captured_at) AS day, max(day + keep_days) AS forget_on FROM morina.reads
WHERE ({_PLATE} AND toString(day) NOT IN {_named("days")} OR plate IN {_TEXTS}) AND NOT {_FOUND}
GROUP BY plate, day
"""  # noqa: S608

FORGET = (
    FORGET_PASSED, KEEP_PASSED, FORGET_TEXTS, KEEP_TEXTS, FORGET_MENTIONS, FORGET_READS,
)  # fmt: skip
