"""The exchange of a node from its settings: none where it has no name among partners."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.signing import SignatureError
from morina.desk.exchange import ExchangeServices
from morina.engines import EngineError, Home
from morina.exchange.adapters.postgres_agreements import PostgresAgreements
from morina.exchange.adapters.postgres_disclosed import PostgresDisclosed
from morina.exchange.adapters.tuf_directory import TufDirectory
from morina.exchange.directory import DirectoryError
from morina.exchange.parties import UnknownNodeError
from morina.settings import Settings
from morina.wiring.database import Database
from morina.wiring.ending import ended
from morina.wiring.exchange.assembly import Running, running
from morina.wiring.exchange.conversations import ALL, Conversation, Scene
from morina.wiring.exchange.desk import giving_evidence
from morina.wiring.exchange.ground import PSEUDONYMS_SECRET, Ground, directory_of, keys_of
from morina.wiring.guarding import Guard
from morina.wiring.repeating import every

LOOKS = 4
"""Connections for looking up partners and agreements: short questions, each alone."""
MOST = 12
"""Connections for messages; none of the live path's, so that partners cannot keep it waiting."""


@dataclass(frozen=True, slots=True)
class Within:
    """The node it runs in: its settings, its home, its database (``dsn``)."""

    settings: Settings
    home: Home
    dsn: str
    guard: Guard


@asynccontextmanager
async def exchange_of(within: Within) -> AsyncIterator[ExchangeServices | None]:
    """What the desk gets of a running exchange; None where ``exchange.node_id`` is empty.

    EngineError where it cannot begin."""
    if not within.settings.exchange.node_id:
        yield None
        return
    async with AsyncExitStack() as stack:
        looks = Database(within.dsn, open=False, min_size=1, max_size=LOOKS)
        own = Database(within.dsn, open=False, min_size=1, max_size=MOST)
        await stack.enter_async_context(looks)
        await stack.enter_async_context(own)
        scene = _scene(within, own, looks)
        await _look_at(scene.directory)
        each = [begin(scene) for begin in ALL]
        takes = [one for conversation in each for one in conversation.takes]
        started = await stack.enter_async_context(running(scene.ground, takes))
        clocked = [asyncio.create_task(one) for one in _by_the_clock(each)]
        stack.push_async_callback(ended, clocked)
        yield _shown(scene, started, each)


async def _look_at(directory: TufDirectory) -> None:
    """EngineError where the directory in force cannot be followed from the first root."""
    try:
        await directory.directory()
    except DirectoryError as error:
        raise EngineError(f"exchange: {error}") from None


def _scene(within: Within, own: AsyncConnectionPool, looks: AsyncConnectionPool) -> Scene:
    directory = directory_of(within.settings, looks)
    try:
        keys = keys_of(within.settings, within.home)
    except (SignatureError, UnknownNodeError) as error:
        raise EngineError(f"exchange: {error}") from None
    ground = Ground(
        settings=within.settings, dsn=within.dsn, pool=own, keys=keys, partners=directory,
        agreements=PostgresAgreements(looks, directory),
        secret=within.home.secret(PSEUDONYMS_SECRET), troubles=directory.troubles,
    )  # fmt: skip
    return Scene(ground=ground, directory=directory, home=within.home, guard=within.guard)


def _by_the_clock(each: list[Conversation]) -> list[Any]:
    return [
        every(one.every_s, one.what, one.called)
        for conversation in each
        for one in conversation.clocked
    ]


def _shown(scene: Scene, started: Running, each: list[Conversation]) -> ExchangeServices:
    parts: dict[str, Any] = {}
    for conversation in each:
        parts |= conversation.shown

    async def until() -> datetime | None:
        directory = await scene.directory.directory()
        return directory.expires.astimezone(UTC) if directory else None

    return ExchangeServices(
        node_id=scene.ground.node_id, partners=scene.ground.partners,
        agreements=scene.ground.agreements, enter=PostgresTrailReader(scene.ground.pool).enter,
        deliveries=started.delivery.deliveries, directory_until=until,
        evidence=giving_evidence(scene.ground.pool, scene.ground.node_id),
        disclosed=PostgresDisclosed(scene.ground.pool), **parts,
    )  # fmt: skip
