"""The demo: three authorities; at AL three cameras, a hotlist and rendered traffic."""

import asyncio
import multiprocessing
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.passwords import new_password
from morina.accountability.adapters.postgres import PostgresUsers
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.demo.script import DEMO_LISTINGS, DemoListing, demo_script
from morina.demo.traffic import CameraScript, Clip, write_video
from morina.engines import Supervisor
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.settings import Node, Settings
from morina.watch import Action, Hotlist, SubjectCategory, VehicleOfInterest
from morina.watch.adapters.postgres import PostgresHotlists
from morina.wiring.demonstrating.authorities import (
    AL,
    Authority,
    authorities_of,
    start,
    take_directory,
)
from morina.wiring.demonstrating.flying import SPREADS, film, fly, take_terrain
from morina.wiring.demonstrating.officers import PEOPLE, let_in, played_desk
from morina.wiring.demonstrating.playing import play
from morina.wiring.demonstrating.watching import tell_sightings
from morina.wiring.ending import ended
from morina.wiring.node import run_node
from morina.wiring.operating import node_addresses
from morina.wiring.registry import cameras_of

FPS = 8.0
CLIP_S = 60.0
EXPIRED_FOR_THE_DEMO_AFTER_S = 5.0
OWNER = "Demo authority AL"
POLICY = "None: a demonstration with invented plates"
PARTNER_PORTS = (8601, 8602)
"""Where the desks of GB and XK are, unless told otherwise."""

Rendering = Mapping["asyncio.Future[Clip]", CameraScript]

WHAT_TO_LOOK_AT = """
What passes AL's cameras, a minute of traffic again and again (rendered; every plate is invented):
  arrivals    LN67KTE (UK)   listed by GB as stolen: an exact hit, on a partner's entry.
  arrivals    K812XRD (UK)   KB12XRD is listed: a look-alike, 8 read where B is listed.
  departures  SV13LKE (RO)   SV13LKE is listed as British: another country, never exact.
  departures  YE57HVN (UK)   its listing has expired: no alert.
  A1 Kukës    KLBT204 (MNE)  KLBT204 is listed as German: another country, never exact.
  A1 Kukës    AB508KT (AL)   listed for trafficking: an exact hit, in infrared.
  arrivals    a muddy plate  an unread passage: no plate is guessed.
From the air, at /sorties: ninety seconds of thermal video, rendered over mountains that are not
the border, with cars, a cyclist and walkers of known truth; its tracks are held against it.
Ctrl-C ends the demo and everything it started.
"""

YOURS = """
Now you. At AL's desk, {al}, as operator: open the alert "Stolen, exact match" of
arrivals with Enter, acknowledge it with a, type the plate you see in the picture, confirm with c.
Only what a person confirmed by eye is told: within seconds the sighting stands at GB's desk.

What was played, to look at; accounts and password are the same at each desk:
  GB  {gb}
      investigator  /ask, /follow-ups           its questions to AL, the details AL released
      liaison       /partners, /deliveries      who tells whom what, and what passed
      operator      /sightings                  what you confirmed at AL
  AL  {al}
      liaison       /follow-ups, /partners      the same follow-up as its owner sees it
      operator      /sorties                    the drone flight: name a track, "someone in trouble"
      rescuer       /rescues                    what mountain rescue sees of it: a place and words
  XK  {xk}
      liaison       /operations                 the joint operation AL began
      operator      /hotlists                   AL's list as XK has it
"""


async def run_demo(
    settings: Settings, keep: bool, partner_ports: tuple[int, int] = PARTNER_PORTS
) -> None:
    """Play the demo until Ctrl-C; its folder is removed afterwards unless it is to be kept."""
    home = settings.home if keep else Path(tempfile.mkdtemp(prefix="morina-demo-"))
    try:
        answers = settings.node if settings.node.owner else Node(owner=OWNER, policy=POLICY)
        aerial = settings.aerial.model_copy(update={"spreads": settings.aerial.spreads | SPREADS})
        changed = settings.model_copy(update={"home": home, "node": answers, "aerial": aerial})
        authorities = await asyncio.to_thread(authorities_of, changed, partner_ports)
        await _run(authorities)
    finally:
        if not keep:
            shutil.rmtree(home, ignore_errors=True)


async def _run(authorities: Sequence[Authority]) -> None:
    up = asyncio.Event()

    def say(text: str) -> None:
        print(text, WHAT_TO_LOOK_AT, sep="\n", flush=True)
        up.set()

    print("Starting the node of AL; rendering three clips of traffic meanwhile ...", flush=True)
    async with _staged(authorities, up):
        await run_node(authorities[0].settings, say)


