"""Least privilege in the database: what the role a node works as may do, and no more.

It owns nothing: it makes, changes and drops no table, and cannot switch a trigger off. Tables that
refuse changes (the trail, consultations, approvals) it may only add to, and to the trail only by
``trail_append``, which keeps the chain.
"""

from collections.abc import Sequence

import psycopg
from psycopg import sql

_LOCK = 0x726967687473
"""Advisory lock: one node at a time gives rights."""

_KEPT = """
SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_proc p ON p.oid = t.tgfoid
WHERE p.proname = 'refuse_change' AND c.relnamespace = 'public'::regnamespace"""

_READ = ("trail", "alembic_version")
"""Not even added to by the role itself."""

_COUNTED = "GRANT MAINTAIN ON TABLE listing, partner_staged TO {role}"
"""A partner's list is counted (ANALYZE) within the transaction that takes it in. Servers before 17
have no such right: there autovacuum counts, later."""
_HAS_MAINTAIN = 170000

_GIVEN = (
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
    "REVOKE CREATE ON SCHEMA public FROM {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
)


def give_rights(owner: str, service: str) -> None:
    """Let the role of the DSN ``service`` work with the tables of ``owner``; blocking.

    A role that owns the tables itself is left as it is. One that is missing is made, with the
    password of the DSN, where the owner may make roles. psycopg.Error where it may not.
    """
    wanted = psycopg.conninfo.conninfo_to_dict(service)
    role, password = str(wanted.get("user", "")), str(wanted.get("password", ""))
    with psycopg.connect(owner) as connection:
        if connection.info.user == role:
            return
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        _make(connection, role, password)
        _give(connection, role)


def _make(connection: psycopg.Connection, role: str, password: str) -> None:
    """The role, with this password where it is the node's own to choose."""
    found = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    if found is not None and connection.info.user != "postgres":
        return
    hashed = connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    how = "CREATE ROLE" if found is None else "ALTER ROLE"
    rest = "{role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD {hashed}"
    named = sql.SQL(how + " " + rest).format(role=sql.Identifier(role), hashed=sql.Literal(hashed))
    connection.execute(named)


def _give(connection: psycopg.Connection, role: str) -> None:
    for statement in _GIVEN:
        connection.execute(sql.SQL(statement).format(role=sql.Identifier(role)))
    if connection.info.server_version >= _HAS_MAINTAIN:
        connection.execute(sql.SQL(_COUNTED).format(role=sql.Identifier(role)))
    kept = [row[0] for row in connection.execute(_KEPT)]
    _take(connection, role, ("UPDATE", "DELETE", "TRUNCATE"), kept)
    _take(connection, role, ("INSERT", "UPDATE", "DELETE"), _READ)


def _take(
    connection: psycopg.Connection, role: str, rights: Sequence[str], tables: Sequence[str]
) -> None:
    taken = sql.SQL(", ").join(sql.SQL(one) for one in rights)
    for table in tables:
        connection.execute(
            sql.SQL("REVOKE {} ON {} FROM {}").format(
                taken, sql.Identifier(table), sql.Identifier(role)
            )
        )
