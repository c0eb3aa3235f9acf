"""What ``morina records past-reads`` and ``way-ahead`` do: the purpose is that of an entry, or of
an alert, as the node takes it from there."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from rich.console import Console

from morina.plates import NotAPlateError, plate_text
from morina.records.questions import NO_COUNTRY
from morina.settings import Settings
from morina.wiring.answer_tables import ahead_table
from morina.wiring.asking_commands import ended, shown
from morina.wiring.node_client import NodeClient, node_client
from morina.wiring.refused import RefusedError

MOST_ENTRIES = 1000

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as a person names it: ``hotlist`` by name or id; ``country`` where several hold the
    plate."""

    hotlist: str
    plate: str
    country: str = ""
    all_pages: bool = False


async def run_past_reads(
    settings: Settings, token: Path | None, entry: Entry, as_json: bool
) -> None:
    """Look for the entry among past reads, print what passed and under which purpose it was."""
    async with node_client(settings, token) as client:
        zone = ZoneInfo((await client.get("/me"))["time_zone"])
        hotlist = await _hotlist(client, entry.hotlist)
        listing = await _listing(client, hotlist, entry)
        here = f"/hotlists/{hotlist['hotlist_id']}/listings/{listing['listing_id']}"
        state = await ended(client, await client.post(f"{here}/past-reads"))
        await shown(client, state, entry.all_pages, None if as_json else zone)
        if not as_json:
            _say(await _under(client, state["consultation"]), "it raises no alert")


async def run_way_ahead(
    settings: Settings, token: Path | None, alert_id: UUID, as_json: bool
) -> None:
    """Print the cameras that vehicles pass next; RefusedError unless the alert is confirmed."""
    async with node_client(settings, token) as client:
        found = await client.get(f"/alerts/{alert_id}/way-ahead")
        if as_json:
            print(json.dumps(found, ensure_ascii=False, indent=2))
            return
        zone = ZoneInfo((await client.get("/me"))["time_zone"])
        if found["cameras"]:
            Console().print(ahead_table(found["cameras"], zone))
        elif found["known"]:
            _say("not known: no camera follows this one often enough")
        else:
            _say("not known: too little was seen at this camera")
        _say(found["says"], f"consultation no. {found['consultation']}, for alert_handling")


async def _hotlist(client: NodeClient, named: str) -> Json:
    """The one of that name or id."""
    lists: Sequence[Json] = await client.get("/hotlists")
    found = next((one for one in lists if named in (one["name"], one["hotlist_id"])), None)
    if found is None:
        raise RefusedError(f"there is no hotlist {named!r}; morina hotlist list shows their names")
    return found


async def _listing(client: NodeClient, hotlist: Json, entry: Entry) -> Json:
    """The one entry of the plate."""
    try:
        text = plate_text(entry.plate)
    except NotAPlateError as error:
        raise RefusedError(f"{entry.plate!r} is no plate: {error}") from None
    path = f"/hotlists/{hotlist['hotlist_id']}"
    page = await client.get(path, part=text, limit=MOST_ENTRIES)
    listed: dict[str, Json] = {
        one["plate"]["country"] or NO_COUNTRY: one
        for one in page["listings"]
        if one["plate"]["text"] == text
    }
    found = [one for country, one in listed.items() if entry.country in ("", country)]
    if not found:
        of = f" of {entry.country}" if entry.country else ""
        raise RefusedError(f"no entry of {hotlist['name']} holds {text}{of}; add it there first")
    if len(found) > 1:
        several = ", ".join(sorted(listed))
        raise RefusedError(f"{text} is listed for {several}; name one of them with --country")
    return found[0]


async def _under(client: NodeClient, number: int) -> str:
    """Under which purpose the question was written down."""
    [one] = await client.get("/records/consultations", before=number + 1, limit=1)
    why = ", ".join((one["code"], f"case {one['case_number']}", one["legal_basis"]))
    return f"asked under the purpose of the entry ({why}): consultation no. {number}"


def _say(*lines: str) -> None:
    for line in lines:
        Console().print(line, markup=False, highlight=False)
