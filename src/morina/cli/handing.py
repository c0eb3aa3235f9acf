"""Commands that take records in from other systems and give them out."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from morina.cli.asking import records
from morina.cli.options import (
    DEFAULT_SETTINGS,
    TIMES,
    Approval,
    ExportFormat,
    Fits,
    Home,
    SettingsFile,
    Token,
    text_sent,
)
from morina.cli.running import do, run_work, settings_of


@records.command("import")
def records_import(
    file: Annotated[Path, typer.Argument(help="A CSV, JSON lines or Parquet file.")],
    mapping: Annotated[Path, typer.Option(help="Which column is what: a TOML file.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on where it was cut off.")] = False,
    make_cameras: Annotated[
        bool, typer.Option("--make-cameras", help="Make the mapping's cameras that are missing.")
    ] = False,
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Take in another system's history; raises no alerts. Exit code 3: some row was refused."""
    loaded = settings_of(settings, home)
    from morina.wiring.past_import import Ways, run_import

    ways = Ways(resume=resume, make_cameras=make_cameras)

    async def imported() -> None:
        if not await run_import(loaded, token, file, mapping, ways):
            raise typer.Exit(3)

    run_work(imported())


@records.command("export")
def records_export(
    folder: Annotated[Path, typer.Argument(help="A new folder for the export.")],
    purpose: Annotated[str, typer.Option(help="Its code, such as stolen_vehicle.")],
    case: Annotated[str, typer.Option(help="The case number.")],
    basis: Annotated[str, typer.Option(help="The law the question rests on.")],
    why: Annotated[str, typer.Option(help="What is looked for and why, in a sentence.")],
    text: Annotated[
        str, typer.Option("--plate", help="Such as AA123BC, AB?2*; all passages if left out.")
    ] = "",
    since: Annotated[
        datetime | None, typer.Option(formats=TIMES, help="A week before the end if left out.")
    ] = None,
    until: Annotated[datetime | None, typer.Option(formats=TIMES, help="Now if left out.")] = None,
    camera: Annotated[
        list[str] | None, typer.Option(help="A camera's id; may be repeated. All if left out.")
    ] = None,
    country: Annotated[str, typer.Option(help="Such as GB; `none` for undecided ones.")] = "",
    fits: Annotated[
        Fits | None, typer.Option(help="How reads must fit; wildcard for ? and *, else exact.")
    ] = None,
    form: Annotated[
        ExportFormat, typer.Option("--format", help="parquet or csv.")
    ] = ExportFormat.PARQUET,
    pictures: Annotated[bool, typer.Option("--pictures", help="With their pictures.")] = False,
    approval: Approval = "",
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Take passages out for a case, signed by the node. Written down before anything is given."""
    loaded = settings_of(settings, home)
    from morina.wiring import asking_commands, export_commands

    wanted = asking_commands.Wanted(
        text=text_sent(text, fits),
        purpose={
            "code": purpose,
            "case_number": case,
            "legal_basis": basis,
            "justification": why,
        },
        since=since,
        until=until,
        cameras=tuple(camera or ()),
        country=country,
    )
    taking = export_commands.Taking(
        folder=folder, form=form.value, pictures=pictures, approval=approval
    )
    run_work(export_commands.run_export(loaded, token, wanted, taking))


@records.command("verify")
def records_verify(
    folder: Annotated[Path, typer.Argument(help="An export's folder.")],
    key: Annotated[str, typer.Option(help="The node's public key, 64 hex digits.")] = "",
) -> None:
    """Check an export without a node. Exit code 1: it is not as it was given."""
    from morina.wiring import export_commands

    do(lambda: export_commands.run_verify(folder, key))


@records.command("key")
def records_key(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show the public key with which what this node signs is checked."""
    loaded = settings_of(settings, home)
    from morina.wiring import export_commands

    do(lambda: export_commands.show_key(loaded))
