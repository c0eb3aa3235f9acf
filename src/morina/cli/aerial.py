"""Commands of drone flights."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from morina.cli.options import (
    DEFAULT_SETTINGS,
    Basis,
    Case,
    Code,
    Home,
    SettingsFile,
    Token,
    Why,
)
from morina.cli.running import do, run_work, settings_of

aerial = typer.Typer(help="Drone flights and the terrain under them.", no_args_is_help=True)
terrain = typer.Typer(help="Heights of the ground.", no_args_is_help=True)
aerial.add_typer(terrain, name="terrain")


class Heights(StrEnum):
    """What the heights of a file are counted from."""

    EGM2008 = "egm2008"
    EGM96 = "egm96"
    ELLIPSOID = "ellipsoid"


class CountedFrom(StrEnum):
    """What heights of a flight count from."""

    TAKEOFF = "above_takeoff"
    SEA = "egm96"
    ELLIPSOID = "wgs84_ellipsoid"


class Filmed(StrEnum):
    """What a flight was filmed by."""

    THERMAL = "thermal"
    DAYLIGHT = "daylight"


class Order(StrEnum):
    """Order of a place."""

    LAT_LON = "lat_lon"
    LON_LAT = "lon_lat"


Anew = Annotated[
    str, typer.Option("--reason", help="Why it is done anew though people spoke of its tracks.")
]


class GivenForm(StrEnum):
    """What tracks are written as."""

    GEOJSON = "geojson"
    KML = "kml"
    VMTI = "vmti"


@terrain.command("import")
def terrain_import(
    files: Annotated[list[Path], typer.Argument(help="GeoTIFF, .hgt or DTED; all or none.")],
    heights: Annotated[
        Heights, typer.Option(help="What the heights count from; Copernicus GLO-30: egm2008.")
    ],
    le90: Annotated[
        float, typer.Option(min=0.1, max=100, help="90 % of heights are right within so many m.")
    ] = 10.0,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Take elevation models in, such as tiles of Copernicus GLO-30."""
    loaded = settings_of(settings, home)
    from morina.wiring.aerial.ground import import_tiles

    do(lambda: import_tiles(loaded, files, heights.value, le90))


@terrain.command("list")
def terrain_list(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show what is imported."""
    loaded = settings_of(settings, home)
    from morina.wiring.aerial.ground import show_tiles

    do(lambda: show_tiles(loaded))


VideoBegins = Annotated[
    float | None,
    typer.Option(help="The video begins at this second of the telemetry; 0: with it."),
]
HeightsFrom = Annotated[
    CountedFrom | None, typer.Option(help="What heights of an unknown datum count from.")
]
Takeoff = Annotated[float | None, typer.Option(help="Height of the take-off above the sea, m.")]
TakeoffHere = Annotated[
    bool, typer.Option("--takeoff-here", help="It took off from the ground at its first position.")
]
View = Annotated[float | None, typer.Option(help="Field of view across, degrees.")]
ViewDown = Annotated[
    float | None, typer.Option(help="Field of view down; else by the picture's shape.")
]
FilmedBy = Annotated[
    Filmed | None, typer.Option("--film", help="What it was filmed by, where colours mislead.")
]
OrderOf = Annotated[Order | None, typer.Option(help="Which number of a place a .SRT has first.")]


@aerial.command("add")
def add(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="VIDEO TELEMETRY", help="Both files, or the one that is both."),
    ],
    name: Annotated[str, typer.Option(help="What the flight is called.")] = "",
    case: Annotated[str, typer.Option(help="The case number.")] = "",
    task: Annotated[str, typer.Option(help="What it looked for, in words.")] = "",
    airframe: Annotated[str, typer.Option(help="What flew.")] = "",
    pilot: Annotated[str, typer.Option(help="Who flew it.")] = "",
    rendered: Annotated[
        bool, typer.Option("--rendered", help="It is made by a program and was never flown.")
    ] = False,
    sortie: Annotated[
        UUID | None, typer.Option(help="Hand in to this flight, which is there already.")
    ] = None,
    video_begins: VideoBegins = None,
    heights_from: HeightsFrom = None,
    takeoff: Takeoff = None,
    takeoff_here: TakeoffHere = False,
    view: View = None,
    view_down: ViewDown = None,
    film: FilmedBy = None,
    order: OrderOf = None,
    reason: Anew = "",
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Hand the files of a flight in at the node's machine, of any size."""
    loaded = settings_of(settings, home)
    from morina.sense.aerial.roles import NewSortie
    from morina.wiring.aerial.adding import Handing, add_sortie
    from morina.wiring.aerial.stating import typed

    wanted = NewSortie(
        name=name, case_number=case, task=task, officer="", airframe=airframe, pilot=pilot,
        rendered=rendered,
    )  # fmt: skip
    stated = typed(
        video_begins_s=video_begins, heights_from=heights_from, takeoff_m=takeoff,
        takeoff_here=takeoff_here, view_across_deg=view, view_down_deg=view_down, film=film,
        order=order,
    )  # fmt: skip
    run_work(add_sortie(loaded, Handing(files, wanted, sortie, stated, reason)))


@aerial.command("state")
def state(
    sortie: Annotated[UUID, typer.Argument(help="The flight, by its id.")],
    video_begins: VideoBegins = None,
    heights_from: HeightsFrom = None,
    takeoff: Takeoff = None,
    takeoff_here: TakeoffHere = False,
    view: View = None,
    view_down: ViewDown = None,
    film: FilmedBy = None,
    order: OrderOf = None,
    reason: Anew = "",
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """State what a flight's telemetry lacks, in the place of what was stated before; it is worked
    through again."""
    loaded = settings_of(settings, home)
    from morina.wiring.aerial.stating import state_sortie, typed

    stated = typed(
        video_begins_s=video_begins, heights_from=heights_from, takeoff_m=takeoff,
        takeoff_here=takeoff_here, view_across_deg=view, view_down_deg=view_down, film=film,
        order=order,
    )  # fmt: skip
    run_work(state_sortie(loaded, sortie, stated, reason))


@aerial.command("list")
def list_(home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS) -> None:
    """Show the flights kept, newest first."""
    loaded = settings_of(settings, home)
    from morina.wiring.aerial.adding import show_sorties

    run_work(show_sorties(loaded))


@aerial.command("give")
def give(
    sortie: Annotated[UUID, typer.Argument(help="The flight.")],
    file: Annotated[Path, typer.Argument(help="A new file for its tracks.")],
    purpose: Code,
    case: Case,
    basis: Basis,
    why: Why,
    form: Annotated[
        GivenForm, typer.Option("--format", help="geojson, kml or vmti.")
    ] = GivenForm.GEOJSON,
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Take a flight's tracks out as a file, for a purpose. Written down before they are given."""
    loaded = settings_of(settings, home)
    from morina.wiring.aerial.giving import give_tracks

    of_purpose = {
        "code": purpose, "case_number": case, "legal_basis": basis, "justification": why,
    }  # fmt: skip
    sent = {"form": form.value, "purpose": of_purpose}
    run_work(give_tracks(loaded, token, (sortie, file), sent))


@aerial.command("forget")
def forget(
    sortie: Annotated[UUID, typer.Argument(help="The flight.")],
    reason: Annotated[str, typer.Option(help="Why it is forgotten before its time.")],
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Forget a flight before its time: all there is of it but open tasks."""
    loaded = settings_of(settings, home)
    from morina.wiring.aerial.forgetting import forget_sortie

    run_work(forget_sortie(loaded, sortie, reason))
