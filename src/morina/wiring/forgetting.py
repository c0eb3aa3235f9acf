"""Forgetting on time: its parts, the loop that forgets, and which camera stands at which site."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path

from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.accountability.signing import Signer
from morina.accountability.trail import Act, Deed, What
from morina.alerts.adapters.postgres_forgetting import BadPayloads, PostgresForgetting
from morina.desk.services import Forgotten
from morina.engines import Home
from morina.exchange.adapters.questions_forgetting import QuestionsForgetting
from morina.records.adapters.clickhouse_erasing import ClickHouseErasing
from morina.records.adapters.clickhouse_pins import ClickHousePins
from morina.records.adapters.folder_statements import FolderStatements
from morina.records.erasing import Erasing, Erasures
from morina.records.forgetting import Forgetting
from morina.records.remembered import Remembering
from morina.records.retention import KeepDays
from morina.sense.cameras import CameraRegistry
from morina.settings import Settings
from morina.watch.adapters.postgres_clones import PostgresClonedPlates
from morina.wiring.aerial.store import forgetting_of_sorties
from morina.wiring.ending import ended
from morina.wiring.pictures import pictures_of
from morina.wiring.repeating import OUTAGES, every

log = logging.getLogger(__name__)

AFTER_MIDNIGHT = time(0, 5)
"""UTC: as days are counted."""

TRY_AGAIN_AFTER_S = 600.0
LOOK_FOR_SITES_EVERY_S = 5.0


async def take_sites(keep: KeepDays, cameras: CameraRegistry) -> None:
    """Learn which camera stands at which site."""
    keep.sites = {one.camera_id: one.site for one in await cameras.cameras()}


@asynccontextmanager
async def forgetting_of(
    settings: Settings, home: Home, pool: AsyncConnectionPool, cameras: CameraRegistry,
    keep: KeepDays,
) -> AsyncIterator[Forgotten]:  # fmt: skip
    """What forgets, running; the tables of the records must be there."""
    dsn, folder = settings.engines.clickhouse_dsn, home.folder("clickhouse")
    leave_s = settings.retention.files_leave_after_s
    async with AsyncExitStack() as stack:
        records = await asyncio.to_thread(ClickHouseErasing.at, dsn, folder, leave_s)
        stack.push_async_callback(records.close)
        pins = await asyncio.to_thread(ClickHousePins.at, dsn, folder)
        stack.push_async_callback(pins.close)
        rules = keep.retention
        hits = PostgresForgetting(pool, rules.alert_days, rules.lists, PostgresTrail())
        statements = FolderStatements(
            statements_folder(home.path), Signer.of(home.secret("signing"))
        )
        questions = QuestionsForgetting(pool, PostgresTrail(), settings.exchange.log_days)
        forgetting = Forgetting(
            records, hits, pictures_of(settings), statements, rules.longest,
            also={
                "payloads": BadPayloads(pool, rules.longest).forget,
                "sorties": forgetting_of_sorties(settings, pool).forget,
                "questions": questions.forget,
            },
        )  # fmt: skip
        remembering = Remembering(records, statements)
        stack.push_async_callback(remembering.close)
        clones = PostgresClonedPlates(pool, PostgresTrail())
        erasures = Erasures(Erasing(records, hits, clones, forgetting, home.secret("erasures")))
        stack.push_async_callback(erasures.close)
        sites = partial(take_sites, keep, cameras)
        work = (
            _forget_daily(forgetting, PostgresTrailReader(pool)),
            every(LOOK_FOR_SITES_EVERY_S, sites, "the cameras' sites cannot be looked up"),
        )
        running = [asyncio.create_task(one) for one in work]
        stack.push_async_callback(ended, running)
        yield Forgotten(
            forgetting=forgetting, erasures=erasures, pins=pins, statements=statements,
            policies=rules, remembering=remembering, review_days=settings.retention.review_days,
        )  # fmt: skip


def statements_folder(home: Path) -> Path:
    """Where a node keeps its statements of erasure."""
    return home / "statements"


def seconds_until_next(now: datetime) -> float:
    """From ``now`` until shortly after the next midnight, UTC."""
    tomorrow = now.astimezone(UTC).date() + timedelta(days=1)
    return (datetime.combine(tomorrow, AFTER_MIDNIGHT, UTC) - now).total_seconds()


async def _forget_daily(forgetting: Forgetting, trail: PostgresTrailReader) -> None:
    """At once and then every day; tried again until it is done, whatever is away."""
    while True:
        try:
            begun = What("reads", (), "what is due is being forgotten")
            await trail.enter(Deed(act=Act.ERASURE, what=begun))
            statement = await forgetting.forget(datetime.now(UTC))
            number = (str(statement.number),)
            stated = What("statement", number, "forgotten", digest=statement.sha256)
            await trail.enter(Deed(act=Act.ERASURE, what=stated))
            log.info("forgotten: statement %d", statement.number)
            await asyncio.sleep(seconds_until_next(datetime.now(UTC)))
            continue
        except OUTAGES as outage:
            log.error("what is due was not forgotten (%s); trying again", str(outage)[:200])
        except Exception:
            # Broad on purpose: whatever one day met, the next must still be taken.
            log.exception("what is due was not forgotten; trying again")
        await asyncio.sleep(TRY_AGAIN_AFTER_S)
