"""How a place to go to came about, how far off its height may be, and where a review was made."""

from alembic import op

revision = "0025"
down_revision = "0024"

TASK = """
ALTER TABLE aerial_task
    ADD COLUMN placed text NOT NULL DEFAULT 'computed'
        CHECK (placed IN ('computed', 'said', 'aircraft')),
    ADD COLUMN le90_m double precision;
COMMENT ON COLUMN aerial_task.placed IS
    'computed from a track or picture, said by a person, or that of the aircraft';
COMMENT ON COLUMN aerial_task.le90_m IS
    'half the interval that holds 90 % of the errors of the height; null where it is not known';
"""

REVIEW = """
ALTER TABLE sortie_review
    ADD COLUMN at_s double precision,
    ADD COLUMN latitude double precision,
    ADD COLUMN longitude double precision;
COMMENT ON COLUMN sortie_review.at_s IS
    'when and where the track was last when it was named: a later look may follow it otherwise';
"""


def upgrade() -> None:
    for part in (TASK, REVIEW):
        op.execute(part)
