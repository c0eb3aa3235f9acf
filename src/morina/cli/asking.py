"""Commands that ask the records."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from morina.cli import scopes
from morina.cli.options import (
    DEFAULT_SETTINGS,
    TIMES,
    Approval,
    AsJson,
    AskedKind,
    Fits,
    Home,
    SettingsFile,
    Token,
    text_sent,
)
from morina.cli.running import run_work, settings_of

if TYPE_CHECKING:
    from morina.wiring.asking_scopes import Named

records = typer.Typer(help="What was seen: asked for a purpose.", no_args_is_help=True)


@records.command("ddl")
def records_ddl(
    cluster: Annotated[str, typer.Option(help="Its name in system.clusters.")],
    shards: Annotated[int, typer.Option(min=1, help="How many shards it has.")],
) -> None:
    """Print what makes the records' tables on a cluster of ClickHouse servers."""
    from morina.wiring.records_ddl import NoClusterError, ddl

    try:
        typer.echo(ddl(cluster, shards), nl=False)
    except NoClusterError as error:
        raise typer.BadParameter(str(error), param_hint="--cluster") from None


@records.command("find")
def records_find(
    purpose: Annotated[str, typer.Option(help="Its code, such as stolen_vehicle.")],
    case: Annotated[str, typer.Option(help="The case number.")],
    basis: Annotated[str, typer.Option(help="The law the question rests on.")],
    why: Annotated[str, typer.Option(help="What is looked for and why, in a sentence.")],
    text: Annotated[
        str, typer.Argument(metavar="[PLATE|PATTERN]", help="Such as AA123BC, AB?2*; or none.")
    ] = "",
    since: Annotated[
        datetime | None, typer.Option(formats=TIMES, help="A week before the end if left out.")
    ] = None,
    until: Annotated[datetime | None, typer.Option(formats=TIMES, help="Now if left out.")] = None,
    camera: Annotated[
        list[str] | None, typer.Option(help="A camera's id; may be repeated. All if left out.")
    ] = None,
    site: scopes.Sites = None,
    group: scopes.Groups = None,
    area: scopes.Area = None,
    corridor: scopes.Corridor = None,
    within_m: scopes.WithinM = 300.0,
    hours: scopes.Hours = "",
    weekday: scopes.Weekdays = None,
    make: scopes.Make = "",
    model: scopes.Model = "",
    colour: scopes.Colour = "",
    vehicle_class: scopes.VehicleClass = "",
    country: Annotated[str, typer.Option(help="Such as GB; `none` for undecided ones.")] = "",
    fits: Annotated[
        Fits | None, typer.Option(help="How reads must fit; wildcard for ? and *, else exact.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All findings, page by page.")] = False,
    approval: Approval = "",
    as_json: AsJson = False,
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Find passages of a plate. The question is written down before it is answered."""
    if not text and fits is None:
        raise typer.BadParameter("name a plate, or say --fits any", param_hint="PLATE")
    loaded = settings_of(settings, home)
    from morina.wiring import asking_commands, asking_scopes

    named = asking_scopes.Named(
        sites=site or (), groups=group or (), area=area, corridor=corridor, within_m=within_m
    )
    looks = {"make": make, "model": model, "colour": colour, "vehicle_class": vehicle_class}
    why_asked = {"code": purpose, "case_number": case, "legal_basis": basis, "justification": why}
    wanted = asking_commands.Wanted(
        text=text_sent(text, fits),
        purpose=why_asked,
        since=since,
        until=until,
        cameras=tuple(camera or ()),
        place=_place(named),
        country=country,
        hours=hours,
        weekdays=weekday or (),
        looks={name: said for name, said in looks.items() if said},
        all_pages=every,
        approval=approval,
    )
    run_work(asking_commands.run_find(loaded, token, wanted, as_json))


@records.command("ask")
def records_ask(
    kind: Annotated[AskedKind, typer.Argument(help="What is asked; docs/records.md has each.")],
    question: Annotated[
        Path, typer.Option(help="A JSON file: what the API takes as `question` of this kind.")
    ],
    purpose: Annotated[str, typer.Option(help="Its code, such as stolen_vehicle.")],
    case: Annotated[str, typer.Option(help="The case number.")],
    basis: Annotated[str, typer.Option(help="The law the question rests on.")],
    why: Annotated[str, typer.Option(help="What is looked for and why, in a sentence.")],
    every: Annotated[bool, typer.Option("--all", help="All findings, page by page.")] = False,
    approval: Approval = "",
    as_json: AsJson = False,
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Ask any question of the records. It is written down before it is answered."""
    loaded = settings_of(settings, home)
    from morina.wiring import asking_commands

    sent = asking_commands.Sent(
        kind=kind.value,
        file=question,
        purpose={"code": purpose, "case_number": case, "legal_basis": basis, "justification": why},
        all_pages=every,
        approval=approval,
    )
    run_work(asking_commands.run_ask(loaded, token, sent, as_json))


@records.command("past-reads")
def records_past_reads(
    hotlist: Annotated[str, typer.Argument(help="The hotlist's name or id.")],
    plate: Annotated[str, typer.Argument(help="Of the entry, such as AA123BC.")],
    country: Annotated[
        str, typer.Option(help="Where several entries hold it, such as GB; `none` for undecided.")
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="All findings, page by page.")] = False,
    as_json: AsJson = False,
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Look for a hotlist entry among past reads, under its own purpose. It raises no alert."""
    loaded = settings_of(settings, home)
    from morina.wiring import asking_listed

    entry = asking_listed.Entry(hotlist=hotlist, plate=plate, country=country, all_pages=every)
    run_work(asking_listed.run_past_reads(loaded, token, entry, as_json))


@records.command("way-ahead")
def records_way_ahead(
    alert: Annotated[UUID, typer.Argument(help="The id of a confirmed alert.")],
    as_json: AsJson = False,
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Show the cameras that vehicles pass next after a confirmed alert's. It is written down."""
    loaded = settings_of(settings, home)
    from morina.wiring import asking_listed

    run_work(asking_listed.run_way_ahead(loaded, token, alert, as_json))


def _place(named: "Named") -> Mapping[str, object] | None:
    from morina.wiring.asking_scopes import place_of
    from morina.wiring.refused import RefusedError

    try:
        return place_of(named)
    except RefusedError as error:
        raise typer.BadParameter(str(error), param_hint="place") from None


@records.command("consultations")
def records_consultations(
    plate: Annotated[str, typer.Option(help="Only those that asked for it.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 20,
    as_json: AsJson = False,
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Show what you asked of the records, newest first."""
    loaded = settings_of(settings, home)
    from morina.wiring import asking_commands

    run_work(asking_commands.run_consultations(loaded, token, plate, limit, as_json))
