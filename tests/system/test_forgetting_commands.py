"""Pins, an erasure and statements by command, on a running node."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from invented import read
from running import RunningNode, morina


def patiently(node: RunningNode, arguments: list[str]) -> str:
    """What a command says that waits until files are gone, which takes the engine minutes."""
    with morina([*arguments, "--home", str(node.home)], node.environment) as process:
        return process.communicate(timeout=1500)[0]


def test_reads_are_pinned_erased_and_stated_by_command(reachable_folder: Path) -> None:
    now = datetime.now(UTC)
    soon = {"MORINA_RETENTION__FILES_LEAVE_AFTER_S": "1"}
    with RunningNode.start(reachable_folder / "forgetting", soon) as node:
        token = reachable_folder / "forgetting" / "token"
        token.touch(mode=0o600)
        token.write_text(
            node.command("user", "token", "administrator", "--label", "t").stdout.strip()
        )
        seen = {"captured_at": now - timedelta(hours=1), "received_at": now, "evidence": None}
        node.publish([read("QX77FGT", **seen), read("QX88FGT", **seen)])
        why = ["--case", "C-2026-7", "--basis", "Invented Act, section 12", "--token", str(token)]
        why += ["--reason", "needed for the trial", "--purpose", "serious_crime"]
        since = ["--since", f"{now - timedelta(days=1):%Y-%m-%d}"]
        since += ["--until", f"{now + timedelta(days=1):%Y-%m-%d}"]

        pinned = ""
        while not pinned.startswith("1 reads are pinned"):
            pinned = node.command("records", "pin", "QX77FGT", *since, *why).stdout
            assert "reads are pinned to C-2026-7" in pinned
        assert "C-2026-7: 1 reads" in node.command("records", "pins", "--token", str(token)).stdout

        erase = ["records", "erase", "QX88FGT", *why, "--reference"]
        refused = node.command(*erase, "about QX88FGT")
        assert refused.returncode == 1 and "leave the plate out" in refused.stdout
        said = patiently(node, [*erase, "ER-1"])
        assert said.startswith("1 reads, 0 pictures and 0 alerts are erased, statement ")
        kept = patiently(node, ["records", "erase", "QX77FGT", *why, "--reference", "ER-2"])
        assert '1 pinned to ["C-2026-7"]' in kept
        gone = node.command("records", "unpin", *why).stdout
        assert gone == "1 reads are no longer pinned to C-2026-7\n"
        asked = node.command("records", "consultations", "--json", "--token", str(token)).stdout
        assert "erasure of one plate" in asked and "QX88FGT" not in asked
        assert node.stop() == 0
        shown = node.command("records", "statements", "--verify")
        assert shown.returncode == 0 and "request ER-1" in shown.stdout
        first = next((node.home / "statements").glob("00000001*"))
        first.write_bytes(first.read_bytes().replace(b'"kind":"daily"', b'"kind":"dayly"'))
        broken = node.command("records", "statements", "--verify")
        assert broken.returncode == 1 and "the first one does not hold" in broken.stdout
