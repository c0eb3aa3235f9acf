"""Approvals by a second person, alarms of misuse, sampled questions, plates watched over."""

from alembic import op

revision = "0012"
down_revision = "0011"

APPROVALS = """
CREATE TABLE approval (
    approval_id uuid PRIMARY KEY,
    kind text NOT NULL,
    requester text NOT NULL CHECK (requester <> ''),
    words text NOT NULL CHECK (words <> ''),
    needed text NOT NULL,
    why jsonb NOT NULL,
    content jsonb NOT NULL,
    digest text NOT NULL CHECK (digest <> ''),
    asked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    UNIQUE (approval_id, requester)
);
CREATE INDEX approval_of_requester ON approval (requester, asked_at DESC);
CREATE INDEX approval_asked ON approval (asked_at DESC);
COMMENT ON TABLE approval IS 'what somebody asked a second person for';

CREATE TABLE approval_decision (
    approval_id uuid PRIMARY KEY,
    requester text NOT NULL,
    decided_by text NOT NULL CHECK (decided_by <> '' AND decided_by <> requester),
    decided_at timestamptz NOT NULL,
    approved boolean NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    expires_at timestamptz NOT NULL,
    FOREIGN KEY (approval_id, requester) REFERENCES approval (approval_id, requester)
);
COMMENT ON TABLE approval_decision IS 'decided once, and never by who asked';

CREATE TABLE approval_use (
    approval_id uuid PRIMARY KEY REFERENCES approval_decision,
    used_at timestamptz NOT NULL,
    used_for text NOT NULL
);
COMMENT ON TABLE approval_use IS 'done once under an approval; used_for names what';
"""

OVERSIGHT = """
CREATE TABLE watched_plate (
    watch text NOT NULL,
    mark text NOT NULL CHECK (mark ~ '^[0-9a-f]{64}$'),
    officer text NOT NULL,
    note text NOT NULL,
    put_by text NOT NULL,
    put_at timestamptz NOT NULL,
    PRIMARY KEY (watch, mark, officer)
);
COMMENT ON TABLE watched_plate IS 'plates watched over, as keyed hashes: the key is in the home';

CREATE TABLE misuse_alarm (
    alarm_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    rule text NOT NULL,
    officer text NOT NULL,
    key text NOT NULL,
    said text NOT NULL,
    at timestamptz NOT NULL,
    numbers bigint[] NOT NULL,
    UNIQUE (rule, key)
);
CREATE INDEX misuse_alarm_at ON misuse_alarm (at DESC);

CREATE TABLE misuse_review (
    alarm_id uuid PRIMARY KEY REFERENCES misuse_alarm,
    by text NOT NULL CHECK (by <> ''),
    at timestamptz NOT NULL,
    found text NOT NULL,
    words text NOT NULL CHECK (words <> '')
);

CREATE TABLE sampled_consultation (
    number bigint PRIMARY KEY REFERENCES consultation
);

CREATE TABLE sample_review (
    number bigint PRIMARY KEY REFERENCES sampled_consultation,
    by text NOT NULL CHECK (by <> ''),
    at timestamptz NOT NULL,
    found text NOT NULL,
    words text NOT NULL CHECK (words <> '')
);
CREATE INDEX consultation_asked ON consultation (asked_at);
"""

STAYING = (
    "approval", "approval_decision", "approval_use", "misuse_alarm", "misuse_review",
    "sampled_consultation", "sample_review",
)  # fmt: skip

STAYS = """
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.execute(APPROVALS)
    op.execute(OVERSIGHT)
    for table in STAYING:
        op.execute(STAYS.format(table=table))
