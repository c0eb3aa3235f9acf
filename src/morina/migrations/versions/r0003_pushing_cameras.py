"""Cameras that read plates themselves: how each is heard, what came of it, who knocks."""

from alembic import op

revision = "0003"
down_revision = "0002"

PUSHING = """
CREATE TABLE pushing_camera (
    camera_id text PRIMARY KEY REFERENCES camera ON DELETE CASCADE,
    maker text NOT NULL,
    time_zone text NOT NULL,
    confidence_scale double precision,
    mapping jsonb NOT NULL,
    device_keys jsonb NOT NULL,
    addresses jsonb NOT NULL,
    certificate text NOT NULL,
    pull_url text NOT NULL,
    secret_sha256 bytea NOT NULL,
    secret_sealed bytea,
    cursor text NOT NULL DEFAULT ''
);
CREATE INDEX pushing_camera_secret ON pushing_camera (secret_sha256);
COMMENT ON COLUMN pushing_camera.secret_sealed IS
    'encrypted with the key in the home; NULL where only the hash is known';

CREATE TABLE camera_heard (
    camera_id text PRIMARY KEY REFERENCES camera ON DELETE CASCADE,
    heard_at timestamptz NOT NULL,
    reported_at timestamptz,
    clock_offset_s double precision,
    reports bigint NOT NULL DEFAULT 0,
    repeats bigint NOT NULL DEFAULT 0,
    bad_payloads bigint NOT NULL DEFAULT 0
);

CREATE TABLE bad_payload (
    payload_id bigserial PRIMARY KEY,
    camera_id text NOT NULL REFERENCES camera ON DELETE CASCADE,
    at timestamptz NOT NULL,
    fault text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    content bytea NOT NULL
);
CREATE INDEX bad_payload_newest ON bad_payload (camera_id, payload_id DESC);

CREATE TABLE knock (
    knock_id uuid PRIMARY KEY,
    address text NOT NULL,
    maker text NOT NULL,
    camera_key jsonb NOT NULL,
    secret_sha256 bytea NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    times bigint NOT NULL,
    UNIQUE (address, maker, camera_key, secret_sha256)
);

CREATE TABLE arrival (
    camera_id text NOT NULL,
    key text NOT NULL,
    capture bytea NOT NULL,
    final boolean NOT NULL,
    due_at timestamptz,
    touched_at timestamptz NOT NULL,
    PRIMARY KEY (camera_id, key)
);
CREATE INDEX arrival_due ON arrival (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX arrival_old ON arrival (touched_at);
COMMENT ON TABLE arrival IS 'what came of each passage within the last hour';
"""


def upgrade() -> None:
    op.execute(PUSHING)
