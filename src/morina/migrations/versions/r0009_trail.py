"""The trail: entries are added in one chain, never changed or deleted."""

from alembic import op

revision = "0009"
down_revision = "0008"

TABLE = """
CREATE TABLE trail (
    number bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    who text NOT NULL,
    act text NOT NULL,
    what jsonb NOT NULL,
    why jsonb NOT NULL,
    with_whom text NOT NULL,
    previous text NOT NULL,
    hash text NOT NULL
);
CREATE INDEX trail_who ON trail (who, number DESC);
CREATE INDEX trail_ids ON trail USING gin ((what -> 'ids'));
CREATE TRIGGER trail_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON trail
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
COMMENT ON TABLE trail IS 'who did what and why; written by trail_append only';
"""

# accountability/trail.py makes the same hash: head and tail are the halves of an entry's JSON.
APPEND = """
CREATE FUNCTION trail_append(
    at timestamptz, who text, act text, what jsonb, why jsonb, with_whom text, head text, tail text
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    last record;
    next_number bigint := 1;
    previous text := repeat('0', 64);
BEGIN
    PERFORM pg_advisory_xact_lock(x'747261696c'::bigint);
    SELECT number, hash INTO last FROM trail ORDER BY number DESC LIMIT 1;
    IF FOUND THEN
        next_number := last.number + 1;
        previous := last.hash;
    END IF;
    INSERT INTO trail VALUES (
        next_number, at, who, act, what, why, with_whom, previous,
        encode(sha256(convert_to(
            head || next_number || ',"previous":"' || previous || tail, 'UTF8')), 'hex'));
    RETURN next_number;
END $$;
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(APPEND)
