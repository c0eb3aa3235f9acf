"""A node killed in the middle of acts: no act without its entry, no entry without its act."""

from pathlib import Path
from time import sleep

import httpx
import psycopg

from killed_acts import EACH_ROUND, SAME, Acting, columns, corrected, entered
from running import RunningNode

PUT_RIGHT = "SELECT what -> 'ids' ->> 0 FROM trail WHERE what ->> 'step' = 'corrected'"
CHECKED_EACH_SECOND = {"MORINA_OVERSIGHT__TRAIL_CHECK_HOURS": "0.0003"}


def told_by_the_node(node: RunningNode, token: str, state: str) -> str:
    """What its health says of the trail once it begins with ``state``; its metrics agree."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=node.url, headers=headers, timeout=120) as client:
        said = ""
        while not said.startswith(state):
            sleep(0.2)
            engines = client.get("/api/v1/health").json()["engines"]
            said = engines.get("trail", "")
        lines = client.get("/metrics").text.splitlines()
        [faults] = [line for line in lines if line.startswith("morina_trail_faults ")]
        assert (float(faults.split()[1]) > 0) == (state != "up")
        assert engines["checkpoints"] == "up"
        return said


def test_killed_in_the_middle_of_acts(reachable_folder: Path) -> None:
    copies = reachable_folder / "copies"
    copies.mkdir()
    chosen = CHECKED_EACH_SECOND | {"MORINA_OVERSIGHT__CHECKPOINTS_TO": str(copies)}
    with RunningNode.start(reachable_folder / "trail", chosen) as node:
        acting = Acting.at(node)
        token = acting.officer
        for round_ in range(3):
            before = entered(node)
            with acting.going_on(f"r{round_}") as look:
                while any(entered(node)[one] - before[one] < n for one, n in EACH_ROUND.items()):
                    look()
                    sleep(0.05)
                node.kill()
            node.restart()
        stands = corrected(acting)
        assert len(stands) >= 3 and stands <= columns(node, PUT_RIGHT)[0]
        acting.close()
        for kind, (there, told) in SAME.items():
            done, entries = columns(node, there, told)
            assert done == entries, kind
            assert done, kind
        verified = node.command("audit", "verify")
        assert verified.returncode == 0, verified.stdout
        assert "entries hold" in verified.stdout
        file = reachable_folder / "trail.jsonl"
        assert node.command("audit", "export", str(file)).returncode == 0
        assert node.command("audit", "verify", str(file)).returncode == 0
        kept = node.command("audit", "verify", "--checkpoints", str(copies))
        assert kept.returncode == 0, kept.stdout
        empty = node.command("audit", "verify", "--checkpoints", str(reachable_folder))
        assert (empty.returncode, "holds no checkpoint" in empty.stdout) == (1, True)
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
        early = node.command("audit", "publish", "9999-11", str(month))
        assert "is not over yet" in early.stdout
