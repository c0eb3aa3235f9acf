"""The statements of PostgresHotlists. ``incoming`` holds the listings about to be stored."""

HOTLISTS = """
SELECT hotlist_id, name, owner, purpose, legal_basis, review_at, owner_node,
       (SELECT max(version) FROM hotlist_version v WHERE v.hotlist_id = h.hotlist_id) AS version
FROM hotlist h"""

HOTLIST = f"{HOTLISTS} WHERE hotlist_id = %s"

CREATE = """
INSERT INTO hotlist (hotlist_id, name, owner, purpose, legal_basis, review_at)
VALUES (%s, %s, %s, %s, %s, %s)"""

NEW_VERSION = """
INSERT INTO hotlist_version (revision, hotlist_id, version, made_by)
VALUES (nextval('hotlist_revision'), %s, %s, %s)
RETURNING revision, pg_notify('morina_hotlists', revision::text)"""

INCOMING = """
CREATE TEMP TABLE incoming (
    place integer, listing_id uuid, country text, text text, entry jsonb,
    CONSTRAINT incoming_vehicle PRIMARY KEY (country, text)
) ON COMMIT DROP"""

COPY_INCOMING = "COPY incoming (place, listing_id, country, text, entry) FROM STDIN"

DIFFERS = """
SELECT EXISTS (
    SELECT FROM incoming i
    FULL JOIN (
        SELECT country, text, entry FROM listing
        WHERE hotlist_id = %(hotlist)s AND withdrawn_revision IS NULL
    ) l USING (country, text)
    WHERE i.entry IS DISTINCT FROM l.entry
)"""

WITHDRAW_CHANGED = """
UPDATE listing l SET withdrawn_revision = %(revision)s
WHERE hotlist_id = %(hotlist)s AND withdrawn_revision IS NULL AND NOT EXISTS (
    SELECT FROM incoming i
    WHERE i.country = l.country AND i.text = l.text AND i.entry = l.entry
)"""

ADD_CHANGED = """
INSERT INTO listing (added_revision, listing_id, hotlist_id, place, text, country, entry)
SELECT %(revision)s, coalesce(before.listing_id, i.listing_id), %(hotlist)s, i.place, i.text,
       i.country, i.entry
FROM incoming i
LEFT JOIN listing before
    ON before.withdrawn_revision = %(revision)s
    AND before.country = i.country AND before.text = i.text
WHERE NOT EXISTS (
    SELECT FROM listing l
    WHERE l.hotlist_id = %(hotlist)s AND l.withdrawn_revision IS NULL
        AND l.country = i.country AND l.text = i.text
)"""

REPLACE_PLACES = """
UPDATE listing l SET place = i.place FROM incoming i
WHERE l.hotlist_id = %(hotlist)s AND l.withdrawn_revision IS NULL
    AND l.country = i.country AND l.text = i.text AND l.place <> i.place"""

ADD_ONE = """
INSERT INTO listing (added_revision, listing_id, hotlist_id, place, text, country, entry)
SELECT %(revision)s, listing_id, %(hotlist)s,
       1 + coalesce((SELECT max(place) FROM listing l WHERE l.hotlist_id = %(hotlist)s), 0),
       text, country, entry
FROM incoming"""

WITHDRAW_ONE = """
UPDATE listing SET withdrawn_revision = %s
WHERE hotlist_id = %s AND listing_id = %s AND withdrawn_revision IS NULL"""

LISTINGS = """
SELECT (entry || jsonb_build_object('listing_id', listing_id))::text FROM listing
WHERE hotlist_id = %s AND withdrawn_revision IS NULL ORDER BY place, listing_id"""

LISTING = """
SELECT (entry || jsonb_build_object('listing_id', listing_id))::text
FROM listing JOIN hotlist USING (hotlist_id)
WHERE hotlist_id = %s AND listing_id = %s AND withdrawn_revision IS NULL
    AND added_revision > emptied_revision"""

_CONTAINING = """
FROM listing
WHERE hotlist_id = %(hotlist)s AND withdrawn_revision IS NULL AND added_revision > (
    SELECT emptied_revision FROM hotlist WHERE hotlist_id = %(hotlist)s
) AND position(
    lower(%(part)s) IN lower(concat_ws(' ', text, entry->>'owner_unit', entry->>'colour',
                                       entry->>'make', entry->>'model'))) > 0"""

COUNT = f"SELECT count(*) {_CONTAINING}"

FIND = f"""
SELECT (entry || jsonb_build_object('listing_id', listing_id))::text {_CONTAINING}
ORDER BY place, listing_id OFFSET %(offset)s LIMIT %(limit)s"""

LATEST = "SELECT coalesce(max(revision), 0), clock_timestamp() FROM hotlist_version"

VERSIONS_SINCE = """
SELECT h.hotlist_id, name, owner, purpose, legal_basis, review_at, owner_node, v.version
FROM hotlist h JOIN hotlist_version v USING (hotlist_id)
WHERE v.revision IN (
    SELECT added_revision FROM listing WHERE added_revision > %s AND withdrawn_revision IS NULL
)"""

ADDED_SINCE = """
SELECT v.hotlist_id, v.version,
       (entry || jsonb_build_object('listing_id', listing_id))::text
FROM listing JOIN hotlist_version v ON v.revision = added_revision
JOIN hotlist h ON h.hotlist_id = v.hotlist_id
WHERE added_revision > %s AND withdrawn_revision IS NULL AND added_revision > h.emptied_revision"""

WITHDRAWN_SINCE = """
SELECT DISTINCT listing_id FROM listing w
WHERE withdrawn_revision > %s AND added_revision <= %s AND NOT EXISTS (
    SELECT FROM listing l WHERE l.listing_id = w.listing_id AND l.withdrawn_revision IS NULL
) AND withdrawn_revision <> (
    SELECT emptied_revision FROM hotlist h WHERE h.hotlist_id = w.hotlist_id
)"""

EMPTIED_SINCE = """
SELECT hotlist_id, version FROM hotlist h JOIN hotlist_version v USING (hotlist_id)
WHERE emptied_revision > %s AND v.revision = emptied_revision"""
