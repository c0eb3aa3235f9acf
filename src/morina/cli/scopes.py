"""Options that say where, when and what vehicle is looked for."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Day(StrEnum):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


Sites = Annotated[
    list[str] | None, typer.Option("--site", help="All cameras of a site; may be repeated.")
]
Groups = Annotated[
    list[str] | None,
    typer.Option("--group", help="All cameras of a group of the settings; may be repeated."),
]
Area = Annotated[
    Path | None, typer.Option(help="All cameras in an area: a GeoJSON file of one Polygon.")
]
Corridor = Annotated[
    Path | None, typer.Option(help="All cameras along a line: a GeoJSON file of one LineString.")
]
WithinM = Annotated[float, typer.Option(min=1, help="How far from the line, in metres.")]
Hours = Annotated[str, typer.Option(help="Times of day by your clock, such as 22:00-05:00.")]
Weekdays = Annotated[
    list[Day] | None, typer.Option("--weekday", help="Only on that day; may be repeated.")
]
Make = Annotated[str, typer.Option(help="The make, as cameras said it.")]
Model = Annotated[str, typer.Option(help="The model, as cameras said it.")]
Colour = Annotated[str, typer.Option(help="The colour, as cameras said it.")]
VehicleClass = Annotated[str, typer.Option("--class", help="The class, such as truck.")]
