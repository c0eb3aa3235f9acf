"""The folder of backups: whole or nothing, each file once, nothing beyond its time."""

import io
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from morina.accountability.signing import PublicKey, Signer
from morina.backup import BackupError, BackupFolder, Manifest, Piece
from morina.backup.bundles import bundle, unbundle
from morina.backup.checking import check_all
from morina.backup.keeping import Keeping
from morina.backup.manifest import ATTACHMENTS, PICTURES, Facts, signed
from morina.backup.sealing import seal, secret_of, unseal

SIGNER, OTHER = Signer.of("A" * 43), Signer.of("B" * 43)
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


def facts(at: datetime = NOW) -> Facts:
    return Facts(
        mark=at.isoformat(), ended_at=at.isoformat(), versions={"morina": "0"},
        trail={"number": 7, "hash": "0" * 64}, counts={"pictures": 1}, retention={"days": 90},
    )  # fmt: skip


def taken(folder: BackupFolder, *contents: bytes, at: datetime = NOW) -> Manifest:
    """A backup of these pieces and of a picture all have."""
    pieces = [folder.add(f"piece-{number}", [one]) for number, one in enumerate(contents)]
    picture = folder.add("", [b"picture"])
    pieces.append(folder.add(PICTURES, [f"{picture.sha256} {picture.size}\n".encode()]))
    made = signed(facts(at), pieces, folder.newest(), SIGNER)
    folder.keep(made)
    return made


def objects(folder: BackupFolder) -> set[str]:
    return {file.name for file in (folder.path / "objects").rglob("*") if file.is_file()}


def test_what_two_backups_have_is_there_once(tmp_path: Path) -> None:
    with BackupFolder.held(tmp_path) as folder:
        taken(folder, b"same", b"first")
        before = folder.added_bytes
        taken(folder, b"same", b"second")
        assert folder.added_bytes - before == len(b"second")
        checked = check_all(folder, SIGNER.public)
    assert (checked.backups, checked.objects, checked.faults) == (2, 5, ())


def test_removed_backups_take_along_only_what_no_other_needs(tmp_path: Path) -> None:
    with BackupFolder.held(tmp_path) as folder:
        first, second = taken(folder, b"same", b"first"), taken(folder, b"same", b"second")
        assert folder.remove([first]) == 1
        assert objects(folder) == set(folder.named_by(second))
        assert check_all(folder).faults == ()
        third = taken(folder, b"third")
    assert (third.number, third.previous) == (3, second.digest)


def test_files_of_operations_stay_as_long_as_a_backup_lists_them(tmp_path: Path) -> None:
    with BackupFolder.held(tmp_path) as folder:
        plain = taken(folder, b"first")
        file = folder.add("", [b"a file of an operation"])
        listed = folder.add(ATTACHMENTS, [f"{file.sha256} {file.size}\n".encode()])
        made = signed(facts(), [*plain.pieces, listed], plain, SIGNER)
        folder.keep(made)
        assert list(folder.attachments(plain)) == []
        assert [one.sha256 for one in folder.attachments(made)] == [file.sha256]
        assert folder.remove([]) == 0
        assert check_all(folder, SIGNER.public).faults == ()
        folder.object(file.sha256).write_bytes(b"a file of an operatioN")
        [fault] = check_all(folder, SIGNER.public).faults
        assert "attachments/" in fault.place
        assert folder.remove([made]) == 2


def test_objects_of_a_backup_cut_off_are_used_by_the_next_or_removed(tmp_path: Path) -> None:
    with BackupFolder.held(tmp_path) as folder:
        folder.add("left", [b"left"])
        folder.add("used", [b"used"])
        made = taken(folder, b"used")
        assert folder.remove([]) == 1
        assert objects(folder) == set(folder.named_by(made))


def test_a_folder_is_written_by_one_at_a_time(tmp_path: Path) -> None:
    with (
        BackupFolder.held(tmp_path),
        pytest.raises(BackupError, match="another backup is being made there"),
        BackupFolder.held(tmp_path),
    ):
        pass


