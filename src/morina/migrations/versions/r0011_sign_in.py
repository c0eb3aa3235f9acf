"""Sessions, second factors, passkeys, waits after failed tries, scopes of tokens."""

from alembic import op

revision = "0011"
down_revision = "0010"

SESSIONS = """
CREATE TABLE session (
    session_sha256 bytea PRIMARY KEY,
    name text NOT NULL REFERENCES account ON DELETE CASCADE,
    begun_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    address text NOT NULL,
    browser text NOT NULL,
    way text NOT NULL,
    stage text NOT NULL
);
CREATE INDEX session_name ON session (name);
COMMENT ON TABLE session IS 'who is signed in where; of the id only its hash is kept';

CREATE TABLE known_device (
    device_sha256 bytea NOT NULL,
    name text NOT NULL REFERENCES account ON DELETE CASCADE,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (device_sha256, name)
);
COMMENT ON TABLE known_device IS 'browsers that signed in before do not wait for strangers';

DROP TABLE sign_in_try;
CREATE TABLE sign_in_wait (
    key text PRIMARY KEY,
    tries double precision NOT NULL,
    tried_at timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL
);
COMMENT ON TABLE sign_in_wait IS 'failed tries by name and address, device, name, address, and all';
"""

FACTORS = """
CREATE TABLE totp (
    name text PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    sealed bytea NOT NULL,
    added_at timestamptz NOT NULL,
    last_step bigint NOT NULL
);
COMMENT ON COLUMN totp.last_step IS 'the newest 30 s step a code was taken of; none counts twice';

CREATE TABLE recovery_code (
    name text NOT NULL REFERENCES account ON DELETE CASCADE,
    code_sha256 bytea NOT NULL,
    PRIMARY KEY (name, code_sha256)
);

CREATE TABLE passkey (
    credential_id bytea PRIMARY KEY,
    name text NOT NULL REFERENCES account ON DELETE CASCADE,
    label text NOT NULL,
    host text NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    added_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX passkey_name ON passkey (name);

CREATE TABLE used_challenge (
    challenge_sha256 bytea PRIMARY KEY,
    until timestamptz NOT NULL
);
COMMENT ON TABLE used_challenge IS 'passkey challenges that were answered; none is answered twice';
"""

TOKENS = """
ALTER TABLE api_token ADD COLUMN scopes text[], ADD COLUMN used_at timestamptz;
CREATE INDEX api_token_name ON api_token (name);
COMMENT ON COLUMN api_token.scopes IS 'actions it may do if its owner may; null: all of them';
"""


def upgrade() -> None:
    for tables in (SESSIONS, FACTORS, TOKENS):
        op.execute(tables)
