"""What ``morina records export``, ``verify`` and ``key`` do."""

import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console

from morina.accountability.signing import PublicKey, SignatureError, Signer
from morina.engines import Home
from morina.records.exports.checking import Checked, check
from morina.records.exports.manifest import MANIFEST, ManifestError, is_name
from morina.settings import Settings
from morina.wiring.asking_commands import ASK, Wanted, asked
from morina.wiring.node_client import node_client
from morina.wiring.refused import RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """Where an export is put and how its rows are written."""

    folder: Path
    form: str
    pictures: bool
    approval: str = ""


async def run_export(
    settings: Settings, token: Path | None, wanted: Wanted, taking: Taking
) -> None:
    """Ask, take the answer out into a new folder, check it, and say what it holds."""
    try:
        taking.folder.mkdir(parents=True)
    except FileExistsError:
        raise RefusedError(f"{taking.folder} is there already; name a new folder") from None
    except OSError as error:
        raise RefusedError(f"{taking.folder}: {error.strerror}") from None
    try:
        await _export(settings, token, wanted, taking)
    except RefusedError:
        with suppress(OSError):
            taking.folder.rmdir()  # nothing came; what did come stays to be looked at
        raise


async def _export(settings: Settings, token: Path | None, wanted: Wanted, taking: Taking) -> None:
    async with node_client(settings, token) as client:
        zone = ZoneInfo((await client.get("/me"))["time_zone"])
        state = await asked(client, wanted, zone)
        sent: dict[str, object] = {"format": taking.form, "pictures": taking.pictures}
        if taking.approval:
            sent["approval_id"] = taking.approval
        with tempfile.TemporaryDirectory(dir=taking.folder) as beside:
            packed = Path(beside) / "export.zip"
            await client.download(f"{ASK}/{state['question_id']}/export", sent, packed)
            _unpack(packed, taking.folder)
        key = PublicKey((await client.get("/records/signing-key"))["public_key"])
    _tell(_checked(taking.folder, key))


def run_verify(folder: Path, key: str) -> None:
    """Say whether an export is as a node gave it; RefusedError where it is not."""
    try:
        _tell(_checked(folder, PublicKey(key.strip().lower()) if key else None))
    except SignatureError as error:
        raise RefusedError(str(error)) from None


def show_key(settings: Settings) -> None:
    """Print the public key of the node of this home."""
    home = Home(Path(settings.home).resolve())
    try:
        if not (home.path / "secrets" / "signing").exists():
            raise RefusedError(f"no node has run on {home.path}; start one with: morina up")
        public = Signer.of(home.secret("signing")).public
    except OSError as error:
        raise RefusedError(f"{error.filename}: {error.strerror}") from None
    except SignatureError as error:
        raise RefusedError(str(error)) from None
    print(public.text)
    print(f"fingerprint {public.fingerprint}")


def _unpack(packed: Path, folder: Path) -> None:
    """Only files an export may hold, each in its place."""
    try:
        with zipfile.ZipFile(packed) as archive:
            for one in archive.infolist():
                if not is_name(one.filename) and one.filename != MANIFEST:
                    raise RefusedError(f"the node sent a file called {one.filename[:80]!r}")
                archive.extract(one, folder)
    except zipfile.BadZipFile:
        raise RefusedError("what the node sent is broken; take it out again") from None


def _checked(folder: Path, key: PublicKey | None) -> Checked:
    """RefusedError with every fault."""
    try:
        checked = check(folder, key)
    except ManifestError as error:
        raise RefusedError(str(error)) from None
    if checked.faults:
        raise RefusedError(f"{folder} does not hold: " + "; ".join(checked.faults))
    return checked


def _tell(checked: Checked) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    try:
        lines = _lines(checked.statement)
    except (KeyError, TypeError):
        raise RefusedError(f"{MANIFEST} does not say what was asked and by whom") from None
    for line in lines:
        console.print("".join(c if c.isprintable() else "?" for c in line))
    signed = checked.signed_by.fingerprint
    if checked.by_key:
        console.print(f"the signature holds, by the key {signed}")
    else:
        console.print(
            f"nothing was changed since it was signed, by the key {signed}; that it is the node's, "
            "morina records key says there: give it with --key"
        )


def _lines(said: Mapping[str, Any]) -> list[str]:
    why = said["purpose"]
    lines = [
        f"{said['rows']} rows for case {why['case_number']}, audit reference "
        f"{said['audit_reference']}, made {said['made_at']} for {said['officer']}",
        f"purpose: {why['code']}, {why['legal_basis']}, {why['justification']}",
    ]
    for one in said["asked"]:
        lines.append(f"asked ({one['audit_reference']}): {one['question']}")
        lines.append(f"looked at: {one['looked_at']}")
    if said["incomplete"]:
        lines.append(f"not complete: {said['incomplete']}")
    if said["pictures_missing"]:
        lines.append(
            f"{len(said['pictures_missing'])} pictures are not in it; the manifest says why"
        )
    return lines
