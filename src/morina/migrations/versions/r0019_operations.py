"""Joint operations, accounts of partners' liaison officers, and what is told to other systems."""

from alembic import op

revision = "0019"
down_revision = "0018"

ACCOUNT = """
ALTER TABLE account ADD COLUMN authority text NOT NULL DEFAULT ''
    CHECK (authority ~ '^([A-Z]{2}(-[A-Z0-9]{1,16})?)?$');
COMMENT ON COLUMN account.authority IS 'node of the authority a liaison officer belongs to';
"""

ITEMS = """
CREATE TABLE operation_item (
    owner text NOT NULL,
    item_id uuid NOT NULL,
    lead text NOT NULL,
    operation_id uuid NOT NULL,
    kind text NOT NULL,
    revision integer NOT NULL CHECK (revision > 0),
    fields jsonb NOT NULL,
    addressed text[] NOT NULL,
    made_by text NOT NULL,
    by_authority text NOT NULL DEFAULT '',
    made_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    keep_until timestamptz,
    told jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (owner, item_id)
);
CREATE INDEX operation_item_of ON operation_item (lead, operation_id);
CREATE INDEX operation_item_file ON operation_item ((fields ->> 'sha256'))
    WHERE kind = 'attachment';
COMMENT ON TABLE operation_item IS 'own items of operations, and those addressed to this node';
"""

OUTWARD = """
CREATE TABLE webhook (
    webhook_id uuid PRIMARY KEY,
    address text NOT NULL,
    events text[] NOT NULL,
    plates boolean NOT NULL DEFAULT false,
    secret bytea NOT NULL,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    ended_at timestamptz
);
COMMENT ON COLUMN webhook.secret IS 'sealed with the key of the home (secrets/sealing)';

CREATE TABLE webhook_due (
    message_id uuid PRIMARY KEY,
    webhook_id uuid NOT NULL REFERENCES webhook,
    entry bigint NOT NULL,
    body text NOT NULL,
    made_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    done_at timestamptz,
    said text NOT NULL DEFAULT ''
);
CREATE INDEX webhook_due_waiting ON webhook_due (due_at) WHERE done_at IS NULL;
COMMENT ON TABLE webhook_due IS 'messages to webhooks, until they are taken or given up';

CREATE TABLE trail_follower (
    name text PRIMARY KEY,
    number bigint NOT NULL
);
COMMENT ON TABLE trail_follower IS 'the last entry of the trail that a follower has taken up';
"""


def upgrade() -> None:
    op.execute(ACCOUNT)
    op.execute(ITEMS)
    op.execute(OUTWARD)
