"""What the database refuses the role a node works as, whatever the node were made to say."""

from collections.abc import Iterator
from typing import Protocol
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from morina.migrations import upgrade
from morina.migrations.rights import give_rights

ROLE = "morina_node_tested"
APPEND = (
    "SELECT trail_append(now(), 'ana', 'sign-in', '{}', '{}', '', '{\"number\":', '\"}')"
)  # fmt: skip


class WithPostgres(Protocol):
    """The session's engines, as the top conftest gives them."""

    postgres: str


@pytest.fixture(scope="module")
def owner(engines: WithPostgres) -> Iterator[str]:
    """The DSN of the owner of a fresh database with the schema."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(engines.postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        dsn = engines.postgres.rpartition("/")[0] + "/" + name
        upgrade(dsn)
        yield dsn
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def service(owner: str) -> str:
    """The same as the role a node works as."""
    given = f"postgresql://{ROLE}:a-password-of-the-tests@{owner.rpartition('@')[2]}"
    give_rights(owner, given)
    return given


def test_the_role_works_with_tables_it_does_not_own(service: str) -> None:
    with psycopg.connect(service) as node:
        node.execute("INSERT INTO camera VALUES ('a', 'A', 'Here', 1, 2, 3, '')")
        node.execute("UPDATE camera SET name = 'B'")
        node.execute("DELETE FROM camera")
        node.execute("SELECT nextval('hotlist_revision')")
        node.execute("CREATE TEMP TABLE incoming (place integer)")
        assert node.execute(APPEND).fetchone() == (1,)
        assert node.execute("SELECT count(*) FROM trail").fetchone() == (1,)
        node.rollback()


def test_the_role_counts_what_a_partners_list_brings(service: str) -> None:
    said: list[str] = []
    with psycopg.connect(service) as node:
        node.add_notice_handler(lambda one: said.append(str(one.message_primary)))
        node.execute("ANALYZE partner_staged")
        node.execute("ANALYZE listing")
    assert said == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail SET who = 'nobody'",
        "DELETE FROM trail",
        "TRUNCATE trail",
        "INSERT INTO trail VALUES (9, now(), 'x', 'sign-in', '{}', '{}', '', 'p', 'h')",
        "ALTER TABLE trail DISABLE TRIGGER trail_stays",
        "DROP TRIGGER trail_stays ON trail",
        "SET session_replication_role = replica",
        "DROP TABLE trail",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NULL; END $$",
        "UPDATE consultation SET officer = 'nobody'",
        "DELETE FROM consultation",
        "TRUNCATE consultation, consultation_outcome",
        "UPDATE consultation_outcome SET shown = 0",
        "DELETE FROM consultation_outcome",
        "UPDATE alembic_version SET version_num = '0001'",
        "TRUNCATE camera",
        "CREATE TABLE own (a integer)",
        "CREATE ROLE another LOGIN",
        f"ALTER ROLE {ROLE} SUPERUSER",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY camera FROM '/etc/passwd'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT rolpassword FROM pg_authid",
    ],
)
def test_the_role_is_refused(service: str, statement: str) -> None:
    with psycopg.connect(service) as node, pytest.raises(InsufficientPrivilege):
        node.execute(statement)


def test_the_chain_cannot_be_led_astray_by_a_table_of_ones_own(service: str) -> None:
    """``trail_append`` acts with its owner's rights, so it must not look where the caller says."""
    with psycopg.connect(service) as node:
        node.execute("CREATE TEMP TABLE trail (number bigint, hash text)")
        node.execute("SET search_path = pg_temp, public")
        node.execute(APPEND)
        assert node.execute("SELECT count(*) FROM public.trail").fetchone() == (1,)
        assert node.execute("SELECT count(*) FROM pg_temp.trail").fetchone() == (0,)
        node.rollback()


def test_giving_rights_again_changes_nothing(owner: str, service: str) -> None:
    give_rights(owner, service)
    with psycopg.connect(service) as node, pytest.raises(InsufficientPrivilege):
        node.execute("DELETE FROM trail")


def test_a_role_that_owns_its_tables_is_left_as_it_is(owner: str) -> None:
    give_rights(owner, owner)
    with psycopg.connect(owner) as connection:
        connection.execute("TRUNCATE camera CASCADE")


def test_the_role_a_node_works_as_blanks_by_the_function_only(service: str) -> None:
    with psycopg.connect(service) as node:
        node.execute("SELECT * FROM exchange_forget(now(), now())")
    for table in ("partner_question", "answer_given", "follow_up_step"):
        with psycopg.connect(service) as node, pytest.raises(InsufficientPrivilege):
            node.execute(f"UPDATE {table} SET {'by' if 'step' in table else 'officer'} = ''")
