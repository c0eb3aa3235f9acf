"""Hotlists of partners, and sightings told and heard.

A partner's list stands among the own ones with its owner's node; its entries keep the ids they
have at the owner beside ours. That an alert on one was confirmed or rejected by a person makes a
row of ``sighting_due`` in the same transaction, so that none is told twice and none forgotten.
"""

from alembic import op

revision = "0017"
down_revision = "0016"

LISTS = """
ALTER TABLE hotlist ADD COLUMN owner_node text NOT NULL DEFAULT '';
ALTER TABLE hotlist DROP CONSTRAINT hotlist_name_key;
CREATE UNIQUE INDEX hotlist_name ON hotlist (name) WHERE owner_node = '';
COMMENT ON COLUMN hotlist.owner_node IS 'node of the partner it came from; empty: our own';
ALTER TABLE hotlist ADD COLUMN emptied_revision bigint NOT NULL DEFAULT 0;
ALTER TABLE hotlist ADD COLUMN is_emptying boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN hotlist.emptied_revision IS
    'what was added up to this revision counts as withdrawn by it, also before its rows say so';

ALTER TABLE listing ADD COLUMN owner_listing_id uuid;
COMMENT ON COLUMN listing.owner_listing_id IS 'its id at the partner it came from';

CREATE TABLE partner_list (
    hotlist_id uuid PRIMARY KEY REFERENCES hotlist,
    owner_node text NOT NULL,
    owner_list_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    valid_to timestamptz NOT NULL,
    keep_days integer NOT NULL,
    version integer NOT NULL DEFAULT 0,
    entries integer NOT NULL DEFAULT 0,
    heard_at timestamptz NOT NULL,
    applied_at timestamptz,
    ended_at timestamptz,
    ended text NOT NULL DEFAULT '',
    copy_id uuid,
    copy_part integer NOT NULL DEFAULT 0,
    copy_digest text NOT NULL DEFAULT '',
    UNIQUE (owner_node, owner_list_id)
);
COMMENT ON COLUMN partner_list.copy_id IS 'copy or delta whose parts are coming in';

CREATE TABLE partner_staged (
    copy_id uuid NOT NULL,
    place integer NOT NULL,
    listing_id uuid NOT NULL,
    owner_listing_id uuid NOT NULL,
    country text NOT NULL,
    text text NOT NULL,
    entry jsonb,
    PRIMARY KEY (copy_id, listing_id)
);
COMMENT ON COLUMN partner_staged.entry IS 'null: the entry is withdrawn';

CREATE TABLE list_share (
    hotlist_id uuid NOT NULL REFERENCES hotlist,
    partner text NOT NULL,
    agreement_id uuid NOT NULL,
    purpose text NOT NULL,
    case_number text NOT NULL,
    justification text NOT NULL,
    officer text NOT NULL,
    approver text NOT NULL,
    conversation uuid NOT NULL,
    shared_at timestamptz NOT NULL,
    stopped_at timestamptz,
    agreement_version integer NOT NULL DEFAULT 0,
    posted_revision bigint NOT NULL DEFAULT 0,
    posted_version integer NOT NULL DEFAULT 0,
    entries integer NOT NULL DEFAULT 0,
    last_posted_at timestamptz,
    said text NOT NULL DEFAULT '',
    copy jsonb,
    PRIMARY KEY (hotlist_id, partner)
);
CREATE UNIQUE INDEX list_share_conversation ON list_share (conversation);
COMMENT ON COLUMN list_share.copy IS 'the copy or delta that is being posted, and how far it is';
"""

SIGHTINGS = """
CREATE TABLE sighting_due (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert_id uuid NOT NULL,
    kind text NOT NULL
);

CREATE TABLE sighting_told (
    alert_id uuid NOT NULL,
    state smallint NOT NULL,
    partner text NOT NULL,
    sighting_id uuid NOT NULL,
    at timestamptz NOT NULL,
    denied text NOT NULL DEFAULT '',
    PRIMARY KEY (alert_id, state)
);

CREATE TABLE sighting (
    told_by text NOT NULL,
    sighting_id uuid NOT NULL,
    hotlist_id uuid NOT NULL,
    listing_id uuid NOT NULL,
    state smallint NOT NULL,
    seen_at timestamptz NOT NULL,
    heard_at timestamptz NOT NULL,
    keep_until timestamptz NOT NULL,
    camera_group text NOT NULL,
    fields jsonb NOT NULL,
    officer text NOT NULL,
    corrected_at timestamptz,
    correction text NOT NULL DEFAULT '',
    PRIMARY KEY (told_by, sighting_id)
);
CREATE INDEX sighting_newest ON sighting (seen_at DESC);
CREATE INDEX sighting_listing ON sighting (listing_id);
CREATE INDEX sighting_keep ON sighting (keep_until);

CREATE FUNCTION sighting_falls_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM alert WHERE alert_id = NEW.alert_id
               AND coalesce(listed -> 'hotlist' ->> 'owner_node', '') <> '') THEN
        INSERT INTO sighting_due (alert_id, kind) VALUES (NEW.alert_id, NEW.kind);
        PERFORM pg_notify('morina_sightings_due', '');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sighting_falls_due AFTER INSERT ON alert_act FOR EACH ROW
    WHEN (NEW.kind IN ('confirm', 'reject')) EXECUTE FUNCTION sighting_falls_due();
"""


def upgrade() -> None:
    op.execute(LISTS)
    op.execute(SIGHTINGS)
