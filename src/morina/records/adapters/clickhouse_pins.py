"""Pinned reads in ClickHouse: copies in a table of their own, which nothing forgets by itself."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date
from pathlib import Path
from typing import Any

from clickhouse_connect.driver.client import Client

from morina.plates import skeleton
from morina.records.adapters import sql_pins as sql
from morina.records.adapters.clickhouse_client import OnOneThread, client_at
from morina.records.adapters.clickhouse_rows import COLUMNS, read_of
from morina.records.pins import CaseOfPins, Pin, Pinned, Wanted

NEVER = date(2149, 6, 1)
"""Nearly the last day ClickHouse knows."""


class ClickHousePins(OnOneThread):
    """The role Pins, beside ClickHouseReads, which must have made its tables before."""

    def __init__(self, client: Client) -> None:
        super().__init__(client, "pins")
        self._changing = asyncio.Lock()
        client.command(sql.CHANGING[0])

    @classmethod
    def at(cls, dsn: str, folder: Path) -> "ClickHousePins":
        """The server at ``dsn``, or in-process in ``folder`` when that is empty."""
        return cls(client_at(dsn, folder))

    async def pin(self, wanted: Wanted, pin: Pin) -> int:
        """See Pins."""
        asked = _plate(wanted.plate) | {
            "begins_at": wanted.period.begins_at, "ends_at": wanted.period.ends_at,
            "all": not wanted.read_ids, "read_ids": sorted(map(str, wanted.read_ids)),
        }  # fmt: skip
        found = [name for (name,) in await self._query(sql.WANTED, asked)]
        if not found:
            return 0
        said = {
            "case_number": pin.case_number, "by": pin.by, "at": pin.at.replace(microsecond=0),
            "review_at": pin.review_at, "reason": pin.reason,
        }  # fmt: skip
        await self._command(sql.PIN, asked | said | {"found": found})
        return len(found)

    async def unpin(self, case_number: str, plate: str = "") -> int:
        """See Pins."""
        return await self._changed(sql.UNPIN, {"case_number": case_number, "plate": plate})

    async def review(self, case_number: str, review_at: date) -> int:
        """See Pins."""
        asked = {"case_number": case_number, "plate": "", "review_at": review_at}
        return await self._changed(sql.REVIEW, asked)

    async def of_plate(self, plate: str) -> list[Pinned]:
        """See Pins."""
        return [_pinned(row) for row in await self._query(sql.OF_PLATE, _plate(plate))]

    async def of_case(self, case_number: str, limit: int = 1000) -> list[Pinned]:
        """See Pins."""
        asked = {"case_number": case_number, "limit": limit}
        return [_pinned(row) for row in await self._query(sql.OF_CASE, asked)]

    async def cases(self, until: date | None = None) -> list[CaseOfPins]:
        """See Pins."""
        rows = await self._query(sql.CASES, {"until": until or NEVER})
        return [
            CaseOfPins(
                case_number=case, reads=reads, plates=plates, review_at=review, pinned_by=tuple(by)
            )
            for case, reads, plates, review, by in rows
        ]

    async def _changed(self, statement: str, asked: dict[str, Any]) -> int:
        [(count,)] = await self._query(sql.COUNT, asked)
        if count:
            async with self._changing:
                for one in (*sql.CHANGING, statement, sql.CHANGING[1]):
                    await self._command(one, asked)
        return int(count)


def _plate(text: str) -> dict[str, Any]:
    return {"plate": text, "skeleton": skeleton(text)}


def _pinned(row: Sequence[Any]) -> Pinned:
    case_number, by, at, review_at, reason = row[len(COLUMNS) :]
    pin = Pin(
        case_number=case_number, by=by, at=at.replace(tzinfo=UTC), review_at=review_at,
        reason=reason,
    )  # fmt: skip
    return Pinned(read_of(row[: len(COLUMNS)]), pin)
