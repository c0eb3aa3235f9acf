"""Reads in ClickHouse: in-process (chDB) or a server, through the same client."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import clickhouse_connect
from clickhouse_connect.driver.client import Client

from morina.plates import Plate, skeleton
from morina.records.store import Disputed
from morina.sense import Evidence, Read, Said

T = TypeVar("T")

SCHEMA = (
    "CREATE DATABASE IF NOT EXISTS morina",
    """
    CREATE TABLE IF NOT EXISTS morina.reads (
        read_id UUID,
        camera_id LowCardinality(String),
        captured_at DateTime64(3, 'UTC'),
        received_at DateTime64(3, 'UTC'),
        stored_at DateTime64(3, 'UTC'),
        plate String,
        skeleton String,
        country LowCardinality(String),
        country_probability Float32,
        confidence Float32,
        character_confidences Array(Float32),
        frames UInt16,
        retransmitted Bool,
        overview String,
        patch String,
        box Array(Float32),
        corners Array(Tuple(Float32, Float32))
    )
    ENGINE = ReplacingMergeTree
    PARTITION BY toDate(captured_at)
    ORDER BY (captured_at, read_id)
    SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
    """,
    "ALTER TABLE morina.reads ADD COLUMN IF NOT EXISTS clock_offset_s Nullable(Float32)",
    "ALTER TABLE morina.reads ADD COLUMN IF NOT EXISTS clock_wrong Bool",
    """
    ALTER TABLE morina.reads
        ADD COLUMN IF NOT EXISTS said_by LowCardinality(String),
        ADD COLUMN IF NOT EXISTS said_text String,
        ADD COLUMN IF NOT EXISTS said_country LowCardinality(String),
        ADD COLUMN IF NOT EXISTS said_confidence Nullable(Float32),
        ADD COLUMN IF NOT EXISTS own_by LowCardinality(String),
        ADD COLUMN IF NOT EXISTS own_text String,
        ADD COLUMN IF NOT EXISTS own_country LowCardinality(String),
        ADD COLUMN IF NOT EXISTS own_confidence Nullable(Float32)
    """,
    "DROP TABLE IF EXISTS morina.nothing",
    "CREATE TABLE morina.nothing AS morina.reads ENGINE = Null",
)
"""Makes the table, or brings one made earlier to these columns; each may run again."""

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
COLUMNS = (
    "read_id", "camera_id", "captured_at", "received_at", "stored_at", "plate", "skeleton",
    "country", "country_probability", "confidence", "character_confidences", "frames",
    "retransmitted", "overview", "patch", "box", "corners", "clock_offset_s",
    "clock_wrong", "said_by", "said_text", "said_country", "said_confidence",
    "own_by", "own_text", "own_country", "own_confidence",
)  # fmt: skip


class ClickHouseReads:
    """The reads table. A read kept twice is one row once merged, and one row in every answer."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="clickhouse")
        for statement in SCHEMA:
            client.command(statement)
        self._warm_up()

    @classmethod
    def at(cls, dsn: str, folder: Path) -> "ClickHouseReads":
        """The server at ``dsn``, or in-process in ``folder`` when that is empty."""
        if dsn:
            return cls(clickhouse_connect.get_client(dsn=dsn))
        return cls(clickhouse_connect.get_client(interface="chdb", path=str(folder)))

    def _warm_up(self) -> None:
        """The first insert of a process takes a second; no read should wait for it."""
        unread = Read(
            read_id=UUID(int=0),
            camera_id="nowhere",
            captured_at=EPOCH,
            received_at=EPOCH,
            plate=None,
            confidence=0.0,
        )
        self._client.insert("morina.nothing", [_row(unread, EPOCH)], column_names=COLUMNS)

    async def close(self) -> None:
        """Finish what is under way and let go of the engine."""
        await self._run(self._client.close)
        self._threads.shutdown()

    async def keep(self, reads: Sequence[Read], now: datetime) -> None:
        """See ReadStore."""
        rows = [_row(read, now) for read in reads]
        if rows:
            await self._run(lambda: self._client.insert("morina.reads", rows, column_names=COLUMNS))

    async def latest(self, limit: int = 50, since: datetime | None = None) -> list[Read]:
        """See ReadStore."""
        rows = await self._query(
            f"SELECT {', '.join(COLUMNS)} FROM morina.reads "  # noqa: S608 - constant columns
            "WHERE captured_at > {since:DateTime64(3, 'UTC')} "
            "ORDER BY captured_at DESC, read_id, stored_at DESC "
            "LIMIT 1 BY read_id LIMIT {limit:UInt32}",
            {"since": since or EPOCH, "limit": limit},
        )
        return [read_of(row) for row in rows]

    async def count(self) -> int:
        """See ReadStore."""
        rows = await self._query("SELECT uniqExact(read_id) FROM morina.reads", {})
        return int(rows[0][0])

    async def disputed(self, since: datetime) -> dict[str, Disputed]:
        """See ReadStore."""
        rows = await self._query(
            "SELECT camera_id, uniqExact(read_id), uniqExactIf(read_id, said_text != own_text) "
            "FROM morina.reads WHERE captured_at > {since:DateTime64(3, 'UTC')} "
            "AND said_text != '' AND own_text != '' GROUP BY camera_id",
            {"since": since},
        )
        return {camera_id: Disputed(compared, differing) for camera_id, compared, differing in rows}

    async def _query(self, sql: str, parameters: dict[str, Any]) -> Sequence[Sequence[Any]]:
        found = await self._run(lambda: self._client.query(sql, parameters=parameters))
        rows: Sequence[Sequence[Any]] = found.result_rows
        return rows

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _row(read: Read, now: datetime) -> tuple[Any, ...]:
    text = read.plate.text if read.plate else ""
    evidence = read.evidence or Evidence("", "", (0, 0, 0, 0), ())
    return (
        read.read_id, read.camera_id, read.captured_at, read.received_at, now,
        text, skeleton(text), (read.plate and read.plate.country) or "",
        read.country_probability, read.confidence, read.character_confidences, read.frames,
        read.retransmitted, evidence.overview, evidence.patch, evidence.box, evidence.corners,
        read.clock_offset_s, read.clock_wrong, *_word(read.said), *_word(read.own),
    )  # fmt: skip


