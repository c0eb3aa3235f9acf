"""What the commands do on a node that is running."""

import json
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from getpass import getpass, getuser
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg_pool import AsyncConnectionPool
from rich.console import Console
from rich.table import Table

from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.accountability.trail import Act, Deed, What, acts_as
from morina.sense.cameras import Camera, NoSuchCameraError
from morina.sense.cameras.adapters.postgres_pushing import PostgresPushing
from morina.sense.cameras.pushing import PushingCamera
from morina.settings import Settings
from morina.watch import FileFormat, Hotlist, RefusedFileError, dump_hotlist, parse_hotlist
from morina.watch.adapters.postgres import PostgresHotlists
from morina.wiring.decoding import MAKERS
from morina.wiring.refused import RefusedError
from morina.wiring.registry import cameras_of

ROW_ERRORS_SHOWN = 50


def new_id() -> UUID:
    """An id for something new."""
    return uuid4()


def node_addresses(settings: Settings) -> dict[str, str]:
    """Where the running node of this home answers: url, postgres, nats."""
    file = Path(settings.home) / "run" / "node.json"
    if not file.exists():
        raise RefusedError(
            f"no node has run on {Path(settings.home).resolve()}; "
            "start one with: morina up, or name its folder with --home"
        )
    addresses: dict[str, str] = json.loads(file.read_text())
    return addresses


@asynccontextmanager
async def node_database(settings: Settings) -> AsyncIterator[AsyncConnectionPool]:
    """The database of the running node, in which whoever sits at the console acts."""
    dsn = node_addresses(settings)["postgres"]
    try:
        (await psycopg.AsyncConnection.connect(dsn, connect_timeout=5)).pgconn.finish()
    except psycopg.OperationalError:
        raise RefusedError("the node of this home does not run; start it with: morina up") from None
    acts_as(officer_at_console())
    async with AsyncConnectionPool(dsn, open=False, min_size=1, max_size=2) as pool:
        yield pool


async def show_hotlists(settings: Settings) -> None:
    """Print the hotlists as a table."""
    async with node_database(settings) as pool:
        rows = await PostgresHotlists(pool, PostgresTrail()).hotlists()
    table = Table("Name", "Owner", "Version", "Review", "Legal basis")
    for row in rows:
        table.add_row(row.name, row.owner, str(row.version), str(row.review_at), row.legal_basis)
    Console().print(table)


async def create_hotlist(settings: Settings, new: Hotlist) -> None:
    """Store a new, empty hotlist."""
    async with node_database(settings) as pool:
        try:
            await PostgresHotlists(pool, PostgresTrail()).create(new)
        except ValueError as error:
            raise RefusedError(str(error)) from None
    print(f"{new.name}: created, empty")


async def import_hotlist(settings: Settings, file: Path, name: str) -> None:
    """Make a file the whole content of a hotlist; every bad row is named, then nothing is done."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise RefusedError(f"{file}: {error.strerror}") from None
    form: FileFormat = "json" if file.suffix.lower() == ".json" else "csv"
    async with node_database(settings) as pool:
        store = PostgresHotlists(pool, PostgresTrail())
        listed = await own_hotlist(store, name)
        try:
            listings = parse_hotlist(content, form, now=datetime.now(UTC))
        except RefusedFileError as refused:
            raise RefusedError(_row_errors(file, refused)) from None
        changed = await store.replace(listed.hotlist_id, listings, officer_at_console())
    print(f"{name}: {len(listings)} entries, version {changed.version}")


async def export_hotlist(settings: Settings, name: str, form: str) -> None:
    """Write a hotlist's content to standard output."""
    async with node_database(settings) as pool:
        store = PostgresHotlists(pool, PostgresTrail())
        hotlist_id = (await own_hotlist(store, name)).hotlist_id
        listings = await store.listings(hotlist_id)
        what = What("hotlist", (str(hotlist_id),), f"taken out as {form}")
        await PostgresTrailReader(pool).enter(Deed(act=Act.EXPORT, what=what))
    sys.stdout.buffer.write(dump_hotlist(listings, "json" if form == "json" else "csv"))


