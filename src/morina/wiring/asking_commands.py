"""What ``morina records find``, ``ask`` and ``consultations`` do."""

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
from morina.wiring.answer_tables import local, table_of
from morina.wiring.asking_scopes import hours_of
from morina.wiring.node_client import NodeClient, node_client
from morina.wiring.refused import RefusedError

ASK = "/records/questions"
WAIT_S = 5
PAGE = 1000
USUAL_DAYS = 7

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks for; times without a zone are by the officer's clock.
    ``approval`` is of the very same question, so both ends of its time must be said."""

    text: Json
    purpose: Json
    since: datetime | None = None
    until: datetime | None = None
    cameras: Sequence[str] = ()
    place: Json | None = None
    country: str = ""
    hours: str = ""
    weekdays: Sequence[str] = ()
    looks: Json | None = None
    all_pages: bool = False
    approval: str = ""


async def run_find(settings: Settings, token: Path | None, wanted: Wanted, as_json: bool) -> None:
    """Ask for passages, say how far it is, print what was found and what was looked at."""
    async with node_client(settings, token) as client:
        await _find(client, wanted, as_json)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A question of any kind as a file holds it: what the API takes as ``question``."""

    kind: str
    file: Path
    purpose: Json
    all_pages: bool = False
    approval: str = ""


async def run_ask(settings: Settings, token: Path | None, sent: Sent, as_json: bool) -> None:
    """Ask it, say how far it is, print what was found and what was looked at."""
    question = question_in(sent.file)
    async with node_client(settings, token) as client:
        zone = ZoneInfo((await client.get("/me"))["time_zone"])
        body = {"kind": sent.kind, "purpose": sent.purpose, "question": question}
        state = await _begun(client, body, sent.approval)
        await shown(client, state, sent.all_pages, zone if not as_json else None)


def question_in(file: Path) -> Json:
    """The question a file holds; RefusedError where there is none."""
    try:
        question = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise RefusedError(f"{file}: {error.strerror}") from None
    except ValueError as error:
        raise RefusedError(f"{file}: this is not JSON ({error}); mend the file") from None
    if not isinstance(question, dict):
        raise RefusedError(f"{file}: this is no question; write it in braces: {{...}}")
    return question


async def run_consultations(
    settings: Settings, token: Path | None, plate: str, limit: int, as_json: bool
) -> None:
    """Print what the officer asked, newest first."""
    async with node_client(settings, token) as client:
        await _consultations(client, plate, limit, as_json)


async def _find(client: NodeClient, wanted: Wanted, as_json: bool) -> None:
    zone = ZoneInfo((await client.get("/me"))["time_zone"])
    state = await asked(client, wanted, zone)
    await shown(client, state, wanted.all_pages, zone if not as_json else None)


async def shown(client: NodeClient, state: Json, all_pages: bool, zone: ZoneInfo | None) -> None:
    """Print the answer: as a table by ``zone``, without one as JSON. ``all_pages`` goes on asking
    until there is no more."""
    kind, answers = state["kind"], [await _answer(client, state)]
    while all_pages and state["has_more"]:
        state = await ended(client, await client.post(f"{ASK}/{state['question_id']}/more"))
        answers.append(await _answer(client, state))
    if zone is None:
        print(json.dumps(answers, ensure_ascii=False, indent=2))
        return
    console = Console()
    console.print(table_of(kind, answers, zone))
    for line in told(answers, zone):
        console.print(line, markup=False, highlight=False)


async def asked(client: NodeClient, wanted: Wanted, zone: ZoneInfo) -> Json:
    """Ask for passages; the question once it is answered. RefusedError where it failed."""
    question = {"text": wanted.text, "scope": _scope(wanted, zone)}
    sent = {"kind": "passages", "purpose": wanted.purpose, "question": question}
    return await _begun(client, sent, wanted.approval)


async def _begun(client: NodeClient, sent: Json, approval: str) -> Json:
    """Ask; the question once it is answered. RefusedError where it failed."""
    body = {**sent, "approval_id": approval} if approval else sent
    return await ended(client, await client.post(ASK, body))


async def _consultations(client: NodeClient, plate: str, limit: int, as_json: bool) -> None:
    found = await client.get("/records/consultations", plate=plate, limit=limit)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    zone = ZoneInfo((await client.get("/me"))["time_zone"])
    table = Table("No.", "Asked", "Purpose", "Case", "Question", "Shown")
    for one in found:
        became = one["failed"] or ("-" if one["shown"] is None else str(one["shown"]))
        asked = local(one["asked_at"], zone)
        about = (one["code"], one["case_number"], one["question"])
        table.add_row(str(one["number"]), asked, *about, became)
    Console().print(table)


def _scope(wanted: Wanted, zone: ZoneInfo) -> dict[str, Any]:
    now = datetime.now(zone)
    until = _zoned(wanted.until, zone) or now
    since = _zoned(wanted.since, zone) or _week_before(until)
    scope: dict[str, Any] = {
        "period": {"begins_at": since.isoformat(), "ends_at": until.isoformat()}
    }
    if wanted.cameras:
        scope["cameras"] = list(wanted.cameras)
    if wanted.place:
        scope["place"] = wanted.place
    if wanted.country:
        scope["country"] = wanted.country
    if hours := hours_of(wanted.hours, wanted.weekdays, zone.key):
        scope["hours"] = hours
    if wanted.looks:
        scope["looks"] = wanted.looks
    return scope


def _week_before(until: datetime) -> datetime:
    try:
        return until - timedelta(days=USUAL_DAYS)
    except OverflowError:
        raise RefusedError(f"--until {until.date()}: no week is before it; say --since") from None


def _zoned(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return at.replace(tzinfo=zone) if at is not None and at.tzinfo is None else at


async def ended(client: NodeClient, state: Json) -> Json:
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


def told(answers: Sequence[Json], zone: ZoneInfo) -> list[str]:
    """What was looked at and what was not, a line each."""
    last = answers[-1]
    found = sum(len(answer["found"]) for answer in answers)
    lines = [f"{found} found" + ("; there are more, ask with --all" * last["has_more"])]
    coverage = last["coverage"]
    lines.append(f"asked: {_period(coverage['asked'], zone)}")
    looked = coverage["covered"]
    lines.append(f"looked at: {_period(looked, zone) if looked else 'nothing'}")
    if coverage["stopped"]:
        lines.append(f"stopped ({coverage['stopped']}): the rest was not looked at")
    if since := coverage["remembered_since"]:
        lines.append(f"remembered since {local(since, zone)}; what is older is forgotten")
    for down in coverage["down"]:
        lines.append(f"camera {down['camera_id']} was down: {_period(down['period'], zone)}")
    for less in coverage["less"]:
        cameras = ", ".join(less["cameras"])
        lines.append(f"of {cameras} nothing is kept from before {local(less['since'], zone)}")
        if less["hits_only"]:
            lines.append(f"of {cameras} only hits are kept; what else passed was only counted")
    return lines + [note for answer in answers for note in answer["notes"]]


def _period(period: Json, zone: ZoneInfo) -> str:
    return f"{local(period['begins_at'], zone)} to {local(period['ends_at'], zone)}"
