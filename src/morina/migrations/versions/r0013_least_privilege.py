"""The trail is written by its function only, which acts with its owner's rights."""

from alembic import op

revision = "0013"
down_revision = "0012"

APPEND = """
ALTER FUNCTION trail_append(timestamptz, text, text, jsonb, jsonb, text, text, text)
    SECURITY DEFINER SET search_path = public, pg_temp;
"""


def upgrade() -> None:
    op.execute(APPEND)
