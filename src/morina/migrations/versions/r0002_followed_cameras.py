"""Which process follows which camera, and how its source is."""

from alembic import op

revision = "0002"
down_revision = "0001"

FOLLOWED = """
CREATE TABLE camera_group (
    camera_id text PRIMARY KEY REFERENCES camera ON DELETE CASCADE,
    number integer NOT NULL
);

CREATE TABLE camera_state (
    camera_id text PRIMARY KEY REFERENCES camera ON DELETE CASCADE,
    reported_at timestamptz NOT NULL,
    connected_at timestamptz,
    last_frame_at timestamptz,
    frames_per_s double precision NOT NULL,
    frames bigint NOT NULL,
    dropped bigint NOT NULL,
    connections bigint NOT NULL,
    last_error text NOT NULL,
    last_error_at timestamptz
);
COMMENT ON COLUMN camera_state.last_error IS 'in words, without secrets';
"""


def upgrade() -> None:
    op.execute(FOLLOWED)
