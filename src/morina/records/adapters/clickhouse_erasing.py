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
        [(mentions,)] = await self._query(sql.MENTIONS, asked | gone)
        [(pinned, cases)] = await self._query(sql.PINNED, asked)
        return PlateFound(
            read_ids=frozenset(map(UUID, gone["gone"])),
            pictures=frozenset(await self._names(sql.PICTURES, gone)),
            mentions=int(mentions),
            pinned=int(pinned),
            cases=tuple(cases),
        )

    async def pictures_of_others(self, names: Collection[str], reads: Collection[UUID]) -> set[str]:
        """See PlateForgets."""
        asked = {"names": sorted(names), "gone": _ids(reads)}
        return set(await self._names(sql.OTHERS, asked)) if names else set()

    async def erase_plate(self, plate: str, found: PlateFound, but: Collection[UUID]) -> None:
        """See PlateForgets."""
        asked = _asked(plate, but) | {"gone": _ids(found.read_ids)}
        kept = await self._names(sql.KEPT_SECONDS, asked)
        others = await self._names(sql.OTHER_SECONDS, asked)
        texts = await self._names(sql.OTHER_TEXTS, asked) + ([] if kept else [plate])
        named = {"plate": [plate], "gone": asked["gone"], "but": asked["but"]}
        async with self._erasing:
            await self._name(named | {"kept": kept, "others": others, "texts": texts})
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
