"""Commands: argument parsing and a call into ``wiring``, nothing else."""

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from morina.sense.recogniser.format import Format
from morina.settings import Settings, SettingsError, load_settings

app = typer.Typer(
    help="Morina: plate reads, hotlists and alerts for authorities that share a border.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
hotlist = typer.Typer(help="Hotlists: named, owned, versioned.", no_args_is_help=True)
camera = typer.Typer(help="Cameras of this node.", no_args_is_help=True)
user = typer.Typer(help="Accounts and API tokens.", no_args_is_help=True)
site = typer.Typer(help="Sites beside the road that belong to this node.", no_args_is_help=True)
edge = typer.Typer(help="A machine beside the road that belongs to a node.")
app.add_typer(hotlist, name="hotlist")
app.add_typer(camera, name="camera")
app.add_typer(user, name="user")
app.add_typer(site, name="site")
app.add_typer(edge, name="edge")
records = typer.Typer(help="What was seen: asked for a purpose.", no_args_is_help=True)
app.add_typer(records, name="records")
audit = typer.Typer(help="The trail of who did what.", no_args_is_help=True)
app.add_typer(audit, name="audit")

Home = Annotated[Path | None, typer.Option(help="The folder that holds all data of the node.")]
SettingsFile = Annotated[Path, typer.Option("--settings", help="The settings file.")]
DEFAULT_SETTINGS = Path("morina.toml")
Token = Annotated[
    Path | None, typer.Option(help="A file with your API token; asked for if left out.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
TIMES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]


class ListFormat(StrEnum):
    """What a hotlist file is written in."""

    CSV = "csv"
    JSON = "json"


class Fits(StrEnum):
    """How a read's text must fit the one asked for."""

    EXACT = "exact"
    LOOK_ALIKES = "look_alikes"
    NEAR = "near"
    WILDCARD = "wildcard"
    PARTIAL = "partial"


class ExportFormat(StrEnum):
    """What the rows of an export are written in."""

    PARQUET = "parquet"
    CSV = "csv"


class WorkerKind(StrEnum):
    """What a worker process does."""

    CAMERAS = "cameras"
    READER = "reader"


@app.command()
def up(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Start a node with its engines; ends cleanly on Ctrl-C or SIGTERM."""
    loaded = _settings(settings, home)
    from morina.wiring.node import run_node

    _run(run_node(loaded))


@app.command()
def demo(
    home: Annotated[
        Path | None, typer.Option(help="Keep the demo here; else it is removed.")
    ] = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """A node with three cameras at a crossing, a hotlist and rendered traffic."""
    loaded = _settings(settings, home)
    from morina.wiring.demonstration import run_demo

    _run(run_demo(loaded, keep=home is not None))


@app.command()
def read(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|FOLDER|VIDEO|- ...", help="Pictures, videos, folders; - is one picture."
        ),
    ],
    country: Annotated[
        str, typer.Option(help="Only these countries, codes or signs with commas: GB,AL.")
    ] = "",
    format_: Annotated[
        Format, typer.Option("--format", help="How results are printed.")
    ] = Format.TABLE,
    draw: Annotated[
        Path | None, typer.Option(help="A folder for the pictures with their plates marked.")
    ] = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Read the plates in pictures and videos. Exit code 3: some file could not be read."""
    from morina.sense.recogniser.session import UnknownCountryError, Wanted, countries_of, run
    from morina.wiring.recogniser import recogniser

    try:
        countries = countries_of(country)
    except UnknownCountryError as error:
        raise typer.BadParameter(str(error), param_hint="--country") from error
    try:
        reader = recogniser(_settings(settings, None).reading, countries)
    except SettingsError as error:
        _fail(error)
    raise typer.Exit(run(Wanted(names, format_, draw), reader))


@app.command(hidden=True)
def worker(
    kind: WorkerKind,
    group: Annotated[int, typer.Option(min=0, help="Which cameras are followed.")] = 0,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """A process the node starts for itself."""
    loaded = _settings(settings, None)
    from morina.wiring.reading import follow_cameras, read_handed_over

    cameras = kind is WorkerKind.CAMERAS
    _run(follow_cameras(loaded, group) if cameras else read_handed_over(loaded))


@hotlist.command("list")
def hotlist_list(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show the hotlists."""
    loaded = _settings(settings, home)
    from morina.wiring import operating

    _run(operating.show_hotlists(loaded))


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
    loaded = _settings(settings, home)
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
    _run(operating.create_hotlist(loaded, new))


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
    loaded = _settings(settings, home)
    from morina.wiring import operating

    _run(operating.import_hotlist(loaded, file, name or file.stem))


@hotlist.command("export")
def hotlist_export(
    name: str,
    form: Annotated[ListFormat, typer.Option("--format", help="csv or json.")] = ListFormat.CSV,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Write a hotlist to standard output; importing it gives the same list."""
    loaded = _settings(settings, home)
    from morina.wiring import operating

    _run(operating.export_hotlist(loaded, name, form.value))


@camera.command("list")
def camera_list(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show the cameras."""
    loaded = _settings(settings, home)
    from morina.wiring import operating

    _run(operating.show_cameras(loaded))


@camera.command("put")
def camera_put(
    camera_id: str,
    name: Annotated[str, typer.Option(help="What people call it.")],
    site: Annotated[str, typer.Option(help="Where it stands, in words.")],
    place: Annotated[tuple[float, float], typer.Option(help="Latitude and longitude, degrees.")],
    bearing: Annotated[float, typer.Option(help="Where it looks, degrees from north.")] = 0.0,
    source: Annotated[
        str, typer.Option(help="Its address (docs/cameras/streams.md); empty: it pushes.")
    ] = "",
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Add or change a camera."""
    loaded = _settings(settings, home)
    from morina.wiring import operating

    fields = {"name": name, "site": site, "bearing": bearing, "source": source}
    _run(operating.put_camera(loaded, camera_id, place, fields))


@camera.command("add")
def camera_add(
    camera_id: str,
    maker: Annotated[str, typer.Option(help="Its maker, such as hikvision.")],
    time_zone: Annotated[
        str, typer.Option(help="Of its clock, such as Europe/Tirane, where it sends none.")
    ] = "",
    scale: Annotated[
        float | None, typer.Option(min=1, help="The greatest confidence it sends: 1, 100, 999.")
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=PLACE", help="Where a field is; for the maker generic."),
    ] = None,
    device: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="How it names itself, such as device_id=K-1."),
    ] = None,
    address: Annotated[
        list[str] | None, typer.Option(help="Address it may come from without signing in.")
    ] = None,
    certificate: Annotated[str, typer.Option(help="SHA-256 of its client certificate.")] = "",
    pull_url: Annotated[str, typer.Option(help="Where its own list is asked for.")] = "",
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Let a camera that reads plates itself push; prints what to type into it."""
    loaded = _settings(settings, home)
    from morina.wiring import operating

    pairs = {"mapping": field or [], "device_keys": device or []}
    fields: dict[str, Any] = {
        "maker": maker,
        "time_zone": time_zone,
        "confidence_scale": scale,
    }
    fields |= {"addresses": tuple(address or ()), "pull_url": pull_url}
    fields |= {"certificate": certificate.replace(":", "").lower()}
    _run(operating.add_pushing(loaded, camera_id, fields, pairs))


@camera.command("test")
def camera_test(
    name: Annotated[str, typer.Argument(help="The camera's id or name.")],
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Look at a camera that films: what is wrong and how to mend it. Exit code 1: something is."""
    loaded = _settings(settings, home)
    from morina.wiring.camera_test import test_camera

    _run(test_camera(loaded, name))


@camera.command("remove")
def camera_remove(
    camera_id: str, home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS
) -> None:
    """Remove a camera; its reads stay."""
    loaded = _settings(settings, home)
    from morina.wiring import operating

    _run(operating.remove_camera(loaded, camera_id))


@camera.command("decode")
def camera_decode(
    file: Annotated[Path, typer.Argument(help="A payload as the camera sent it.")],
    maker: Annotated[str, typer.Option(help="Its maker, such as hikvision.")],
    timezone: Annotated[
        str | None, typer.Option(help="Of the camera's clock, such as Europe/Tirane.")
    ] = None,
    scale: Annotated[
        float | None, typer.Option(min=1, help="The greatest confidence it sends: 1, 100, 999.")
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=PLACE", help="Where a field is; for the maker generic."),
    ] = None,
) -> None:
    """Show what a camera's payload becomes: a JSON object a report, a line each."""
    from morina.wiring import decoding

    try:
        setup = decoding.setup_of(timezone, scale, field or [])
        for line in decoding.lines_of(maker, file, setup):
            print(line)
    except decoding.DecodingError as error:
        _fail(error)


@user.command("add")
def user_add(
    name: str,
    full_name: Annotated[str, typer.Option(help="The person's name.")],
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Add an account; its first password is generated and shown once."""
    loaded = _settings(settings, home)
    from morina.wiring import operating

    _run(operating.add_user(loaded, name, full_name))


@user.command("token")
def user_token(
    name: str,
    label: Annotated[str, typer.Option(help="What the token is for.")],
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it is valid.")] = 90,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Issue an API token for an account; it is shown once."""
    loaded = _settings(settings, home)
    from morina.wiring import operating

    _run(operating.issue_token(loaded, name, label, days))


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
    loaded = _settings(settings, home)
    from morina.wiring.site_commands import add_site

    _do(lambda: add_site(loaded, name, scope or []))


@site.command("list")
def site_list(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show the sites and how each is."""
    loaded = _settings(settings, home)
    from morina.wiring.site_commands import show_sites

    _do(lambda: show_sites(loaded))


@site.command("remove")
def site_remove(name: str, home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Let a site join no more; its token no longer works."""
    loaded = _settings(settings, home)
    from morina.wiring.site_commands import remove_site

    _do(lambda: remove_site(loaded, name))


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
    loaded = _settings(settings, home)
    from morina.wiring.edge.running import run_edge

    _run(run_edge(loaded, join))


@edge.command("status")
def edge_status(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show how the site that runs on this home is. Exit code 1: it does not run."""
    loaded = _settings(settings, home)
    from morina.wiring.site_commands import show_edge

    _do(lambda: show_edge(loaded))


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
    text: Annotated[str, typer.Argument(metavar="PLATE|PATTERN", help="Such as AA123BC, AB?2*.")],
    purpose: Annotated[str, typer.Option(help="Its code, such as stolen_vehicle.")],
    case: Annotated[str, typer.Option(help="The case number.")],
    basis: Annotated[str, typer.Option(help="The law the question rests on.")],
    why: Annotated[str, typer.Option(help="What is looked for and why, in a sentence.")],
    since: Annotated[
        datetime | None, typer.Option(formats=TIMES, help="A week before the end if left out.")
    ] = None,
    until: Annotated[datetime | None, typer.Option(formats=TIMES, help="Now if left out.")] = None,
    camera: Annotated[
        list[str] | None, typer.Option(help="A camera's id; may be repeated. All if left out.")
    ] = None,
    site: Annotated[
        list[str] | None, typer.Option(help="All cameras of a site; may be repeated.")
    ] = None,
    area: Annotated[
        Path | None, typer.Option(help="All cameras in an area: a GeoJSON file of one Polygon.")
    ] = None,
    country: Annotated[str, typer.Option(help="Such as GB; `none` for undecided ones.")] = "",
    fits: Annotated[
        Fits | None, typer.Option(help="How reads must fit; wildcard for ? and *, else exact.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All findings, page by page.")] = False,
    as_json: AsJson = False,
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Find passages of a plate. The question is written down before it is answered."""
    loaded = _settings(settings, home)
    from morina.wiring import asking_commands

    how = fits or (Fits.WILDCARD if set(text) & set("?*") else Fits.EXACT)
    why_asked = {"code": purpose, "case_number": case, "legal_basis": basis, "justification": why}
    wanted = asking_commands.Wanted(
        text={"fits": how.value, "text": text},
        purpose=why_asked,
        since=since,
        until=until,
        cameras=tuple(camera or ()),
        place=_place(site, area),
        country=country,
        all_pages=every,
    )
    _run(asking_commands.run_find(loaded, token, wanted, as_json))


def _place(site: list[str] | None, area: Path | None) -> Mapping[str, object] | None:
    from morina.wiring.asking_commands import place_of
    from morina.wiring.refused import RefusedError

    try:
        return place_of(tuple(site or ()), area)
    except RefusedError as error:
        raise typer.BadParameter(str(error), param_hint="--area") from None


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
    loaded = _settings(settings, home)
    from morina.wiring import asking_commands

    _run(asking_commands.run_consultations(loaded, token, plate, limit, as_json))


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
    loaded = _settings(settings, home)
    from morina.wiring.past_import import Ways, run_import

    ways = Ways(resume=resume, make_cameras=make_cameras)

    async def imported() -> None:
        if not await run_import(loaded, token, file, mapping, ways):
            raise typer.Exit(3)

    _run(imported())


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
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Take passages out for a case, signed by the node. Written down before anything is given."""
    loaded = _settings(settings, home)
    from morina.wiring import asking_commands, export_commands

    how = fits or (Fits.WILDCARD if set(text) & set("?*") else Fits.EXACT)
    wanted = asking_commands.Wanted(
        text={"fits": how.value, "text": text} if text else {"fits": "any"},
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
    taking = export_commands.Taking(folder=folder, form=form.value, pictures=pictures)
    _run(export_commands.run_export(loaded, token, wanted, taking))


@records.command("verify")
def records_verify(
    folder: Annotated[Path, typer.Argument(help="An export's folder.")],
    key: Annotated[str, typer.Option(help="The node's public key, 64 hex digits.")] = "",
) -> None:
    """Check an export without a node. Exit code 1: it is not as it was given."""
    from morina.wiring import export_commands

    _do(lambda: export_commands.run_verify(folder, key))


@records.command("key")
def records_key(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show the public key with which what this node signs is checked."""
    loaded = _settings(settings, home)
    from morina.wiring import export_commands

    _do(lambda: export_commands.show_key(loaded))


Code = Annotated[str, typer.Option("--purpose", help="Its code, such as stolen_vehicle.")]
Case = Annotated[str, typer.Option(help="The case number.")]
Basis = Annotated[str, typer.Option(help="The law it rests on.")]
Why = Annotated[str, typer.Option("--reason", help="Why, in a sentence.")]


@records.command("pin")
def records_pin(
    plate: str,
    purpose: Code,
    case: Case,
    basis: Basis,
    reason: Why,
    since: Annotated[datetime, typer.Option(formats=TIMES, help="From when, UTC if not said.")],
    until: Annotated[datetime, typer.Option(formats=TIMES, help="Until when.")],
    read: Annotated[
        list[str] | None, typer.Option(help="Only the read of this id; may be repeated.")
    ] = None,
    review: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="When somebody looks again.")
    ] = None,
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Keep reads of a plate for a case, beyond their time, with their pictures."""
    loaded = _settings(settings, home)
    from morina.wiring import retention_commands as commands

    wanted = commands.Pinning(
        plate=plate, since=since, until=until, read_ids=tuple(read or ()), review_at=review
    )
    _run(commands.pin(loaded, token, _purpose(purpose, case, basis, reason), wanted))


@records.command("unpin")
def records_unpin(
    purpose: Code,
    case: Case,
    basis: Basis,
    reason: Why,
    plate: Annotated[str, typer.Option(help="Only its reads.")] = "",
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Let the reads of a case go."""
    loaded = _settings(settings, home)
    from morina.wiring import retention_commands as commands

    _run(commands.unpin(loaded, token, _purpose(purpose, case, basis, reason), plate))


@records.command("pins")
def records_pins(
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only reviews due by then.")
    ] = None,
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Show the cases that keep reads, the next review first."""
    loaded = _settings(settings, home)
    from morina.wiring import retention_commands as commands

    _run(commands.show_pins(loaded, token, until))


@records.command("erase")
def records_erase(
    plate: str,
    purpose: Code,
    case: Case,
    basis: Basis,
    reason: Why,
    reference: Annotated[str, typer.Option(help="Of the request, without the plate.")],
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Erase one plate on request; its look-alikes stay. Waits until the files are gone."""
    loaded = _settings(settings, home)
    from morina.wiring import retention_commands as commands

    _run(commands.erase(loaded, token, _purpose(purpose, case, basis, reason), plate, reference))


@records.command("statements")
def records_statements(
    verify: Annotated[bool, typer.Option("--verify", help="Check signatures and chain.")] = False,
    key: Annotated[str, typer.Option(help="The key you wrote down, 64 hex digits.")] = "",
    folder: Annotated[Path | None, typer.Option(help="A copy of the statements.")] = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Show what was forgotten and when; needs no running node. Exit code 1: one does not hold."""
    loaded = _settings(settings, home)
    from morina.wiring import retention_commands as commands

    _do(lambda: commands.show_statements(loaded, folder, verify, key))


def _purpose(code: str, case: str, basis: str, why: str) -> dict[str, str]:
    return {"code": code, "case_number": case, "legal_basis": basis, "justification": why}


@audit.command("verify")
def audit_verify(
    file: Annotated[
        Path | None, typer.Argument(help="An exported trail; the running node's if left out.")
    ] = None,
    key: Annotated[str, typer.Option(help="The node's public key, 64 hex digits.")] = "",
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Say whether the trail is as it was written, or which entry is not. Status 1 if not."""
    loaded = _settings(settings, home)
    from morina.wiring import audit_commands

    _run(audit_commands.verify_trail(loaded, file, key))


@audit.command("export")
def audit_export(
    file: Annotated[Path, typer.Argument(help="A new file.")],
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Write the whole trail with its checkpoints to a file, for an overseer or a partner."""
    loaded = _settings(settings, home)
    from morina.wiring import audit_commands

    _run(audit_commands.export_trail(loaded, file))


def _settings(file: Path, home: Path | None) -> Settings:
    try:
        return load_settings(file, home)
    except SettingsError as error:
        _fail(error)


def _do(work: Callable[[], None]) -> None:
    """A short piece of work, run like any other."""

    async def done() -> None:
        work()

    _run(done())


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end; what a person can mend is said in words, with exit code 1."""
    from morina.engines import EngineError
    from morina.wiring.refused import RefusedError

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    for library in ("clickhouse_connect", "urllib3"):  # what they warn of is raised as well
        logging.getLogger(library).setLevel(logging.CRITICAL)
    try:
        asyncio.run(work)
    except (EngineError, RefusedError, SettingsError) as error:
        _fail(error)
    except KeyboardInterrupt:
        return


def _fail(error: Exception) -> NoReturn:
    print(f"morina: {error}", file=sys.stderr)
    raise typer.Exit(1)


def main() -> None:
    """The ``morina`` command."""
    app()


if __name__ == "__main__":
    main()
