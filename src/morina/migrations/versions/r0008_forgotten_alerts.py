"""What stays of alerts whose time is over."""

from alembic import op

revision = "0008"
down_revision = "0007"

TABLE = """
CREATE TABLE alert_forgotten (
    alert_id uuid PRIMARY KEY,
    state text NOT NULL,
    late boolean NOT NULL,
    camera_id text NOT NULL,
    hotlist text NOT NULL,
    raised_at timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by text NOT NULL,
    forgotten_at timestamptz NOT NULL
);
COMMENT ON TABLE alert_forgotten IS
    'what an operator decided and when; nothing of what was read, listed, typed or written';
"""


def upgrade() -> None:
    op.execute(TABLE)