@asynccontextmanager
async def _staged(authorities: Sequence[Authority], up: asyncio.Event) -> AsyncIterator[None]:
    """Render while the body runs, put each camera up once its clip is there, and play."""
    clips, partners = authorities[0].settings.home / "clips", (Supervisor(), Supervisor())
    clips.mkdir(exist_ok=True)
    pool = ProcessPoolExecutor(
        2,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    rendering = _rendering(clips, pool)
    played = [
        asyncio.create_task(_stage(authorities, (clips, rendering), partners, up)),
        asyncio.create_task(_fly(authorities[0].settings, pool, clips / "flight.ts", up)),
    ]
    for one in played:
        one.add_done_callback(_say_why_it_ended)
    try:
        yield
    finally:
        for one in played:
            one.cancel()
        for child in multiprocessing.active_children():
            child.terminate()
        pool.shutdown(cancel_futures=True)
        await asyncio.gather(*played, return_exceptions=True)
        await asyncio.gather(*(one.stop() for one in partners))


def _rendering(clips: Path, pool: ProcessPoolExecutor) -> Rendering:
    loop = asyncio.get_running_loop()
    return {
        asyncio.ensure_future(
            loop.run_in_executor(pool, write_video, clips / f"{name}.avi", script, FPS, CLIP_S)
        ): script
        for name, script in demo_script().items()
    }


def _say_why_it_ended(staging: "asyncio.Task[None]") -> None:
    """The desks go on without what could not be staged."""
    if not staging.cancelled() and (error := staging.exception()):
        print(f"The demo is not whole: {error}", file=sys.stderr, flush=True)


async def _stage(
    authorities: Sequence[Authority], filmed: tuple[Path, Rendering],
    partners: Sequence[Supervisor], up: asyncio.Event,
) -> None:  # fmt: skip
    await up.wait()
    settings, password = authorities[0].settings, new_password()
    async with AsyncConnectionPool(node_addresses(settings)["postgres"], open=False) as database:
        if await let_in(PostgresUsers(database), password):
            print(f"Sign in as {', '.join(PEOPLE)} with this password:\n  {password}", flush=True)
            print("Alerts are handled by: operator", flush=True)
        await _list_vehicles(PostgresHotlists(database, PostgresTrail()), datetime.now(UTC))
        registry = cameras_of(settings, database, PostgresTrail())
        both = [
            asyncio.create_task(_put_up_cameras(registry, filmed[1], filmed[0])),
            asyncio.create_task(_exchange(authorities, partners, password)),
        ]
        for one in both:
            one.add_done_callback(_say_why_it_ended)
        try:
            await asyncio.wait(both)
        finally:
            await ended(both)


async def _fly(
    settings: Settings, rendering: ProcessPoolExecutor, path: Path, up: asyncio.Event
) -> None:
    """Render a drone flight after the traffic, and have it worked through; once."""
    flown = settings.home / "flown"
    if flown.exists():
        return
    terrain = await asyncio.to_thread(take_terrain, settings)
    loop = asyncio.get_running_loop()
    filming = loop.run_in_executor(rendering, film, path, terrain, datetime.now(UTC))
    await up.wait()
    await filming
    async with AsyncConnectionPool(node_addresses(settings)["postgres"], open=False) as database:
        await fly(settings, database, path)
    flown.touch()


async def _exchange(
    authorities: Sequence[Authority], supervisors: Sequence[Supervisor], password: str
) -> None:
    """Start the partners, play once what is played, and tell of sightings for ever."""
    played = authorities[0].settings.home / "played"
    al, gb, xk = authorities
    print("Starting the nodes of GB and XK ...", flush=True)
    for one, supervisor in zip((gb, xk), supervisors, strict=True):
        await start(one, supervisor)
        print(f"The desk of {one.node_id} is at {one.url}", flush=True)
    async with AsyncExitStack() as stack:
        for one in authorities:
            await take_directory(one)
        desks = [await stack.enter_async_context(played_desk(one, password)) for one in authorities]
        if not played.exists():
            await play(desks, [one for one in DEMO_LISTINGS if one.owner == gb.node_id])
            played.touch()
        print(YOURS.format(al=al.url, gb=gb.url, xk=xk.url), flush=True)
        await tell_sightings(desks[1])


async def _put_up_cameras(
    registry: PostgresCameras,
    rendering: Rendering,
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
    own = [one for one in await store.hotlists() if not one.owner_node]
    hotlist = own[0] if own else await store.create(_hotlist(now))
    listings = [_listing(one, now) for one in DEMO_LISTINGS if one.owner == AL]
    await store.replace(hotlist.hotlist_id, listings, "demo")


def _hotlist(now: datetime) -> Hotlist:
    return Hotlist(
        hotlist_id=uuid4(),
        name="Joint task force",
        owner=OWNER,
        purpose="Vehicles used by smuggling gangs (invented)",
        legal_basis=POLICY,
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
        contact_24h="00 355 000 0000 (invented)",
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
