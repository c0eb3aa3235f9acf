"""A flight handed in at a running node is worked through by a process the node starts for it."""

import json
import time
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
from psycopg.rows import dict_row

from flown_sortie import transport
from running import RunningNode


def sortie_of(node: RunningNode, sortie_id: UUID) -> dict[str, object]:
    with psycopg.connect(node.addresses["postgres"], row_factory=dict_row) as connection:
        found = "SELECT * FROM sortie WHERE sortie_id = %s"
        return connection.execute(found, (sortie_id,)).fetchone() or {}


def test_a_flight_handed_in_at_the_console_becomes_ready(node: RunningNode, tmp_path: Path) -> None:
    file = tmp_path / "north.ts"
    file.write_bytes(transport(tmp_path, 100))
    bare = node.command("aerial", "add", str(file), "--name", "North", "--task", "look")
    assert bare.returncode == 1 and "case_number is empty" in bare.stdout
    why = ("--name", "North", "--case", "C-7", "--task", "walkers overdue")
    added = node.command("aerial", "add", str(file), *why)
    assert added.returncode == 0, added.stdout
    assert "MISB ST 0601 in MPEG-TS, 5 s, waits" in added.stdout
    sortie_id = UUID(added.stdout.partition(":")[0])
    ends_by = time.monotonic() + 240
    while (sortie := sortie_of(node, sortie_id))["state"] not in ("ready", "failed"):
        assert time.monotonic() < ends_by, sortie
        time.sleep(0.2)
    assert sortie["state"] == "ready", sortie["fault"]
    assert (sortie["width"], sortie["height"]) == (320, 240)
    assert any("terrain import" in one for one in sortie["lacks"])  # type: ignore[attr-defined]
    headers = {"Authorization": f"Bearer {node.token()}"}
    with httpx.Client(base_url=node.url, headers=headers) as client:
        assert client.get("/api/v1/health").json()["engines"]["sorties"] == "up"
    stated = max((node.home / "statements").glob("*.json")).read_text()
    assert json.loads(stated)["statement"]["sorties"]["sorties"] == 0
    assert "North" in node.command("aerial", "list").stdout
