"""What ``morina records statements``, ``pin``, ``unpin``, ``pins`` and ``erase`` do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from morina.records.adapters.folder_statements import FolderStatements
from morina.records.statements import RefusedStatementError, Statement, verified
from morina.settings import Settings
from morina.wiring.forgetting import statements_folder
from morina.wiring.node_client import node_client
from morina.wiring.refused import RefusedError

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinning:
    """Which reads of a plate are kept; times without a zone are UTC."""

    plate: str
    since: datetime
    until: datetime
    read_ids: tuple[str, ...]
    review_at: datetime | None
    approval_id: str = ""


def show_statements(settings: Settings, folder: Path | None, verify: bool, key: str) -> None:
    """Print the statements of a home, or of any folder; no node need run."""
    found = FolderStatements(folder or statements_folder(Path(settings.home))).all()
    for one in found:
        print(_line(one))
    if not verify:
        return
    try:
        by = verified(found, key)
    except RefusedStatementError as error:
        raise RefusedError(f"{error}; ask who keeps the home, and compare with a backup") from None
    held = "the key you named" if key else "the key they name: compare it with the one written down"
    print(f"{len(found)} statements hold, signed by {held}\n  {by}")
    if found:
        print(f"the last is number {found[-1].number}, SHA-256 {found[-1].sha256}")


def _line(one: Statement) -> str:
    said = one.said
    head = f"{one.number:>6}  {said['made_at']}  {said['kind']}"
    if said["kind"] == "erasure":
        return f"{head}: {said['reads_removed']} reads removed, request {said['reference']}"
    rows = sum(part["rows"] for part in said["dropped"] if part["table"] == "reads")
    days = len({part["day"] for part in said["dropped"]})
    left = len(said["still_there"]) + said["files_left"]
    return (
        f"{head}: {rows} rows of {days} days dropped, {said['pictures']['removed']} pictures, "
        f"oldest read kept {said['remains']['oldest_read'] or 'none'}"
        + (f", NOT DONE: {left} parts are left" if left else "")
    )


async def pin(settings: Settings, token: Path | None, purpose: Json, wanted: Pinning) -> None:
    """Keep reads for the case of the purpose."""
    sent = {
        "purpose": purpose, "plate": wanted.plate, "begins_at": _at(wanted.since),
        "ends_at": _at(wanted.until), "read_ids": list(wanted.read_ids),
        "review_at": _day(wanted.review_at), "approval_id": wanted.approval_id or None,
    }  # fmt: skip
    async with node_client(settings, token) as client:
        done = await client.post("/records/pins", sent)
    print(f"{done['reads']} reads are pinned to {purpose['case_number']}")


async def unpin(settings: Settings, token: Path | None, purpose: Json, plate: str) -> None:
    """Let the reads of the purpose's case go."""
    async with node_client(settings, token) as client:
        done = await client.post(
            "/records/pins/removal", {"purpose": purpose, "plate": plate or None}
        )
    print(f"{done['reads']} reads are no longer pinned to {purpose['case_number']}")


async def show_pins(settings: Settings, token: Path | None, until: datetime | None) -> None:
    """Print the cases that keep reads, the next review first."""
    query = {"until": until.date().isoformat()} if until else {}
    async with node_client(settings, token) as client:
        cases = await client.get("/records/pins", **query)
    today = datetime.now(UTC).date()
    for case in cases:
        due = "  review is due" if date.fromisoformat(case["review_at"]) <= today else ""
        print(f"{case['case_number']}: {case['reads']} reads, review {case['review_at']}{due}")


async def erase(settings: Settings, token: Path | None, sent: Json) -> None:
    """Erase one plate, wait until its files are gone, and say what stays.

    RefusedError names the approval that another person has to give first.
    """
    async with node_client(settings, token) as client:
        state = await client.post("/records/erasures", sent)
        while state["erased"] is None:
            state = await client.get(f"/records/erasures/{state['erasure_id']}")
    done = state["erased"]
    print(
        f"{done['reads']} reads, {done['pictures']} pictures and {done['alerts']} alerts are "
        f"erased, statement {done['statement']}"
    )
    if done["pictures_shared"]:
        print(f"{done['pictures_shared']} pictures stay: reads of other plates have them too")
    if not done["all_gone"]:
        print(
            f"{done['under_alerts']} reads stay under alerts that are not decided, "
            f"{done['pinned']} pinned to {json.dumps(done['cases'])}, "
            f"{done['suspected_clones']} labels of suspected clones stay"
        )


def _at(at: datetime) -> str:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()


def _day(at: datetime | None) -> str | None:
    return at.date().isoformat() if at else None
