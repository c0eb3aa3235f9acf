"""Tracks found while a drone flies, how it was looked through then, and who cleared it."""

from alembic import op

revision = "0024"
down_revision = "0023"

TRACK = """
ALTER TABLE sortie_track
    ADD COLUMN live boolean NOT NULL DEFAULT false,
    ADD COLUMN earlier boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN sortie_track.live IS
    'found while it flew, and not (or not yet) in the whole recording';
COMMENT ON COLUMN sortie_track.earlier IS
    'of an earlier look; shown alone until the look that goes on has ended';
"""

SORTIE = """
ALTER TABLE sortie
    ADD COLUMN looked bigint NOT NULL DEFAULT 0,
    ADD COLUMN skipped bigint NOT NULL DEFAULT 0,
    ADD COLUMN cleared_by text NOT NULL DEFAULT '',
    ADD COLUMN fleet_checked boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN sortie.looked IS 'pictures looked at while it flew';
COMMENT ON COLUMN sortie.skipped IS 'pictures that were due then and passed over to keep up';
COMMENT ON COLUMN sortie.fleet_checked IS 'whether the fleet was checked when it was cleared';
"""

MOMENT = "CREATE INDEX sortie_moment_when ON sortie_moment (sortie_id, at_s)"


def upgrade() -> None:
    for part in (TRACK, SORTIE, MOMENT):
        op.execute(part)
