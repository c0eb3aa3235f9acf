"""The cameras' checkup: its parts, and the loop that looks."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from nats.js.errors import NotFoundError
from psycopg_pool import AsyncConnectionPool

from morina.desk.services import Upkeep
from morina.records.adapters.clickhouse_figures import ClickHouseFigures
from morina.records.adapters.postgres_audits import PostgresAudits
from morina.records.audit import Targets
from morina.records.checkup import Checkup, Sources
from morina.sense.adapters.nats import OUTAGES as NATS_OUTAGES
from morina.sense.adapters.nats import NatsHandOver
from morina.sense.cameras.adapters.postgres_notices import PostgresNotices
from morina.sense.cameras.adapters.postgres_pushing import PostgresPushing
from morina.sense.cameras.adapters.postgres_states import PostgresStates
from morina.sense.cameras.condition import Rules
from morina.settings import Settings
from morina.wiring.ending import ended
from morina.wiring.pictures import pictures_of
from morina.wiring.registry import cameras_of
from morina.wiring.repeating import every

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
        registry=cameras_of(settings, pool),
        states=PostgresStates(pool),
        pushing=pushing,
        counts=counts,
        images=pictures_of(settings),
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(counts.close)
        checkup = Checkup(sources, PostgresNotices(pool), _rules(settings), datetime.now(UTC))

        async def look() -> None:
            await checkup.look(datetime.now(UTC))

        look_on = every(settings.health.look_every_s, look, "the cameras were not looked at")
        stack.push_async_callback(ended, [asyncio.create_task(look_on)])
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


def _rules(settings: Settings) -> Rules:
    return Rules(
        zone=ZoneInfo(settings.health.time_zone),
        late_s=settings.health.late_s,
        clock_s=settings.edge.clock_within_s,
        silent_s=max(180.0, 3.0 * settings.reading.stall_s),
    )
