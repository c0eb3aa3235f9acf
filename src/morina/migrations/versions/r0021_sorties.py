"""Drone flights: their files, pictures worked through, tracks, what was looked at."""

from alembic import op

revision = "0021"
down_revision = "0020"

SORTIE = """
CREATE TABLE sortie (
    sortie_id uuid PRIMARY KEY,
    name text NOT NULL,
    case_number text NOT NULL,
    task text NOT NULL,
    officer text NOT NULL,
    state text NOT NULL,
    made_at timestamptz NOT NULL,
    began_at timestamptz,
    ended_at timestamptz,
    clocked boolean NOT NULL DEFAULT false,
    airframe text NOT NULL DEFAULT '',
    pilot text NOT NULL DEFAULT '',
    source text NOT NULL DEFAULT '',
    width integer NOT NULL DEFAULT 0,
    height integer NOT NULL DEFAULT 0,
    frames bigint NOT NULL DEFAULT 0,
    seconds double precision NOT NULL DEFAULT 0,
    frames_per_s double precision NOT NULL DEFAULT 0,
    done double precision NOT NULL DEFAULT 0 CHECK (done BETWEEN 0 AND 1),
    fault text NOT NULL DEFAULT '',
    lacks text[] NOT NULL DEFAULT '{}',
    rendered boolean NOT NULL DEFAULT false,
    tries integer NOT NULL DEFAULT 0,
    received_at timestamptz,
    forget_at timestamptz NOT NULL
);
CREATE INDEX sortie_newest ON sortie (made_at DESC);
CREATE INDEX sortie_waits ON sortie (received_at) WHERE state IN ('waiting', 'working');
CREATE INDEX sortie_due ON sortie (forget_at) WHERE state <> 'forgotten';
COMMENT ON TABLE sortie IS
    'a drone flight; a forgotten one keeps its id and times, and goes with its last open task';
COMMENT ON COLUMN sortie.clocked IS 'whether began_at is of a clock in the telemetry';
COMMENT ON COLUMN sortie.tries IS 'how often it was begun to be worked through since it came in';
COMMENT ON COLUMN sortie.received_at IS 'when its files came in first';
"""

FILE = """
CREATE TABLE sortie_file (
    sortie_id uuid NOT NULL REFERENCES sortie ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('video', 'telemetry')),
    name text NOT NULL,
    kept_as text NOT NULL,
    bytes bigint NOT NULL,
    sha256 text NOT NULL,
    PRIMARY KEY (sortie_id, kind)
);
COMMENT ON TABLE sortie_file IS 'video and telemetry; one file may be both';
COMMENT ON COLUMN sortie_file.kept_as IS 'its name in the folder of the sortie, in the home';
"""

MOMENT = """
CREATE TABLE sortie_moment (
    sortie_id uuid NOT NULL REFERENCES sortie ON DELETE CASCADE,
    frame bigint NOT NULL,
    at_s double precision NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    height_m double precision,
    pose bytea,
    ring bytea,
    extent box,
    cut boolean NOT NULL DEFAULT false,
    metres_per_pixel double precision,
    PRIMARY KEY (sortie_id, frame)
);
CREATE INDEX sortie_moment_extent ON sortie_moment USING gist (extent);
COMMENT ON TABLE sortie_moment IS 'pictures worked through: pose, and the ground seen';
COMMENT ON COLUMN sortie_moment.extent IS 'the box around the ring, longitude and latitude';
"""

TRACK = """
CREATE TABLE sortie_track (
    sortie_id uuid NOT NULL REFERENCES sortie ON DELETE CASCADE,
    track_id uuid NOT NULL,
    kind text NOT NULL,
    began_s double precision NOT NULL,
    points bytea NOT NULL,
    agreeing integer NOT NULL,
    share double precision NOT NULL,
    hint boolean NOT NULL,
    PRIMARY KEY (sortie_id, track_id)
);
COMMENT ON TABLE sortie_track IS 'paths of moving things within one sortie, anonymous';
COMMENT ON COLUMN sortie_track.points IS 'packed doubles; see sense.aerial.adapters.packing';
"""


def upgrade() -> None:
    for part in (SORTIE, FILE, MOMENT, TRACK):
        op.execute(part)
