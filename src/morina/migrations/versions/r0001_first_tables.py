"""Hotlists, alerts, cameras and accounts."""

from alembic import op

revision = "0001"
down_revision = None

HOTLISTS = """
CREATE SEQUENCE hotlist_revision;

CREATE TABLE hotlist (
    hotlist_id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE,
    owner text NOT NULL,
    purpose text NOT NULL,
    legal_basis text NOT NULL,
    review_at date NOT NULL
);

CREATE TABLE hotlist_version (
    revision bigint PRIMARY KEY,
    hotlist_id uuid NOT NULL REFERENCES hotlist,
    version integer NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    made_by text NOT NULL,
    UNIQUE (hotlist_id, version)
);

CREATE TABLE listing (
    added_revision bigint NOT NULL REFERENCES hotlist_version,
    withdrawn_revision bigint REFERENCES hotlist_version,
    listing_id uuid NOT NULL,
    hotlist_id uuid NOT NULL REFERENCES hotlist,
    place integer NOT NULL,
    text text NOT NULL,
    country text NOT NULL,
    entry jsonb NOT NULL,
    PRIMARY KEY (listing_id, added_revision)
);
CREATE UNIQUE INDEX listing_vehicle ON listing (hotlist_id, country, text)
    WHERE withdrawn_revision IS NULL;
CREATE UNIQUE INDEX listing_live ON listing (listing_id) WHERE withdrawn_revision IS NULL;
CREATE INDEX listing_added ON listing (added_revision);
CREATE INDEX listing_withdrawn ON listing (withdrawn_revision)
    WHERE withdrawn_revision IS NOT NULL;
COMMENT ON COLUMN listing.place IS 'order within the hotlist, as in the file';
COMMENT ON COLUMN listing.entry IS 'the vehicle of interest without its listing_id';
"""

ALERTS = """
CREATE TABLE alert (
    alert_id uuid PRIMARY KEY,
    state text NOT NULL,
    late boolean NOT NULL,
    camera_id text NOT NULL,
    text text NOT NULL,
    listing_id uuid NOT NULL,
    raised_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    repeats integer NOT NULL,
    read jsonb NOT NULL,
    listed jsonb NOT NULL,
    likeness smallint NOT NULL,
    differences jsonb NOT NULL
);
CREATE INDEX alert_newest ON alert (raised_at DESC, alert_id);
CREATE INDEX alert_vehicle ON alert (listing_id, camera_id, text)
    WHERE state IN ('raised', 'acknowledged', 'confirmed', 'dispatched');
CREATE INDEX alert_waiting ON alert (raised_at) WHERE state = 'raised';
COMMENT ON COLUMN alert.listed IS 'the listing as it was when the alert was raised';

CREATE TABLE alert_hit (
    read_id uuid NOT NULL,
    listing_id uuid NOT NULL,
    alert_id uuid NOT NULL REFERENCES alert,
    PRIMARY KEY (read_id, listing_id)
);

CREATE TABLE alert_act (
    alert_id uuid NOT NULL REFERENCES alert,
    number integer NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (alert_id, number)
);
"""

CAMERAS = """
CREATE TABLE camera (
    camera_id text PRIMARY KEY,
    name text NOT NULL,
    site text NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    bearing double precision NOT NULL,
    source text NOT NULL
);
"""

ACCOUNTS = """
CREATE TABLE account (
    name text PRIMARY KEY,
    full_name text NOT NULL,
    language text NOT NULL,
    time_zone text NOT NULL,
    password_hash text NOT NULL
);

CREATE TABLE sign_in_try (
    name text PRIMARY KEY,
    tries integer NOT NULL,
    tried_at timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL
);
COMMENT ON TABLE sign_in_try IS 'failed tries since the last sign-in, also of unknown names';

CREATE TABLE api_token (
    token_sha256 bytea PRIMARY KEY,
    name text NOT NULL REFERENCES account ON DELETE CASCADE,
    label text NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    valid_until timestamptz NOT NULL
);
"""


def upgrade() -> None:
    for tables in (HOTLISTS, ALERTS, CAMERAS, ACCOUNTS):
        op.execute(tables)