async def show_cameras(settings: Settings) -> None:
    """Print the cameras as a table."""
    async with node_database(settings) as pool:
        cameras = await cameras_of(settings, pool, PostgresTrail()).cameras()
    table = Table("Id", "Name", "Site", "Place", "Source")
    for one in cameras:
        place = f"{one.latitude:.5f}, {one.longitude:.5f}"
        source = one.shown().source or "pushes"
        table.add_row(one.camera_id, one.name, one.site, place, source)
    Console().print(table)


async def put_camera(
    settings: Settings, camera_id: str, place: tuple[float, float], fields: Mapping[str, Any]
) -> None:
    """Add or change a camera at (latitude, longitude)."""
    latitude, longitude = place
    try:
        new = Camera(camera_id=camera_id, latitude=latitude, longitude=longitude, **fields)
    except ValueError as error:
        raise RefusedError(str(error)) from None
    async with node_database(settings) as pool:
        try:
            await cameras_of(settings, pool, PostgresTrail()).put(new)
        except ValueError as error:
            raise RefusedError(str(error)) from None
    print(f"{camera_id}: kept")


async def add_pushing(
    settings: Settings,
    camera_id: str,
    fields: Mapping[str, Any],
    pairs: Mapping[str, Sequence[str]],
) -> None:
    """Let a camera push, and print what to type into it; a pulled one's login is asked for."""
    if fields["maker"] not in MAKERS:
        raise RefusedError(f"maker is unknown; use one of {', '.join(sorted(MAKERS))}")
    try:
        key = (settings.home / "secrets" / "cameras").read_text()
        split: dict[str, Any] = {name: _pairs(given) for name, given in pairs.items()}
        camera = PushingCamera(camera_id=camera_id, **fields, **split)
        login = getpass("user:password at the camera: ") if camera.pull_url else ""
        async with node_database(settings) as pool:
            secret = await PostgresPushing(pool, key, PostgresTrail()).put(camera, login)
    except OSError:
        raise RefusedError("this home has no node yet; start one with: morina up") from None
    except (ValueError, NoSuchCameraError) as error:
        raise RefusedError(f"{error}; morina camera put adds one") from None
    told = "its list is asked for" if camera.pull_url else f"push to /push/{secret}/ on this node"
    print(f"{camera_id}: {told}")


def _pairs(given: Sequence[str]) -> dict[str, str]:
    """NAME=VALUE as a mapping; ValueError."""
    pairs = [one.partition("=") for one in given]
    if not all(name and sign for name, sign, _ in pairs):
        raise ValueError("write NAME=VALUE")
    return {name: value for name, _, value in pairs}


async def remove_camera(settings: Settings, camera_id: str) -> None:
    """Remove a camera."""
    async with node_database(settings) as pool:
        try:
            await cameras_of(settings, pool, PostgresTrail()).remove(camera_id)
        except NoSuchCameraError as error:
            raise RefusedError(str(error)) from None
    print(f"{camera_id}: removed")


async def own_hotlist(store: PostgresHotlists, name: str) -> Hotlist:
    """The list of this node with that name; RefusedError."""
    named = [one for one in await store.hotlists() if one.name == name]
    for hotlist in named:
        if not hotlist.owner_node:
            return hotlist
    if named:
        raise RefusedError(f"{name} is a list of {named[0].owner_node}; only its owner changes it "
                           "or gives it to others: ask them")  # fmt: skip
    raise RefusedError(f"no hotlist {name!r}; morina hotlist list shows those there are, "
                       "morina hotlist create makes one")  # fmt: skip


def _row_errors(file: Path, refused: RefusedFileError) -> str:
    lines = [f"{file}: nothing was imported; mend these and import it again"]
    lines += [f"  {error}" for error in refused.errors[:ROW_ERRORS_SHOWN]]
    if len(refused.errors) > ROW_ERRORS_SHOWN:
        lines.append(f"  and {len(refused.errors) - ROW_ERRORS_SHOWN} more")
    return os.linesep.join(lines)


def officer_at_console() -> str:
    """Who acts there."""
    return f"console:{getuser()}"
