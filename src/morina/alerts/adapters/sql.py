"""The statements of PostgresAlerts."""

ALERTS = """
SELECT alert_id, state, late, raised_at, last_seen_at, repeats, read::text, listed::text,
       likeness, differences::text,
       (SELECT jsonb_agg(jsonb_build_object('at', at, 'by', by, 'kind', kind, 'text', c.text)
                         ORDER BY number)::text
        FROM alert_act c WHERE c.alert_id = a.alert_id)
FROM alert a """

BY_ID = f"{ALERTS} WHERE alert_id = ANY(%s) ORDER BY alert_id"

NEWEST = f"""{ALERTS}
WHERE (%(states)s::text[] = '{{}}' OR state = ANY(%(states)s))
    AND (%(late)s::boolean IS NULL OR late = %(late)s)
ORDER BY raised_at DESC, alert_id LIMIT %(limit)s"""

LOCK = "SELECT alert_id FROM alert WHERE alert_id = %s FOR UPDATE"

LOCK_DUE = """
SELECT alert_id FROM alert WHERE state = 'raised' AND raised_at <= %s
ORDER BY alert_id FOR UPDATE SKIP LOCKED"""

LOCK_OPEN = """
SELECT alert_id FROM alert
WHERE state IN ('raised', 'acknowledged', 'confirmed', 'dispatched')
    AND (listing_id, camera_id, text) IN (
        SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[])
    )
    AND last_seen_at BETWEEN %s AND %s
ORDER BY alert_id FOR UPDATE"""

LOCK_UNPICTURED = """
SELECT alert_id FROM alert
WHERE alert_id IN (SELECT alert_id FROM alert_hit WHERE read_id = ANY(%s))
    AND state = ANY(%s) AND read ->> 'evidence' IS NULL
ORDER BY alert_id FOR UPDATE"""

KNOWN = """
SELECT read_id, listing_id FROM alert_hit
WHERE (read_id, listing_id) IN (SELECT * FROM unnest(%s::uuid[], %s::uuid[]))"""

PUT = """
INSERT INTO alert (alert_id, state, late, camera_id, text, listing_id, raised_at, last_seen_at,
                   repeats, read, listed, likeness, differences)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (alert_id) DO UPDATE SET
    state = excluded.state, repeats = excluded.repeats, last_seen_at = excluded.last_seen_at,
    read = excluded.read"""

ACT = """
INSERT INTO alert_act (alert_id, number, at, by, kind, text) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING"""

HIT = "INSERT INTO alert_hit (read_id, listing_id, alert_id) VALUES (%s, %s, %s)"

NOTIFY = "SELECT pg_notify('morina_alerts', %s)"
