"""What is asked by command of an entry and of an alert, on a running node."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from invented import read
from kept_reads import kept
from mishaps import until_matched
from morina.records.adapters.obstore import ObstoreImages
from morina.sense import Evidence, Read
from pushed_passages import scene
from running import START_WITHIN_S, RunningNode

PLATE, PASSED = "PR81PST", "PR82PST"


@pytest.fixture(scope="module")
def token(node: RunningNode, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with an officer's token."""
    file = tmp_path_factory.mktemp("token") / "token"
    file.touch(0o600)
    file.write_text(node.token())
    return file


@pytest.fixture(scope="module")
def api(node: RunningNode, token: Path) -> Iterator[httpx.Client]:
    """The API as that officer."""
    headers = {"Authorization": f"Bearer {token.read_text()}"}
    base_url = f"{node.url}/api/v1"
    with httpx.Client(base_url=base_url, headers=headers, timeout=START_WITHIN_S) as client:
        yield client


def a_list(api: httpx.Client, name: str, *plates: tuple[str, str]) -> str:
    """A new hotlist with entries of these plates and countries."""
    now = datetime.now(UTC)
    sent = {
        "name": name, "owner": "Border police", "purpose": "find stolen vehicles",
        "legal_basis": "Invented Act", "review_at": f"{now + timedelta(days=30):%Y-%m-%d}",
    }  # fmt: skip
    hotlist_id: str = api.post("/hotlists", json=sent).json()["hotlist_id"]
    for plate, country in plates:
        entry = {
            "plate": plate, "country": country, "reason_code": "stolen",
            "subject_category": "suspect", "action": "stop", "owner_unit": "Crossing unit",
            "contact_24h": "+355 4 000 0000", "legal_basis": "Invented Act, section 1",
            "valid_from": f"{now - timedelta(days=1)}", "valid_to": f"{now + timedelta(days=30)}",
            "review_at": f"{now + timedelta(days=20):%Y-%m-%d}", "priority": 100,
        }  # fmt: skip
        made = api.post(f"/hotlists/{hotlist_id}/listings", json=entry)
        assert made.status_code == 201, made.text
    return hotlist_id


def passing(plate: str, ago: timedelta, camera_id: str = "asked-past") -> Read:
    at = datetime.now(UTC).replace(microsecond=0) - ago
    return read(plate, "GB", camera_id=camera_id, captured_at=at, received_at=at, evidence=None)


def test_an_entry_is_looked_for_among_past_reads_under_its_own_purpose(
    node: RunningNode, token: Path, api: httpx.Client
) -> None:
    seen = [passing(PLATE, timedelta(hours=hours)) for hours in (2, 3)]
    kept(node, token.read_text(), seen)
    a_list(api, "Asked by command", (PLATE, "GB"))
    asked = ("records", "past-reads", "Asked by command", "pr81 pst", "--token", str(token))
    said = node.command(*asked)
    assert said.returncode == 0, said.stdout
    words = " ".join(said.stdout.split())
    assert said.stdout.count(PLATE) >= 2 and "2 found" in words and "looked at:" in words
    assert "(stolen_vehicle, case listing " in words and "Invented Act, section 1" in words
    assert "it raises no alert" in words
    [answer] = json.loads(node.command(*asked, "--json").stdout)
    assert {one["read"]["read_id"] for one in answer["found"]} == {str(r.read_id) for r in seen}
    number = answer["question"]["consultation"]
    [logged] = api.get("/records/consultations", params={"limit": 1}).json()
    assert (logged["number"], logged["code"], logged["shown"]) == (number, "stolen_vehicle", 2)
    assert logged["plates"] == [PLATE] and "Asked by command" in logged["justification"]
    assert [one for one in api.get("/alerts").json() if one["camera_id"] == "asked-past"] == []


