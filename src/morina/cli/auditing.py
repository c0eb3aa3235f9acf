"""Commands of the trail."""

from pathlib import Path
from typing import Annotated

import typer

from morina.cli.options import DEFAULT_SETTINGS, Home, SettingsFile
from morina.cli.running import run_work, settings_of

audit = typer.Typer(help="The trail of who did what.", no_args_is_help=True)


@audit.command("verify")
def audit_verify(
    file: Annotated[
        Path | None, typer.Argument(help="An exported trail; the running node's if left out.")
    ] = None,
    key: Annotated[str, typer.Option(help="The node's public key, 64 hex digits.")] = "",
    checkpoints: Annotated[
        Path | None, typer.Option(help="Folder with copies of its checkpoints, to check against.")
    ] = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Say whether the trail is as it was written, or which entry is not. Status 1 if not."""
    loaded = settings_of(settings, home)
    from morina.wiring import audit_commands

    run_work(audit_commands.verify_trail(loaded, file, key, checkpoints))


@audit.command("export")
def audit_export(
    file: Annotated[Path, typer.Argument(help="A new file.")],
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Write the whole trail with its checkpoints to a file, for an overseer or a partner."""
    loaded = settings_of(settings, home)
    from morina.wiring import audit_commands

    run_work(audit_commands.export_trail(loaded, file))


@audit.command("publish")
def audit_publish(
    month: Annotated[str, typer.Argument(help="A month that is over, such as 2026-03.")],
    file: Annotated[Path, typer.Argument(help="Name of the files; .json, .csv, .html are added.")],
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Write the counts of a month for everybody: no names, no plates, no small counts."""
    loaded = settings_of(settings, home)
    from morina.wiring import audit_months

    run_work(audit_months.publish_month(loaded, month, file))
