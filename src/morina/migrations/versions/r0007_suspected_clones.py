"""Plates that two vehicles may bear: a label that protects the keeper, given by a person."""

from alembic import op

revision = "0007"
down_revision = "0006"

TABLE = """
CREATE TABLE suspected_clone (
    label_id uuid PRIMARY KEY,
    text text NOT NULL CHECK (text <> ''),
    country text,
    reason text NOT NULL CHECK (reason <> ''),
    passages uuid[] NOT NULL,
    review_on date NOT NULL,
    labelled_by text NOT NULL CHECK (labelled_by <> ''),
    labelled_at timestamptz NOT NULL,
    withdrawn_by text CHECK (withdrawn_by <> ''),
    withdrawn_at timestamptz,
    withdrawn_reason text CHECK (withdrawn_reason <> ''),
    CHECK (num_nulls(withdrawn_by, withdrawn_at, withdrawn_reason) IN (0, 3))
);
CREATE UNIQUE INDEX suspected_clone_standing
    ON suspected_clone (text, country) NULLS NOT DISTINCT WHERE withdrawn_at IS NULL;
COMMENT ON TABLE suspected_clone IS
    'plates that two vehicles may bear; rows are added and withdrawn once, never deleted';
"""


def upgrade() -> None:
    op.execute(TABLE)
