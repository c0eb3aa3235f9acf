"""A webhook may be paused: told of nothing until it goes on."""

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Those there are go on being told."""
    op.execute("ALTER TABLE webhook ADD COLUMN paused_at timestamptz")
    op.execute("COMMENT ON COLUMN webhook.paused_at IS 'since when it is told of nothing'")
