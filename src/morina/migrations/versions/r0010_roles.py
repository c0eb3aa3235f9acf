"""Roles of accounts, and accounts that are closed.

Accounts there are keep working: `administrator` becomes administrator only (who runs accounts
reads no records: decisions/0013), every other gets operator, investigator, list owner and camera
technician, as much of what it could do as one person may hold. Where there is no account of that
name nobody is administrator until `morina user roles NAME --role administrator` at the console.
"""

from alembic import op

revision = "0010"
down_revision = "0009"

ROLES = """
ALTER TABLE account
    ADD COLUMN roles text[] NOT NULL DEFAULT '{}',
    ADD COLUMN closed_at timestamptz;
UPDATE account SET roles = CASE WHEN name = 'administrator' THEN '{administrator}'::text[]
    ELSE '{operator,investigator,list_owner,camera_technician}'::text[] END;
COMMENT ON COLUMN account.closed_at IS 'a closed account stays, so that its name is not used again';
CREATE INDEX trail_signed_in ON trail (who, number DESC) WHERE act = 'sign_in';
"""


def upgrade() -> None:
    op.execute(ROLES)
