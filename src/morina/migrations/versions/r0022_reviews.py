"""What people said of tracks, and tasks handed over."""

from alembic import op

revision = "0022"
down_revision = "0021"

REVIEWS = """
CREATE TABLE sortie_review (
    review_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sortie_id uuid NOT NULL REFERENCES sortie ON DELETE CASCADE,
    track_id uuid NOT NULL,
    named text NOT NULL,
    officer text NOT NULL,
    at timestamptz NOT NULL,
    machine text NOT NULL,
    share double precision NOT NULL,
    remark text NOT NULL,
    why jsonb NOT NULL
);
CREATE INDEX sortie_review_newest ON sortie_review (sortie_id, track_id, review_id DESC);
COMMENT ON TABLE sortie_review IS
    'what people said a track is; the newest of a track counts, all go with the sortie';
COMMENT ON COLUMN sortie_review.machine IS 'what the detector said of it then, with its share';
COMMENT ON COLUMN sortie_review.why IS 'the purpose it was looked at under, in parts';

CREATE TABLE review_count (
    machine text NOT NULL,
    named text NOT NULL,
    tracks bigint NOT NULL,
    PRIMARY KEY (machine, named)
);
COMMENT ON TABLE review_count IS
    'newest reviews of sorties that are forgotten, as numbers only: the detector''s own rate';
"""

TASKS = """
CREATE TABLE aerial_task (
    task_id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('rescue', 'patrol')),
    state text NOT NULL,
    sortie_id uuid NOT NULL REFERENCES sortie ON DELETE CASCADE,
    track_id uuid,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    ce90_m double precision NOT NULL,
    height_m double precision,
    said text NOT NULL,
    officer text NOT NULL,
    made_at timestamptz NOT NULL,
    case_number text NOT NULL,
    named text NOT NULL,
    seen_at timestamptz,
    taken_by text NOT NULL DEFAULT '',
    outcome text NOT NULL DEFAULT '',
    why jsonb NOT NULL
);
CREATE INDEX aerial_task_order ON aerial_task (kind, made_at);
CREATE INDEX aerial_task_of ON aerial_task (sortie_id);
CREATE UNIQUE INDEX aerial_task_once ON aerial_task (track_id, kind)
    WHERE track_id IS NOT NULL AND state NOT IN ('done', 'cancelled');
COMMENT ON TABLE aerial_task IS
    'places handed to mountain rescue or a patrol; finished ones go with the sortie';
COMMENT ON COLUMN aerial_task.ce90_m IS 'radius that holds 90 % of the error';
COMMENT ON COLUMN aerial_task.height_m IS 'above the ellipsoid; null where no terrain is known';
COMMENT ON INDEX aerial_task_once IS 'one track is handed over once until that is finished';
"""


def upgrade() -> None:
    for part in (REVIEWS, TASKS):
        op.execute(part)
