"""Streams and the database, copied out of real engines and put back."""

import asyncio
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import nats
import psycopg
import pytest
from nats.aio.msg import Msg
from nats.js.api import RetentionPolicy, StorageType, StreamConfig
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.trail import Act, Deed, What
from morina.backup import BackupError
from morina.backup.adapters.nats_streams import CHUNK, copy_out, drop, put_back, streams_in_files
from morina.backup.adapters.postgres_dump import load, moment_of, waiting_arrivals
from morina.sense import Capture
from morina.sense.cameras.adapters.postgres_pending import PostgresPending
from morina.sense.cameras.arrivals import Arrival

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
WITHIN_S = 120.0
"""How long a busy machine's engine may take for an answer; nothing here is timed."""


async def test_a_stream_comes_back_with_what_waits_in_it(nats_url: str) -> None:
    name = f"DRILL{uuid4().hex}"
    async with await nats.connect(nats_url) as client:
        jetstream = client.jetstream(timeout=WITHIN_S)
        config = StreamConfig(
            name=name, subjects=[f"{name}.>"], retention=RetentionPolicy.WORK_QUEUE,
            storage=StorageType.FILE,
        )  # fmt: skip
        await jetstream.add_stream(config)
        for number in range(500):
            await jetstream.publish(f"{name}.reads", b"%d" % number + b"-" * 3000)
        consumer = await jetstream.pull_subscribe("", durable="node", stream=name)
        taken: list[Msg] = []
        while len(taken) < 100:
            taken += await consumer.fetch(100 - len(taken), timeout=WITHIN_S)
        for message in taken:
            await message.ack_sync(timeout=WITHIN_S)
        while (await jetstream.stream_info(name)).state.messages != 400:
            await asyncio.sleep(0.05)
        copied = io.BytesIO()
        said = await copy_out(client, name, copied.write)
        with pytest.raises(BackupError, match="NATS refuses"):
            await put_back(client, name, said, iter([copied.getvalue()]))
        await jetstream.delete_stream(name)
        whole = copied.getvalue()
        chunks = iter([whole[at : at + CHUNK] for at in range(0, len(whole), CHUNK)])
        assert await put_back(client, name, said, chunks) == 400
        again = await jetstream.pull_subscribe("", durable="node", stream=name)
        first = (await again.fetch(1, timeout=WITHIN_S))[0]
        assert first.data.startswith(b"100-")
        await jetstream.delete_stream(name)


async def test_messages_are_dropped_and_the_others_still_wait(nats_url: str) -> None:
    name = f"DRILL{uuid4().hex}"
    async with await nats.connect(nats_url) as client:
        jetstream = client.jetstream(timeout=WITHIN_S)
        config = StreamConfig(name=name, subjects=[name], retention=RetentionPolicy.WORK_QUEUE)
        await jetstream.add_stream(config)
        for number in range(1200):
            await jetstream.publish(name, b"%d" % (number % 3))
        assert await drop(client, name, lambda raw: raw == b"1") == 400
        assert await drop(client, name, lambda raw: raw == b"1") == 0
        left = await jetstream.pull_subscribe("", durable="node", stream=name)
        found: set[bytes] = set()
        while len(found) < 2:
            found |= {message.data for message in await left.fetch(500, timeout=WITHIN_S)}
        assert found == {b"0", b"2"}
        assert (await jetstream.stream_info(name)).state.messages == 800
        await jetstream.delete_stream(name)


async def test_streams_in_memory_are_in_no_backup(nats_url: str) -> None:
    prefix = f"DRILL{uuid4().hex}"
    async with await nats.connect(nats_url) as client:
        for name, storage in (("FILES", StorageType.FILE), ("PASSING", StorageType.MEMORY)):
            await client.jetstream(timeout=WITHIN_S).add_stream(
                StreamConfig(
                    name=f"{prefix}_{name}", subjects=[f"{prefix}.{name}"], storage=storage
                )
            )
        assert await streams_in_files(client, prefix) == [f"{prefix}_FILES"]
        for name in ("FILES", "PASSING"):
            await client.jetstream(timeout=WITHIN_S).delete_stream(f"{prefix}_{name}")


async def test_a_changed_copy_of_a_stream_is_not_put_back(nats_url: str) -> None:
    name = f"DRILL{uuid4().hex}"
    async with await nats.connect(nats_url) as client:
        jetstream = client.jetstream(timeout=WITHIN_S)
        await jetstream.add_stream(StreamConfig(name=name, subjects=[name]))
        await jetstream.publish(name, b"read")
        copied = io.BytesIO()
        said = await copy_out(client, name, copied.write)
        await jetstream.delete_stream(name)
        half = copied.getvalue()[: len(copied.getvalue()) // 2]
        with pytest.raises(BackupError):
            await put_back(client, name, said, iter([half]))


async def test_the_database_of_one_moment_comes_back(
    pool: AsyncConnectionPool, dsn: str, tmp_path: Path
) -> None:
    trail = PostgresTrailReader(pool)
    await trail.enter(*(Deed(act=Act.BACKUP, what=What("backup", (str(n),))) for n in range(3)))
    async with moment_of(dsn) as moment:
        await trail.enter(Deed(act=Act.BACKUP, what=What("backup", ("later",))))
        await moment.dump(tmp_path / "dump")
    assert (moment.head[0], moment.counts["trail"]) == (3, 3)
    with fresh_database(dsn) as other:
        await load(other, tmp_path / "dump", ["drill_reader"], b"[]")
        async with AsyncConnectionPool(other, min_size=1, max_size=1, open=False) as restored:
            kept = [one async for one in PostgresTrailReader(restored).entries()]
        assert [one.hash for one in kept][-1] == moment.head[1] and len(kept) == 3
        assert all(one.holds for one in kept)
        with pytest.raises(BackupError, match="is not empty"):
            await load(other, tmp_path / "dump", [], b"[]")


async def test_what_waited_when_a_backup_began_waits_again(
    pool: AsyncConnectionPool, dsn: str, tmp_path: Path
) -> None:
    """It may have been handed over after the streams were copied, and before the database was."""
    pending = PostgresPending(pool)
    await pending.put(arrival("handed-over", NOW))
    await pending.put(arrival("waits", NOW))
    early = await waiting_arrivals(dsn)
    await pending.put(arrival("handed-over", None))
    await pending.put(arrival("waits", NOW + timedelta(seconds=5)))
    await pending.put(arrival("long-ago", None))
    async with moment_of(dsn) as moment:
        await moment.dump(tmp_path / "dump")
    with fresh_database(dsn) as other:
        await load(other, tmp_path / "dump", [], early)
        async with AsyncConnectionPool(other, min_size=1, max_size=1, open=False) as restored:
            due = await PostgresPending(restored).due(NOW + timedelta(hours=1))
    assert {one.key: one.due_at for one in due} == {
        "handed-over": NOW, "waits": NOW + timedelta(seconds=5),
    }  # fmt: skip
    assert due[0].capture.image == "a" * 64


@contextmanager
def fresh_database(dsn: str) -> Iterator[str]:
    """An empty database beside the one at ``dsn``."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield dsn.rpartition("/")[0] + "/" + name
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.execute("DROP ROLE IF EXISTS drill_reader")


def arrival(key: str, due_at: datetime | None) -> Arrival:
    capture = Capture(
        capture_id=uuid4(), camera_id="bridge-north", captured_at=NOW, received_at=NOW,
        image="a" * 64,
    )  # fmt: skip
    return Arrival(key=key, capture=capture, final=False, due_at=due_at, touched_at=NOW)
