"""What ``morina register`` does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import psycopg
from psycopg import AsyncConnection

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.trail import Act, Deed, What
from morina.engines import Home
from morina.exchange.adapters.postgres_register import import_register, states_held
from morina.exchange.register_file import RegisterFileError
from morina.settings import Settings
from morina.wiring.operating import node_addresses, node_database
from morina.wiring.refused import RefusedError


async def import_file(settings: Settings, file: Path) -> None:
    """Make the file the whole register; that it was is in the node's trail."""
    began = monotonic()
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            async with _register(settings) as connection:
                count = await import_register(connection, lines)
    except RegisterFileError as error:
        raise RefusedError(f"{file}: {error}; nothing was imported") from None
    except UnicodeDecodeError as error:
        raise RefusedError(f"{file}: is not UTF-8 ({error}); nothing was imported") from None
    except OSError as error:
        raise RefusedError(f"{file}: {error.strerror}") from None
    async with node_database(settings) as pool, pool.connection() as connection:
        what = What("register", (file.name,), f"imported: {count}")
        await PostgresTrail().append(connection, Deed(act=Act.COLLECTION, what=what))
    seconds = monotonic() - began
    print(f"{file}: {count:,} lines imported in {seconds:.0f} s; they are the register now")


async def show(settings: Settings) -> None:
    """How many states of vehicles it holds, about."""
    async with _register(settings) as connection:
        count = await states_held(connection)
    where = "a database of its own" if settings.exchange.register_dsn else "the node's database"
    print(f"about {count:,} states of vehicles, in {where}")


@asynccontextmanager
async def _register(settings: Settings) -> AsyncIterator[AsyncConnection]:
    """As the role that owns the table: the one the settings name, or the node's own."""
    dsn = settings.exchange.register_dsn or _owner(settings)
    try:
        async with await AsyncConnection.connect(
            dsn, autocommit=True, connect_timeout=5
        ) as connection:
            yield connection
    except psycopg.OperationalError as error:
        raise RefusedError(f"the database of the register does not answer: {error}") from None


def _owner(settings: Settings) -> str:
    engines = settings.engines
    if engines.postgres_dsn:
        return engines.postgres_owner_dsn or engines.postgres_dsn
    place = node_addresses(settings)["postgres"].rpartition("@")[2]
    password = Home(settings.home.resolve()).secret("postgres")
    return f"postgresql://postgres:{password}@{place}"
