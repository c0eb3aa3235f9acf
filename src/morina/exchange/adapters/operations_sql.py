"""The statements of PostgresOperations."""

ITEM = """
SELECT owner, item_id, lead, operation_id, kind, revision, fields, addressed, made_by,
    by_authority, made_at, changed_at, withdrawn_at, keep_until, told FROM operation_item"""

ONE = f"{ITEM} WHERE owner = %s AND item_id = %s"
HELD = f"{ONE} FOR UPDATE"
CASES = f"""
{ITEM} WHERE kind = 'case' AND owner = lead AND item_id = operation_id AND withdrawn_at IS NULL
ORDER BY made_at DESC, item_id"""
OF_OPERATION = f"{ITEM} WHERE lead = %s AND operation_id = %s ORDER BY made_at, item_id"

PUT = """
INSERT INTO operation_item (owner, item_id, lead, operation_id, kind, revision, fields, addressed,
    made_by, by_authority, made_at, changed_at, withdrawn_at, keep_until, told)
VALUES (%(owner)s, %(item_id)s, %(lead)s, %(operation_id)s, %(kind)s, %(revision)s, %(fields)s,
    %(addressed)s, %(made_by)s, %(by_authority)s, %(made_at)s, %(changed_at)s, %(withdrawn_at)s,
    %(keep_until)s, %(told)s)
ON CONFLICT (owner, item_id) DO UPDATE SET revision = excluded.revision,
    fields = excluded.fields, addressed = excluded.addressed, made_by = excluded.made_by,
    by_authority = excluded.by_authority, changed_at = excluded.changed_at,
    withdrawn_at = excluded.withdrawn_at, keep_until = excluded.keep_until, told = excluded.told"""

_CASE = """
    FROM operation_item AS c
    WHERE c.owner = item.lead AND c.item_id = item.operation_id AND c.kind = 'case'"""
LOCK_FORGOTTEN = f"""
{ITEM} AS item WHERE keep_until <= %(now)s OR (owner = %(node)s AND (
    EXISTS (SELECT {_CASE} AND least((c.fields ->> 'ends_at')::timestamptz, c.withdrawn_at)
                <= %(ended_before)s)
    OR changed_at <= %(ended_before)s AND NOT EXISTS (SELECT {_CASE})))
ORDER BY kind = 'case' LIMIT 1000 FOR UPDATE OF item"""
FORGET = "DELETE FROM operation_item WHERE owner = %s AND item_id = %s"

FILE_USED = """
SELECT EXISTS (SELECT FROM operation_item
               WHERE kind = 'attachment' AND fields ->> 'sha256' = %s)"""
