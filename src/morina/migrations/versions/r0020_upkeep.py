"""What keeps a node in order by itself: first passwords that must be changed."""

from alembic import op

revision = "0020"
down_revision = "0019"

FIRST = """
ALTER TABLE account ADD COLUMN first_password boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN account.first_password IS
    'made for its owner by somebody else; to be changed before anything else is done';
"""


def upgrade() -> None:
    op.execute(FIRST)
