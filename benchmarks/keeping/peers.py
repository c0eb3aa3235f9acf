"""The same reads and questions in PostgreSQL (b-tree and pg_trgm) and in DuckDB.

Each peer gets the columns of a read that have a value here, and the indexes its users would make.
What a question returns is counted, so that all three can be held against each other.
"""

import time
from pathlib import Path
from typing import Any, Protocol

import duckdb
import psycopg
from clickhouse_connect.driver.client import Client
from keeping.questions import CONVOY_SITES, CONVOY_WITHIN, PAGE, Asked

_COLUMNS = {
    "read_id": "uuid", "camera_id": "text", "captured_at": "timestamp",
    "received_at": "timestamp", "stored_at": "timestamp", "plate": "text", "skeleton": "text",
    "country": "text", "country_probability": "real", "confidence": "real", "frames": "smallint",
    "character_percent": "{bytes}",
}  # fmt: skip

_PERCENT = "concat('\\\\x', hex(arrayStringConcat(arrayMap(x -> char(x), character_percent))))"
"""Bytes as PostgreSQL reads them."""

_INDEXES = (
    "CREATE INDEX ON reads (plate, captured_at)",
    "CREATE INDEX ON reads (skeleton, captured_at)",
    "CREATE INDEX ON reads (camera_id, captured_at)",
    "CREATE INDEX ON reads USING gin (plate gin_trgm_ops)",
)

_SHOWN = "*"
_NEWEST = f"ORDER BY captured_at DESC LIMIT {PAGE}"

SQL = {
    "exact": f"SELECT {_SHOWN} FROM reads WHERE plate = %(text)s {_NEWEST}",
    "look-alikes": f"SELECT {_SHOWN} FROM reads WHERE skeleton = %(skeleton)s {_NEWEST}",
    "wildcard": f"SELECT {_SHOWN} FROM reads WHERE plate LIKE %(like)s {_NEWEST}",
    "edit distance 1": f"SELECT {_SHOWN} FROM reads WHERE levenshtein(plate, %(text)s) <= 1 "
    f"{_NEWEST}",
    "area and one hour": f"SELECT {_SHOWN} FROM reads WHERE camera_id = ANY(%(cameras)s) "
    f"AND captured_at >= %(begins)s AND captured_at < %(ends)s {_NEWEST}",
    "convoy": f"""
        WITH target AS (SELECT camera_id, captured_at FROM reads WHERE plate = %(text)s)
        SELECT reads.plate, count(DISTINCT reads.camera_id) AS sites, count(*)
        FROM target JOIN reads ON reads.camera_id = target.camera_id
            AND reads.captured_at BETWEEN target.captured_at - INTERVAL '{CONVOY_WITHIN} seconds'
                AND target.captured_at + INTERVAL '{CONVOY_WITHIN} seconds'
        WHERE reads.plate <> %(text)s AND reads.plate <> ''
        GROUP BY reads.plate HAVING count(DISTINCT reads.camera_id) >= {CONVOY_SITES}
        ORDER BY sites DESC LIMIT {PAGE}""",
    "two areas, one day": f"""
        SELECT plate FROM reads WHERE camera_id = ANY(%(cameras)s) AND plate <> ''
            AND captured_at >= %(begins)s AND captured_at < %(ends)s
        INTERSECT
        SELECT plate FROM reads WHERE camera_id = ANY(%(others)s) AND plate <> ''
            AND captured_at >= %(begins)s AND captured_at < %(ends)s
        LIMIT {PAGE}""",
}


class Peer(Protocol):
    """A store that is asked the same."""

    name: str

    def bytes_kept(self) -> int:
        """On disk, indexes included."""

    def answer(self, asked: Asked) -> int:
        """How many findings."""


class Postgres:
    """PostgreSQL as Morina ships it, its server started by the caller."""

    name = "PostgreSQL"

    def __init__(self, dsn: str, csv: Path) -> None:
        self._connection = psycopg.connect(dsn, autocommit=True)
        run = self._connection.execute
        run("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        run("CREATE EXTENSION IF NOT EXISTS fuzzystrmatch")
        run("SET maintenance_work_mem = '1GB'")
        run("SET work_mem = '256MB'")
        run(f"CREATE TABLE reads ({_table('bytea')})")
        began = time.monotonic()
        with (
            csv.open("rb") as file,
            self._connection.cursor().copy("COPY reads FROM STDIN (FORMAT csv)") as copy,
        ):
            while part := file.read(1 << 20):
                copy.write(part)
        self.copied_s = time.monotonic() - began
        for index in _INDEXES:
            run(index)  # type: ignore[call-overload]
        run("VACUUM ANALYZE reads")
        self.loaded_s = time.monotonic() - began

    def bytes_kept(self) -> int:
        """See Peer."""
        row = self._connection.execute("SELECT pg_total_relation_size('reads')").fetchone()
        assert row is not None
        return int(row[0])

    def answer(self, asked: Asked) -> int:
        """See Peer."""
        return len(self._connection.execute(SQL[asked.name], _values(asked)).fetchall())

    def close(self) -> None:
        """Let go."""
        self._connection.close()


class Duck:
    """DuckDB in a file of its own, sorted as reads arrive."""

    name = "DuckDB"

    def __init__(self, path: Path, csv: Path) -> None:
        self._path = path
        self._connection = duckdb.connect(str(path))
        began = time.monotonic()
        self._connection.execute(f"CREATE TABLE reads ({_table('blob')})")
        self._connection.execute(
            "INSERT INTO reads SELECT * REPLACE (unhex(substr(character_percent, 3)) AS "
            f"character_percent) FROM read_csv('{csv}', header = false, columns = {_as_text()})"
        )
        self._connection.execute("CHECKPOINT")
        self.loaded_s = time.monotonic() - began

    def bytes_kept(self) -> int:
        """See Peer."""
        return self._path.stat().st_size

    def answer(self, asked: Asked) -> int:
        """See Peer."""
        sql = SQL[asked.name]
        values = {name: value for name, value in _values(asked).items() if f"%({name})s" in sql}
        for name in values:
            sql = sql.replace(f"%({name})s", f"${name}")
        return len(self._connection.execute(sql, values).fetchall())

    def close(self) -> None:
        """Let go."""
        self._connection.close()


def _values(asked: Asked) -> dict[str, Any]:
    return {
        "text": asked.text,
        "skeleton": asked.skeleton,
        "like": asked.pattern.replace("?", "_").replace("*", "%"),
        "cameras": list(asked.cameras),
        "others": list(asked.others),
        "begins": asked.begins_at.replace(tzinfo=None),
        "ends": asked.ends_at.replace(tzinfo=None),
    }


def _table(of_bytes: str) -> str:
    """The columns and their types."""
    return ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items()).format(bytes=of_bytes)


def _as_text() -> dict[str, str]:
    return {name: kind.format(bytes="text") for name, kind in _COLUMNS.items()}


def csv_of(client: Client, path: Path) -> None:
    """All reads as both peers load them, in the order they arrived."""
    columns = ", ".join(_COLUMNS).replace("character_percent", f"{_PERCENT} AS percent")
    client.command(
        f"SELECT {columns} FROM morina.reads ORDER BY captured_at "
        f"INTO OUTFILE '{path}' TRUNCATE FORMAT CSV"
    )
    path.chmod(0o644)
