"""The cameras' checkup: its parts, and the loop that looks."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from clickhouse_connect.driver.exceptions import Error as ClickHouseError
from nats.js.errors import NotFoundError
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from morina.desk.services import Upkeep
from morina.records.adapters.clickhouse_figures import ClickHouseFigures
from morina.records.adapters.postgres_audits import PostgresAudits
from morina.records.audit import Targets
from morina.records.checkup import Checkup, Sources
from morina.sense.adapters.nats import OUTAGES as NATS_OUTAGES
from morina.sense.adapters.nats import NatsHandOver
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.sense.cameras.adapters.postgres_notices import PostgresNotices
from morina.sense.cameras.adapters.postgres_pushing import PostgresPushing
from morina.sense.cameras.adapters.postgres_states import PostgresStates
from morina.sense.cameras.condition import Rules
from morina.settings import Settings
from morina.wiring.pictures import pictures_of

log = logging.getLogger(__name__)

OUTAGES = (ClickHouseError, PoolTimeout, *NATS_OUTAGES)
STREAMS = ("MORINA_CAPTURES", "MORINA_READS", "MORINA_REFUSED")


@dataclass(frozen=True, slots=True)
class StreamQueues:
    """The role Queues, of the hand-over's streams."""

    stream: NatsHandOver

    async def waiting(self) -> dict[str, int]:
        """See Queues; a stream nobody made yet is absent, all are while NATS is away."""
        found = {}
        jetstream = self.stream.client.jetstream()
        for name in STREAMS:
            try:
                found[name] = (await jetstream.stream_info(name)).state.messages
            except NotFoundError:
                continue
            except NATS_OUTAGES:
                return {}
        return found

    async def of_cameras(self) -> Mapping[str, int] | None:
        """See Queues."""
        try:
            return await self.stream.captures_waiting()
        except NATS_OUTAGES:
            return None


@asynccontextmanager
async def upkeep_of(
    settings: Settings, folder: Path, stream: NatsHandOver, pool: AsyncConnectionPool,
    pushing: PostgresPushing,
) -> AsyncIterator[Upkeep]:  # fmt: skip
    """What keeps cameras well; ``folder`` is that of the records, whose table must be there."""
    counts = await asyncio.to_thread(ClickHouseFigures.at, settings.engines.clickhouse_dsn, folder)
    sources = Sources(
        registry=PostgresCameras(pool),
        states=PostgresStates(pool),
        pushing=pushing,
        counts=counts,
        images=pictures_of(settings),
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(counts.close)
        checkup = Checkup(sources, PostgresNotices(pool), _rules(settings), datetime.now(UTC))
        looking = asyncio.create_task(_look_on(checkup, settings.health.look_every_s))
        stack.push_async_callback(_ended, looking)
        yield Upkeep(
            checkup=checkup,
            counts=counts,
            audits=PostgresAudits(pool),
            queues=StreamQueues(stream),
            targets=Targets(settings.health.capture_target, settings.health.read_target),
            of_site={
                one.site: Targets(one.capture_target, one.read_target)
                for one in settings.health.sites
            },
        )


async def _look_on(checkup: Checkup, every_s: float) -> None:
    """For ever: look at all cameras, whatever engine is away for a while."""
    while True:
        try:
            await checkup.look(datetime.now(UTC))
        except OUTAGES as outage:
            log.warning("the cameras were not looked at: %s", str(outage)[:200])
        except Exception:
            # Broad on purpose: whatever one look met, the next must still be taken.
            log.exception("the cameras were not looked at; looking again in %s s", every_s)
        await asyncio.sleep(every_s)


async def _ended(looking: "asyncio.Task[None]") -> None:
    looking.cancel()
    [failed] = await asyncio.gather(looking, return_exceptions=True)
    if failed is not None and not isinstance(failed, asyncio.CancelledError):
        log.error("looking at cameras failed", exc_info=failed)


def _rules(settings: Settings) -> Rules:
    return Rules(
        zone=ZoneInfo(settings.health.time_zone),
        late_s=settings.health.late_s,
        clock_s=settings.edge.clock_within_s,
        silent_s=max(180.0, 3.0 * settings.reading.stall_s),
    )
