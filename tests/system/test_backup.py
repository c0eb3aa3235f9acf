"""The drill: a node under load is backed up, wiped, restored; nothing acknowledged is missing."""

import asyncio
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from backed_up import OLD, Load, has, in_database, in_records
from morina.backup import BackupError, BackupFolder, Manifest
from morina.records.adapters.obstore import ObstoreImages
from morina.settings import Settings, load_settings
from morina.wiring.refused import RefusedError
from morina.wiring.restoring import opened
from running import RunningNode, morina

ATTACHED = b"a file of a joint operation"


def attachments(home: Path) -> ObstoreImages:
    """Where a node keeps files of joint operations."""
    return ObstoreImages.at("", home / "attachments")


@dataclass
class Drill:
    """Backups taken of a node: the first while it was idle, the second under load."""

    node: RunningNode
    load: Load
    folder: Path
    environment: dict[str, str]
    said: str

    @property
    def manifest(self) -> Manifest:
        """Of the backup under load."""
        return BackupFolder(self.folder).manifests()[1]


@pytest.fixture(scope="module")
def drill(reachable_folder: Path) -> Iterator[Drill]:
    place = reachable_folder / "drill"
    place.mkdir()
    key_file = place / "key"
    key_file.touch(mode=0o600)
    key_file.write_text("an invented passphrase of the drill")
    environment = {"MORINA_BACKUP__KEY_FILE": str(key_file)}
    with RunningNode.start(place / "home", environment) as node:
        load = Load(node)
        asyncio.run(attachments(node.home).put(ATTACHED))
        folder = place / "backups"
        taken = node.command("backup", "--to", str(folder))
        assert taken.returncode == 0, taken.stdout
        with load.going_on():
            load.wait_for("acknowledged", 5)
            taken = node.command("backup", "--to", str(folder))
            load.wait_for("read", 10)
        assert taken.returncode == 0, taken.stdout
        yield Drill(node, load, folder, environment, taken.stdout)


def command(drill: Drill, *arguments: object) -> tuple[str, int]:
    """A command that needs no node."""
    with morina(list(map(str, arguments)), drill.environment) as process:
        return process.communicate(timeout=300)[0], process.returncode


def settings(drill: Drill) -> Settings:
    """As the commands have them."""
    loaded = load_settings(drill.folder / "absent.toml")
    key_file = Path(drill.environment["MORINA_BACKUP__KEY_FILE"])
    return loaded.model_copy(
        update={"backup": loaded.backup.model_copy(update={"key_file": key_file})}
    )


def test_a_backup_cut_off_leaves_the_last_good_one_valid(drill: Drill) -> None:
    """Cut off while pg_dump waits for a table another holds: in the middle, whatever the speed."""
    node, shadow = drill.node, drill.node.home / "clickhouse" / "shadow" / "morina_backup"
    incoming = drill.folder / "incoming"
    with closing(psycopg.connect(_as_owner(node))) as connection:
        connection.execute("LOCK TABLE hotlist IN ACCESS EXCLUSIVE MODE")
        with morina(["backup", "--to", str(drill.folder), "--home", str(node.home)],
                    node.environment) as asking:  # fmt: skip
            while not (any(shadow.rglob("count.txt")) and any(incoming.iterdir())):
                time.sleep(0.02)
            node.kill()
            said = asking.communicate(timeout=300)[0]
    assert asking.returncode == 1 and "the node ended before the backup was made" in said
    assert any(incoming.iterdir())
    said, status = command(drill, "backup", "verify", drill.folder)
    assert status == 0 and said.startswith("2 backups hold")
    node.restart()
    assert not shadow.exists()
    taken = node.command("backup", "--to", str(drill.folder))
    assert taken.stdout.startswith("backup 3 in ")
    assert not any(incoming.iterdir())


def _as_owner(node: RunningNode) -> str:
    """As the role that owns the tables."""
    dsn = node.addresses["postgres"]
    password = (node.home / "secrets" / "postgres").read_text()
    port = dsn.rpartition(":")[2].partition("/")[0]
    return f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"


