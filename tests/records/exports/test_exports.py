"""An answer given out for a case: logged, signed, checkable anywhere, and harmless to open."""

import csv
import json
import zipfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pyarrow.parquet as pq
import pytest
from psycopg_pool import AsyncConnectionPool

from asked import PATIENT_S, NothingCounted, nothing_kept, purpose
from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.signing import PublicKey, Signer
from morina.plates import Plate
from morina.records import Period
from morina.records.adapters.obstore import ObstoreImages
from morina.records.asking import Asking, NoSuchQuestionError, Rules
from morina.records.coverage import Coverages, Usuals
from morina.records.exports.checking import check
from morina.records.exports.giving import ExportRules, Exports, NotExportedError, Wanted
from morina.records.exports.manifest import ManifestError, is_name
from morina.records.exports.rows import NAMES
from morina.records.finding import FindPassages, Found
from morina.records.kinds import Kind, RefusedQuestionError
from morina.records.placing import PlacedCameras
from morina.records.questions import Answer, Coverage, Scope
from morina.records.retention import Retention
from morina.records.running import Running
from morina.records.texts import Exact
from morina.sense import Evidence, Read, Said, Vehicle
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.postgres import PostgresCameras

NOW = datetime.now(UTC).replace(microsecond=123000)
DAY = Period(NOW - timedelta(days=1), NOW)
CAMERAS = {"north-1": Camera(camera_id="north-1", name="=1+1", site="N", latitude=42, longitude=20)}
SIGNER = Signer.of("A" * 43)
PAGE = 4


def found(number: int, evidence: Evidence | None = None) -> Found:
    read = Read(
        read_id=uuid4(),
        camera_id="north-1" if number % 2 else "gone",
        captured_at=NOW - timedelta(minutes=number),
        received_at=NOW,
        plate=Plate("AA123BC", "AL"),
        confidence=0.875,
        evidence=evidence,
        said=Said(by="old", text="@SUM(A1)"),
        vehicle=Vehicle(make='=cmd|" /C calc"!A0', colour="-1", speed_kmh=87.0),
    )
    return Found(read=read, text="AA123BC")


@dataclass
class Node:
    """What answers, page by page, and what gives out."""

    asking: Asking
    exports: Exports
    images: ObstoreImages
    passages: list[Found] = field(default_factory=list)
    broken: bool = False

    async def answer(self, asked: FindPassages, _running: Running) -> Answer[Found]:
        if self.broken and asked.after:
            raise RuntimeError
        at = int(asked.after or 0)
        more = str(at + PAGE) if at + PAGE < len(self.passages) else ""
        coverage = Coverage(asked=DAY, covered=DAY)
        return Answer(found=tuple(self.passages[at : at + PAGE]), coverage=coverage, more=more)

    async def asked(self, officer: str = "ana") -> Wanted:
        question = FindPassages(scope=Scope(period=DAY), text=Exact("AA123BC"))
        question_id = await self.asking.ask(purpose(officer), question)
        await self.asking.settled(question_id, officer, PATIENT_S)
        return Wanted(question_id=question_id, officer=officer)


@pytest.fixture
async def node(pool: AsyncConnectionPool, tmp_path: Path) -> AsyncIterator[Node]:
    made: list[Node] = []
    coverages = Coverages(NothingCounted(), lambda: Usuals({}, ZoneInfo("UTC")), nothing_kept)
    kinds = [
        Kind("passages", FindPassages, Found, lambda asked, running: made[0].answer(asked, running))
    ]
    placing = PlacedCameras(PostgresCameras(pool, PostgresTrail()), Retention())
    asking = Asking(kinds, PostgresConsultations(pool), coverages, Rules(), placing)
    images = ObstoreImages.at("", tmp_path / "images")
    exports = Exports(asking, images, SIGNER, tmp_path / "exports", ExportRules(rows=10))
    made.append(Node(asking, exports, images))
    yield made[0]
    await asking.close()
    assert list((tmp_path / "exports").glob("*")) == []  # nothing stays