@contextmanager
def no_file_longer_than(most: int) -> Iterator[None]:
    """As on a full disk, the file system takes no more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_takes_no_more_leaves_the_backups_there_are(tmp_path: Path) -> None:
    with BackupFolder.held(tmp_path) as folder:
        made = taken(folder, b"good")
        with no_file_longer_than(4_000_000), pytest.raises(BackupError, match="no backup was made"):
            folder.add("large", (b"x" * 1_000_000 for _ in range(10)))
        assert list((tmp_path / "incoming").iterdir()) == []
        assert folder.manifests() == [made] and check_all(folder).faults == ()
        assert objects(folder) == set(folder.named_by(made))


def test_another_key_a_gap_and_another_order_are_found(tmp_path: Path) -> None:
    with BackupFolder.held(tmp_path) as folder:
        first, _, third = (taken(folder, bytes([number])) for number in range(3))
        [fault, *_] = check_all(folder, OTHER.public).faults
        assert "not that given" in fault.found
        file = folder.manifest_files()[1]
        content = file.read_bytes()
        file.unlink()
        [fault] = check_all(folder).faults
        assert fault.place == "backups/00000002.json" and "removed" in fault.found
        other = signed(facts(), [*first.pieces], None, SIGNER)
        parts = {name: getattr(other, name) for name in Manifest.__slots__} | {"number": 2}
        unsigned = Manifest(**parts)
        again = Manifest(**parts | {"signature": SIGNER.sign(unsigned.said())})
        folder.keep(again)
        assert [one.place for one in check_all(folder).faults] == [
            "backups/00000002.json", "backups/00000003.json",
        ]  # fmt: skip
        file.write_bytes(content)
        assert check_all(folder, PublicKey(third.key)).faults == ()


@pytest.mark.parametrize(
    ("most", "days", "kept"),
    [(10, 30, [2, 3, 4]), (2, 30, [3, 4]), (1, 30, [4]), (10, 6, [3, 4]), (10, 1, [4])],
)
def test_old_and_surplus_backups_go_and_the_newest_stays(
    tmp_path: Path, most: int, days: int, kept: list[int]
) -> None:
    with BackupFolder.held(tmp_path) as folder:
        for days_ago in (40, 20, 5, 3):
            taken(folder, b"same", at=NOW - timedelta(days=days_ago))
        folder.remove(Keeping(most, days).over(folder.manifests(), NOW))
        assert [one.number for one in folder.manifests()] == kept


def test_bundles_depend_on_names_and_contents_only_and_come_back(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    file = tmp_path / "in" / "one"
    file.write_bytes(b"content")
    file.chmod(0o600)
    first, second = io.BytesIO(), io.BytesIO()
    bundle([("deep/one", file)], first)
    file.unlink()
    file.write_bytes(b"content")
    file.chmod(0o600)
    bundle([("deep/one", file)], second)
    assert first.getvalue() == second.getvalue()
    assert unbundle(io.BytesIO(first.getvalue()), tmp_path / "out") == 1
    out = tmp_path / "out" / "deep" / "one"
    assert out.read_bytes() == b"content" and out.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["../out", "/etc/out", "a/../../out"])
def test_a_bundle_that_leads_out_of_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"content")
    bundled = io.BytesIO()
    bundle([(name, file)], bundled)
    bundled.seek(0)
    with pytest.raises(BackupError, match="leads out of its folder"):
        unbundle(bundled, tmp_path / "deep" / "folder")


def test_what_is_sealed_opens_with_the_same_secret_only() -> None:
    sealed = seal(b"content", b"an invented secret")
    assert b"content" not in sealed and seal(b"content", b"an invented secret") != sealed
    assert unseal(sealed, b"an invented secret") == b"content"
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for wrong, secret in ((sealed, b"another secret"), (changed, b"an invented secret")):
        with pytest.raises(BackupError, match="cannot be opened"):
            unseal(wrong, secret)


def test_a_key_file_open_to_others_short_or_beside_what_it_seals_is_refused(
    tmp_path: Path,
) -> None:
    file = tmp_path / "key"
    with pytest.raises(BackupError, match="No such file"):
        secret_of(file)
    file.write_text("an invented secret\n")
    file.chmod(0o640)
    with pytest.raises(BackupError, match="chmod 600"):
        secret_of(file)
    file.chmod(0o600)
    assert secret_of(file) == b"an invented secret"
    with pytest.raises(BackupError, match="apart from it"):
        secret_of(file, (tmp_path,))
    file.write_text("short\n")
    with pytest.raises(BackupError, match="shorter"):
        secret_of(file)
    with pytest.raises(BackupError, match=r"backup\.key_file"):
        secret_of(None)


def test_a_piece_whose_name_is_missing_is_said() -> None:
    made = signed(facts(), [Piece("one", 1, "0" * 64)], None, SIGNER)
    with pytest.raises(BackupError, match="has no two"):
        made.piece("two")
