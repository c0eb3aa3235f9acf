"""What is found, as a table: one for each kind of question, from the JSON the node answers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.table import Table

Json = Mapping[str, Any]
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """The columns of one kind of question, and the rows of one finding."""

    columns: Row
    rows: Callable[[Json, ZoneInfo], Iterator[Row]]


def table_of(kind: str, answers: Sequence[Json], zone: ZoneInfo) -> Table:
    """All that was found, times by ``zone``."""
    shown = KINDS[kind]
    table = Table(*shown.columns)
    for answer in answers:
        for one in answer["found"]:
            for row in shown.rows(one, zone):
                table.add_row(*row)
    return table


def ahead_table(cameras: Sequence[Json], zone: ZoneInfo) -> Table:
    """The cameras that vehicles of an alert's camera pass next, times by ``zone``."""
    table = Table("Camera", "Read there next", "Vehicles", "Half by", "Nine of ten by")
    for one in cameras:
        share, seen = f"{one['share']:.0%}", f"{one['travels']:,} of {one['passed']:,}"
        slow = local(one["slow_at"], zone) + (" (over)" if one["over"] else "")
        table.add_row(one["camera_id"], share, seen, local(one["usual_at"], zone), slow)
    return table


def local(at: str, zone: ZoneInfo) -> str:
    """A time as the officer's clock shows it."""
    return f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %H:%M:%S %z}"


def _passage(one: Json, zone: ZoneInfo) -> Iterator[Row]:
    read = one["read"]
    plate = read["plate"] or {}
    yield (
        local(read["captured_at"], zone), plate.get("text") or "(unread)",
        plate.get("country") or "?", read["camera_id"], f"{read['confidence']:.0%}",
        str(len(one["differences"])),
    )  # fmt: skip


def _text(one: Json, zone: ZoneInfo) -> Iterator[Row]:
    times = (local(one["first_at"], zone), local(one["last_at"], zone))
    differs = str(len(one["differences"]))
    yield (one["text"] or "(unread)", one["country"] or "?", str(one["passages"]), *times, differs)


def _habits(one: Json, zone: ZoneInfo) -> Iterator[Row]:
    for at in ({"at": "all"} | dict(one), *one["by_camera"]):
        hours = sorted(range(24), key=lambda hour: -at["by_hour"][hour])[:3]
        often = ", ".join(f"{hour:02}" for hour in hours if at["by_hour"][hour])
        times = (local(at["first_at"], zone), local(at["last_at"], zone))
        yield (at["at"], str(at["passages"]), *times, often)


def _companion(one: Json, _zone: ZoneInfo) -> Iterator[Row]:
    itself = "perhaps the vehicle itself" if one["perhaps_itself"] else "no"
    convoy = "yes" if one["convoy"] else itself
    yield (one["plate"], convoy, str(one["places"]), str(one["journeys"]), one["words"])


def _in_all(one: Json, zone: ZoneInfo) -> Iterator[Row]:
    for area, stay in enumerate(one["stays"], 1):
        times = (local(stay["first_at"], zone), local(stay["last_at"], zone))
        yield (", ".join(one["texts"]), str(area), str(stay["passages"]), *times)


def _impossible(one: Json, zone: ZoneInfo) -> Iterator[Row]:
    ends = [f"{end['camera_id']} {local(end['at'], zone)}" for end in (one["first"], one["second"])]
    way = f"{one['distance_km']:.1f}"
    yield (one["plate"]["text"], *ends, way, one["judgement"], one["why"])


def _trip(one: Json, zone: ZoneInfo) -> Iterator[Row]:
    passages = one["passages"]
    times = (local(passages[0]["at"], zone), local(passages[-1]["at"], zone))
    way = ", ".join(passage["camera_id"] for passage in passages)
    yield (one["plate"]["text"], *times, str(len(passages)), way, one["ended"])


KINDS = {
    "passages": Kind(("Captured", "Plate", "Country", "Camera", "Confidence", "Differs"), _passage),
    "texts": Kind(("Text", "Country", "Passages", "First", "Last", "Differs"), _text),
    "habits": Kind(("Camera", "Passages", "First", "Last", "Most often at (hour)"), _habits),
    "convoy": Kind(("Plate", "Convoy", "Places", "Journeys", "Why"), _companion),
    "both-places": Kind(("Vehicle", "Area", "Passages", "First", "Last"), _in_all),
    "impossible": Kind(("Plate", "First", "Second", "km", "Likely", "Why"), _impossible),
    "journeys": Kind(("Plate", "Began", "Ended", "Passages", "Cameras", "Why it ended"), _trip),
}
"""By kind of question, as ``wiring.asking`` names them."""