async def given(node: Node, wanted: Wanted, folder: Path) -> Path:
    async with node.exports.given(wanted, CAMERAS) as packed:
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(folder)
    return folder


async def test_all_that_was_found_is_in_it_under_an_audit_reference(
    node: Node, tmp_path: Path
) -> None:
    node.passages = [found(number) for number in range(9)]
    folder = await given(node, await node.asked(), tmp_path / "case")
    checked = check(folder, SIGNER.public)
    assert (checked.faults, checked.by_key) == ((), True)
    said = checked.statement
    assert (said["rows"], said["incomplete"], said["officer"]) == (9, "", "ana")
    assert said["purpose"]["case_number"] == "C-7"
    log = await node.asking.consultations.newest(officer="ana")
    export = next(one for one in log if one.number == said["audit_reference"])
    assert export.question.startswith("export as parquet of ")
    assert export.plates == ("AA123BC",)
    assert export.outcome is not None
    assert (export.outcome.shown, export.purpose.case_number) == (9, "C-7")
    assert {one["audit_reference"] for one in said["asked"]} == {
        one.number for one in log if one is not export
    }
    assert "plate AA123BC" in said["asked"][0]["question"]
    table = pq.read_table(folder / "reads.parquet")
    assert tuple(table.column_names) == NAMES
    assert table["read_id"].to_pylist() == [str(one.read.read_id) for one in node.passages]
    assert table["captured_at"].to_pylist() == [one.read.captured_at for one in node.passages]
    assert table["make"].to_pylist()[0] == '=cmd|" /C calc"!A0'  # no spreadsheet opens Parquet
    assert table["latitude"].to_pylist()[:2] == [None, 42.0]


async def test_a_spreadsheet_program_runs_nothing_of_a_csv(node: Node, tmp_path: Path) -> None:
    node.passages = [found(1)]
    wanted = await node.asked()
    wanted = Wanted(question_id=wanted.question_id, officer="ana", form="csv")
    folder = await given(node, wanted, tmp_path / "case")
    with (folder / "reads.csv").open(newline="") as stream:
        [row] = csv.DictReader(stream)
    assert (row["make"], row["colour"]) == ('\'=cmd|" /C calc"!A0', "'-1")
    assert (row["said_text"], row["camera_name"]) == ("'@SUM(A1)", "'=1+1")
    assert (row["plate"], row["confidence"], row["longitude"]) == ("AA123BC", "0.875", "20")
    assert row["captured_at"].endswith(".123Z")
    assert check(folder, SIGNER.public).faults == ()


async def test_pictures_go_with_it_and_those_that_are_gone_are_named(
    node: Node, tmp_path: Path
) -> None:
    names = [await node.images.put(content) for content in (b"\xff\xd8one", b"\x89Ptwo")]
    there = Evidence(names[0], names[1], (1, 2, 3, 4), ())
    node.passages = [
        found(1, there),
        found(2, there),
        found(3, Evidence(names[0], "0" * 64, (0, 0, 1, 1), ())),
    ]
    wanted = await node.asked()
    wanted = Wanted(question_id=wanted.question_id, officer="ana", pictures=True)
    folder = await given(node, wanted, tmp_path / "case")
    assert (folder / "pictures" / f"{names[0]}.jpg").read_bytes() == b"\xff\xd8one"
    assert (folder / "pictures" / f"{names[1]}.png").read_bytes() == b"\x89Ptwo"
    checked = check(folder, SIGNER.public)
    assert checked.faults == ()
    assert checked.statement["pictures_missing"] == {"0" * 64: "no longer kept"}


async def test_what_does_not_fit_is_said_and_nothing_is_silently_cut(
    node: Node, tmp_path: Path
) -> None:
    node.passages = [found(number) for number in range(11)]
    checked = check(await given(node, await node.asked(), tmp_path / "case"))
    assert checked.statement["rows"] == 10
    assert "more than 10 rows" in checked.statement["incomplete"]
    node.passages = node.passages[:10]
    checked = check(await given(node, await node.asked(), tmp_path / "exact"))
    assert (checked.statement["rows"], checked.statement["incomplete"]) == (10, "")


