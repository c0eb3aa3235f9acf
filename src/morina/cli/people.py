"""Commands of accounts and API tokens."""

from typing import Annotated

import typer

from morina.accountability.policy import Role
from morina.cli.options import DEFAULT_SETTINGS, Home, SettingsFile
from morina.cli.running import run_work, settings_of

user = typer.Typer(help="Accounts and API tokens.", no_args_is_help=True)


@user.command("add")
def user_add(
    name: str,
    full_name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[list[Role], typer.Option(help="What they may do; may be repeated.")],
    authority: Annotated[
        str, typer.Option(help="Node of the partner whose liaison officer this is (GB).")
    ] = "",
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Add an account; its first password is generated and shown once."""
    loaded = settings_of(settings, home)
    from morina.wiring import people_commands

    added = people_commands.Person(name, full_name, authority)
    run_work(people_commands.add_user(loaded, added, role))


@user.command("roles")
def user_roles(
    name: str,
    role: Annotated[list[Role], typer.Option(help="What they may do; may be repeated.")],
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Let somebody have these roles and no others."""
    loaded = settings_of(settings, home)
    from morina.wiring import people_commands

    run_work(people_commands.give_roles(loaded, name, role))


@user.command("close")
def user_close(name: str, home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """End an account: its sessions and tokens too; its name is not used again."""
    loaded = settings_of(settings, home)
    from morina.wiring import people_commands

    run_work(people_commands.close_user(loaded, name))


@user.command("list")
def user_list(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show accounts, their roles and when they last signed in."""
    loaded = settings_of(settings, home)
    from morina.wiring import people_commands

    run_work(people_commands.show_users(loaded))


@user.command("token")
def user_token(
    name: str,
    label: Annotated[str, typer.Option(help="What the token is for.")],
    days: Annotated[int | None, typer.Option(min=1, help="How long it is valid.")] = None,
    may: Annotated[
        list[str] | None, typer.Option(help="An act it is for; may be repeated. None: all.")
    ] = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Issue an API token for an account; it is shown once."""
    loaded = settings_of(settings, home)
    from morina.wiring import account_commands

    run_work(account_commands.issue_token(loaded, name, account_commands.Asked(label, days, may)))


@user.command("reset")
def user_reset(name: str, home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Take away every second factor of somebody who has lost them, and end the sessions."""
    loaded = settings_of(settings, home)
    from morina.wiring import account_commands

    run_work(account_commands.reset(loaded, name))
