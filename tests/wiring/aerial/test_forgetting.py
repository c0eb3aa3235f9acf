"""`morina aerial forget`: a flight goes before its time, for a reason that stands in the trail."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

from psycopg_pool import AsyncConnectionPool

from flown import fly
from morina.accountability.adapters.postgres_trail import PostgresTrailReader


async def given(home: Path, *words: str) -> tuple[int | None, str]:
    """How the command ended, and what it said."""
    where = ["--home", str(home), "--settings", str(home / "none.toml")]
    command = [sys.executable, "-m", "morina.cli", "aerial", *words, *where]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=STDOUT, cwd=home)
    said, _ = await process.communicate()
    return process.returncode, said.decode()


async def test_a_flight_is_forgotten_at_the_console_for_a_reason(
    pool: AsyncConnectionPool, dsn: str, tmp_path: Path
) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "node.json").write_text(json.dumps({"postgres": dsn}))
    sortie_id = str(fly(dsn))
    code, said = await given(tmp_path, "forget", sortie_id, "--reason", " ")
    assert code and "say why" in said
    code, said = await given(tmp_path, "forget", sortie_id, "--reason", "a test flight")
    assert (code, said.strip()) == (0, f"{sortie_id} is forgotten")
    *_, last = [one async for one in PostgresTrailReader(pool).entries()]
    assert last.deed.what.step == "forgotten"
    assert last.deed.why == {"justification": "a test flight"}
    code, said = await given(tmp_path, "forget", sortie_id, "--reason", "once more")
    assert code and "there is no sortie" in said
