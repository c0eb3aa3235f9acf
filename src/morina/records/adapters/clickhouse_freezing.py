"""The tables of the in-process engine at one moment, and tables made of such parts.

``ALTER TABLE FREEZE`` makes hard links to the parts there are, which are never changed after;
``ATTACH PART`` takes them up again. Both are what ClickHouse's manual has for copies by hand; its
``BACKUP`` needs a server's configuration, which the in-process engine has not.
"""

import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from clickhouse_connect.driver.client import Client

from morina.backup import BackupError
from morina.records.adapters.clickhouse_client import OnOneThread, client_at

NAME = "morina_backup"

_TABLES = """
SELECT name, toString(uuid), engine LIKE '%MergeTree', create_table_query FROM system.tables
WHERE database = 'morina' AND is_temporary = 0 ORDER BY engine LIKE '%View', name"""

_WITH_PARTS = """
SELECT table FROM system.parts WHERE database = 'morina' AND active AND rows > 0 GROUP BY table"""


@dataclass(frozen=True, slots=True)
class FrozenPart:
    """One part of a table, and the folder of its files."""

    table: str
    name: str
    folder: Path


@dataclass(frozen=True, slots=True)
class FrozenTables:
    """What makes the tables, in order, and the parts they have."""

    statements: tuple[tuple[str, str], ...]
    parts: tuple[FrozenPart, ...]


@asynccontextmanager
async def frozen(records: OnOneThread, folder: Path) -> AsyncIterator[FrozenTables]:
    """The tables as they are now, for as long as the context lasts; BackupError.

    ``records`` is what keeps reads: on its thread no read is kept between one table and the next.
    """
    leave_nothing_frozen(folder)
    try:
        yield await records._run(lambda: _freeze(records._client, folder))
    finally:
        leave_nothing_frozen(folder)


def leave_nothing_frozen(folder: Path) -> None:
    """Remove what a backup that was cut off left: it would keep files of forgotten reads."""
    shutil.rmtree(folder / "shadow" / NAME, ignore_errors=True)


def _freeze(client: Client, folder: Path) -> FrozenTables:
    tables = list(client.query(_TABLES).result_rows)
    stored = {uuid: name for name, uuid, has_parts, _ in tables if has_parts}
    had = {name for (name,) in client.query(_WITH_PARTS).result_rows} & set(stored.values())
    for name in stored.values():
        client.command(f"ALTER TABLE morina.`{name}` FREEZE WITH NAME '{NAME}'")
    statements = tuple((name, statement) for name, _, _, statement in tables)
    parts = tuple(_parts(folder / "shadow" / NAME, stored))
    if missing := had - {one.table for one in parts}:
        raise BackupError(f"morina.{min(missing)} was not frozen where it was looked for")
    return FrozenTables(statements, parts)


def _parts(shadow: Path, stored: dict[str, str]) -> Iterator[FrozenPart]:
    for folder in sorted(shadow.glob("store/*/*")):
        for part in sorted(folder.iterdir()):
            yield FrozenPart(stored[folder.name], part.name, part)


class Thawing:
    """An empty engine in ``folder``, into which tables and parts are put."""

    def __init__(self, folder: Path) -> None:
        self._client = client_at("", folder)

    def make(self, statements: Sequence[tuple[str, str]]) -> None:
        """Make the tables."""
        self._client.command("CREATE DATABASE IF NOT EXISTS morina")
        for _, statement in statements:
            self._client.command(statement)

    def place(self, table: str) -> Path:
        """The folder into which the parts of a table are put before they are attached."""
        asked = {"table": table}
        found = self._client.query(
            "SELECT data_paths[1] FROM system.tables "
            "WHERE database = 'morina' AND name = {table:String}",
            parameters=asked,
        ).result_rows
        return Path(found[0][0]) / "detached"

    def attach(self, table: str, part: str) -> None:
        """Take up a part whose files are in place; parts in the order they were made."""
        self._client.command(f"ALTER TABLE morina.`{table}` ATTACH PART '{part}'")

    def count(self) -> int:
        """Rows of reads."""
        return int(self._client.query("SELECT count() FROM morina.reads").result_rows[0][0])

    def close(self) -> None:
        """Let go of the engine."""
        self._client.close()
