"""The statements of lists shared and heard."""

_SHARE = """
SELECT s.*, h.name, latest.version AS latest_version, latest.revision AS latest_revision
FROM list_share s JOIN hotlist h USING (hotlist_id)
JOIN LATERAL (
    SELECT version, revision FROM hotlist_version v WHERE v.hotlist_id = s.hotlist_id
    ORDER BY version DESC LIMIT 1
) latest ON true"""

SHARES = f"""{_SHARE}
WHERE %(partner)s = '' OR s.partner = %(partner)s
ORDER BY s.stopped_at IS NOT NULL, h.name, s.partner"""

SHARE = f"{_SHARE} WHERE s.hotlist_id = %s AND s.partner = %s"

GOING = """
SELECT hotlist_id, partner, agreement_id FROM list_share WHERE stopped_at IS NULL
ORDER BY last_posted_at NULLS FIRST"""

BEGIN = """
INSERT INTO list_share (hotlist_id, partner, agreement_id, purpose, case_number, justification,
                        officer, approver, conversation, shared_at)
VALUES (%(hotlist_id)s, %(partner)s, %(agreement_id)s, %(purpose)s, %(case_number)s,
        %(justification)s, %(officer)s, %(approver)s, %(conversation)s, %(now)s)
ON CONFLICT (hotlist_id, partner) DO UPDATE SET
    agreement_id = excluded.agreement_id, purpose = excluded.purpose,
    case_number = excluded.case_number, justification = excluded.justification,
    officer = excluded.officer, approver = excluded.approver, shared_at = excluded.shared_at,
    conversation = excluded.conversation, stopped_at = NULL, agreement_version = 0,
    posted_revision = 0, posted_version = 0, entries = 0, said = '', copy = NULL
WHERE list_share.stopped_at IS NOT NULL
RETURNING hotlist_id"""

LOCK = """
SELECT * FROM list_share WHERE hotlist_id = %s AND partner = %s AND stopped_at IS NULL
FOR UPDATE"""

STOP = """
UPDATE list_share SET stopped_at = %s, copy = NULL, said = %s
WHERE hotlist_id = %s AND partner = %s"""

SAY = """
UPDATE list_share SET said = %s WHERE hotlist_id = %s AND partner = %s AND said <> %s"""

GO_ON = """
UPDATE list_share SET copy = %(copy)s, agreement_version = %(agreement_version)s, said = '',
    last_posted_at = %(now)s, posted_revision = %(posted_revision)s,
    posted_version = %(posted_version)s, entries = %(entries)s
WHERE hotlist_id = %(hotlist_id)s AND partner = %(partner)s"""

ANEW = """
UPDATE list_share SET posted_revision = 0, copy = NULL, said = %s
WHERE conversation = %s AND partner = %s AND stopped_at IS NULL
    AND NOT coalesce((copy ->> 'base')::int = 0, false)"""

REFUSED = """
UPDATE list_share SET said = %s
WHERE conversation = %s AND partner = %s AND stopped_at IS NULL"""

HEARD = """
SELECT p.*, h.name, h.owner, h.purpose, h.legal_basis, h.review_at, (
    SELECT max(v.version) FROM hotlist_version v WHERE v.hotlist_id = p.hotlist_id
) AS own_version
FROM partner_list p JOIN hotlist h USING (hotlist_id)
WHERE (%(partner)s = '' OR p.owner_node = %(partner)s)
    AND (%(hotlist)s::uuid IS NULL OR p.hotlist_id = %(hotlist)s)
ORDER BY p.ended <> '', h.name"""

LOCK_HEARD = "SELECT * FROM partner_list WHERE hotlist_id = %s FOR UPDATE"

HEAR = """
INSERT INTO partner_list (hotlist_id, owner_node, owner_list_id, agreement_id, valid_to, keep_days,
                          heard_at)
VALUES (%(hotlist_id)s, %(owner_node)s, %(owner_list_id)s, %(agreement_id)s, %(valid_to)s,
        %(keep_days)s, %(heard_at)s)
ON CONFLICT (hotlist_id) DO UPDATE SET
    agreement_id = excluded.agreement_id, valid_to = excluded.valid_to,
    keep_days = excluded.keep_days, heard_at = excluded.heard_at"""

STAGED = """
UPDATE partner_list SET copy_id = %s, copy_part = %s, copy_digest = %s WHERE hotlist_id = %s"""

APPLIED = """
UPDATE partner_list SET copy_id = NULL, copy_part = 0, copy_digest = '', version = %s, entries = %s,
    applied_at = %s, ended = '', ended_at = NULL
WHERE hotlist_id = %s"""

ENDED = """
UPDATE partner_list SET copy_id = NULL, copy_part = 0, copy_digest = '', version = 0, entries = 0,
    ended = %s, ended_at = %s
WHERE hotlist_id = %s"""

STANDING = """
SELECT hotlist_id, owner_node, agreement_id FROM partner_list WHERE ended = ''
ORDER BY hotlist_id"""

KEPT = "SELECT hotlist_id, owner_node, keep_days FROM partner_list ORDER BY hotlist_id"
