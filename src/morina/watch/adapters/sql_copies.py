"""The statements of PostgresListCopies."""

from morina.watch.adapters.sql import NEW_VERSION as NEW_VERSION

LATEST = """
SELECT revision FROM hotlist_version WHERE hotlist_id = %s ORDER BY version DESC LIMIT 1"""

PAGE = """
SELECT (entry || jsonb_build_object('listing_id', listing_id))::text FROM listing
WHERE hotlist_id = %(hotlist)s AND listing_id > %(after)s AND added_revision <= %(revision)s
    AND (withdrawn_revision IS NULL OR withdrawn_revision > %(revision)s)
ORDER BY listing_id LIMIT %(limit)s"""

TALLY = """
SELECT share_scope, over, old, count(*) AS entries FROM (
    SELECT coalesce(entry ->> 'share_scope', '') AS share_scope,
        (entry ->> 'valid_to')::timestamptz <= %(now)s AS over,
        coalesce((entry ->> 'valid_from')::timestamptz < %(oldest)s::timestamptz, false) AS old
    FROM listing WHERE hotlist_id = %(hotlist)s AND withdrawn_revision IS NULL
) AS said GROUP BY share_scope, over, old"""

ADDED_BETWEEN = """
SELECT (entry || jsonb_build_object('listing_id', listing_id))::text FROM listing
WHERE hotlist_id = %(hotlist)s AND added_revision > %(since)s AND added_revision <= %(until)s
    AND (withdrawn_revision IS NULL OR withdrawn_revision > %(until)s)
ORDER BY listing_id"""

WITHDRAWN_BETWEEN = """
SELECT (entry || jsonb_build_object('listing_id', listing_id))::text FROM listing
WHERE hotlist_id = %(hotlist)s AND added_revision <= %(since)s
    AND withdrawn_revision > %(since)s AND withdrawn_revision <= %(until)s
ORDER BY listing_id"""

COUNT_BETWEEN = """
SELECT (SELECT count(*) FROM listing
        WHERE hotlist_id = %(hotlist)s AND added_revision > %(since)s
            AND added_revision <= %(until)s)
     + (SELECT count(*) FROM listing
        WHERE hotlist_id = %(hotlist)s AND withdrawn_revision > %(since)s
            AND withdrawn_revision <= %(until)s)"""

MAKE = """
INSERT INTO hotlist (hotlist_id, name, owner, purpose, legal_basis, review_at, owner_node)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (hotlist_id) DO UPDATE SET
    name = excluded.name, owner = excluded.owner, purpose = excluded.purpose,
    legal_basis = excluded.legal_basis, review_at = excluded.review_at
WHERE hotlist.owner_node = excluded.owner_node
RETURNING (SELECT count(*) FROM hotlist_version v WHERE v.hotlist_id = hotlist.hotlist_id)"""

STAGE = """
COPY partner_staged (copy_id, place, listing_id, owner_listing_id, country, text, entry)
FROM STDIN"""

DROP = "DELETE FROM partner_staged WHERE copy_id = %s"

ANALYZE_STAGED, ANALYZE = "ANALYZE partner_staged", "ANALYZE listing"

_SAME = """
SELECT FROM partner_staged s
WHERE s.copy_id = %(copy)s AND s.listing_id = l.listing_id AND s.country = l.country
    AND s.text = l.text AND s.entry = l.entry"""

WITHDRAW_OTHERS = f"""
UPDATE listing l SET withdrawn_revision = %(revision)s
WHERE hotlist_id = %(hotlist)s AND withdrawn_revision IS NULL
    AND NOT EXISTS ({_SAME})"""  # noqa: S608 - constant text

WITHDRAW_TOLD = f"""
UPDATE listing l SET withdrawn_revision = %(revision)s
WHERE hotlist_id = %(hotlist)s AND withdrawn_revision IS NULL AND listing_id IN (
    SELECT listing_id FROM partner_staged WHERE copy_id = %(copy)s
) AND NOT EXISTS ({_SAME})"""  # noqa: S608 - constant text

ADD = """
INSERT INTO listing (added_revision, listing_id, owner_listing_id, hotlist_id, place, text, country,
                     entry)
SELECT %(revision)s, listing_id, owner_listing_id, %(hotlist)s, place, text, country, entry
FROM partner_staged s
WHERE copy_id = %(copy)s AND entry IS NOT NULL AND NOT EXISTS (
    SELECT FROM listing l WHERE l.listing_id = s.listing_id AND l.withdrawn_revision IS NULL
)
ORDER BY listing_id"""

DIFFERS = f"""
SELECT EXISTS (
    SELECT FROM partner_staged s
    LEFT JOIN listing l ON l.listing_id = s.listing_id AND l.withdrawn_revision IS NULL
    WHERE s.copy_id = %(copy)s AND (s.entry, s.country, s.text)
        IS DISTINCT FROM (l.entry, coalesce(l.country, ''), coalesce(l.text, ''))
) OR (%(whole)s AND EXISTS (
    SELECT FROM listing l WHERE hotlist_id = %(hotlist)s AND withdrawn_revision IS NULL
        AND NOT EXISTS ({_SAME})
))"""  # noqa: S608 - constant text

TAKE_OUT = """
UPDATE hotlist SET emptied_revision = %s, is_emptying = true WHERE hotlist_id = %s"""

EMPTYING = "SELECT hotlist_id FROM hotlist WHERE is_emptying"

SWEPT = "UPDATE hotlist SET is_emptying = false WHERE hotlist_id = %(hotlist)s"

SWEEP = """
UPDATE listing SET withdrawn_revision = emptied.revision
FROM (SELECT hotlist_id, emptied_revision AS revision FROM hotlist WHERE hotlist_id = %(hotlist)s)
    AS emptied
WHERE listing.hotlist_id = emptied.hotlist_id AND listing.ctid = ANY (ARRAY(
    SELECT l.ctid FROM listing l JOIN hotlist h USING (hotlist_id)
    WHERE h.hotlist_id = %(hotlist)s AND h.is_emptying AND l.withdrawn_revision IS NULL
        AND l.added_revision <= h.emptied_revision LIMIT %(most)s
))"""

HAS = """
SELECT EXISTS (
    SELECT FROM listing JOIN hotlist USING (hotlist_id)
    WHERE hotlist_id = %s AND withdrawn_revision IS NULL AND added_revision > emptied_revision
)"""

FORGET = """
DELETE FROM listing l USING hotlist_version v, hotlist h
WHERE l.hotlist_id = %s AND h.hotlist_id = l.hotlist_id AND h.owner_node <> ''
    AND v.revision = l.withdrawn_revision AND v.made_at < %s"""
