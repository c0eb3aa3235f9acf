"""The list of parts has every locked package and is valid; an audit that asked nobody says so."""

import json
import re
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from tools.audit_dependencies import read
from tools.parts_list import main

LOCK = Path(__file__).parent.parent / "requirements.lock"


def test_every_locked_package_is_listed_with_its_hashes(tmp_path: Path) -> None:
    main(LOCK, tmp_path / "parts.json")
    listed = json.loads((tmp_path / "parts.json").read_text())
    names = set(re.findall(r"^([A-Za-z0-9._-]+)==", LOCK.read_text(), re.MULTILINE))
    assert {one["name"] for one in listed["components"]} == names
    assert all(one["hashes"] and one["purl"] for one in listed["components"])
    hashes = sum(len(one["hashes"]) for one in listed["components"])
    assert hashes == len(set(re.findall(r"sha256:([0-9a-f]{64})", LOCK.read_text())))


def test_the_list_is_valid_and_the_same_for_the_same_lock(tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    main(LOCK, first)
    main(LOCK, second)
    assert first.read_bytes() == second.read_bytes()
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(first.read_text()) is None


def test_an_audit_that_asked_nobody_does_not_say_that_all_is_well() -> None:
    skipped = [{"name": "yarl", "skip_reason": "Dependency not found on PyPI"}]
    for answer in ("", "no JSON", json.dumps({"dependencies": skipped, "fixes": []})):
        assert read(answer).said.startswith("NOT audited")


def test_a_flaw_is_named_with_the_version_that_mends_it() -> None:
    flaw = {"id": "PYSEC-1", "fix_versions": ["1.1"], "aliases": [], "description": ""}
    found = [
        {"name": "yarl", "version": "1.0", "vulns": [flaw]},
        {"name": "idna", "version": "3.0", "vulns": []},
        {"name": "six", "skip_reason": "Dependency not found on PyPI"},
    ]
    audit = read(json.dumps({"dependencies": found, "fixes": []}))
    assert (audit.asked, audit.unknown) == (2, ("six",))
    assert audit.flaws == ("yarl 1.0: PYSEC-1, mended in 1.1",)
