"""Commands of webhooks."""

from typing import Annotated

import typer

from morina.cli.options import DEFAULT_SETTINGS, Home, SettingsFile
from morina.cli.running import run_work, settings_of
from morina.settings import Settings

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


@webhook.command("pause")
def webhook_pause(
    webhook_id: str, home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS
) -> None:
    """Tell a program nothing until it is resumed; what happens meanwhile it never hears."""
    _take(settings_of(settings, home), webhook_id, "pause")


@webhook.command("resume")
def webhook_resume(
    webhook_id: str, home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS
) -> None:
    """Tell a paused program again, from now on."""
    _take(settings_of(settings, home), webhook_id, "go_on")


@webhook.command("test")
def webhook_test(
    webhook_id: str, home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS
) -> None:
    """Send a program a message that tells of nothing."""
    _take(settings_of(settings, home), webhook_id, "test")


@webhook.command("end")
def webhook_end(
    webhook_id: str, home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS
) -> None:
    """Tell a program nothing more."""
    _take(settings_of(settings, home), webhook_id, "end")


def _take(loaded: Settings, webhook_id: str, step: str) -> None:
    from morina.wiring.exchange import webhook_commands

    run_work(webhook_commands.take(loaded, webhook_id, step))
