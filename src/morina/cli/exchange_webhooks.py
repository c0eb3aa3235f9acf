"""Commands of webhooks."""

from typing import Annotated

import typer

from morina.cli.options import DEFAULT_SETTINGS, Home, SettingsFile
from morina.cli.running import run_work, settings_of

webhook = typer.Typer(help="Programs told of what happens, signed.", no_args_is_help=True)


@webhook.command("add")
def webhook_add(
    address: str,
    event: Annotated[
        list[str] | None,
        typer.Option(help="A type of event; may be repeated. None: alert.confirmed."),
    ] = None,
    plates: Annotated[
        bool, typer.Option("--plates", help="Tell plates too; on a private network only.")
    ] = False,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Tell a program from now on; the secret it checks signatures with is shown once."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import webhook_commands

    run_work(webhook_commands.add(loaded, address, event or [], plates))


@webhook.command("list")
def webhook_list(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show who is told of what."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import webhook_commands

    run_work(webhook_commands.show(loaded))


@webhook.command("end")
def webhook_end(
    webhook_id: str, home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS
) -> None:
    """Tell a program nothing more."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import webhook_commands

    run_work(webhook_commands.end(loaded, webhook_id))
