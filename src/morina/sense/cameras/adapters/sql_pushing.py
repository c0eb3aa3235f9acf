"""The statements of PostgresPushing and PostgresPending."""

PLAIN = ("camera_id", "maker", "time_zone", "confidence_scale", "certificate", "pull_url")

CAMERAS = """
SELECT camera_id, maker, time_zone, confidence_scale, mapping, device_keys, addresses, certificate,
    pull_url
FROM pushing_camera"""

PUT = """
INSERT INTO pushing_camera (camera_id, maker, time_zone, confidence_scale, mapping, device_keys,
    addresses, certificate, pull_url, secret_sha256, secret_sealed)
VALUES (%(camera_id)s, %(maker)s, %(time_zone)s, %(confidence_scale)s, %(mapping)s,
    %(device_keys)s, %(addresses)s, %(certificate)s, %(pull_url)s, %(secret_sha256)s,
    %(secret_sealed)s)
ON CONFLICT (camera_id) DO UPDATE SET (maker, time_zone, confidence_scale, mapping, device_keys,
    addresses, certificate, pull_url, secret_sha256, secret_sealed)
  = ROW (excluded.maker, excluded.time_zone, excluded.confidence_scale, excluded.mapping,
    excluded.device_keys, excluded.addresses, excluded.certificate, excluded.pull_url,
    excluded.secret_sha256, excluded.secret_sealed)"""

REMOVE = "DELETE FROM pushing_camera WHERE camera_id = %s"
SECRET = """
SELECT secret_sha256, secret_sealed FROM pushing_camera WHERE camera_id = %s"""  # noqa: S105 - a query

CURSOR = "SELECT cursor FROM pushing_camera WHERE camera_id = %s"
TAKE_CURSOR = "UPDATE pushing_camera SET cursor = %(cursor)s WHERE camera_id = %(camera_id)s"

HEARD = """
SELECT camera_id, heard_at, reported_at, clock_offset_s, reports, repeats, bad_payloads
FROM camera_heard"""

HEAR = """
INSERT INTO camera_heard (camera_id, heard_at) VALUES (%(camera_id)s, %(at)s)
ON CONFLICT (camera_id) DO UPDATE SET heard_at = excluded.heard_at"""

REPORT = """
INSERT INTO camera_heard AS h (camera_id, heard_at, reported_at, clock_offset_s, reports, repeats)
VALUES (%(camera_id)s, %(at)s, %(at)s, %(offset_s)s, 1, %(repeat)s)
ON CONFLICT (camera_id) DO UPDATE SET
    heard_at = excluded.heard_at, reported_at = excluded.reported_at,
    reports = h.reports + 1, repeats = h.repeats + excluded.repeats,
    clock_offset_s = CASE
        WHEN excluded.clock_offset_s IS NULL OR excluded.repeats > 0 THEN h.clock_offset_s
        WHEN h.clock_offset_s IS NULL THEN excluded.clock_offset_s
        ELSE h.clock_offset_s + 0.2 * (excluded.clock_offset_s - h.clock_offset_s) END"""
"""The offset is an exponential mean over about the last ten reports that were no repeats."""

KEEP_BAD = """
WITH counted AS (
    UPDATE camera_heard SET bad_payloads = bad_payloads + 1 WHERE camera_id = %(camera_id)s)
INSERT INTO bad_payload (camera_id, at, fault, media_type, size, content)
VALUES (%(camera_id)s, %(at)s, %(fault)s, %(media_type)s, %(size)s, %(content)s)"""

FORGET_BAD = """
DELETE FROM bad_payload WHERE camera_id = %s AND payload_id NOT IN (
    SELECT payload_id FROM bad_payload WHERE camera_id = %s ORDER BY payload_id DESC LIMIT %s)"""

BAD_PAYLOADS = """
SELECT at, fault, media_type, size, content FROM bad_payload
WHERE camera_id = %s ORDER BY payload_id DESC"""

KNOCK = """
INSERT INTO knock AS k (knock_id, address, maker, camera_key, secret_sha256, first_at, last_at,
    times)
VALUES (%(knock_id)s, %(address)s, %(maker)s, %(camera_key)s, %(secret_sha256)s, %(first_at)s,
    %(last_at)s, %(times)s)
ON CONFLICT (address, maker, camera_key, secret_sha256) DO UPDATE SET
    last_at = excluded.last_at, times = k.times + 1"""

FORGET_KNOCKS = """
DELETE FROM knock WHERE knock_id NOT IN (
    SELECT knock_id FROM knock ORDER BY last_at DESC LIMIT %s)"""

KNOCKS = """
SELECT knock_id, address, maker, camera_key, first_at, last_at, times, secret_sha256
FROM knock ORDER BY last_at DESC, knock_id"""

TAKE_KNOCK = "DELETE FROM knock WHERE knock_id = %s RETURNING secret_sha256"

FIND = """
SELECT key, capture, final, due_at, touched_at FROM arrival
WHERE camera_id = %s AND key = %s AND touched_at > %s"""

PUT_ARRIVAL = """
INSERT INTO arrival (camera_id, key, capture, final, due_at, touched_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (camera_id, key) DO UPDATE SET
    capture = excluded.capture, final = excluded.final, due_at = excluded.due_at,
    touched_at = excluded.touched_at"""

DUE = """
SELECT key, capture, final, due_at, touched_at FROM arrival
WHERE due_at <= %s ORDER BY due_at, camera_id, key LIMIT 1000"""

FORGET = "DELETE FROM arrival WHERE due_at IS NULL AND touched_at < %s"
