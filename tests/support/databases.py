"""Databases with the newest schema, used by one test after the other, each emptied before.

Migrating one takes a second of two cores, copying one a third of that, emptying one some
milliseconds. One whose schema or rights a test has changed is not used again.
"""

from dataclasses import dataclass, field
from functools import cache
from uuid import uuid4

import psycopg

from morina.migrations import upgrade

_TABLES = """
SELECT quote_ident(tablename) FROM pg_tables
WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1"""

_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""

_SCHEMA = """
SELECT md5(string_agg(said, E'\\n' ORDER BY said)) FROM (
    SELECT concat_ws(' ', relname, relkind, relacl, relowner, relrowsecurity) AS said
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', c.relname, attname, atttypid, attnotnull, attacl, attnum)
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', tgname, tgenabled, tgrelid::regclass) FROM pg_trigger
    UNION ALL
    SELECT concat_ws(' ', conname, pg_get_constraintdef(oid)) FROM pg_constraint
    UNION ALL
    SELECT concat_ws(' ', proname, prosecdef, proconfig, proacl, md5(prosrc)) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT nspname || nspacl::text FROM pg_namespace WHERE nspname = 'public'
    UNION ALL
    SELECT concat_ws(' ', setrole, setconfig) FROM pg_db_role_setting) AS all_of_it (said)"""


@dataclass
class Databases:
    """Those of one server; ``server`` is the DSN of any database of it.

    ``besides`` is what tests have in them besides Morina's schema.
    """

    server: str
    besides: str = ""
    free: list[str] = field(default_factory=list)
    schema: str = ""
    template: str = ""

    def new(self) -> str:
        """The DSN of a new, empty database without any schema."""
        return self._made("")

    def _made(self, how: str) -> str:
        name = f"test_{uuid4().hex}"
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" {how}')  # type: ignore[arg-type]  # our own
        return f"{self.server.rpartition('/')[0]}/{name}"

    def drop(self, dsn: str) -> None:
        """Remove one, whoever is still in it."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{dsn.rpartition("/")[2]}" WITH (FORCE)')

    def take(self) -> str:
        """The DSN of a database with the schema and nothing in it."""
        if self.free:
            return self.free.pop()
        if not self.template:
            self._make_template()
        return self._made(f'TEMPLATE "{self.template}" STRATEGY FILE_COPY')

    def _make_template(self) -> None:
        dsn = self.new()
        upgrade(dsn)
        with psycopg.connect(dsn, autocommit=True) as connection:
            if self.besides:
                connection.execute(self.besides)  # type: ignore[arg-type]  # our own
            self.schema = _schema(connection)
        self.template = dsn.rpartition("/")[2]

    def give_back(self, dsn: str) -> None:
        """Empty one for the next test, or remove it where it is no longer what it was."""
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(_OTHERS)
            whole = _schema(connection) == self.schema
            if whole:
                _empty(connection)
        if whole:
            self.free.append(dsn)
        else:
            self.drop(dsn)


@cache
def databases_of(server: str, besides: str = "") -> Databases:
    """The same each time, so that what one test gives back the next one takes."""
    return Databases(server, besides)


def _schema(connection: psycopg.Connection) -> str:
    row = connection.execute(_SCHEMA).fetchone()
    assert row
    return str(row[0])


def _empty(connection: psycopg.Connection) -> None:
    """Past the triggers that refuse changes; numbers begin anew."""
    tables = [str(row[0]) for row in connection.execute(_TABLES)]
    asked = " UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT FROM {one})" for one in tables)
    filled = [str(row[0]) for row in connection.execute(asked)]  # type: ignore[arg-type]  # our own
    connection.execute("SET session_replication_role = replica")
    if filled:
        connection.execute(f"TRUNCATE {', '.join(filled)} CASCADE")  # type: ignore[arg-type]
    connection.execute(
        "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"
        " JOIN pg_class ON pg_class.oid = seqrelid"
        " WHERE relnamespace = 'public'::regnamespace"
    )
