"""The command that shares a hotlist with a partner."""

from typing import Annotated
from uuid import UUID

import typer

from morina.accountability import PurposeCode
from morina.cli.options import DEFAULT_SETTINGS, Home, SettingsFile
from morina.cli.running import run_work, settings_of

sharing = typer.Typer()


@sharing.command("share")
def exchange_share(
    name: Annotated[str, typer.Argument(help="An own hotlist.")],
    agreement: Annotated[UUID, typer.Option(help="The agreement it is shared under.")],
    purpose: Annotated[PurposeCode, typer.Option(help="One of the agreement's purposes.")],
    case_number: Annotated[str, typer.Option(help="The case it is shared for.")],
    reason: Annotated[str, typer.Option(help="Why, in three words or more; the partner sees it.")],
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Share a hotlist with a partner from now on; the desk shows how far it is, and stops it."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import sharing_commands as commands

    wanted = commands.Wanted(name, agreement, purpose, case_number, reason)
    run_work(commands.share(loaded, wanted))
