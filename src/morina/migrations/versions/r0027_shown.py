"""Which plates an answer showed, as marks, so that who was shown a plate is found."""

from alembic import op

revision = "0027"
down_revision = "0026"

SHOWN = """
CREATE TABLE consultation_shown (
    number bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    marks text[] NOT NULL
);
CREATE INDEX consultation_shown_number ON consultation_shown (number);
CREATE INDEX consultation_shown_marks ON consultation_shown USING gin (marks);
COMMENT ON TABLE consultation_shown IS
    'plates an answer showed: the first 32 digits of their marks (accountability.watched)';
CREATE TRIGGER consultation_shown_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON consultation_shown
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.execute(SHOWN)
