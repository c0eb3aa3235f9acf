"""What ``morina records find`` and ``morina records consultations`` do."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from morina.settings import Settings
from morina.wiring.node_client import NodeClient, node_client
from morina.wiring.refused import RefusedError

ASK = "/records/questions"
WAIT_S = 5
PAGE = 1000
USUAL_DAYS = 7

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks for; times without a zone are by the officer's clock."""

    text: Json
    purpose: Json
    since: datetime | None = None
    until: datetime | None = None
    cameras: Sequence[str] = ()
    place: Json | None = None
    country: str = ""
    all_pages: bool = False


async def run_find(settings: Settings, token: Path | None, wanted: Wanted, as_json: bool) -> None:
    """Ask for passages, say how far it is, print what was found and what was looked at."""
    async with node_client(settings, token) as client:
        await _find(client, wanted, as_json)


async def run_consultations(
    settings: Settings, token: Path | None, plate: str, limit: int, as_json: bool
) -> None:
    """Print what the officer asked, newest first."""
    async with node_client(settings, token) as client:
        await _consultations(client, plate, limit, as_json)


async def _find(client: NodeClient, wanted: Wanted, as_json: bool) -> None:
    zone = ZoneInfo((await client.get("/me"))["time_zone"])
    state = await asked(client, wanted, zone)
    answers = [await _answer(client, state)]
    while wanted.all_pages and state["has_more"]:
        state = await _ended(client, await client.post(f"{ASK}/{state['question_id']}/more"))
        answers.append(await _answer(client, state))
    if as_json:
        print(json.dumps(answers, ensure_ascii=False, indent=2))
    else:
        _print(answers, zone)


async def asked(client: NodeClient, wanted: Wanted, zone: ZoneInfo) -> Json:
    """Ask for passages; the question once it is answered. RefusedError where it failed."""
    question = {"text": wanted.text, "scope": _scope(wanted, zone)}
    sent = {"kind": "passages", "purpose": wanted.purpose, "question": question}
    return await _ended(client, await client.post(ASK, sent))


async def _consultations(client: NodeClient, plate: str, limit: int, as_json: bool) -> None:
    found = await client.get("/records/consultations", plate=plate, limit=limit)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    zone = ZoneInfo((await client.get("/me"))["time_zone"])
    table = Table("No.", "Asked", "Purpose", "Case", "Question", "Shown")
    for one in found:
        became = one["failed"] or ("-" if one["shown"] is None else str(one["shown"]))
        asked = _local(one["asked_at"], zone)
        about = (one["code"], one["case_number"], one["question"])
        table.add_row(str(one["number"]), asked, *about, became)
    Console().print(table)


def _scope(wanted: Wanted, zone: ZoneInfo) -> dict[str, Any]:
    now = datetime.now(zone)
    until = _zoned(wanted.until, zone) or now
    since = _zoned(wanted.since, zone) or until - timedelta(days=USUAL_DAYS)
    scope: dict[str, Any] = {
        "period": {"begins_at": since.isoformat(), "ends_at": until.isoformat()}
    }
    if wanted.cameras:
        scope["cameras"] = list(wanted.cameras)
    if wanted.place:
        scope["place"] = wanted.place
    if wanted.country:
        scope["country"] = wanted.country
    return scope


def place_of(sites: Sequence[str], area: Path | None) -> Json | None:
    """The place of ``--site`` and ``--area``; RefusedError where it cannot be read."""
    if area is None:
        return {"sites": list(sites)} if sites else None
    if sites:
        raise RefusedError("--area and --site were both given; give one of them")
    try:
        ring = _ring(json.loads(area.read_text(encoding="utf-8")))
        corners = [{"latitude": float(point[1]), "longitude": float(point[0])} for point in ring]
    except OSError as error:
        raise RefusedError(f"{area}: {error.strerror}") from None
    except (ValueError, LookupError, TypeError):
        raise RefusedError(
            f"{area}: there is no single area in it; draw one Polygon without holes"
        ) from None
    return {"area": corners}


def _ring(drawn: Any) -> Sequence[Any]:
    """The ring of a GeoJSON Polygon (RFC 7946, 3.1.6), without the corner that closes it."""
    if drawn["type"] == "FeatureCollection":
        [drawn] = drawn["features"]
    if drawn["type"] == "Feature":
        drawn = drawn["geometry"]
    if drawn["type"] != "Polygon":
        raise ValueError(drawn["type"])
    [ring] = drawn["coordinates"]
    return ring[:-1] if ring[0] == ring[-1] else ring  # type: ignore[no-any-return]  # JSON


def _zoned(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return at.replace(tzinfo=zone) if at is not None and at.tzinfo is None else at


async def _ended(client: NodeClient, state: Json) -> Json:
    """The question once it is answered; Ctrl-C cancels it. RefusedError where it failed."""
    here = f"{ASK}/{state['question_id']}"
    try:
        while state["stage"] in ("waiting", "running"):
            _progress(f"{state['stage']} {state['share']:4.0%}")
            state = await client.get(here, wait_s=WAIT_S)
    except asyncio.CancelledError:
        await client.delete(here)
        raise
    finally:
        _progress("")
    if state["stage"] != "answered":
        raise RefusedError(state["failed"] or state["stage"])
    return state


async def _answer(client: NodeClient, state: Json) -> Json:
    """All pages of one answer as one."""
    path = f"{ASK}/{state['question_id']}/answer"
    found: list[Any] = []
    while True:
        page: dict[str, Any] = await client.get(path, offset=len(found), limit=PAGE)
        found += page["found"]
        if len(found) >= page["count"] or not page["found"]:
            return page | {"found": found, "offset": 0}


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text:<20}" + ("" if text else "\r"), end="", file=sys.stderr, flush=True)


def _print(answers: Sequence[Json], zone: ZoneInfo) -> None:
    table = Table("Captured", "Plate", "Country", "Camera", "Confidence", "Differs")
    for answer in answers:
        for one in answer["found"]:
            read = one["read"]
            plate = read["plate"] or {}
            table.add_row(
                _local(read["captured_at"], zone), plate.get("text") or "(unread)",
                plate.get("country") or "?", read["camera_id"], f"{read['confidence']:.0%}",
                str(len(one["differences"])),
            )  # fmt: skip
    console = Console()
    console.print(table)
    for line in told(answers, zone):
        console.print(line, markup=False, highlight=False)


def told(answers: Sequence[Json], zone: ZoneInfo) -> list[str]:
    """What was looked at and what was not, a line each."""
    last = answers[-1]
    passages = sum(len(answer["found"]) for answer in answers)
    lines = [f"{passages} found" + ("; there are more, ask with --all" * last["has_more"])]
    coverage = last["coverage"]
    lines.append(f"asked: {_period(coverage['asked'], zone)}")
    looked = coverage["covered"]
    lines.append(f"looked at: {_period(looked, zone) if looked else 'nothing'}")
    if coverage["stopped"]:
        lines.append(f"stopped ({coverage['stopped']}): the rest was not looked at")
    if since := coverage["remembered_since"]:
        lines.append(f"remembered since {_local(since, zone)}; what is older is forgotten")
    for down in coverage["down"]:
        lines.append(f"camera {down['camera_id']} was down: {_period(down['period'], zone)}")
    return lines + [note for answer in answers for note in answer["notes"]]


def _period(period: Json, zone: ZoneInfo) -> str:
    return f"{_local(period['begins_at'], zone)} to {_local(period['ends_at'], zone)}"


def _local(at: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %H:%M:%S %z}"
