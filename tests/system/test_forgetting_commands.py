"""Pins, an erasure and statements by command, on a running node."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from invented import read
from kept_reads import kept
from running import RunningNode, morina


def patiently(node: RunningNode, arguments: list[str]) -> str:
    """What a command says that waits until files are gone, which takes the engine minutes."""
    with morina([*arguments, "--home", str(node.home)], node.environment) as process:
        return process.communicate(timeout=1500)[0]


def approved(node: RunningNode, arguments: list[str]) -> list[str]:
    """What the command needs once a supervisor agreed to what it refused to do alone."""
    refused = node.command(*arguments)
    assert refused.returncode == 1
    found = re.search(r"needs a second person.* \(--approval (\S+)\)", refused.stdout)
    assert found, refused.stdout
    if "supervisor" not in TOKENS:
        TOKENS["supervisor"] = node.token("supervisor")
    sent = {"approved": True, "reason": "the court ordered it"}
    headers = {"Authorization": f"Bearer {TOKENS['supervisor']}"}
    where = f"{node.url}/api/v1/approvals/{found[1]}/decision"
    assert httpx.post(where, json=sent, headers=headers, timeout=60).json()["stage"] == "approved"
    return ["--approval", found[1]]


TOKENS: dict[str, str] = {}


def test_reads_are_pinned_erased_and_stated_by_command(reachable_folder: Path) -> None:
    now = datetime.now(UTC)
    soon = {"MORINA_RETENTION__FILES_LEAVE_AFTER_S": "1"}
    with RunningNode.start(reachable_folder / "forgetting", soon) as node:
        token = reachable_folder / "forgetting" / "token"
        token.touch(mode=0o600)
        token.write_text(node.token())
        overseers = token.with_name("overseers")
        overseers.touch(mode=0o600)
        overseers.write_text(node.token("data_protection_officer"))
        seen = {"captured_at": now - timedelta(hours=1), "received_at": now, "evidence": None}
        kept(node, token.read_text(), [read("QX77FGT", **seen), read("QX88FGT", **seen)])
        why = ["--case", "C-2026-7", "--basis", "Invented Act, section 12"]
        own, theirs = ["--token", str(token)], ["--token", str(overseers)]
        why += ["--reason", "needed for the trial of the smugglers", "--purpose", "serious_crime"]
        since = ["--since", f"{now - timedelta(days=1):%Y-%m-%d}"]
        since += ["--until", f"{now + timedelta(days=1):%Y-%m-%d}"]

        pinned = node.command("records", "pin", "QX77FGT", *since, *why, *own).stdout
        assert pinned.startswith("1 reads are pinned to C-2026-7")
        assert "C-2026-7: 1 reads" in node.command("records", "pins", "--token", str(token)).stdout

        erase = ["records", "erase", "QX88FGT", *why, *theirs, "--reference"]
        refused = node.command(*erase, "about QX88FGT")
        assert refused.returncode == 1 and "leave the plate out" in refused.stdout
        said = patiently(node, [*erase, "ER-1", *approved(node, [*erase, "ER-1"])])
        assert said.startswith("1 reads, 0 pictures and 0 alerts are erased, statement ")
        other = ["records", "erase", "QX77FGT", *why, *theirs, "--reference", "ER-2"]
        stays = patiently(node, [*other, *approved(node, other)])
        assert '1 pinned to ["C-2026-7"]' in stays
        gone = node.command("records", "unpin", *why, *own).stdout
        assert gone == "1 reads are no longer pinned to C-2026-7\n"
        asked = node.command("records", "consultations", "--json", *theirs).stdout
        assert "erasure of one plate" in asked and "QX88FGT" not in asked
        assert node.stop() == 0
        shown = node.command("records", "statements", "--verify")
        assert shown.returncode == 0 and "request ER-1" in shown.stdout
        first = next((node.home / "statements").glob("00000001*"))
        first.write_bytes(first.read_bytes().replace(b'"kind":"daily"', b'"kind":"dayly"'))
        broken = node.command("records", "statements", "--verify")
        assert broken.returncode == 1 and "the first one does not hold" in broken.stdout
