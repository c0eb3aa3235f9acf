"""The statements of PostgresForgetting."""

_CLOSED = "a.state NOT IN ('raised', 'acknowledged', 'confirmed', 'dispatched')"
_DECIDED = """
LEFT JOIN LATERAL (
    SELECT at, by FROM alert_act WHERE alert_id = a.alert_id
        AND kind IN ('reject', 'close', 'expire')
    ORDER BY number DESC LIMIT 1
) d ON true"""
_PICTURES = """
a.read -> 'evidence' ->> 'overview', a.read -> 'evidence' ->> 'patch'"""

DUE = f"""
SELECT a.alert_id, {_PICTURES} FROM alert a {_DECIDED}
LEFT JOIN partner_list p ON p.hotlist_id = (a.listed -> 'hotlist' ->> 'hotlist_id')::uuid
WHERE {_CLOSED} AND coalesce(d.at, a.last_seen_at) < %(now)s - make_interval(days => least(
    coalesce((%(lists)s::jsonb ->> (a.listed -> 'hotlist' ->> 'name'))::int, %(days)s),
    p.keep_days))
ORDER BY a.alert_id"""  # noqa: S608 - constant columns
"""An alert on a partner's entry goes when its agreement says, where that is sooner."""

OF_PLATE = f"""
SELECT a.alert_id, {_PICTURES} FROM alert a
WHERE {_CLOSED} AND a.text = %(text)s ORDER BY a.alert_id"""  # noqa: S608 - constant columns

PICTURES = f"""
SELECT {_PICTURES} FROM alert a
WHERE a.read ->> 'evidence' IS NOT NULL AND a.alert_id <> ALL(%s)"""  # noqa: S608 - constant columns

OPEN = f"SELECT count(*) FROM alert a WHERE NOT ({_CLOSED})"  # noqa: S608 - constant columns

OPEN_READS = f"""
SELECT h.read_id FROM alert_hit h JOIN alert a USING (alert_id)
WHERE NOT ({_CLOSED}) AND a.text = %s
UNION SELECT (a.read ->> 'read_id')::uuid FROM alert a WHERE NOT ({_CLOSED}) AND a.text = %s
"""  # noqa: S608 - constant columns

LEAVE = f"""
INSERT INTO alert_forgotten
SELECT a.alert_id, a.state, a.late, a.camera_id, a.listed -> 'hotlist' ->> 'name', a.raised_at,
       d.at, coalesce(d.by, ''), %(now)s
FROM alert a {_DECIDED}
WHERE a.alert_id = ANY(%(ids)s) ON CONFLICT DO NOTHING"""  # noqa: S608 - constant columns

FORGET = (
    "DELETE FROM alert_act WHERE alert_id = ANY(%(ids)s)",
    "DELETE FROM alert_hit WHERE alert_id = ANY(%(ids)s)",
    "DELETE FROM alert WHERE alert_id = ANY(%(ids)s)",
)

SIZE = "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS name"
BAD_PAYLOADS = "DELETE FROM bad_payload WHERE at < %s"
