"""The statements of sightings told and heard."""

DUE = "SELECT number, alert_id, kind FROM sighting_due ORDER BY number LIMIT %s"

LISTEN_DUE = "LISTEN morina_sightings_due"
"""A trigger of ``alert_act`` gives notice on it."""

LOCK_DUE = "SELECT FROM sighting_due WHERE number = %s FOR UPDATE SKIP LOCKED"

DONE = "DELETE FROM sighting_due WHERE number = %s"

STATE = "SELECT state FROM alert WHERE alert_id = %s FOR SHARE"

OWNERS_IDS = """
SELECT p.owner_list_id, l.owner_listing_id FROM listing l JOIN partner_list p USING (hotlist_id)
WHERE l.listing_id = %s AND l.owner_listing_id IS NOT NULL LIMIT 1"""

TELL = """
INSERT INTO sighting_told (alert_id, state, partner, sighting_id, at, denied)
VALUES (%(alert_id)s, %(state)s, %(partner)s, %(sighting_id)s, %(at)s, %(denied)s)
ON CONFLICT (alert_id, state) DO NOTHING RETURNING alert_id"""

DENY = "UPDATE sighting_told SET denied = %s WHERE alert_id = %s AND state = %s"

REFUSED = """
UPDATE sighting_told SET denied = %(said)s
WHERE partner = %(partner)s AND sighting_id = %(sighting_id)s AND (alert_id, state) = (
    SELECT alert_id, state FROM sighting_told
    WHERE partner = %(partner)s AND sighting_id = %(sighting_id)s ORDER BY at DESC LIMIT 1)"""

AGAIN = """
WITH gone AS (
    DELETE FROM sighting_told WHERE alert_id = %s AND denied <> '' RETURNING alert_id, state
)
INSERT INTO sighting_due (alert_id, kind)
SELECT alert_id, CASE state WHEN 3 THEN 'confirm' ELSE 'reject' END FROM gone
ORDER BY state DESC RETURNING alert_id"""

TOLD = """
SELECT alert_id, partner, state, at, sighting_id, denied FROM sighting_told
WHERE alert_id = %s ORDER BY at, state DESC"""

TOLD_AS = """
SELECT sighting_id FROM sighting_told WHERE alert_id = %s AND state = 3 AND denied = ''"""

TOLD_UNDER = """
SELECT agreement_id FROM exchange_message
WHERE conversation = %s AND is_ours AND kind = 'sighting' AND agreement_id IS NOT NULL LIMIT 1"""

IS_SHARED = """
SELECT FROM list_share s JOIN listing l USING (hotlist_id)
WHERE s.partner = %s AND s.hotlist_id = %s AND l.listing_id = %s LIMIT 1"""

HEAR = """
INSERT INTO sighting (told_by, sighting_id, hotlist_id, listing_id, state, seen_at, heard_at,
                      keep_until, camera_group, fields, officer)
VALUES (%(told_by)s, %(sighting_id)s, %(hotlist_id)s, %(listing_id)s, %(state)s, %(seen_at)s,
        %(heard_at)s, %(keep_until)s, %(camera_group)s, %(fields)s, %(officer)s)
ON CONFLICT (told_by, sighting_id) DO NOTHING RETURNING sighting_id"""

CORRECT = """
UPDATE sighting SET state = %(state)s, corrected_at = %(at)s, correction = %(said)s
WHERE told_by = %(told_by)s AND sighting_id = %(sighting_id)s AND listing_id = %(listing_id)s
    AND corrected_at IS NULL"""

NOTIFY = "SELECT pg_notify('morina_sightings', %s)"

_HEARD = """
SELECT sighting_id, told_by, hotlist_id, listing_id, state, seen_at, heard_at, keep_until,
       camera_group, fields, officer, corrected_at, correction FROM sighting"""

HEARD = f"""{_HEARD}
WHERE (%(listing)s::uuid IS NULL OR listing_id = %(listing)s)
    AND (%(hotlist)s::uuid IS NULL OR hotlist_id = %(hotlist)s)
ORDER BY seen_at DESC, sighting_id LIMIT %(limit)s"""

ONE = f"{_HEARD} WHERE told_by = %s AND sighting_id = %s"

FORGET = "DELETE FROM sighting WHERE keep_until <= %s RETURNING sighting_id, told_by"
