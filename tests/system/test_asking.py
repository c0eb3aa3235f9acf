"""The records of a running node asked by command, under a purpose."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from morina.plates import Plate
from morina.sense import Read
from running import RunningNode

PURPOSE = (
    "--purpose", "stolen_vehicle", "--case", "C-7", "--basis", "Police Act 12",
    "--why", "stolen on Monday evening",
)  # fmt: skip
PATIENT_S = 60.0


def passages(text: str, n: int) -> list[Read]:
    now = datetime.now(UTC).replace(microsecond=0)
    return [
        Read(
            read_id=uuid4(),
            camera_id="asked-1",
            captured_at=now - timedelta(hours=ago),
            received_at=now,
            plate=Plate(text, "GB"),
            confidence=0.9,
        )
        for ago in range(1, n + 1)
    ]


@pytest.fixture(scope="module")
def token(node: RunningNode, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with an officer's token."""
    file = tmp_path_factory.mktemp("token") / "token"
    file.touch(0o600)
    issued = node.command("user", "token", "administrator", "--label", "tests").stdout
    file.write_text(issued.splitlines()[-1])
    return file


def kept(node: RunningNode, token: Path, reads: list[Read]) -> None:
    """Reads in the records of the node."""
    node.publish(reads)
    wanted, until = {str(read.read_id) for read in reads}, time.monotonic() + PATIENT_S
    headers = {"Authorization": f"Bearer {token.read_text()}"}
    with httpx.Client(base_url=node.url, headers=headers) as http:
        while time.monotonic() < until:
            latest = http.get("/api/v1/reads", params={"limit": 1000}).json()
            if wanted <= {read["read_id"] for read in latest}:
                return
            time.sleep(0.2)
    raise AssertionError("the reads were not kept")


def test_a_plate_is_found_and_the_question_is_in_the_log(node: RunningNode, token: Path) -> None:
    reads = passages("AA123ZX", 3)
    kept(node, token, [*reads, *passages("AA123ZY", 1)])
    asked = ("records", "find", "AA123ZX", *PURPOSE, "--token", str(token))
    [answer] = json.loads(node.command(*asked, "--json").stdout)
    assert [one["read"]["read_id"] for one in answer["found"]] == [str(r.read_id) for r in reads]
    assert answer["coverage"]["remembered_since"]
    shown = node.command(*asked).stdout
    assert shown.count("AA123ZX") == 3
    assert "3 found" in shown and "looked at:" in shown and "remembered since" in shown
    like = ("records", "find", "AA12?Z*", *PURPOSE, "--token", str(token), "--json")
    [answer] = json.loads(node.command(*like).stdout)
    assert len(answer["found"]) == 4
    log = node.command("records", "consultations", "--token", str(token), "--json").stdout
    pattern, again, first = json.loads(log)[:3]
    assert pattern["plates"] == ["AA12?Z*"]
    assert (first["shown"], again["shown"], first["case_number"]) == (3, 3, "C-7")
    assert first["question"].startswith("plate AA123ZX; ")


def test_a_plate_is_found_at_a_site_and_in_an_area(
    node: RunningNode, token: Path, tmp_path: Path
) -> None:
    kept(node, token, passages("AA124ZX", 2))
    node.command("camera", "put", "asked-1", "--name", "Asked", "--site", "Asked here",
                 "--place", "41.3", "19.8")  # fmt: skip
    ring = [[19.7, 41.2], [19.9, 41.2], [19.8, 41.4], [19.7, 41.2]]
    area = tmp_path / "area.geojson"
    area.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), encoding="utf-8")
    for where, words in ((("--site", "Asked here"), "sites Asked here, cameras asked-1"),
                         (("--area", str(area)), "41.4 19.8, cameras asked-1")):  # fmt: skip
        asked = ("records", "find", "AA124ZX", *where, *PURPOSE, "--token", str(token), "--json")
        [answer] = json.loads(node.command(*asked).stdout)
        assert len(answer["found"]) == 2
        assert answer["question"]["question"].endswith(words)


def period(days: int = 2) -> dict[str, str]:
    now = datetime.now(UTC)
    begins = now - timedelta(days=days)
    return {"begins_at": begins.isoformat(), "ends_at": now.isoformat()}


SCOPE = {"period": period()}
QUESTIONS: dict[str, dict[str, object]] = {
    "passages": {"scope": SCOPE, "text": {"fits": "look_alikes", "text": "AA123ZX"}},
    "texts": {"scope": SCOPE, "text": {"fits": "near", "text": "AA123ZX"}},
    "habits": {"scope": SCOPE, "text": {"text": "AA123ZX"}, "zone": "Europe/Tirane"},
    "convoy": {"scope": SCOPE, "plate": "AA123ZX"},
    "both-places": {
        "areas": [{"name": one, "cameras": [one], "period": period()} for one in ("a-1", "a-2")]
    },
    "impossible": {"scope": SCOPE, "plate": "AA123ZX"},
    "journeys": {"scope": SCOPE, "plate": "AA123ZX"},
}

FINDING = ("passages", "texts", "habits", "journeys")
"""Kinds that find something of one vehicle that passed twice."""


def test_every_kind_of_question_is_answered_by_a_node(node: RunningNode, token: Path) -> None:
    kept(node, token, passages("AA123ZX", 2))
    headers = {"Authorization": f"Bearer {token.read_text()}"}
    purpose = dict(
        zip(("code", "case_number", "legal_basis", "justification"), PURPOSE[1::2], strict=True)
    )
    with httpx.Client(base_url=f"{node.url}/api/v1", headers=headers, timeout=60) as http:
        described = http.get("/openapi.json").json()
        body = described["paths"]["/api/v1/records/questions"]["post"]["requestBody"]
        kinds = body["content"]["application/json"]["schema"]["discriminator"]["mapping"]
        assert QUESTIONS.keys() == kinds.keys()
        for kind, question in QUESTIONS.items():
            sent = {"kind": kind, "purpose": purpose, "question": question}
            asked = http.post("/records/questions", json=sent)
            assert asked.status_code == 201, asked.text
            here = f"/records/questions/{asked.json()['question_id']}"
            state = http.get(here, params={"wait_s": 20}).json()
            assert state["stage"] == "answered", (kind, state)
            answer = http.get(f"{here}/answer").json()
            assert answer["coverage"]["covered"], kind
            assert bool(answer["found"]) == (kind in FINDING), kind


def test_what_is_refused_is_told_and_nothing_is_found(node: RunningNode, token: Path) -> None:
    asked = ("records", "find", "AA123ZX", *PURPOSE[:-1], "work", "--token", str(token))
    done = node.command(*asked)
    assert done.returncode == 1
    assert "justification" in done.stdout
    wrong = ("records", "find", "AA-*!", *PURPOSE, "--token", str(token))
    assert node.command(*wrong).returncode == 1
    token.chmod(0o644)
    done = node.command(*asked)
    token.chmod(0o600)
    assert done.returncode == 1
    assert "chmod 600" in done.stdout
