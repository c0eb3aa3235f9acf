"""Commands of sites beside the road, on the node and there."""

from pathlib import Path
from typing import Annotated

import typer

from morina.cli.options import DEFAULT_SETTINGS, Home, SettingsFile
from morina.cli.running import do, run_work, settings_of

site = typer.Typer(help="Sites beside the road that belong to this node.", no_args_is_help=True)
edge = typer.Typer(help="A machine beside the road that belongs to a node.")


@site.command("add")
def site_add(
    name: str,
    scope: Annotated[
        list[str] | None, typer.Option(help="A place whose listings it may hold; may be repeated.")
    ] = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Print the join token of a new site: a secret, for `morina edge --join`."""
    loaded = settings_of(settings, home)
    from morina.wiring.site_commands import add_site

    do(lambda: add_site(loaded, name, scope or []))


@site.command("list")
def site_list(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show the sites and how each is."""
    loaded = settings_of(settings, home)
    from morina.wiring.site_commands import show_sites

    do(lambda: show_sites(loaded))


@site.command("remove")
def site_remove(name: str, home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Let a site join no more; its token no longer works."""
    loaded = settings_of(settings, home)
    from morina.wiring.site_commands import remove_site

    do(lambda: remove_site(loaded, name))


@edge.callback(invoke_without_command=True)
def edge_run(
    context: typer.Context,
    join: Annotated[
        Path | None, typer.Option(help="The join token's file, from `morina site add`.")
    ] = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Run this machine as a site of a node; ends cleanly on Ctrl-C or SIGTERM."""
    if context.invoked_subcommand:
        return
    if join is None:
        raise typer.BadParameter("is needed: make one on the node", param_hint="--join")
    loaded = settings_of(settings, home)
    from morina.wiring.edge.running import run_edge

    run_work(run_edge(loaded, join))


@edge.command("status")
def edge_status(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show how the site that runs on this home is. Exit code 1: it does not run."""
    loaded = settings_of(settings, home)
    from morina.wiring.site_commands import show_edge

    do(lambda: show_edge(loaded))
