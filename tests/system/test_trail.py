"""A node killed in the middle of acts: no act without its entry, no entry without its act."""

import asyncio
import threading
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg

from running import RunningNode

CHECKED_EACH_SECOND = {"MORINA_OVERSIGHT__TRAIL_CHECK_HOURS": "0.0003"}


def put_cameras(node: RunningNode, token: str, until: threading.Event, name: str) -> None:
    """One camera after the other, until the node no longer answers."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=node.url, headers=headers) as client:
        number = 0
        while not until.is_set():
            sent = {"name": "N", "site": "N", "latitude": 42.0, "longitude": 20.0}
            try:
                client.put(f"/api/v1/cameras/{name}-{number}", json=sent).raise_for_status()
            except httpx.TransportError:
                return
            number += 1


def look_up(node: RunningNode, token: str, until: threading.Event) -> None:
    """One look at the trail after the other, each a consultation, until no answer comes."""
    headers = {"Authorization": f"Bearer {token}"}
    sent = {"plate": "AB12CDE", "case_number": "C-1", "legal_basis": "Invented Act 5"}
    sent["justification"] = "a complaint by the keeper of it"
    with httpx.Client(base_url=node.url, headers=headers) as client:
        while not until.is_set():
            try:
                client.post("/api/v1/trail/plates", json=sent).raise_for_status()
            except httpx.TransportError:
                return


def looks(node: RunningNode) -> list[set[int]]:
    """Consultations there are and in the trail; outcomes there are and in the trail."""
    told = (
        "SELECT (what -> 'ids' ->> 0)::bigint FROM trail"
        " WHERE what ->> 'kind' = 'consultation' AND what ->> 'step' {} 'begun'"
    )
    asked = (
        "SELECT number FROM consultation", told.format("="),
        "SELECT number FROM consultation_outcome", told.format("<>"),
    )  # fmt: skip
    with psycopg.connect(node.addresses["postgres"]) as connection:
        return [{row[0] for row in connection.execute(one)} for one in asked]  # type: ignore[arg-type]  # ours


def entered(node: RunningNode) -> tuple[set[str], set[str]]:
    """Cameras there are, and cameras in the trail."""
    with psycopg.connect(node.addresses["postgres"]) as connection:
        there = {row[0] for row in connection.execute("SELECT camera_id FROM camera")}
        told = connection.execute(
            "SELECT what -> 'ids' ->> 0 FROM trail WHERE what ->> 'kind' = 'camera'"
        )
        return there, {row[0] for row in told}


def told_by_the_node(node: RunningNode, token: str, state: str) -> str:
    """What its health says of the trail once it begins with ``state``; its metrics agree."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=node.url, headers=headers) as client:
        said = ""
        while not said.startswith(state):
            asyncio.run(asyncio.sleep(0.2))
            said = client.get("/api/v1/health").json()["engines"].get("trail", "")
        lines = client.get("/metrics").text.splitlines()
        [faults] = [line for line in lines if line.startswith("morina_trail_faults ")]
        assert (float(faults.split()[1]) > 0) == (state != "up")
        return said


def test_killed_in_the_middle_of_acts(reachable_folder: Path) -> None:
    with RunningNode.start(reachable_folder / "trail", CHECKED_EACH_SECOND) as node:
        token, overseer = node.token(), node.token("data_protection_officer")
        for round_ in range(3):
            stop = threading.Event()
            writers = [
                threading.Thread(target=put_cameras, args=(node, token, stop, f"c{round_}{one}"))
                for one in range(3)
            ]
            writers.append(threading.Thread(target=look_up, args=(node, overseer, stop)))
            for writer in writers:
                writer.start()
            while len(entered(node)[0]) < (round_ + 1) * 60:
                asyncio.run(asyncio.sleep(0.05))
            node.kill()
            stop.set()
            for writer in writers:
                writer.join()
            node.restart()
        there, told = entered(node)
        assert there == told
        assert len(there) >= 180
        asked, begun, became, ended = looks(node)
        assert (asked, became) == (begun, ended)
        assert len(asked) >= 3
        verified = node.command("audit", "verify")
        assert verified.returncode == 0, verified.stdout
        assert "entries hold" in verified.stdout
        file = reachable_folder / "trail.jsonl"
        assert node.command("audit", "export", str(file)).returncode == 0
        assert node.command("audit", "verify", str(file)).returncode == 0
        told_by_the_node(node, token, "up")
        with psycopg.connect(node.owner_dsn) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("UPDATE trail SET who = 'nobody' WHERE number = 7")
            connection.execute("UPDATE consultation SET question = 'x' WHERE number = 1")
            connection.commit()
        said = told_by_the_node(node, token, "does not hold")
        assert said == "does not hold (7: changed); on the node: morina audit verify"
        refused = node.command("audit", "verify")
        assert refused.returncode == 1
        assert "7: changed" in refused.stdout
        assert "consultation 1 asked something else" in refused.stdout
        month = reachable_folder / "month"
        assert node.command("audit", "publish", "2020-02", str(month)).returncode == 0
        assert "<h1>" in month.with_suffix(".html").read_text()
        early = node.command("audit", "publish", f"{datetime.now(UTC):%Y-%m}", str(month))
        assert "is not over yet" in early.stdout
