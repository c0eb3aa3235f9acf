"""The records of a running node asked by command, under a purpose."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from kept_reads import kept
from morina.plates import Plate
from morina.sense import Read
from morina.sense.vehicle import Vehicle
from morina.wiring.asking_scopes import DAYS
from running import RunningNode

PURPOSE = (
    "--purpose", "stolen_vehicle", "--case", "C-7", "--basis", "Police Act 12",
    "--why", "stolen on Monday evening",
)  # fmt: skip
CLOCK = ZoneInfo("Europe/Tirane")


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
    file.write_text(node.token())
    return file


def test_a_plate_is_found_and_the_question_is_in_the_log(node: RunningNode, token: Path) -> None:
    reads = passages("AA123ZX", 3)
    kept(node, token.read_text(), [*reads, *passages("AA123ZY", 1)])
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
    kept(node, token.read_text(), passages("AA124ZX", 2))
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


def test_find_takes_hours_days_looks_a_corridor_and_no_plate(
    node: RunningNode, token: Path, tmp_path: Path
) -> None:
    reads = passages("AA126ZX", 2)
    red = replace(reads[0], vehicle=Vehicle(make="Fiat", colour="red"))
    unread = replace(passages("AA126ZX", 1)[0], plate=None, confidence=0.0)
    kept(node, token.read_text(), [red, reads[1], unread])
    node.command("camera", "put", "asked-1", "--name", "Asked", "--site", "Asked here",
                 "--place", "41.3", "19.8")  # fmt: skip
    line = tmp_path / "line.geojson"
    line.write_text(
        json.dumps({"type": "LineString", "coordinates": [[19.8, 41.2], [19.8, 41.4]]}),
        encoding="utf-8",
    )

    def found(*asked: str) -> list[str]:
        told = ("records", "find", *asked, *PURPOSE, "--token", str(token), "--json")
        [answer] = json.loads(node.command(*told).stdout)
        return [one["read"]["read_id"] for one in answer["found"]]

    both = [str(one.read_id) for one in reads]
    assert found("AA126ZX", "--corridor", str(line), "--within-m", "100") == both
    assert found("AA126ZX", "--make", "Fiat", "--colour", "red") == both[:1]
    days = {one.captured_at.astimezone(CLOCK).weekday() for one in reads}
    other = next(day for n, day in enumerate(DAYS) if n not in days)
    assert found("AA126ZX", "--weekday", other) == []
    assert found("AA126ZX", "--hours", "00:00-00:00", *(
        part for day in days for part in ("--weekday", DAYS[day])
    )) == both  # fmt: skip
    refused = node.command("records", "find", *PURPOSE, "--token", str(token))
    assert refused.returncode == 2
    assert str(unread.read_id) in found("--fits", "unread", "--camera", "asked-1")
    assert {*both, str(unread.read_id)} <= {*found("--fits", "any", "--camera", "asked-1")}


def period(days: int = 2) -> dict[str, str]:
    now = datetime.now(UTC)
    begins = now - timedelta(days=days)
    return {"begins_at": begins.isoformat(), "ends_at": now.isoformat()}


def questions(plate: str, cameras: Sequence[str]) -> dict[str, dict[str, object]]:
    """One of each kind, up to now."""
    scope = {"period": period()}
    return {
        "passages": {"scope": scope, "text": {"fits": "look_alikes", "text": plate}},
        "texts": {"scope": scope, "text": {"fits": "near", "text": plate}},
        "habits": {"scope": scope, "text": {"text": plate}, "zone": "Europe/Tirane"},
        "convoy": {"scope": scope, "plate": plate},
        "both-places": {
            "areas": [{"name": one, "cameras": [one], "period": period()} for one in cameras]
        },
        "impossible": {"scope": scope, "plate": plate},
        "journeys": {"scope": scope, "plate": plate},
    }


FINDING = ("passages", "texts", "habits", "journeys")
"""Kinds that find something of one vehicle that passed twice."""


def test_every_kind_of_question_is_answered_by_a_node(node: RunningNode, token: Path) -> None:
    kept(node, token.read_text(), passages("AA123ZX", 2))
    headers = {"Authorization": f"Bearer {token.read_text()}"}
    purpose = dict(
        zip(("code", "case_number", "legal_basis", "justification"), PURPOSE[1::2], strict=True)
    )
    with httpx.Client(base_url=f"{node.url}/api/v1", headers=headers, timeout=60) as http:
        described = http.get("/openapi.json").json()
        body = described["paths"]["/api/v1/records/questions"]["post"]["requestBody"]
        kinds = body["content"]["application/json"]["schema"]["discriminator"]["mapping"]
        asked_of_all = questions("AA123ZX", ("a-1", "a-2"))
        assert asked_of_all.keys() == kinds.keys()
        for kind, question in asked_of_all.items():
            sent = {"kind": kind, "purpose": purpose, "question": question}
            asked = http.post("/records/questions", json=sent)
            assert asked.status_code == 201, asked.text
            here = f"/records/questions/{asked.json()['question_id']}"
            state = asked.json()
            while state["stage"] in ("waiting", "running"):
                state = http.get(here, params={"wait_s": 20}).json()
            assert state["stage"] == "answered", (kind, state)
            answer = http.get(f"{here}/answer").json()
            assert answer["coverage"]["covered"], kind
            assert bool(answer["found"]) == (kind in FINDING), kind


CELLS = {
    "passages": ["AA125ZX", "asked-1", "90%"],
    "texts": ["AA125ZX", "GB"],
    "habits": ["all", "asked-1"],
    "convoy": [],
    "both-places": ["AA125ZX"],
    "impossible": ["AA125ZX", "asked-9"],
    "journeys": ["AA125ZX", "asked-1"],
}


def test_every_kind_is_asked_by_command_from_a_file(
    node: RunningNode, token: Path, tmp_path: Path
) -> None:
    file = tmp_path / "question.json"
    for one, place in (("asked-1", "41.3"), ("asked-9", "44.3")):
        node.command("camera", "put", one, "--name", one, "--site", one, "--place", place, "19.8")
    here, far = passages("AA125ZX", 2), passages("AA125ZX", 1)
    kept(node, token.read_text(), [*here, replace(far[0], camera_id="asked-9", read_id=uuid4())])
    for kind, question in questions("AA125ZX", ("asked-1", "asked-9")).items():
        file.write_text(json.dumps(question), encoding="utf-8")
        told = ("records", "ask", kind, "--question", str(file), *PURPOSE, "--token", str(token))
        shown = node.command(*told).stdout
        for cell in CELLS[kind]:
            assert cell in " ".join(shown.split()), (kind, shown)
        assert "found" in shown and "looked at:" in shown, shown
        [answer] = json.loads(node.command(*told, "--json").stdout)
        assert bool(answer["found"]) == bool(CELLS[kind]), kind
        assert answer["question"]["kind"] == kind


def test_a_file_without_a_question_is_refused(
    node: RunningNode, token: Path, tmp_path: Path
) -> None:
    file = tmp_path / "question.json"
    asked = ("records", "ask", "habits", "--question", str(file), *PURPOSE, "--token", str(token))
    for written, why in ((None, "No such file"), ("{", "not JSON"), ("[]", "no question"),
                         ('{"text": {"text": "AA125ZX"}}', "scope: Field required")):  # fmt: skip
        if written is not None:
            file.write_text(written, encoding="utf-8")
        done = node.command(*asked)
        assert done.returncode == 1 and why in " ".join(done.stdout.split()), done.stdout


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