def test_a_wiped_node_comes_back_with_all_that_it_acknowledged(drill: Drill) -> None:
    due = drill.load.before(drill.manifest.mark)
    assert {kind for kind, names in due.items() if names} == {
        "read", "picture", "capture", "listing", "consultation", "acknowledged", "arrival",
    }  # fmt: skip
    before = in_database(drill.node.addresses["postgres"])
    drill.node.kill()
    shutil.rmtree(drill.node.home)
    home = drill.node.home.with_name("again")

    said, status = command(drill, "restore", drill.folder, "--into", home, "--number", 2)
    assert status == 0, said
    assert "the trail holds: " in said and "is restored in" in said
    own = home.with_name("backups-on-time")
    on_time = drill.environment | {"MORINA_BACKUP__FOLDER": str(own)}
    with RunningNode.start(home, on_time) as again:
        found = has(again, len(due["capture"]))
        while not BackupFolder(own).manifest_files():
            time.sleep(0.1)
        verified = again.command("audit", "verify")
        assert verified.returncode == 0, verified.stdout
        statements = again.command("records", "statements", "--verify")
        assert statements.returncode == 0, statements.stdout
        assert again.stop() == 0
    found |= in_records(home)
    found["picture"] = {file.name for file in (home / "images").rglob("*") if file.is_file()}
    attached = hashlib.sha256(ATTACHED).hexdigest()
    assert asyncio.run(attachments(home).get(attached)) == ATTACHED
    for kind, names in due.items():
        assert names <= found[kind], f"{len(names - found[kind])} of {kind} are missing"
    sealed = drill.manifest.facts.trail["number"]
    assert {one for one in before["trail"] if int(one.split()[0]) <= sealed} <= found["trail"]
    assert before["account"] == found["account"]
    assert drill.node.password and not again.password, "the accounts were not restored"
    raised = before["alerted"] & due["read"]
    assert raised and raised <= found["alerted"]

    # Read more than 90 days ago: in the backup, and forgotten before anything answers.
    assert OLD not in found["plate"] | found["text"] | found["passed"]
    stated = [one.read_text() for one in (home / "statements").iterdir()]
    assert any('"dropped":[{' in one for one in stated)


def test_a_key_file_of_another_is_refused(drill: Drill, tmp_path: Path) -> None:
    other = tmp_path / "key"
    other.touch(mode=0o600)
    other.write_text("another invented passphrase")
    wrong = {"MORINA_BACKUP__KEY_FILE": str(other)}
    with morina(["restore", str(drill.folder), "--into", str(tmp_path / "home")], wrong) as process:
        said = process.communicate(timeout=300)[0]
    assert process.returncode == 1 and "cannot be opened with that key file" in said
    assert not (tmp_path / "home").exists() and not (tmp_path / "home.new").exists()


KINDS = (
    "nats/MORINA_CAPTURES.snapshot", "nats/MORINA_CAPTURES.json", "postgres/database.dump",
    "postgres/arrivals.json", "postgres/roles.json", "clickhouse/", "home/", "pictures.txt",
    "keys.sealed", "images/", "attachments.txt", "attachments/",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_file_is_refused_and_named(drill: Drill, tmp_path: Path, kind: str) -> None:
    folder, manifest = _copied(drill, tmp_path)
    pieces = [*manifest.pieces, *folder.listed(manifest)]
    piece = max(one for one in pieces if one.name.startswith(kind))
    file = folder.object(piece.sha256)
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    file.unlink()
    file.write_bytes(whole)
    with pytest.raises((RefusedError, BackupError), match=piece.sha256):
        opened(settings(drill), folder.path, manifest.number)
    file.write_bytes(whole[:-1])
    with pytest.raises((RefusedError, BackupError), match=f"expected {piece.size} bytes"):
        opened(settings(drill), folder.path, manifest.number)
    file.unlink()
    with pytest.raises((RefusedError, BackupError), match="found nothing"):
        opened(settings(drill), folder.path, manifest.number)


def test_a_changed_manifest_is_refused(drill: Drill, tmp_path: Path) -> None:
    folder, manifest = _copied(drill, tmp_path)
    file = folder.manifest_files()[1]
    said = file.read_text().replace(f'"number":{manifest.number}', '"number":9', 1)
    file.write_text(said)
    with pytest.raises(ValueError, match="the manifest of backup 9"):
        opened(settings(drill), folder.path, manifest.number)
    mark = manifest.facts.mark
    file.write_text(file.read_text().replace('"number":9', '"number":2').replace(mark, mark[:-7]))
    with pytest.raises(ValueError, match=r"signature|manifest"):
        opened(settings(drill), folder.path, manifest.number)


def test_nothing_is_restored_over_a_home(drill: Drill, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said, status = command(drill, "restore", drill.folder, "--into", tmp_path)
    assert status == 1 and "is not empty" in said
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def _copied(drill: Drill, to: Path) -> tuple[BackupFolder, Manifest]:
    """The folder of backups again, by hard links; files to be changed are made anew."""
    shutil.copytree(drill.folder, to / "copy", copy_function=os.link)
    for file in (to / "copy" / "backups").iterdir():
        content = file.read_bytes()
        file.unlink()
        file.write_bytes(content)
    folder = BackupFolder(to / "copy")
    return folder, folder.manifests()[1]
