"""Airframes, batteries, pilots, airspace and height limits."""

from alembic import op

revision = "0023"
down_revision = "0022"

THINGS = """
CREATE TABLE fleet_airframe (
    name text PRIMARY KEY,
    type text NOT NULL,
    serial text NOT NULL,
    hours double precision NOT NULL CHECK (hours >= 0),
    serviced_hours double precision NOT NULL,
    service_every_h double precision,
    service_due_on date,
    grounded text NOT NULL
);
COMMENT ON TABLE fleet_airframe IS 'drones, hours flown and at the last service';
COMMENT ON COLUMN fleet_airframe.grounded IS 'why it does not fly; empty where it may';

CREATE TABLE fleet_battery (
    name text PRIMARY KEY,
    serial text NOT NULL,
    cycles integer NOT NULL CHECK (cycles >= 0),
    health double precision CHECK (health BETWEEN 0 AND 1),
    retire_cycles integer,
    retire_health double precision
);
COMMENT ON TABLE fleet_battery IS 'batteries; health is the share of capacity when last measured';
"""

PEOPLE = """
CREATE TABLE fleet_pilot (
    name text PRIMARY KEY,
    competence text NOT NULL,
    valid_to date NOT NULL,
    last_flight_at timestamptz
);
COMMENT ON TABLE fleet_pilot IS 'who may fly, by the name of the account';
"""

RULES = """
CREATE TABLE fleet_airspace (
    airspace_id uuid PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('forbidden', 'permission')),
    ring double precision[] NOT NULL,
    reference text NOT NULL,
    floor_m double precision,
    floor_over text CHECK (floor_over IN ('ground', 'sea')),
    ceiling_m double precision,
    ceiling_over text CHECK (ceiling_over IN ('ground', 'sea')),
    begins_at timestamptz,
    ends_at timestamptz
);
COMMENT ON TABLE fleet_airspace IS 'airspace as the authority entered it, each with its source';
COMMENT ON COLUMN fleet_airspace.ring IS 'corners, longitude and latitude';
COMMENT ON COLUMN fleet_airspace.floor_m IS 'null: from the ground up';

CREATE TABLE fleet_limits (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    height_m double precision,
    height_source text NOT NULL,
    recent_days integer,
    recent_source text NOT NULL
);
COMMENT ON TABLE fleet_limits IS 'what the authority binds its flights to, and where it is written';
"""

CLEARANCE = """
CREATE TABLE fleet_clearance (
    sortie_id uuid PRIMARY KEY REFERENCES sortie ON DELETE CASCADE,
    plan jsonb NOT NULL,
    checks jsonb NOT NULL,
    reason text NOT NULL,
    officer text NOT NULL,
    at timestamptz NOT NULL,
    flown_h double precision
);
COMMENT ON TABLE fleet_clearance IS
    'what was looked at when a flight was cleared, and why warnings were passed; goes with it';
COMMENT ON COLUMN fleet_clearance.flown_h IS 'hours entered for airframe, battery and pilot';
"""


def upgrade() -> None:
    for part in (THINGS, PEOPLE, RULES, CLEARANCE):
        op.execute(part)