def test_what_names_no_entry_is_refused_in_words(
    node: RunningNode, token: Path, api: httpx.Client
) -> None:
    hotlist_id = a_list(api, "Asked twice", ("PR83PST", "GB"), ("PR83PST", "AL"))
    before = api.get("/records/consultations", params={"limit": 1}).json()
    for hotlist, plate, more, why in (
        ("No such list", "PR83PST", (), "no hotlist 'No such list'"),
        ("Asked twice", "PR84PST", (), "no entry of Asked twice holds PR84PST"),
        ("Asked twice", "PR83PST", ("--country", "XK"), "holds PR83PST of XK"),
        ("Asked twice", "PR83*", (), "is no plate"),
        (hotlist_id, "PR83PST", (), "is listed for AL, GB; name one of them with --country"),
    ):
        said = node.command("records", "past-reads", hotlist, plate, *more, "--token", str(token))
        assert said.returncode == 1 and why in " ".join(said.stdout.split()), said.stdout
    assert api.get("/records/consultations", params={"limit": 1}).json() == before
    one = ("records", "past-reads", hotlist_id, "PR83PST", "--country", "AL", "--token", str(token))
    assert "0 found" in node.command(*one).stdout


def test_who_may_not_search_does_not_look_into_the_past(
    node: RunningNode, api: httpx.Client, tmp_path: Path
) -> None:
    a_list(api, "Asked by its owner", ("PR85PST", "GB"))
    file = tmp_path / "token"
    file.touch(0o600)
    file.write_text(node.token("list_owner"))
    asked = ("records", "past-reads", "Asked by its owner", "PR85PST", "--token", str(file))
    said = node.command(*asked)
    assert said.returncode == 1 and "investigator" in said.stdout, said.stdout


def alert_of(api: httpx.Client, camera_id: str) -> str:
    """The alert raised at the camera, once it is."""
    until = time.monotonic() + START_WITHIN_S
    while time.monotonic() < until:
        for one in api.get("/alerts").json():
            if one["camera_id"] == camera_id:
                return str(one["alert_id"])
        time.sleep(0.2)
    raise AssertionError("no alert was raised")


def test_the_way_ahead_is_told_of_a_confirmed_alert_only(
    node: RunningNode, token: Path, api: httpx.Client
) -> None:
    camera = f"asked-ahead-{uuid4().hex[:6]}"
    a_list(api, "Asked ahead", (PASSED, "GB"))
    until_matched(node)
    picture = asyncio.run(ObstoreImages.at("", node.home / "images").put(scene(PASSED)))
    evidence = Evidence(picture, picture, (0, 0, 60, 20), ())
    node.publish([replace(passing(PASSED, timedelta(), camera), evidence=evidence)])
    alert_id = alert_of(api, camera)
    asked = ("records", "way-ahead", alert_id, "--token", str(token))
    before = api.get("/records/consultations", params={"limit": 1}).json()
    early = node.command(*asked)
    assert early.returncode == 1, early.stdout
    assert "once a person has confirmed it" in " ".join(early.stdout.split())
    assert api.get("/records/consultations", params={"limit": 1}).json() == before

    here = f"/alerts/{alert_id}"
    for path, sent in (("steps", {"step": "acknowledge"}), ("transcription", {"text": PASSED}),
                       ("steps", {"step": "confirm"})):  # fmt: skip
        taken = api.post(f"{here}/{path}", json=sent)
        assert taken.is_success, taken.text
    told = node.command(*asked)
    assert told.returncode == 0, told.stdout
    words = " ".join(told.stdout.split())
    assert "not known: too little was seen at this camera" in words
    assert "says nothing about a person" in words and "for alert_handling" in words
    found = json.loads(node.command(*asked, "--json").stdout)
    [logged] = api.get("/records/consultations", params={"limit": 1}).json()
    assert (logged["number"], logged["code"]) == (found["consultation"], "alert_handling")
    assert (found["known"], found["cameras"]) == (False, []) and alert_id in logged["question"]

    unknown = node.command("records", "way-ahead", str(uuid4()), "--token", str(token))
    assert unknown.returncode == 1 and "GET /api/v1/alerts" in " ".join(unknown.stdout.split())
    assert node.command("records", "way-ahead", "an-alert", "--token", str(token)).returncode == 2
