"""The statements of ClickHouseForgetting."""

PARTS_LEAVE = (
    "ALTER TABLE morina.{table} MODIFY SETTING old_parts_lifetime = {after_s:d}, "
    "cleanup_delay_period = {every_s:d}, max_cleanup_delay_period = {every_s:d}"
)

PARTITIONS = """
SELECT table, partition_id, any(partition), sum(rows)
FROM system.parts
WHERE database = 'morina' AND table IN ('reads', 'passed') AND active AND rows > 0
GROUP BY table, partition_id
"""

STORED = """
SELECT toDate(captured_at) AS day, keep_days, toDate(max(stored_at))
FROM morina.reads WHERE toDate(captured_at) > {today:Date}
GROUP BY day, keep_days
"""
"""Of reads that a wrong clock put ahead of today, when the last was really stored."""

_HASHES = "arrayJoin([overview_hash, patch_hash]) AS hash"
_OF_DUE = "(toDate(captured_at), keep_days) IN {due:Array(Tuple(Date, UInt16))}"
_OF_CHUNK = "hash != '' AND reinterpretAsUInt8(hash) % {chunks:UInt8} = {chunk:UInt8}"
_DUE = f"SELECT DISTINCT hash FROM (SELECT {_HASHES} FROM morina.reads WHERE {_OF_DUE}) WHERE {_OF_CHUNK}"  # noqa: E501, S608 - constant columns

PICTURES = f"""
SELECT lower(hex(hash)) FROM ({_DUE})
WHERE hash NOT IN (
    SELECT hash FROM (SELECT {_HASHES} FROM morina.reads WHERE NOT ({_OF_DUE}))
    WHERE hash IN ({_DUE})
) AND hash NOT IN (SELECT {_HASHES} FROM morina.pinned)
"""  # noqa: S608 - constant columns
"""The pictures no read refers to once what is due is gone, in parts so that memory suffices."""

REFERRED = f"""
SELECT DISTINCT lower(hex(hash)) FROM (
    SELECT {_HASHES} FROM morina.reads WHERE NOT ({_OF_DUE})
    UNION ALL SELECT {_HASHES} FROM morina.pinned
) WHERE hash IN (SELECT unhex(arrayJoin({{names:Array(String)}})))
"""  # noqa: S608 - constant columns

DROP = "ALTER TABLE morina.{table} DROP PARTITION ID '{partition_id}'"

TEXTS_DUE = "forget_on <= {today:Date}"
AHEAD = (
    "forget_on > {beyond:Date} AND plate NOT IN "
    "(SELECT plate FROM morina.reads WHERE toDate(captured_at) > {today:Date})"
)
"""Texts of reads put ahead by a wrong clock: they go when no such read is left."""

COUNT_TEXTS = f"SELECT count() FROM morina.texts WHERE ({TEXTS_DUE}) OR ({AHEAD})"  # noqa: S608
FORGET_TEXTS = (
    f"ALTER TABLE morina.texts DELETE WHERE ({TEXTS_DUE}) OR ({AHEAD}) SETTINGS mutations_sync = 2"
)
"""A row goes by its own day. A text seen again has another row with a later day, which stays."""

LEFT = """
SELECT count() FROM system.parts
WHERE database = 'morina' AND table IN {tables:Array(String)} AND rows > 0
    AND _state IN ('Outdated', 'Deleting', 'DeleteOnDestroy') AND remove_time <= {now:DateTime}
"""
"""Parts no longer read from at that moment, whose files are still there. Where ``_state`` is not
asked for, parts whose files are just being removed are not listed. A node at work always has some
of a later moment, as parts are merged; what was removed before is in none of those."""

NOW = "SELECT now()"

PINNED = """
SELECT count(), uniqExact(case_number), countIf(review_at <= {today:Date}) FROM morina.pinned FINAL
"""
