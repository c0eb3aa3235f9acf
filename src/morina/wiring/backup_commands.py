"""What ``morina backup``, ``morina backup verify`` and ``morina backup list`` do."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from morina.accountability.signing import PublicKey, SignatureError
from morina.backup import BackupError, BackupFolder
from morina.backup.checking import Checked, check_all
from morina.backup.folder import read_manifest
from morina.settings import Settings
from morina.wiring.backup_door import ask_for_backup
from morina.wiring.refused import RefusedError

FAULTS_SHOWN = 20


async def take_backup(settings: Settings, to: Path | None) -> None:
    """Have the running node add a backup to a folder."""
    folder = to or settings.backup.folder
    if folder is None:
        raise RefusedError("no folder is named; give one with --to, or set backup.folder")
    print(await ask_for_backup(Path(settings.home).resolve(), folder))


def verify_backups(path: Path, key: str) -> None:
    """Check every backup of a folder, without a node; RefusedError names every fault."""
    try:
        given = PublicKey(key.strip().lower()) if key else None
        folder = BackupFolder(path)
        checked = check_all(folder, given)
    except (BackupError, SignatureError) as error:
        raise RefusedError(str(error)) from None
    refuse_faults(path, checked)
    by = PublicKey(read_manifest(folder.manifest_files()[-1]).key)
    said = "" if given else "; that it is the node's, morina records key says there"
    print(f"{checked.backups} backups hold: {checked.objects} objects, {checked.bytes:,} bytes")
    print(f"signed by the key {by.fingerprint}{said}")


def refuse_faults(path: Path, checked: Checked) -> None:
    """RefusedError where there are any."""
    if checked.faults:
        shown = [f"  {one}" for one in checked.faults[:FAULTS_SHOWN]]
        more = len(checked.faults) - FAULTS_SHOWN
        shown += [f"  and {more} more"] if more > 0 else []
        raise RefusedError("\n".join([f"{path} does not hold:", *shown]))


def show_backups(path: Path) -> None:
    """Print the backups of a folder as a table; nothing is checked."""
    try:
        made = BackupFolder(path).manifests()
    except SignatureError as error:
        raise RefusedError(str(error)) from None
    if not made:
        raise RefusedError(f"{path}: no backup is there; name the folder of backups")
    table = Table("Number", "All before", "Reads", "Pictures", "Alerts", "Trail to", "Key")
    for one in made:
        counts = one.facts.counts
        table.add_row(
            str(one.number), f"{one.mark:%Y-%m-%d %H:%M:%S} UTC", str(counts.get("reads", "-")),
            str(counts["pictures"]), str(counts["alerts"]), str(one.facts.trail["number"]),
            PublicKey(one.key).fingerprint,
        )  # fmt: skip
    Console().print(table)
