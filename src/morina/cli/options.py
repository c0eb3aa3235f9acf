"""Options and arguments that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[Path | None, typer.Option(help="The folder that holds all data of the node.")]
SettingsFile = Annotated[Path, typer.Option("--settings", help="The settings file.")]
DEFAULT_SETTINGS = Path("morina.toml")
Approval = Annotated[
    str, typer.Option(help="Id of the approval of just this, where another person had to agree.")
]
Token = Annotated[
    Path | None, typer.Option(help="A file with your API token; asked for if left out.")
]
Passphrase = Annotated[
    Path | None, typer.Option("--passphrase-file", help="A file with the authority's passphrase.")
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
    UNREAD = "unread"
    ANY = "any"


class AskedKind(StrEnum):
    """What can be asked of the records."""

    PASSAGES = "passages"
    TEXTS = "texts"
    HABITS = "habits"
    CONVOY = "convoy"
    BOTH_PLACES = "both-places"
    IMPOSSIBLE = "impossible"
    JOURNEYS = "journeys"


class ExportFormat(StrEnum):
    """What the rows of an export are written in."""

    PARQUET = "parquet"
    CSV = "csv"


class WorkerKind(StrEnum):
    """What a worker process does."""

    CAMERAS = "cameras"
    READER = "reader"
    SORTIES = "sorties"
    LIVE = "live"
    LOOKING = "looking"


def text_sent(text: str, fits: Fits | None) -> dict[str, str]:
    """What the API takes as the text asked for; left out, all passages are meant."""
    if not text:
        return {"fits": (fits or Fits.ANY).value}
    how = fits or (Fits.WILDCARD if set(text) & set("?*") else Fits.EXACT)
    return {"fits": how.value, "text": text}


Code = Annotated[str, typer.Option("--purpose", help="Its code, such as stolen_vehicle.")]
Case = Annotated[str, typer.Option(help="The case number.")]
Basis = Annotated[str, typer.Option(help="The law it rests on.")]
Why = Annotated[str, typer.Option("--reason", help="Why, in a sentence.")]
