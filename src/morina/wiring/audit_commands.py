"""What ``morina audit verify`` and ``morina audit export`` do."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from morina.accountability.adapters.folder_checkpoints import FolderCheckpoints
from morina.accountability.adapters.postgres_overseen import PostgresOverseen
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.checkpoints import Checkpoint
from morina.accountability.digests import Digests
from morina.accountability.signing import PublicKey, SignatureError, Signer
from morina.accountability.trail import Entry
from morina.accountability.trail_check import Verified, verify
from morina.accountability.trail_file import read_file
from morina.engines import Home
from morina.settings import Settings
from morina.wiring.operating import node_database
from morina.wiring.refused import RefusedError
from morina.wiring.trail import checkpoints_of
from morina.wiring.trail_chain import NodeChain, enter_check

FAULTS_SHOWN = 20


async def verify_trail(
    settings: Settings, file: Path | None, key: str, copies: Path | None = None
) -> None:
    """Check the trail of the running node, or a file, against its own checkpoints or the copies in
    a folder; RefusedError names every fault."""
    entries: Iterable[Entry | None]
    try:
        given = PublicKey(key.strip().lower()) if key else None
        kept = await asyncio.to_thread(_copied, copies) if copies else None
        if file:
            entries, points = _of_file(file)
            points = kept or points
            by = given or _named(points)
            outcome = verify(entries, points, by)
        else:
            by = given = given or _signer(settings).public
            points = kept or checkpoints_of(Path(settings.home)).all()
            outcome = await _of_node(settings, by, points)
        _tell(outcome, bool(given), by)
    except SignatureError as error:
        raise RefusedError(str(error)) from None


async def export_trail(settings: Settings, file: Path) -> None:
    """Write the whole trail with its checkpoints to a new file, sealed to its end.

    That it was given out is in the trail, and in the file.
    """
    signer, points = _signer(settings), checkpoints_of(Path(settings.home))
    try:
        async with node_database(settings) as pool:
            lines = NodeChain(pool, points, signer).given_out(file.name)
            with file.open("xb") as written:
                async for line in lines:
                    written.write(line)
            newest = points.newest()
    except FileExistsError:
        raise RefusedError(f"{file} is there already; name a new file") from None
    except OSError as error:
        raise RefusedError(f"{file}: {error.strerror}") from None
    except ValueError as error:  # an entry or a checkpoint that cannot be read
        raise RefusedError(str(error)) from None
    print(f"{newest.last if newest else 0} entries, sealed by the key {signer.public.fingerprint}")


def _of_file(file: Path) -> tuple[Iterable[Entry | None], list[Checkpoint]]:
    try:
        return read_file(file.read_bytes().splitlines())
    except OSError as error:
        raise RefusedError(f"{file}: {error.strerror}") from None


def _copied(folder: Path) -> list[Checkpoint]:
    found = FolderCheckpoints(folder).all()
    if not found:
        raise RefusedError(f"{folder} holds no checkpoint; name a folder with copies of them")
    return found


async def _of_node(settings: Settings, by: PublicKey, points: Sequence[Checkpoint]) -> Verified:
    """Checkpoints were read first, consultations before the entries: what is entered meanwhile is
    more than they hold. That it was checked is entered."""
    async with node_database(settings) as pool:
        trail = PostgresTrailReader(pool)
        kept = [one async for one in PostgresOverseen(pool).all()]
        entries = [one async for one in trail.raw()]
        outcome = verify(entries, points, by)
        digests = Digests.of(entries)
        kept += await PostgresOverseen(pool).numbered(
            digests.asked.keys() - {k.number for k in kept}
        )
        outcome = replace(outcome, found=(*outcome.found, *digests.faults(kept)))
        await enter_check(trail, outcome)
        return outcome


def _signer(settings: Settings) -> Signer:
    home = Home(Path(settings.home).resolve())
    if not (home.path / "secrets" / "signing").exists():
        raise RefusedError(f"no node has run on {home.path}; start one with: morina up")
    return Signer.of(home.secret("signing"))


def _named(points: list[Checkpoint]) -> PublicKey:
    if not points:
        raise RefusedError("no checkpoint is in the file; give the node's key with --key")
    return PublicKey(points[-1].key)


def _tell(outcome: Verified, by_key: bool, key: PublicKey) -> None:
    if outcome.found:
        shown = [f"  {one}" for one in outcome.found[:FAULTS_SHOWN]]
        more = len(outcome.found) - FAULTS_SHOWN
        shown += [f"  and {more} more"] if more > 0 else []
        raise RefusedError("\n".join(["the trail does not hold:", *shown]))
    print(f"{outcome.count} entries hold; sealed to number {outcome.sealed_to}")
    said = "" if by_key else "; that it is the node's, morina records key says there"
    print(f"sealed by the key {key.fingerprint}{said}")
