"""Questions to partners, follow-ups, the register of vehicles."""

from alembic import op

revision = "0018"
down_revision = "0017"

QUESTIONS = """
CREATE TABLE partner_question (
    question_id uuid PRIMARY KEY,
    number bigint NOT NULL,
    partner text NOT NULL,
    agreement_id uuid NOT NULL,
    plate text NOT NULL,
    country text NOT NULL,
    vin text NOT NULL,
    reference_at timestamptz,
    officer text NOT NULL,
    why jsonb NOT NULL,
    asked_at timestamptz NOT NULL,
    forget_at timestamptz NOT NULL
);
CREATE INDEX partner_question_officer ON partner_question (officer, asked_at DESC);
COMMENT ON TABLE partner_question IS 'what officers asked partners, one row a partner';

CREATE TABLE partner_answer (
    question_id uuid PRIMARY KEY REFERENCES partner_question,
    result text NOT NULL,
    answered_at timestamptz NOT NULL,
    found jsonb
);
COMMENT ON COLUMN partner_answer.found IS 'fields told; null once they are forgotten';

CREATE INDEX listing_text ON listing (text) WHERE withdrawn_revision IS NULL;

CREATE TABLE answer_given (
    question_id uuid PRIMARY KEY,
    message_id uuid NOT NULL UNIQUE,
    partner text NOT NULL,
    officer text NOT NULL,
    plate text NOT NULL,
    country text NOT NULL,
    vin text NOT NULL,
    why jsonb NOT NULL,
    answered_at timestamptz NOT NULL,
    result text NOT NULL,
    held_back boolean NOT NULL,
    sampled boolean NOT NULL
);
CREATE INDEX answer_given_sampled ON answer_given (answered_at DESC) WHERE sampled;
COMMENT ON TABLE answer_given IS 'what this node answered partners by itself';

CREATE TABLE answer_review (
    question_id uuid PRIMARY KEY REFERENCES answer_given,
    by text NOT NULL,
    at timestamptz NOT NULL,
    words text NOT NULL
);
"""

FOLLOW_UPS = """
CREATE TABLE follow_up (
    follow_up_id uuid PRIMARY KEY,
    side text NOT NULL CHECK (side IN ('asking', 'owning')),
    partner text NOT NULL,
    agreement_id uuid NOT NULL,
    requester text NOT NULL,
    stage text NOT NULL,
    said jsonb NOT NULL,
    written_at timestamptz NOT NULL,
    asked_at timestamptz,
    approval_id uuid,
    approver text NOT NULL DEFAULT '',
    message jsonb,
    refused text,
    handling text,
    granted jsonb,
    forget_at timestamptz
);
CREATE INDEX follow_up_open ON follow_up (asked_at)
    WHERE stage IN ('written', 'asked', 'acknowledged', 'clarifying');
CREATE INDEX follow_up_due ON follow_up (forget_at) WHERE granted IS NOT NULL;
COMMENT ON COLUMN follow_up.message IS 'the request as it came in, to answer it by its hash';
COMMENT ON COLUMN follow_up.granted IS 'fields released; null before, and once forgotten';

CREATE TABLE follow_up_step (
    follow_up_id uuid NOT NULL REFERENCES follow_up,
    number integer NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL,
    step text NOT NULL,
    words text NOT NULL,
    PRIMARY KEY (follow_up_id, number)
);

CREATE TABLE follow_up_escalation (
    follow_up_id uuid NOT NULL REFERENCES follow_up,
    clock text NOT NULL,
    is_due boolean NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (follow_up_id, clock, is_due)
);
"""

GUARD = """
CREATE TRIGGER partner_question_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON partner_question
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER answer_given_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON answer_given
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER answer_review_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON answer_review
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER follow_up_step_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON follow_up_step
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

REGISTER = """
CREATE TABLE IF NOT EXISTS registered_vehicle (
    plate text,
    register_country text NOT NULL,
    vin text,
    make text,
    model text,
    eu_category text,
    colour text,
    status text,
    status_from timestamptz,
    status_to timestamptz,
    first_registration timestamptz,
    registered_from timestamptz,
    registered_to timestamptz,
    power_kw integer,
    capacity_cm3 integer,
    plate_type text,
    document_id text,
    insured_by text,
    insured_from timestamptz,
    insured_to timestamptz,
    holder_name text,
    holder_first_name text,
    holder_address text,
    holder_born_on text,
    owner_name text,
    owner_first_name text,
    owner_address text,
    owner_born_on text,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz
);
"""
"""Also made in a database of its own (setting exchange.register_dsn)."""

REGISTER_KEYS = {
    "registered_vehicle_plate": "(plate, register_country)",
    "registered_vehicle_vin": "(vin)",
}
"""Its indexes, by name."""


def upgrade() -> None:
    op.execute(QUESTIONS)
    op.execute(FOLLOW_UPS)
    op.execute(GUARD)
    op.execute(REGISTER)
    for name, columns in REGISTER_KEYS.items():
        op.execute(f"CREATE INDEX {name} ON registered_vehicle {columns}")
