"""The demo: a node, three cameras at the crossing, a hotlist, and rendered traffic."""

import asyncio
import multiprocessing
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.demo.script import DEMO_LISTINGS, DemoListing, demo_script
from morina.demo.traffic import CameraScript, Clip, write_video
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.settings import Settings
from morina.watch import Action, Hotlist, SubjectCategory, VehicleOfInterest
from morina.watch.adapters.postgres import PostgresHotlists
from morina.wiring.node import run_node
from morina.wiring.operating import node_addresses

FPS = 8.0
CLIP_S = 60.0
EXPIRED_FOR_THE_DEMO_AFTER_S = 5.0

WHAT_TO_LOOK_AT = """
What passes, a minute of traffic played again and again (rendered; every plate is invented):
  arrivals    LN67KTE (UK)   listed as stolen: an exact hit. Open it and confirm it by eye.
  arrivals    K812XRD (UK)   KB12XRD is listed: a look-alike, 8 read where B is listed.
  departures  SV13LKE (RO)   SV13LKE is listed as British: another country, never exact.
  departures  YE57HVN (UK)   its listing has expired: no alert.
  A1 Kukës    KLBT204 (MNE)  KLBT204 is listed as German: another country, never exact.
  A1 Kukës    AB508KT (AL)   listed for trafficking: an exact hit, in infrared.
  arrivals    a muddy plate  an unread passage: no plate is guessed.
Open an alert with Enter, acknowledge it with a, type the plate you see, confirm with c.
Ctrl-C ends the demo and everything it started.
"""


async def run_demo(settings: Settings, keep: bool) -> None:
    """Play the demo until Ctrl-C; its folder is removed afterwards unless it is to be kept."""
    home = settings.home if keep else Path(tempfile.mkdtemp(prefix="morina-demo-"))
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)
    settings = settings.model_copy(update={"home": home})
    up = asyncio.Event()

    def say(text: str) -> None:
        print(text, WHAT_TO_LOOK_AT, sep="\n", flush=True)
        up.set()

    print("Starting the node; rendering three clips of traffic meanwhile ...", flush=True)
    try:
        async with _staged(settings, up):
            await run_node(settings, say)
    finally:
        if not keep:
            shutil.rmtree(home, ignore_errors=True)


@asynccontextmanager
async def _staged(settings: Settings, up: asyncio.Event) -> AsyncIterator[None]:
    """Render while the body runs, and put each camera up once its clip is there."""
    clips = settings.home / "clips"
    clips.mkdir(exist_ok=True)
    pool = ProcessPoolExecutor(
        2,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    staging = asyncio.create_task(_stage(settings, clips, pool, up))
    try:
        yield
    finally:
        staging.cancel()
        for child in multiprocessing.active_children():
            child.terminate()
        pool.shutdown(cancel_futures=True)
        await asyncio.gather(staging, return_exceptions=True)


async def _stage(
    settings: Settings, clips: Path, pool: ProcessPoolExecutor, up: asyncio.Event
) -> None:
    loop = asyncio.get_running_loop()
    scripts = demo_script()
    rendering = {
        asyncio.ensure_future(
            loop.run_in_executor(pool, write_video, clips / f"{name}.avi", script, FPS, CLIP_S)
        ): script
        for name, script in scripts.items()
    }
    await up.wait()
    async with AsyncConnectionPool(node_addresses(settings)["postgres"], open=False) as database:
        await _list_vehicles(PostgresHotlists(database, PostgresTrail()), datetime.now(UTC))
        await _put_up_cameras(PostgresCameras(database, PostgresTrail()), rendering, clips)


async def _put_up_cameras(
    registry: PostgresCameras,
    rendering: Mapping["asyncio.Future[Clip]", CameraScript],
    clips: Path,
) -> None:
    for script in rendering.values():
        await registry.put(_camera(script))
    for clip, script in rendering.items():
        await clip
        source = (clips / f"{script.camera_id}.avi").resolve().as_uri() + "?loop=1"
        await registry.put(_camera(script, source))
        print(f"{script.name}: traffic is on its way", flush=True)


def _camera(script: CameraScript, source: str = "") -> Camera:
    return Camera(
        camera_id=script.camera_id,
        name=script.name,
        site=script.site,
        latitude=script.latitude,
        longitude=script.longitude,
        bearing=script.bearing,
        source=source,
    )


async def _list_vehicles(store: PostgresHotlists, now: datetime) -> None:
    hotlists = await store.hotlists()
    hotlist = hotlists[0] if hotlists else await store.create(_hotlist(now))
    listings = [_listing(one, now) for one in DEMO_LISTINGS]
    await store.replace(hotlist.hotlist_id, listings, "demo")


def _hotlist(now: datetime) -> Hotlist:
    return Hotlist(
        hotlist_id=uuid4(),
        name="Joint task force",
        owner="Demo authority",
        purpose="Vehicles used by smuggling gangs (invented)",
        legal_basis="None: a demonstration with invented plates",
        review_at=(now + timedelta(days=90)).date(),
    )


def _listing(one: DemoListing, now: datetime) -> VehicleOfInterest:
    valid = timedelta(days=30) if one.in_force else timedelta(seconds=EXPIRED_FOR_THE_DEMO_AFTER_S)
    return VehicleOfInterest(
        listing_id=uuid4(),
        plate=one.listed,
        reason_code=one.reason,
        subject_category=SubjectCategory.SUSPECT,
        action=Action.STOP,
        owner_unit="Demo unit",
        contact_24h="+355 00 000 0000 (invented)",
        legal_basis="None: a demonstration",
        created_by="demo",
        valid_from=now - timedelta(days=1),
        valid_to=now + valid,
        review_at=(now + timedelta(days=30)).date(),
        priority=80 if one.in_force else 50,
        colour=one.colour,
        instruction="Compare the plate and the colour. Do not act on the text alone.",
        source_reference="DEMO",
    )
