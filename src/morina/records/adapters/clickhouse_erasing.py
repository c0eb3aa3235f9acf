"""Erasing one plate in ClickHouse: parts that hold it are written anew without it."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from clickhouse_connect.driver.client import Client

from morina.plates import skeleton
from morina.records.adapters import sql_erasing as sql
from morina.records.adapters.clickhouse_forgetting import FILES_LEAVE_AFTER_S, ClickHouseForgetting
from morina.records.erasing import PlateFound


class ClickHouseErasing(ClickHouseForgetting):
    """The role PlateForgets."""

    def __init__(self, client: Client, files_leave_after_s: int = FILES_LEAVE_AFTER_S) -> None:
        super().__init__(client, files_leave_after_s)
        self._erasing = asyncio.Lock()
        client.command(sql.WANTED[0])

    async def find_plate(self, plate: str, but: Collection[UUID]) -> PlateFound:
        """See PlateForgets."""
        asked = _asked(plate, but)
        found = await self._names(sql.READS, asked)
        elsewhere = await self._names(sql.STANDS_ELSE, asked | {"found": found})
        gone = {"gone": sorted(set(found) - set(elsewhere))}
        mentioning = await self._names(sql.MENTIONS, asked | gone)
        [(pinned, cases)] = await self._query(sql.PINNED, asked)
        return PlateFound(
            read_ids=frozenset(map(UUID, gone["gone"])),
            elsewhere=frozenset(map(UUID, elsewhere)),
            mentioning=frozenset(map(UUID, mentioning)),
            pictures=frozenset(await self._names(sql.PICTURES, gone)),
            pinned=int(pinned),
            cases=tuple(cases),
        )

    async def pictures_of_others(self, names: Collection[str], reads: Collection[UUID]) -> set[str]:
        """See PlateForgets."""
        asked = {"names": sorted(names), "gone": _ids(reads)}
        return set(await self._names(sql.OTHERS, asked)) if names else set()

    async def erase_plate(self, plate: str, found: PlateFound) -> None:
        """See PlateForgets."""
        gone, all_found = _ids(found.read_ids), _ids(found.read_ids | found.elsewhere)
        asked = _asked(plate, ()) | {"gone": gone, "found": all_found}
        named = {
            "plate": [plate], "gone": gone, "found": all_found,
            "mentioning": _ids(found.mentioning),
            "kept": await self._names(sql.KEPT_SECONDS, asked),
            "days": await self._names(sql.KEPT_DAYS, asked),
            "others": await self._names(sql.OTHER_SECONDS, asked),
            "texts": await self._names(sql.OTHER_TEXTS, asked),
        }  # fmt: skip
        async with self._erasing:
            await self._name(named)
            for statement in sql.FORGET:
                await self._command(statement, {})
            await self._name({})

    async def _name(self, named: Mapping[str, Sequence[str]]) -> None:
        """What the next statements are about, in memory only."""
        rows = [(what, name) for what, names in named.items() for name in names]
        for statement in sql.WANTED:
            await self._command(statement, {})
        if rows:
            await self._run(lambda: self._client.insert("morina.erasing", rows))

    async def _names(self, statement: str, asked: dict[str, Any]) -> list[str]:
        return [str(row[0]) for row in await self._query(statement, asked)]


def _asked(plate: str, but: Collection[UUID]) -> dict[str, Any]:
    return {"plate": plate, "skeleton": skeleton(plate), "but": _ids(but)}


def _ids(reads: Collection[UUID]) -> list[str]:
    return sorted(map(str, reads))
