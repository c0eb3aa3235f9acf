"""A home with records, pictures and alerts, to be looked into after something was forgotten."""

import hashlib
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from invented import hotlist, listing
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.signing import Signer
from morina.alerts import AlertRules, Step
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.alerts.adapters.postgres_forgetting import PostgresForgetting
from morina.plates import Plate
from morina.records import Period
from morina.records.adapters.clickhouse import ClickHouseReads
from morina.records.adapters.clickhouse_erasing import ClickHouseErasing
from morina.records.adapters.clickhouse_pins import ClickHousePins
from morina.records.adapters.folder_statements import FolderStatements
from morina.records.adapters.obstore import ObstoreImages
from morina.records.erasing import Erasing, Request, mark
from morina.records.forgetting import LIMITS, Forgetting
from morina.records.pins import Pin, Wanted
from morina.records.statements import verified
from morina.sense import Evidence, Read, Said
from morina.sense.ids import timed_id
from morina.watch import Hotlists, Listed, SuspectedClone
from morina.watch.adapters.postgres_clones import PostgresClonedPlates
from morina.watch.clones import Withdrawal

__all__ = [
    "LIMITS", "HomeOfReads", "Period", "Pin", "Plate", "Request", "Wanted", "Withdrawal", "holds",
    "mark", "verified",
]  # fmt: skip

NAMESPACE = UUID("7f9b6b8e-6a68-4c5f-9a2c-0a4b1f6f2d11")


def holds(folder: Path, text: str) -> bool:
    """Whether any file below holds these characters in a row; one may go while it is looked for."""
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                if text.encode() in Path(place, name).read_bytes():
                    return True
    return False


