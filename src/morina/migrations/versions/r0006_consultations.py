"""The log of what was asked of the records: rows are added, never changed or deleted."""

from alembic import op

revision = "0006"
down_revision = "0005"

TABLES = """
CREATE TABLE consultation (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    asked_at timestamptz NOT NULL,
    officer text NOT NULL CHECK (officer <> ''),
    code text NOT NULL CHECK (code <> ''),
    case_number text NOT NULL CHECK (case_number <> ''),
    legal_basis text NOT NULL CHECK (legal_basis <> ''),
    justification text NOT NULL CHECK (justification <> ''),
    question text NOT NULL CHECK (question <> ''),
    plates text[] NOT NULL
);
CREATE INDEX consultation_of_officer ON consultation (officer, number DESC);
CREATE INDEX consultation_of_plate ON consultation USING gin (plates);
COMMENT ON TABLE consultation IS 'what was asked of the records and why, before it was answered';

CREATE TABLE consultation_outcome (
    number bigint PRIMARY KEY REFERENCES consultation,
    at timestamptz NOT NULL,
    shown bigint CHECK (shown >= 0),
    covered text NOT NULL,
    failed text NOT NULL
);
COMMENT ON TABLE consultation_outcome IS
    'what became of a question; shown is NULL where it failed';
"""

GUARD = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is refused: what is in % is never changed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER consultation_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON consultation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consultation_outcome_stays BEFORE UPDATE OR DELETE OR TRUNCATE
    ON consultation_outcome FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(GUARD)
