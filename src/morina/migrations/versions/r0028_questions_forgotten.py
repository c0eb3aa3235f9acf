"""Questions to partners and of partners, and follow-ups, are forgotten in time.

Their rows stay, for they are counted; what they were about, why, and who asked is blanked. Nothing
else of them can be changed: a row is blanked or left as it is, and only by the function here, for
the role a node works as may not change these tables.
"""

from alembic import op

revision = "0028"
down_revision = "0027"

BLANKS = {
    "partner_question": '{"plate": "", "country": "", "vin": "", "officer": "", "why": {}}',
    "answer_given": '{"plate": "", "country": "", "vin": "", "officer": "", "why": {}}',
    "follow_up_step": '{"by": "", "words": ""}',
}
"""Tables that refuse changes, and what of a row may be blanked, all of it at once."""

GUARD = """
CREATE FUNCTION refuse_but_blanking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) || TG_ARGV[0]::jsonb THEN
        RAISE EXCEPTION '% is refused: what is in % is never changed, only blanked', TG_OP,
            TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""

TRIGGERS = """
DROP TRIGGER {table}_stays ON {table};
CREATE TRIGGER {table}_stays BEFORE DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_blanks BEFORE UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_but_blanking('{blank}');
"""

FORGET = """
CREATE FUNCTION exchange_forget(before timestamptz, by_now timestamptz)
RETURNS TABLE (kind text, id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY UPDATE partner_question q
        SET plate = '', country = '', vin = '', officer = '', why = '{}'
        WHERE q.asked_at <= before AND q.forget_at <= by_now AND q.why <> '{}' AND NOT EXISTS (
            SELECT FROM exchange_message m
            WHERE m.conversation = q.question_id AND m.signed IS NOT NULL)
        RETURNING 'partner_question', q.question_id;
    RETURN QUERY UPDATE answer_given g
        SET plate = '', country = '', vin = '', officer = '', why = '{}'
        WHERE g.answered_at <= before AND g.why <> '{}' AND NOT EXISTS (
            SELECT FROM exchange_message m
            WHERE m.conversation = g.question_id AND m.signed IS NOT NULL)
        RETURNING 'answer_given', g.question_id;
    RETURN QUERY WITH gone AS (
        UPDATE follow_up f SET said = '{}', requester = '', approver = ''
        WHERE f.written_at <= before AND f.granted IS NULL AND f.said <> '{}' AND NOT EXISTS (
            SELECT FROM exchange_message m
            WHERE m.conversation = f.follow_up_id AND m.signed IS NOT NULL)
        RETURNING f.follow_up_id
    ), steps AS (
        UPDATE follow_up_step s SET by = '', words = '' FROM gone
        WHERE s.follow_up_id = gone.follow_up_id
    ) SELECT 'follow_up', gone.follow_up_id FROM gone;
END $$;
COMMENT ON FUNCTION exchange_forget IS
    'blanks what was asked up to before and whose messages have lost their content';
"""


def upgrade() -> None:
    op.execute(GUARD)
    for table, blank in BLANKS.items():
        op.execute(TRIGGERS.format(table=table, blank=blank).replace(":", "\\:"))
    op.execute(FORGET)
