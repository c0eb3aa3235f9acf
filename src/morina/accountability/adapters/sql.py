"""The statements of PostgresUsers."""

_USER = "SELECT name, full_name, language, time_zone, roles, authority FROM account"
USER = f"{_USER} WHERE name = %s AND closed_at IS NULL"

KEPT_HASH = "SELECT password_hash FROM account WHERE name = %s AND closed_at IS NULL"

ALL = """
SELECT name, full_name, language, time_zone, roles, authority, closed_at, (
    SELECT at FROM trail WHERE who = name AND act = 'sign_in' ORDER BY number DESC LIMIT 1
) AS signed_in_at FROM account ORDER BY name"""

HELD = "SELECT roles FROM account WHERE name = %s AND closed_at IS NULL FOR UPDATE"

GIVE_ROLES = "UPDATE account SET roles = %s WHERE name = %s AND closed_at IS NULL"

CLOSE = "UPDATE account SET closed_at = now() WHERE name = %s AND closed_at IS NULL"

IS_LAST_ADMINISTRATOR = """
SELECT EXISTS (SELECT FROM account WHERE name = %(name)s AND 'administrator' = ANY (roles))
    AND NOT EXISTS (
        SELECT FROM account
        WHERE name <> %(name)s AND closed_at IS NULL AND 'administrator' = ANY (roles))"""

FORGET_TOKENS = "DELETE FROM api_token WHERE name = %s"

ADD = """
INSERT INTO account (name, full_name, language, time_zone, roles, password_hash, authority)
VALUES (%s, %s, %s, %s, %s, %s, %s)"""

ADD_FIRST = """
INSERT INTO account (name, full_name, language, time_zone, roles, password_hash, authority)
SELECT %s, %s, %s, %s, %s::text[], %s, %s WHERE NOT EXISTS (SELECT FROM account)"""

CHANGE_HASH = "UPDATE account SET password_hash = %s, first_password = false WHERE name = %s"

MARK_FIRST = "UPDATE account SET first_password = true WHERE name = %s"

HAS_FIRST = "SELECT first_password FROM account WHERE name = %s"

PREFER = "UPDATE account SET language = %s, time_zone = %s WHERE name = %s"

ISSUE = """
INSERT INTO api_token (token_sha256, name, label, valid_until, scopes)
VALUES (%s, %s, %s, %s, %s)"""

OWNER = """
SELECT name, full_name, language, time_zone, roles, authority, scopes,
    coalesce(used_at < %(now)s::timestamptz - interval '1 minute', true) AS is_used
FROM account JOIN api_token USING (name)
WHERE token_sha256 = %(hash)s AND valid_until > %(now)s AND closed_at IS NULL"""

USED_IT = "UPDATE api_token SET used_at = %(now)s WHERE token_sha256 = %(hash)s"
