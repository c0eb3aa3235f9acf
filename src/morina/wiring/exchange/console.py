"""The exchange of a running node as commands reach it: its database, with the keys of its home."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from getpass import getuser

from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_approvals import use_approval
from morina.accountability.signing import SignatureError
from morina.engines import Home
from morina.exchange.adapters.postgres_agreeing import PostgresAgreeing
from morina.exchange.adapters.postgres_agreements import PostgresAgreements
from morina.exchange.adapters.tuf_directory import TufDirectory
from morina.exchange.agreeing import NoSuchAgreementError, RefusedAgreementError
from morina.exchange.directory import DirectoryError
from morina.exchange.parties import UnknownNodeError
from morina.settings import Settings
from morina.wiring.database import Database
from morina.wiring.exchange.ground import PSEUDONYMS_SECRET, Ground, directory_of, keys_of
from morina.wiring.operating import node_addresses, node_database
from morina.wiring.refused import RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class AtConsole:
    """What commands work with; ``officer`` is whoever sits there."""

    officer: str
    pool: AsyncConnectionPool
    directory: TufDirectory
    ground: Ground
    agreeing: PostgresAgreeing


@asynccontextmanager
async def node_at_console(settings: Settings) -> AsyncIterator[AtConsole]:
    """The exchange of the running node; RefusedError for what it refuses."""
    home = Home(settings.home.resolve())
    dsn = node_addresses(settings)["postgres"]
    looks = Database(dsn, open=False, min_size=1, max_size=2)
    async with node_database(settings) as pool, looks:
        directory = directory_of(settings, looks)
        try:
            ground = Ground(
                settings=settings, dsn=dsn, pool=pool, keys=keys_of(settings, home),
                partners=directory, agreements=PostgresAgreements(looks, directory),
                secret=home.secret(PSEUDONYMS_SECRET), troubles=directory.troubles,
            )  # fmt: skip
            yield AtConsole(
                officer=f"console:{getuser()}", pool=pool, directory=directory, ground=ground,
                agreeing=agreeing_of(ground, directory),
            )  # fmt: skip
        except (UnknownNodeError, SignatureError, DirectoryError, RefusedAgreementError) as error:
            raise RefusedError(str(error)) from None
        except NoSuchAgreementError as error:
            raise RefusedError(f"{error}; see: morina exchange agreement list") from None


def agreeing_of(ground: Ground, directory: TufDirectory) -> PostgresAgreeing:
    """Steps towards agreements, on what every conversation stands on."""
    groups = ground.settings.retention.groups
    return PostgresAgreeing(
        agreements=PostgresAgreements(ground.pool, directory), witness=directory,
        keys=ground.keys, outbox=ground.outbox, trail=ground.trail, use_approval=use_approval,
        secret=ground.secret,
        cameras={name: (*one.cameras, *one.sites) for name, one in groups.items()},
    )  # fmt: skip
