"""What a person states of a flight, and how its telemetry was taken."""

from alembic import op

revision = "0026"
down_revision = "0025"

SORTIE = """
ALTER TABLE sortie
    ADD COLUMN notes text[] NOT NULL DEFAULT '{}',
    ADD COLUMN stated jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN sortie.notes IS
    'how its telemetry was taken and what of it was passed over, in words';
COMMENT ON COLUMN sortie.stated IS
    'what a person states where its source lacks it; who did stands in the trail';
"""


def upgrade() -> None:
    op.execute(SORTIE)
