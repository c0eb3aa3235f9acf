"""What is done to a restored home before anything answers from it."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import msgspec
from nats.aio.client import Client
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.accountability.signing import Signer
from morina.accountability.trail import Act, Deed, What
from morina.alerts.adapters.postgres_forgetting import BadPayloads, PostgresForgetting
from morina.backup.adapters.nats_streams import drop, streams_in_files
from morina.engines import Home
from morina.records.adapters.clickhouse import ClickHouseReads
from morina.records.adapters.clickhouse_erasing import ClickHouseErasing
from morina.records.adapters.folder_statements import FolderStatements
from morina.records.forgetting import Forgetting
from morina.records.retention import KeepDays
from morina.records.statements import Statement
from morina.sense import Capture, Read
from morina.settings import Settings
from morina.wiring.aerial.store import forgetting_of_sorties
from morina.wiring.backing_up import STREAMS
from morina.wiring.forgetting import statements_folder, take_sites
from morina.wiring.pictures import pictures_of
from morina.wiring.registry import cameras_of
from morina.wiring.retention import retention_of

FILES_LEAVE_AFTER_S = 1
"""Nothing was read from them yet; the node sets it to its own time when it starts."""


async def forget_waiting(settings: Settings, pool: AsyncConnectionPool, client: Client) -> int:
    """Drop the messages in the streams of which everything is due today; how many.

    They would be kept, and answered from, until the next day.
    """
    keep = KeepDays(retention_of(settings))
    await take_sites(keep, cameras_of(settings, pool, PostgresTrail()))
    today = datetime.now(UTC).date()
    there = await streams_in_files(client, STREAMS)

    def is_due(one: Read | Capture) -> bool:
        return one.captured_at.date() + timedelta(days=keep(one.camera_id)) <= today

    def reads_are_due(raw: bytes) -> bool:
        return all(map(is_due, msgspec.json.decode(raw, type=list[Read])))

    def capture_is_due(raw: bytes) -> bool:
        return is_due(msgspec.json.decode(raw, type=Capture))

    dropped = 0
    for name, unwanted in (("READS", reads_are_due), ("CAPTURES", capture_is_due)):
        if STREAMS + name in there:
            dropped += await drop(client, STREAMS + name, readable(unwanted))
    return dropped


def readable(unwanted: Callable[[bytes], bool]) -> Callable[[bytes], bool]:
    """The same, and False for what cannot be read: the node sets that aside."""

    def asked(raw: bytes) -> bool:
        try:
            return unwanted(raw)
        except (msgspec.DecodeError, ValueError):
            return False

    return asked


async def forget_once(settings: Settings, home: Home, pool: AsyncConnectionPool) -> Statement:
    """Forget all that is due today, as a node does daily, and state it.

    A backup holds what was kept when it was made; some of it may be due by now.
    """
    dsn, folder = settings.engines.clickhouse_dsn, home.folder("clickhouse")
    rules = retention_of(settings)
    trail = PostgresTrailReader(pool)
    async with AsyncExitStack() as stack:
        tables = await asyncio.to_thread(ClickHouseReads.at, dsn, folder, KeepDays(rules))
        stack.push_async_callback(tables.close)
        records = await asyncio.to_thread(ClickHouseErasing.at, dsn, folder, FILES_LEAVE_AFTER_S)
        stack.push_async_callback(records.close)
        hits = PostgresForgetting(pool, rules.alert_days, rules.lists, PostgresTrail())
        signer = Signer.of(home.secret("signing"))
        statements = FolderStatements(statements_folder(home.path), signer)
        forgetting = Forgetting(
            records, hits, pictures_of(settings), statements, rules.longest,
            also={
                "payloads": BadPayloads(pool, rules.longest).forget,
                "sorties": forgetting_of_sorties(settings, pool).forget,
            },
        )  # fmt: skip
        begun = What("reads", (), "what is due is being forgotten, before the restored node starts")
        await trail.enter(Deed(act=Act.ERASURE, what=begun))
        statement = await forgetting.forget(datetime.now(UTC))
        number = (str(statement.number),)
        stated = What("statement", number, "forgotten", digest=statement.sha256)
        await trail.enter(Deed(act=Act.ERASURE, what=stated))
        return statement
