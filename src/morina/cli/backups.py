"""Commands of backups."""

from pathlib import Path
from typing import Annotated

import typer

from morina.cli.options import DEFAULT_SETTINGS, Home, SettingsFile
from morina.cli.running import do, run_work, settings_of

backup = typer.Typer(help="Backups of a running node, signed.", invoke_without_command=True)


@backup.callback()
def backup_take(
    asked: typer.Context,
    to: Annotated[
        Path | None, typer.Option(help="The folder of backups; backup.folder if left out.")
    ] = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Have the running node add a backup to a folder."""
    if asked.invoked_subcommand:
        return
    loaded = settings_of(settings, home)
    from morina.wiring import backup_commands

    run_work(backup_commands.take_backup(loaded, to))


@backup.command("verify")
def backup_verify(
    folder: Path,
    key: Annotated[str, typer.Option(help="The node's public key, as it told you itself.")] = "",
) -> None:
    """Check every backup of a folder, without a node. Exit code 1: one does not hold."""
    from morina.wiring import backup_commands

    do(lambda: backup_commands.verify_backups(folder, key))


@backup.command("list")
def backup_list(folder: Path) -> None:
    """Show the backups of a folder; nothing is checked."""
    from morina.wiring import backup_commands

    do(lambda: backup_commands.show_backups(folder))


def restore(
    folder: Annotated[Path, typer.Argument(help="The folder of backups.")],
    into: Annotated[Path, typer.Option(help="The home to be made; it must not be there yet.")],
    number: Annotated[
        int | None, typer.Option(min=1, help="Which backup; else the newest.")
    ] = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Make a node's home anew from a backup that was checked before."""
    loaded = settings_of(settings, into)
    from morina.wiring import restoring

    run_work(restoring.restore(loaded, folder, into.resolve(), number))
