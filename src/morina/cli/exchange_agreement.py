"""Commands of agreements with partners."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from morina.cli.options import DEFAULT_SETTINGS, Approval, AsJson, Home, SettingsFile
from morina.cli.running import run_work, settings_of

agreement = typer.Typer(help="Agreements: what partners may be told.", no_args_is_help=True)

Id = Annotated[UUID, typer.Argument(help="Its id, as the list shows it.")]
Why = Annotated[str, typer.Option(help="Why, in a sentence.")]


@agreement.command("draft")
def agreement_draft(
    file: Annotated[Path, typer.Argument(help="A draft (TOML).")],
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Keep a draft here and say what it would let pass; nothing is sent."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import agreement_commands as commands

    run_work(commands.draft(loaded, file))


@agreement.command("preview")
def agreement_preview(
    agreement_id: Annotated[UUID | None, typer.Argument(help="Its id.")] = None,
    file: Annotated[Path | None, typer.Option(help="A draft (TOML) instead.")] = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Say who would see what, compared with the version in force."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import agreement_commands as commands

    run_work(commands.preview(loaded, file, agreement_id))


@agreement.command("sign")
def agreement_sign(
    agreement_id: Id,
    reason: Why = "",
    approval: Approval = "",
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Ask another person to agree; with their approval, sign and send it to the partner."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import agreement_commands as commands

    run_work(commands.sign(loaded, agreement_id, reason, approval))


@agreement.command("end")
def agreement_end(
    agreement_id: Id, reason: Why, home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS
) -> None:
    """End an agreement at once and for good; the partner is told."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import agreement_commands as commands

    run_work(commands.end(loaded, agreement_id, reason))


@agreement.command("list")
def agreement_list(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show every agreement and draft."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import agreement_commands as commands

    run_work(commands.show_all(loaded))


@agreement.command("show")
def agreement_show(
    agreement_id: Id,
    as_json: AsJson = False,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Show one: its versions, who signed, what it lets pass. With --json: what is signed."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import agreement_commands as commands

    run_work(commands.show(loaded, agreement_id, as_json))
