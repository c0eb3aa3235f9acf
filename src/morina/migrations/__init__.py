"""The schema of the PostgreSQL database, as a chain of Alembic revisions."""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, text

_LOCK = 0x6D6F72696E61
"""Advisory lock: one node at a time changes the schema."""


def upgrade(dsn: str, revision: str = "head") -> None:
    """Bring the database behind ``dsn`` to ``revision``, the newest schema; on it, do nothing.

    Blocking; run it in a thread from an event loop. Nodes starting together wait for each other.
    Raises psycopg.OperationalError when the database cannot be reached.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with psycopg.connect(dsn) as reachable:
        reachable.execute("SELECT 1")
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(dsn), poolclass=NullPool
    )
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
