"""Commands of the register of vehicles."""

from pathlib import Path
from typing import Annotated

import typer

from morina.cli.options import DEFAULT_SETTINGS, Home, SettingsFile
from morina.cli.running import run_work, settings_of

register = typer.Typer(help="The register of vehicles.", no_args_is_help=True)


@register.command("import")
def register_import(
    file: Annotated[Path, typer.Argument(help="CSV, as docs/exchange-questions.md says.")],
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Make a file the whole register, or say which line is wrong and leave it as it was."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import register_commands

    run_work(register_commands.import_file(loaded, file))


@register.command("show")
def register_show(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Say how much the register holds and since when."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import register_commands

    run_work(register_commands.show(loaded))