async def test_nothing_is_given_that_could_not_be_logged(
    node: Node, dsn: str, tmp_path: Path
) -> None:
    node.passages = [found(1)]
    wanted = await node.asked()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("ALTER TABLE consultation RENAME TO away")
        with pytest.raises(psycopg.Error):
            await given(node, wanted, tmp_path / "case")
        connection.execute("ALTER TABLE away RENAME TO consultation")
        connection.execute("ALTER TABLE consultation_outcome RENAME TO away")
        with pytest.raises(psycopg.Error):
            await given(node, wanted, tmp_path / "case")
    assert not (tmp_path / "case").exists()


async def test_only_ones_own_answered_passages_are_given(node: Node, tmp_path: Path) -> None:
    node.passages = [found(number) for number in range(9)]
    wanted = await node.asked()
    with pytest.raises(NoSuchQuestionError):
        await given(node, Wanted(question_id=wanted.question_id, officer="ben"), tmp_path / "case")
    node.broken = True
    with pytest.raises(NotExportedError, match="failed to answer"):
        await given(node, wanted, tmp_path / "case")
    newest = (await node.asking.consultations.newest(officer="ana", limit=2))[1]
    assert newest.outcome is not None
    assert newest.outcome.failed == "it was not made"
    cancelled = await node.asked()
    node.asking._open[cancelled.question_id].answer = None
    with pytest.raises(RefusedQuestionError, match="wait for its answer"):
        await given(node, cancelled, tmp_path / "case")


def changed_row(folder: Path) -> None:
    file = folder / "reads.csv"
    file.write_text(file.read_text().replace("AA123BC", "AA124BC", 1))


def changed_manifest(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["statement"]["purpose"]["case_number"] = "C-8"
    (folder / "manifest.json").write_text(json.dumps(manifest))


def signed_by_another(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    other = Signer.of("B" * 43)
    manifest["public_key"] = other.public.text
    manifest["signature"] = other.sign(manifest["statement"])
    (folder / "manifest.json").write_text(json.dumps(manifest))


def added(folder: Path) -> None:
    (folder / "notes.txt").write_text("x")


def removed(folder: Path) -> None:
    (folder / "reads.csv").unlink()


def linked(folder: Path) -> None:
    (folder / "reads.csv").rename(folder.parent / "elsewhere.csv")
    (folder / "reads.csv").symlink_to(folder.parent / "elsewhere.csv")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (changed_row, "reads.csv was changed"),
        (changed_manifest, "does not hold"),
        (signed_by_another, "not with"),
        (added, "notes.txt was not part"),
        (removed, "reads.csv is missing"),
        (linked, "reads.csv was changed"),
    ],
)
async def test_whatever_is_changed_is_found(
    node: Node, tmp_path: Path, spoil: Callable[[Path], None], told: str
) -> None:
    node.passages = [found(1)]
    wanted = await node.asked()
    wanted = Wanted(question_id=wanted.question_id, officer="ana", form="csv")
    folder = await given(node, wanted, tmp_path / "case")
    assert check(folder, SIGNER.public).faults == ()
    spoil(folder)
    faults = check(folder, SIGNER.public).faults
    assert any(told in fault for fault in faults), faults


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"statement": 1}', "[" * 100_000])
def test_what_is_no_manifest_is_told(tmp_path: Path, content: str) -> None:
    with pytest.raises(ManifestError, match="name the folder"):
        check(tmp_path)
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(ManifestError, match="damaged"):
        check(tmp_path, PublicKey("ab" * 32))


@pytest.mark.parametrize("name", ["../reads.csv", "/etc/passwd", "a/b.csv", "READS.CSV", "x", ""])
def test_no_file_outside_its_folder_is_named(name: str) -> None:
    assert not is_name(name)
    assert is_name("reads.csv")