def _word(said: Said | None) -> tuple[str, str, str, float | None]:
    """A reader's word as four columns; an empty first one stands for no word."""
    if said is None:
        return "", "", "", None
    return said.by, said.text or "", said.country or "", said.confidence


def _said(named: dict[str, Any], whose: str) -> Said | None:
    if not named[f"{whose}_by"]:
        return None
    return Said(
        by=named[f"{whose}_by"],
        text=named[f"{whose}_text"] or None,
        country=named[f"{whose}_country"] or None,
        confidence=named[f"{whose}_confidence"],
    )


def read_of(row: Sequence[Any]) -> Read:
    """A read from its row, in the order of COLUMNS."""
    named = dict(zip(COLUMNS, row, strict=True))
    evidence = Evidence(
        named["overview"], named["patch"], tuple(named["box"]), tuple(map(tuple, named["corners"]))
    )
    return Read(
        read_id=named["read_id"],
        camera_id=named["camera_id"],
        captured_at=named["captured_at"].replace(tzinfo=UTC),
        received_at=named["received_at"].replace(tzinfo=UTC),
        plate=Plate(named["plate"], named["country"] or None) if named["plate"] else None,
        confidence=named["confidence"],
        character_confidences=tuple(named["character_confidences"]),
        country_probability=named["country_probability"],
        frames=named["frames"],
        evidence=evidence if named["overview"] else None,
        retransmitted=named["retransmitted"],
        clock_offset_s=named["clock_offset_s"],
        clock_wrong=named["clock_wrong"],
        said=_said(named, "said"),
        own=_said(named, "own"),
    )
