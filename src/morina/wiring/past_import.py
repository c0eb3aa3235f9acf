"""What ``morina records import`` does."""

import sys
from collections.abc import Sequence
from pathlib import Path

import httpx
import msgspec
from rich.console import Console

from morina.records.imports.keeping import TakenPast
from morina.records.imports.mapping import FileMapping, MappingError, mapping_of
from morina.records.imports.past import PastRead
from morina.records.imports.progress import Beside, Progress, ProgressError, sha256_of
from morina.records.imports.sending import Sending
from morina.settings import Settings
from morina.wiring.node_client import node_api, refusal_of
from morina.wiring.refused import RefusedError

FAULTS_SHOWN = 20
_AWAY = (429, 503)


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """How an import is done: go on where it ended, make cameras that are not there."""

    resume: bool = False
    make_cameras: bool = False


class PastDoor:
    """The node's door for reads of the past, over HTTP."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def take(self, source: str, past: Sequence[PastRead]) -> TakenPast:
        """See sending.Node; RefusedError for what the node will never take."""
        lines = msgspec.json.Encoder().encode_lines(past)
        form = {"files": {"file": ("part.jsonl", lines)}, "data": {"source": source}}
        answer = await self._sent("POST", "/records/imports", **form)
        return msgspec.json.decode(answer.content, type=TakenPast)

    async def make_cameras(self, mapping: FileMapping) -> list[str]:
        """Make the mapping's cameras the node does not have; their ids. RefusedError without place.

        A camera is never put anywhere by guess.
        """
        there = {one["camera_id"] for one in (await self._sent("GET", "/cameras")).json()}
        made = []
        for theirs, one in mapping.cameras.items():
            camera_id = one.camera_id or theirs
            if camera_id in there:
                continue
            if one.latitude is None or one.longitude is None:
                raise RefusedError(
                    f"[cameras] {theirs!r} has no place; write its latitude and longitude, or add "
                    f"it yourself: morina camera put {camera_id}"
                )
            told = one.model_dump(exclude={"camera_id"})
            names = {"name": one.name or theirs, "site": one.site or theirs}
            await self._sent("PUT", f"/cameras/{camera_id}", json=told | names)
            there.add(camera_id)
            made.append(camera_id)
        return made

    async def _sent(self, method: str, path: str, **more: object) -> httpx.Response:
        try:
            answer = await self._http.request(method, path, **more)  # type: ignore[arg-type]  # httpx's own arguments
        except httpx.TransportError as error:
            raise ConnectionError(str(error)) from None
        if answer.status_code in _AWAY:
            raise ConnectionError(f"the node answers {answer.status_code}")
        if answer.is_error:
            raise RefusedError(refusal_of(answer))
        return answer


async def run_import(
    settings: Settings, token: Path | None, file: Path, mapping_file: Path, ways: Ways
) -> bool:
    """Import a file, print what became of it; whether every row was kept."""
    try:
        mapping = mapping_of(mapping_file.read_bytes(), str(mapping_file))
        beside = Beside(file)
        sha256, mapped = sha256_of(file), sha256_of(mapping_file)
        begin = beside.resume if ways.resume else beside.begin
        async with node_api(settings, token) as http:
            door = PastDoor(http)
            made = await door.make_cameras(mapping) if ways.make_cameras else []
            sending = Sending(door, mapping, beside, begin(sha256, mapped), _shown)
            done = await sending.run()
    except (MappingError, ProgressError) as error:
        raise RefusedError(str(error)) from None
    except OSError as error:
        if isinstance(error, ConnectionError):
            raise RefusedError(
                "the node of this home does not answer; what was taken is noted: start the node "
                "and run the same command with --resume"
            ) from None
        raise RefusedError(f"{error.filename or file}: {error.strerror}") from None
    _print(sending, done, made)
    return done.refused == 0


def _shown(progress: Progress) -> None:
    """Say how far it is, where somebody looks."""
    if sys.stderr.isatty():
        rows = progress.kept + progress.refused
        print(f"\r{rows:,} rows, {progress.refused:,} refused", end="", file=sys.stderr, flush=True)


def _print(sending: Sending, done: Progress, made: Sequence[str]) -> None:
    console = Console(highlight=False, markup=False)
    if made:
        console.print(f"cameras made: {', '.join(made)}")
    console.print(
        f"{sending.beside.file.name}: {done.kept:,} rows kept ({done.unread:,} unread passages), "
        f"{done.refused:,} refused"
    )
    console.print("They were not matched with any hotlist and raise no alert.")
    if done.refused:
        console.print(f"Every row refused is in {sending.beside.report_file}, most often:")
        for fault, rows in sending.faults.most_common(FAULTS_SHOWN):
            console.print(f"  {rows:,} x {fault}")
