"""Commands of delivery: queues, comparisons, messages on a stick."""

from pathlib import Path
from typing import Annotated

import typer

from morina.cli.options import DEFAULT_SETTINGS, Home, SettingsFile, Why
from morina.cli.running import run_work, settings_of

delivery = typer.Typer()
stick = typer.Typer(help="Messages carried on a stick.", no_args_is_help=True)
delivery.add_typer(stick, name="stick")

Folder = Annotated[Path, typer.Argument(help="A folder on the stick.")]
Partner = Annotated[str, typer.Argument(help="The partner's node id: XK.")]


@delivery.command("queue")
def exchange_queue(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show what waits for each partner. Exit code 1: somebody should see to something."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import delivery_commands as work

    run_work(work.show_queues(loaded))


@delivery.command("retry")
def exchange_retry(
    partner: Partner, home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS
) -> None:
    """Try at once what waits for a partner, and what of its messages could not be acted on."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import delivery_commands as work

    run_work(work.retry(loaded, partner))


@delivery.command("compare")
def exchange_compare(
    partner: Partner, home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS
) -> None:
    """Tell a partner what we sent it and had from it, to be compared there."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import delivery_commands as work

    run_work(work.compare(loaded, partner))


@delivery.command("settle")
def exchange_settle(
    partner: Partner,
    reason: Why,
    after: Annotated[
        int, typer.Option(help="The number the partner says it holds, by telephone.")
    ] = 0,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Go on with a partner after this node came back from a backup older than what it sent.

    Without --after it changes nothing and says what the partner holds."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import delivery_commands as work

    run_work(work.settle(loaded, partner, after, reason))


@stick.command("write")
def exchange_stick_write(
    folder: Folder,
    to: Annotated[str, typer.Option(help="The partner's node id: XK.")],
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Write what waits for a partner to a stick, sealed, and receipts for it."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import delivery_commands as work

    run_work(work.write_stick(loaded, folder, to))


@stick.command("read")
def exchange_stick_read(
    folder: Folder, home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS
) -> None:
    """Take in what a stick brings, and write receipts beside it to be carried back."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import delivery_commands as work

    run_work(work.read_stick(loaded, folder))
