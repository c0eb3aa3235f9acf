"""Messages to and from partners, in order, with their receipts; what was refused; comparisons."""

from alembic import op

revision = "0016"
down_revision = "0015"

MESSAGES = """
CREATE TABLE exchange_pair (
    sender text NOT NULL,
    receiver text NOT NULL,
    seq bigint NOT NULL DEFAULT 0,
    digest text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (sender, receiver)
);
COMMENT ON TABLE exchange_pair IS 'the last message of each ordered pair of nodes';

CREATE TABLE exchange_message (
    message_id uuid PRIMARY KEY,
    sender text NOT NULL,
    receiver text NOT NULL,
    seq bigint NOT NULL,
    partner text NOT NULL,
    is_ours boolean NOT NULL,
    kind text NOT NULL,
    conversation uuid NOT NULL,
    in_reply_to uuid,
    agreement_id uuid,
    agreement_version integer NOT NULL,
    officer text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    at timestamptz NOT NULL,
    digest text NOT NULL,
    previous text NOT NULL,
    signed bytea,
    forget_at timestamptz NOT NULL,
    receipt bytea,
    done_at timestamptz,
    tries integer NOT NULL DEFAULT 0,
    next_try_at timestamptz,
    refused text NOT NULL DEFAULT '',
    why text NOT NULL DEFAULT '',
    UNIQUE (sender, receiver, seq)
);
CREATE INDEX exchange_message_open ON exchange_message (partner, is_ours, seq)
    WHERE done_at IS NULL;
CREATE INDEX exchange_message_at ON exchange_message (at DESC);
CREATE INDEX exchange_message_conversation ON exchange_message (conversation);
CREATE INDEX exchange_message_asked ON exchange_message (agreement_id, created_at)
    WHERE agreement_id IS NOT NULL;
CREATE INDEX exchange_message_refused ON exchange_message (partner) WHERE refused <> '';
CREATE INDEX exchange_message_forget ON exchange_message (forget_at) WHERE signed IS NOT NULL;
COMMENT ON TABLE exchange_message IS
    'ours are done when their receipt came, those of partners when they were acted on or refused';
COMMENT ON COLUMN exchange_message.signed IS 'null once forgotten, or where it was not allowed';
COMMENT ON COLUMN exchange_message.refused IS 'why it is not acted on, a word; or set_aside';

CREATE TABLE exchange_early (
    sender text NOT NULL,
    seq bigint NOT NULL,
    sealed bytea NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (sender, seq)
);
COMMENT ON TABLE exchange_early IS 'read from a stick before those that come first';
"""

RECORDED = """
CREATE TABLE exchange_attack (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    times integer NOT NULL DEFAULT 1,
    sender text NOT NULL,
    peer text NOT NULL,
    code text NOT NULL,
    said text NOT NULL,
    body bytea NOT NULL
);
COMMENT ON TABLE exchange_attack IS 'what came in and cannot be from a partner as it is';

CREATE TABLE exchange_report (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    partner text NOT NULL,
    sender text NOT NULL,
    up_to bigint NOT NULL,
    theirs bigint NOT NULL,
    ours bigint NOT NULL,
    verdict text NOT NULL,
    missing bigint[] NOT NULL,
    message_id uuid NOT NULL
);
CREATE INDEX exchange_report_partner ON exchange_report (partner, number DESC);

CREATE TABLE exchange_stamp (
    number bigint PRIMARY KEY,
    head text NOT NULL,
    at timestamptz NOT NULL,
    url text NOT NULL,
    token bytea NOT NULL
);
COMMENT ON TABLE exchange_stamp IS 'RFC 3161 stamps of the head of the trail';
"""


def upgrade() -> None:
    op.execute(MESSAGES)
    op.execute(RECORDED)
