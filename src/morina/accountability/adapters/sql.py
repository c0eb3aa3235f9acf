"""The statements of PostgresUsers."""

USER = "SELECT name, full_name, language, time_zone FROM account WHERE name = %s"

KEPT_HASH = "SELECT password_hash FROM account WHERE name = %s"

ADD = """
INSERT INTO account (name, full_name, language, time_zone, password_hash)
VALUES (%s, %s, %s, %s, %s)"""

ADD_FIRST = """
INSERT INTO account (name, full_name, language, time_zone, password_hash)
SELECT %s, %s, %s, %s, %s WHERE NOT EXISTS (SELECT FROM account)"""

CHANGE_HASH = "UPDATE account SET password_hash = %s WHERE name = %s"

PREFER = "UPDATE account SET language = %s, time_zone = %s WHERE name = %s"

COUNT_TRY = """
INSERT INTO sign_in_try AS t (name, tries, tried_at, blocked_until)
VALUES (%(name)s, 1, %(now)s, %(now)s)
ON CONFLICT (name) DO UPDATE SET
    tries = t.tries + 1,
    tried_at = %(now)s,
    blocked_until = CASE WHEN t.tries + 1 < 5 THEN %(now)s::timestamptz
        ELSE %(now)s + interval '1 s' * least(900, 15 * 2 ^ least(t.tries - 4, 10)) END
WHERE t.blocked_until <= %(now)s"""

FORGET_TRIES = "DELETE FROM sign_in_try WHERE name = %s"

FORGET_OLD_TRIES = "DELETE FROM sign_in_try WHERE tried_at < %(now)s - interval '1 day'"

ISSUE = """
INSERT INTO api_token (token_sha256, name, label, valid_until) VALUES (%s, %s, %s, %s)"""

OWNER = """
SELECT name, full_name, language, time_zone FROM account JOIN api_token USING (name)
WHERE token_sha256 = %s AND valid_until > %s"""