@dataclass
class HomeOfReads:
    """The real engines in one folder; ``now`` is the day on which things are forgotten."""

    folder: Path
    pool: AsyncConnectionPool
    records: ClickHouseReads
    forgets: ClickHouseErasing
    pins: ClickHousePins
    images: ObstoreImages
    alerts: PostgresAlerts
    clones: PostgresClonedPlates
    statements: FolderStatements
    forgetting: Forgetting
    erasing: Erasing
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    crowd_texts: Sequence[str] = ()

    @classmethod
    @asynccontextmanager
    async def at(cls, folder: Path, dsn: str) -> AsyncIterator["HomeOfReads"]:
        """Texts are kept uncompressed there, so that they can be looked for in the files."""
        records = ClickHouseReads.at("", folder / "clickhouse")
        for table in ("reads", "passed", "texts", "pinned"):
            plain = f"ALTER TABLE morina.{table} MODIFY COLUMN plate String CODEC(NONE)"
            records._client.command(plain)
        for name in ("said_text", "own_text", "corrected_from"):
            plain = f"ALTER TABLE morina.reads MODIFY COLUMN {name} String CODEC(NONE)"
            records._client.command(plain)
        records._client.command("ALTER TABLE morina.reads MODIFY COLUMN seldom CODEC(NONE)")
        forgets = ClickHouseErasing.at("", folder / "clickhouse", 1)
        pins = ClickHousePins.at("", folder / "clickhouse")
        images = ObstoreImages.at("", folder / "images")
        statements = FolderStatements(folder / "statements", Signer.of("A" * 43))
        async with AsyncConnectionPool(dsn, min_size=1, max_size=3, open=False) as pool:
            hits = PostgresForgetting(pool, 90, {}, PostgresTrail())
            forgetting = Forgetting(forgets, hits, images, statements, 90)
            clones = PostgresClonedPlates(pool, PostgresTrail())
            yield cls(
                folder, pool, records, forgets, pins, images,
                PostgresAlerts(pool, AlertRules(), PostgresTrail()),
                clones, statements, forgetting,
                Erasing(forgets, hits, clones, forgetting, "secret"),
            )  # fmt: skip
        await pins.close()
        await forgets.close()
        await records.close()

    @property
    def clickhouse(self) -> Path:
        """The engine's files."""
        return self.folder / "clickhouse"

    def noon(self, days_ago: int) -> datetime:
        """Noon of that day."""
        return datetime.combine(self.day(days_ago), datetime.min.time(), UTC) + timedelta(hours=12)

    def day(self, days_ago: int) -> date:
        """That day; negative ones are to come."""
        return self.now.date() - timedelta(days=days_ago)

    async def seen(self, text: str, days_ago: int, **more: Any) -> Read:
        """Keep a read with two pictures of its own, or those of another."""
        read = await self._read(text, days_ago, more.get("pictures_of"))
        if said := more.get("said"):
            own = Said(by="morina", text=text, country="GB", confidence=0.5)
            read = _with(read, said=Said(by="axis", text=said, confidence=0.5), own=own)
        self.records._keep_days = lambda _: more.get("keep_days", 90)
        await self.records.keep([read], self.noon(more.get("stored_days_ago", days_ago)))
        return read

    async def crowd(self, count: int, days_ago: int) -> None:
        """Keep many reads of one day at once."""
        self.crowd_texts = [f"ZY{number:03}GHJ" for number in range(count)]
        reads = [await self._read(text, days_ago, None) for text in self.crowd_texts]
        await self.records.keep(reads, self.noon(days_ago))

    async def _read(self, text: str, days_ago: int, pictures_of: Read | None) -> Read:
        at = self.noon(days_ago) + timedelta(milliseconds=len(self.crowd_texts))
        evidence = pictures_of.evidence if pictures_of else None
        if evidence is None:
            overview = await self.images.put(f"overview {text} {at}".encode())
            patch = await self.images.put(f"patch {text} {at}".encode())
            evidence = Evidence(overview, patch, (1, 2, 3, 4), ((1, 2), (3, 2), (3, 4), (1, 4)))
        return Read(
            read_id=timed_id(at, NAMESPACE, text), camera_id="morine-in", captured_at=at,
            received_at=at, plate=Plate(text, "GB"), confidence=0.5, evidence=evidence,
        )  # fmt: skip

    def has_picture(self, read: Read) -> bool:
        """Whether a file holds the read's overview or patch, under whatever name."""
        assert read.evidence is not None
        wanted = {read.evidence.overview, read.evidence.patch}
        files = [file for file in (self.folder / "images").rglob("*") if file.is_file()]
        return bool(wanted & {hashlib.sha256(file.read_bytes()).hexdigest() for file in files})

    def made_old(self, days: int) -> None:
        """Let all pictures there are be so many days old."""
        for file in (self.folder / "images").rglob("*"):
            stamp = file.stat().st_mtime - days * 86_400
            os.utime(file, (stamp, stamp))

    async def raised(self, read: Read, closed_days_ago: int | None = None) -> None:
        """Raise an alert for a read of a plate listed as read, and close it, if wanted."""
        assert read.plate is not None
        begins, ends = read.captured_at - timedelta(days=1), self.now + timedelta(days=30)
        wanted = listing(read.plate.text, "GB", valid_from=begins, valid_to=ends)
        [hit] = Hotlists([Listed(hotlist(), wanted)]).match(read)
        [alert] = await self.alerts.raise_for([(read, hit)], read.captured_at)
        if closed_days_ago is not None:
            at = self.now - timedelta(days=closed_days_ago, hours=1)
            await self.alerts.take(alert.alert_id, Step.ACKNOWLEDGE, "officer", at)
            await self.alerts.transcribe(alert.alert_id, "officer", read.plate.text, at)
            reason = f"seen {read.plate.text}"
            await self.alerts.take(alert.alert_id, Step.REJECT, "officer", at, reason)

    async def labelled(self, read: Read, country: str = "GB") -> SuspectedClone:
        """Label the plate of a read as a suspected clone."""
        assert read.plate is not None
        return await self.clones.label(SuspectedClone(
            label_id=timed_id(self.now, NAMESPACE, f"{read.plate.text} {country}"),
            plate=Plate(read.plate.text, country), reason="seen far away at once",
            passages=(read.read_id,), review_on=self.day(-30), labelled_by="officer",
            labelled_at=self.now,
        ))  # fmt: skip

    async def checkpoint(self) -> None:
        """Let PostgreSQL write what it holds in memory into its files."""
        async with self.pool.connection() as connection:
            await connection.set_autocommit(True)
            await connection.execute("CHECKPOINT")
            await connection.set_autocommit(False)

    async def texts(self) -> list[str]:
        """What is remembered for searches by part of a text."""
        return await self._column("SELECT DISTINCT plate FROM morina.texts ORDER BY plate")

    async def days_of(self, text: str) -> list[date]:
        """The days on which a text is remembered as read."""
        sql = f"SELECT DISTINCT day FROM morina.texts WHERE plate = '{text}' ORDER BY day"
        return [row[0] for row in await self.forgets._query(sql, {})]

    async def passed(self) -> list[str]:
        """The texts of passages by place."""
        return await self._column("SELECT plate FROM morina.passed ORDER BY plate")

    async def _column(self, sql: str) -> list[str]:
        return [row[0] for row in await self.forgets._query(sql, {})]


def _with(one: Any, **fields: object) -> Any:
    return replace(one, **fields)
