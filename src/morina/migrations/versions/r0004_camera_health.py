"""Technicians' notices, and read-rate audits."""

from alembic import op

revision = "0004"
down_revision = "0003"

NOTICES = """
CREATE TABLE camera_notice (
    notice_id uuid PRIMARY KEY,
    camera_id text NOT NULL REFERENCES camera ON DELETE CASCADE,
    fault text NOT NULL,
    found jsonb NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    opened_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text NOT NULL,
    closed_at timestamptz
);
CREATE UNIQUE INDEX camera_notice_unclosed ON camera_notice (camera_id, fault)
    WHERE closed_at IS NULL;
CREATE INDEX camera_notice_newest ON camera_notice (camera_id, opened_at DESC);
COMMENT ON TABLE camera_notice IS 'for technicians; an alert for operators is another thing';
"""

AUDITS = """
CREATE TABLE read_audit (
    audit_id uuid PRIMARY KEY,
    camera_id text NOT NULL,
    purpose text NOT NULL,
    begins_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    counted integer CHECK (counted >= 0),
    captured integer CHECK (captured BETWEEN 0 AND counted),
    counted_by text NOT NULL DEFAULT '',
    counted_at timestamptz
);
CREATE INDEX read_audit_newest ON read_audit (camera_id, made_at DESC);

CREATE TABLE read_audit_passage (
    audit_id uuid NOT NULL REFERENCES read_audit ON DELETE CASCADE,
    number integer NOT NULL,
    read_id uuid NOT NULL,
    is_unread boolean NOT NULL,
    verdict text,
    judged_by text NOT NULL DEFAULT '',
    judged_at timestamptz,
    PRIMARY KEY (audit_id, number)
);
COMMENT ON TABLE read_audit_passage IS
    'which passages were drawn; text and pictures stay where reads are kept and go when they go';
"""


def upgrade() -> None:
    op.execute(NOTICES)
    op.execute(AUDITS)
