"""When a backup is due, what is said of the last, and who may ask for one."""

import asyncio
import getpass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from morina.accountability.signing import Signer
from morina.backup import BackupError, BackupFolder
from morina.backup.figures import FAILED, LAST
from morina.backup.manifest import Facts, signed
from morina.settings import Settings, SettingsError, load_settings
from morina.wiring.backup_door import NAME, ask_for_backup, backup_door
from morina.wiring.backups import BackupState
from morina.wiring.refused import RefusedError

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


def settings_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("MORINA_BACKUP__FOLDER", str(folder / "backups"))
    monkeypatch.setenv("MORINA_BACKUP__KEY_FILE", str(folder / "key"))
    monkeypatch.setenv("MORINA_BACKUP__EVERY_H", "12")
    return load_settings(folder / "absent.toml")


def keep_backup(folder: Path, at: datetime) -> None:
    facts = Facts(
        mark=at.isoformat(), ended_at=at.isoformat(), versions={}, trail={}, counts={}, retention={}
    )
    with BackupFolder.held(folder) as held:
        held.keep(signed(facts, [], held.newest(), Signer.of("A" * 43)))


def test_one_is_due_at_once_and_then_on_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = BackupState(settings_of(tmp_path, monkeypatch))
    state.look()
    assert state.due_in_s(NOW) == 0
    assert state.said(NOW) == "no backup has been taken yet"
    keep_backup(tmp_path / "backups", NOW)
    state.look()
    assert state.due_in_s(NOW + timedelta(hours=5)) == 7 * 3600
    assert state.due_in_s(NOW + timedelta(hours=13)) == 0
    assert LAST._value.get() == NOW.timestamp()


def test_the_state_says_when_the_last_good_one_is_old_or_a_try_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = BackupState(settings_of(tmp_path, monkeypatch))
    keep_backup(tmp_path / "backups", NOW)
    state.look()
    assert state.said(NOW + timedelta(hours=23)) == "up"
    assert "2026-11-22 06:00 UTC" in str(state.said(NOW + timedelta(hours=25)))
    state.came_to_nothing("the disk is full")
    assert state.said(NOW) == "the last backup failed: the disk is full"
    assert FAILED._value.get() == 1
    (tmp_path / "backups" / "backups" / "00000001.json").write_text("{}")
    state.look()
    assert "no manifest" in str(state.said(NOW))


def test_a_node_that_wants_no_backups_says_nothing(tmp_path: Path) -> None:
    state = BackupState(load_settings(tmp_path / "absent.toml"))
    state.look()
    assert state.said(NOW) is None


def test_a_folder_without_a_key_file_is_no_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MORINA_BACKUP__FOLDER", str(tmp_path))
    with pytest.raises(SettingsError, match="key_file"):
        load_settings(tmp_path / "absent.toml")


async def test_only_the_owner_of_the_home_may_ask_and_is_named(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    (home / "run").mkdir(parents=True)

    async def take(folder: Path, who: str) -> str:
        if folder.name == "refused":
            raise BackupError("the disk is full")
        if folder.name == "broken":
            raise RuntimeError("broken")
        return f"{folder} for {who}"

    async with backup_door(home, take):
        assert (home / "run" / NAME).stat().st_mode & 0o777 == 0o600
        said = await ask_for_backup(home, tmp_path / "backups")
        assert said == f"{tmp_path / 'backups'} for console:{getpass.getuser()}"
        with pytest.raises(RefusedError, match="the disk is full"):
            await ask_for_backup(home, tmp_path / "refused")
        with pytest.raises(RefusedError, match="look at the log"):
            await ask_for_backup(home, tmp_path / "broken")
    with pytest.raises(RefusedError, match="no node runs"):
        await ask_for_backup(home, tmp_path / "backups")
    with pytest.raises(RefusedError, match="no node has run"):
        await ask_for_backup(tmp_path / "nowhere", tmp_path / "backups")


async def test_a_node_that_ends_does_not_wait_for_who_asks(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    begun = asyncio.Event()

    async def take(_folder: Path, _who: str) -> str:
        begun.set()
        await asyncio.Event().wait()
        return "never"

    async with backup_door(tmp_path, take):
        asking = asyncio.create_task(ask_for_backup(tmp_path, tmp_path))
        await begun.wait()
    with pytest.raises(RefusedError, match="ended before"):
        await asking
