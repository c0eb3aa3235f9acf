"""The exchange of a running node, for whoever sits at its console."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from morina.accountability.signing import SignatureError
from morina.engines import Home
from morina.exchange.adapters.postgres_agreements import PostgresAgreements
from morina.exchange.directory import DirectoryError
from morina.exchange.parties import UnknownNodeError
from morina.settings import Settings
from morina.wiring.exchange.delivery import Delivery, delivery_of
from morina.wiring.exchange.ground import PSEUDONYMS_SECRET, Ground, directory_of, keys_of
from morina.wiring.operating import node_database
from morina.wiring.refused import RefusedError


@asynccontextmanager
async def ground_at_console(settings: Settings) -> AsyncIterator[Ground]:
    """What conversations stand on, over the database of the running node; RefusedError."""
    if not settings.exchange.node_id:
        raise RefusedError("this node has no name among partners; set exchange.node_id")
    home = Home(settings.home.resolve())
    async with node_database(settings) as pool:
        directory = directory_of(settings, pool)
        try:
            yield Ground(
                settings=settings, dsn="", pool=pool, keys=keys_of(settings, home),
                partners=directory, agreements=PostgresAgreements(pool, directory),
                secret=home.secret(PSEUDONYMS_SECRET), troubles=directory.troubles,
            )  # fmt: skip
        except (SignatureError, UnknownNodeError, DirectoryError) as error:
            raise RefusedError(str(error)) from None


@asynccontextmanager
async def delivery_at_console(settings: Settings) -> AsyncIterator[tuple[Ground, Delivery]]:
    """The door and the queues; nothing is acted on here, that is the node's."""
    async with ground_at_console(settings) as ground:
        yield ground, delivery_of(ground, [])
