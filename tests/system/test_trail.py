"""A node killed in the middle of acts: no act without its entry, no entry without its act."""

import asyncio
import threading
from pathlib import Path

import httpx
import psycopg

from running import RunningNode


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


def entered(node: RunningNode) -> tuple[set[str], set[str]]:
    """Cameras there are, and cameras in the trail."""
    with psycopg.connect(node.addresses["postgres"]) as connection:
        there = {row[0] for row in connection.execute("SELECT camera_id FROM camera")}
        told = connection.execute(
            "SELECT what -> 'ids' ->> 0 FROM trail WHERE what ->> 'kind' = 'camera'"
        )
        return there, {row[0] for row in told}


def test_killed_in_the_middle_of_acts(reachable_folder: Path) -> None:
    with RunningNode.start(reachable_folder / "trail") as node:
        token = node.command("user", "token", "administrator", "--label", "t").stdout.split()[-1]
        for round_ in range(3):
            stop = threading.Event()
            writers = [
                threading.Thread(target=put_cameras, args=(node, token, stop, f"c{round_}{one}"))
                for one in range(3)
            ]
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
        verified = node.command("audit", "verify")
        assert verified.returncode == 0, verified.stdout
        assert "entries hold" in verified.stdout
        file = reachable_folder / "trail.jsonl"
        assert node.command("audit", "export", str(file)).returncode == 0
        assert node.command("audit", "verify", str(file)).returncode == 0
        with psycopg.connect(node.addresses["postgres"]) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("UPDATE trail SET who = 'nobody' WHERE number = 7")
            connection.commit()
        refused = node.command("audit", "verify")
        assert refused.returncode == 1
        assert "7: changed" in refused.stdout
