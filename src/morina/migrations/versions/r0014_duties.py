"""Breaches and requests of persons; what was said and done of them stays as it was."""

from alembic import op

revision = "0014"
down_revision = "0013"

TABLES = """
CREATE TABLE matter (
    matter_id uuid PRIMARY KEY,
    concern text NOT NULL CHECK (concern IN ('breach', 'request')),
    number integer NOT NULL,
    began_at timestamptz NOT NULL,
    opened_at timestamptz NOT NULL,
    opened_by text NOT NULL,
    said jsonb NOT NULL,
    UNIQUE (concern, number)
);
COMMENT ON TABLE matter IS 'breaches and requests of persons, as first recorded';

CREATE TABLE matter_step (
    matter_id uuid NOT NULL REFERENCES matter,
    number integer NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL,
    kind text NOT NULL,
    said jsonb NOT NULL,
    PRIMARY KEY (matter_id, number)
);
CREATE INDEX trail_at ON trail USING brin (at);
"""

GUARD = """
CREATE TRIGGER matter_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON matter
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER matter_step_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON matter_step
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(GUARD)
