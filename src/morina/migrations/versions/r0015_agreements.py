"""Agreements with partners, and the directory of nodes."""

from alembic import op

revision = "0015"
down_revision = "0014"

TABLES = """
CREATE TABLE agreement_draft (
    agreement_id uuid PRIMARY KEY,
    said jsonb NOT NULL,
    drafted_by text NOT NULL CHECK (drafted_by <> ''),
    drafted_at timestamptz NOT NULL
);
COMMENT ON TABLE agreement_draft IS 'agreements of this node nobody signed yet';

CREATE TABLE agreement_version (
    agreement_id uuid NOT NULL,
    digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
    version integer NOT NULL CHECK (version >= 1),
    ended boolean NOT NULL,
    giver text NOT NULL,
    receiver text NOT NULL,
    said jsonb NOT NULL,
    known_at timestamptz NOT NULL,
    PRIMARY KEY (agreement_id, digest)
);
CREATE UNIQUE INDEX agreement_version_one ON agreement_version (agreement_id, version)
    WHERE NOT ended;
CREATE INDEX agreement_version_parties ON agreement_version (giver, receiver);
COMMENT ON TABLE agreement_version IS 'versions somebody signed, as they were signed';

CREATE TABLE agreement_signature (
    agreement_id uuid NOT NULL,
    digest text NOT NULL,
    node_id text NOT NULL CHECK (node_id <> ''),
    signature text NOT NULL,
    officer text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (agreement_id, digest, node_id),
    FOREIGN KEY (agreement_id, digest) REFERENCES agreement_version
);

CREATE TABLE directory (
    version integer PRIMARY KEY CHECK (version >= 1),
    bundle text NOT NULL,
    taken_by text NOT NULL,
    taken_at timestamptz NOT NULL
);
COMMENT ON TABLE directory IS 'directories taken, the newest in force; signed, so checked at use';
"""

STAYS = """
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("agreement_version", "agreement_signature", "directory"):
        op.execute(STAYS.format(table=table))
