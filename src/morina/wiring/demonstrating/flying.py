"""The demo's drone flight: rendered, worked through as any other, and held against its truth."""

import asyncio
import math
import os
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import acts_as
from morina.demo.aerial import CLIP, SPREAD, Judged, Scene, demo_scene, filmed, judged, write_sortie
from morina.sense.aerial import Sortie, SortieState, SortieStep
from morina.sense.aerial.adapters.raster_terrain import Stated, import_terrain
from morina.sense.aerial.adapters.terrain_folder import TerrainFolder
from morina.sense.aerial.roles import NewSortie, Sorties
from morina.sense.aerial.terrain.terrain_ground import TerrainGround
from morina.sense.aerial.terrain.tiles import TerrainDatum
from morina.settings import Settings
from morina.settings.seeing import StatedSpread
from morina.wiring.aerial.ground import terrain_folder
from morina.wiring.aerial.sorties import aerial_of
from morina.wiring.demonstrating.playing import tell
from morina.wiring.refused import RefusedError

FPS = 5.0
ORIGIN = (32.44111, -110.88556)
"""Of the scene, on the clip of terrain that is shipped."""

LE90_M = 10.0
REACH_M = 1500.0
PILOT = "pilot"
AIRFRAME = "rendered"
SPREADS = {AIRFRAME: StatedSpread(**asdict(SPREAD))}
"""What the rendered drone states of its errors: they are drawn from it."""

PATIENT_S = 1800.0
LOOK_EVERY_S = 1.0
AT_ONCE = 1 << 20


def the_scene() -> Scene:
    """What the rendered drone films."""
    return demo_scene(*ORIGIN)


def take_terrain(settings: Settings) -> Path:
    """Import the shipped clip where it is not yet; the folder of the node's terrain."""
    folder = terrain_folder(settings)
    if not TerrainFolder(folder).tiles():
        import_terrain([CLIP], folder, Stated(TerrainDatum.EGM96, LE90_M))
    return folder


def film(path: Path, terrain: Path, begins: datetime) -> int:
    """Render the flight into a file; how many pictures. For a process of its own: what OpenCV's
    encoder says of the container goes nowhere."""
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    ground = TerrainGround(TerrainFolder(terrain), reach_m=REACH_M)
    return write_sortie(path, filmed(the_scene(), ground, ground.height, begins, FPS), FPS)


async def fly(settings: Settings, pool: AsyncConnectionPool, path: Path) -> None:
    """Hand a film in as a pilot would, and say how far its tracks are from the truth. RefusedError
    where it is not worked through."""
    acts_as(PILOT)
    async with aerial_of(settings, pool) as aerial:
        sortie = await _handed_in(aerial.sorties, path)
        tell("a drone flight was handed in at AL: rendered over mountains that are not the border")
        await _worked(aerial.sorties, sortie)
        _say(judged(the_scene(), await aerial.sorties.tracks(sortie.sortie_id)))


async def _handed_in(sorties: Sorties, path: Path) -> Sortie:
    now = datetime.now(UTC)
    wanted = NewSortie(
        name="Rendered: ridge road at night", case_number="DEMO-AIR-1", officer=PILOT,
        task="look along the road for vehicles and people on foot (rendered, invented)",
        airframe=AIRFRAME, pilot=PILOT, rendered=True,
    )  # fmt: skip
    sortie = await sorties.plan(wanted, now)
    await sorties.step(sortie.sortie_id, SortieStep.CLEAR, PILOT, now)
    names = (path.name, path.name)
    return await sorties.take_in(sortie.sortie_id, None, _chunks(path), names, PILOT)


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as stream:
        while chunk := await asyncio.to_thread(stream.read, AT_ONCE):
            yield chunk


async def _worked(sorties: Sorties, sortie: Sortie) -> None:
    """Returns once it is worked through; RefusedError where it is not."""
    until = datetime.now(UTC) + timedelta(seconds=PATIENT_S)
    while datetime.now(UTC) < until:
        now = await sorties.sortie(sortie.sortie_id)
        if now.state is SortieState.READY:
            return
        if now.state is SortieState.FAILED:
            raise RefusedError(f"the rendered flight failed: {now.fault}")
        await asyncio.sleep(LOOK_EVERY_S)
    raise RefusedError(f"the rendered flight was not worked through in {PATIENT_S:.0f} s")


def _say(found: Sequence[Judged]) -> None:
    """The errors against the truth, in a line for each thing and one for all."""
    for name, count in sorted(Counter(one.name for one in found if one.name).items()):
        of_it = [one for one in found if one.name == name]
        tell(f"  {name}: {count} tracks, {sum(one.seconds for one in of_it):.0f} s, off by "
             f"{max(one.middle_m for one in of_it):.1f} m (median), "
             f"{max(one.p90_m for one in of_it):.1f} m (90 %)")  # fmt: skip
    right = [one for one in found if one.name]
    points = sum(one.points for one in right)
    if not points:
        tell("the flight gave no track of anything that moved")
        return
    off = median(one.middle_m for one in right)
    held = sum(one.held * one.points for one in right if math.isfinite(one.held)) / points
    tell(f"against the rendered truth: {len(right)} tracks of {len({one.name for one in right})} "
         f"of {len(the_scene().actors)} things, off by {off:.1f} m"
         f" (median); the 90 % ellipses hold {held:.0%} of {points} points; "
         f"{len(found) - len(right)} tracks of nothing. Look at /sorties as operator")  # fmt: skip
