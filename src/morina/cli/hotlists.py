"""Commands of hotlists."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from morina.cli.options import DEFAULT_SETTINGS, Home, ListFormat, SettingsFile
from morina.cli.running import run_work, settings_of

hotlist = typer.Typer(help="Hotlists: named, owned, versioned.", no_args_is_help=True)


@hotlist.command("list")
def hotlist_list(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show the hotlists."""
    loaded = settings_of(settings, home)
    from morina.wiring import operating

    run_work(operating.show_hotlists(loaded))


@hotlist.command("create")
def hotlist_create(
    name: str,
    owner: Annotated[str, typer.Option(help="The unit that answers for the list.")],
    purpose: Annotated[str, typer.Option(help="What the list is for.")],
    legal_basis: Annotated[str, typer.Option(help="The law the list rests on.")],
    review_at: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Next review.")],
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Make a new, empty hotlist."""
    loaded = settings_of(settings, home)
    from morina.watch import Hotlist
    from morina.wiring import operating

    new = Hotlist(
        hotlist_id=operating.new_id(),
        name=name,
        owner=owner,
        purpose=purpose,
        legal_basis=legal_basis,
        review_at=review_at.date(),
    )
    run_work(operating.create_hotlist(loaded, new))


@hotlist.command("import")
def hotlist_import(
    file: Path,
    name: Annotated[
        str, typer.Option("--list", help="The hotlist; the file's name if left out.")
    ] = "",
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Make a CSV or JSON file the whole content of a hotlist, all or nothing."""
    loaded = settings_of(settings, home)
    from morina.wiring import operating

    run_work(operating.import_hotlist(loaded, file, name or file.stem))


@hotlist.command("export")
def hotlist_export(
    name: str,
    form: Annotated[ListFormat, typer.Option("--format", help="csv or json.")] = ListFormat.CSV,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Write a hotlist to standard output; importing it gives the same list."""
    loaded = settings_of(settings, home)
    from morina.wiring import operating

    run_work(operating.export_hotlist(loaded, name, form.value))
