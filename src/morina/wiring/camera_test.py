"""``morina camera test``: what is wrong with a camera that films, and how to mend it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean
from time import monotonic, sleep

import numpy as np
from rich.console import Console
from rich.table import Table

from morina.sense.cameras import Camera, SourceState
from morina.sense.cameras.adapters import rtsp_asking
from morina.sense.cameras.adapters.postgres_states import PostgresStates
from morina.sense.cameras.frames import Filmed, Frame, Image, Picture, SourceError
from morina.sense.cameras.sources import Kind, Source, parse
from morina.sense.cameras.stills import pixels
from morina.sense.recogniser.reading import Recogniser
from morina.settings import Settings
from morina.wiring.operating import node_database
from morina.wiring.recogniser import recogniser
from morina.wiring.refused import RefusedError
from morina.wiring.registry import cameras_of
from morina.wiring.sources import opener, reach_of, within

LOOK_FOR_S = 15.0
AGAIN_S = 2.0
FRAMES_WANTED = 15
FRAMES_READ = 3
DARK, BRIGHT = 25.0, 235.0
SMALL_PLATE = 70.0
"""Pixels across, below which reading gets worse (docs/reading.md)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was found, and how to mend it."""

    what: str
    well: bool
    found: str
    mend: str = ""


async def test_camera(settings: Settings, name: str) -> None:
    """Print what is found; RefusedError when something is wrong, so that the status tells."""
    async with node_database(settings) as pool:
        cameras = await cameras_of(settings, pool).cameras()
        states = await PostgresStates(pool).states()
    camera = next((one for one in cameras if name in (one.camera_id, one.name)), None)
    if camera is None:
        raise RefusedError(f"no camera {name!r}; morina camera list shows those there are")
    if not camera.source:
        raise RefusedError(f"{name} has no source: it sends by itself, and is not followed")
    findings = list(_findings(camera, states.get(camera.camera_id), settings))
    table = Table("", "Looked at", "Found", "To mend it", title=f"{camera.name}, {camera.site}")
    for one in findings:
        table.add_row("ok" if one.well else "WRONG", one.what, one.found, one.mend)
    Console().print(table)
    if wrong := [one.what for one in findings if not one.well]:
        raise RefusedError(f"{name}: {', '.join(wrong)}")


def _findings(camera: Camera, state: SourceState | None, settings: Settings) -> Iterator[Finding]:
    source = parse(camera.source)
    yield Finding("source", True, source.shown)
    if state is not None:
        yield followed(state)
    if source.kind is Kind.RTSP:
        try:
            found = ", ".join(rtsp_asking.asked(within(reach_of(settings), source)))
            yield Finding("name, port, login, codec", True, found)
        except SourceError as error:
            yield _wrong("name, port, login, codec", error)
            return
    open_source = opener(settings.reading, reach_of(settings))
    try:
        images, seconds = looked(lambda: open_source(camera.source).frames(), source)
    except SourceError as error:
        yield _wrong("pictures", error)
        return
    yield from judged(images, seconds)
    if images:
        yield plates_in(images, recogniser(settings.reading))


def followed(state: SourceState) -> Finding:
    """What the process that follows the camera said last; only now connecting is no fault."""
    if state.connected_at is None:
        found = state.last_error or "connecting, no picture yet"
        return Finding("the node's word", not state.last_error, found, "see below")
    at = f"{state.frames_per_s:.1f} frames/s, {state.dropped} dropped since it was started"
    return Finding("the node's word", True, at)


def _wrong(what: str, error: SourceError) -> Finding:
    found, _, mend = str(error).rpartition("; ")
    return Finding(what, False, found or mend, mend if found else "")


def looked(films: Callable[[], Iterator[Filmed]], source: Source) -> tuple[list[Image], float]:
    """Some pictures and the seconds from the first to the last. A folder's are not taken.

    A camera may refuse one more viewer for a moment, so it is asked again before it is called wrong
    with a SourceError.
    """
    try:
        return _shown(films(), source)
    except SourceError:
        sleep(AGAIN_S)
        return _shown(films(), source)


def _shown(films: Iterator[Filmed], source: Source) -> tuple[list[Image], float]:
    if source.kind is Kind.FOLDER:
        films = (one for one in films if not isinstance(one, Frame))
    images: list[Image] = []
    began = first = last = monotonic()
    for filmed in films:
        image = pixels(filmed.content) if isinstance(filmed, Picture) else None
        image = filmed.image if isinstance(filmed, Frame) else image
        if image is not None:
            last = monotonic()
            first = last if not images else first
            images.append(image)
        if isinstance(filmed, Picture) or len(images) >= FRAMES_WANTED:
            break
        if monotonic() - began > LOOK_FOR_S + source.every_s:
            break
    return images, last - first


def judged(images: Sequence[Image], seconds: float) -> Iterator[Finding]:
    """What the pictures say of the camera."""
    if not images:
        mend = "look at the camera's own page; put a file into the folder, then test again"
        yield Finding("pictures", False, f"none in {LOOK_FOR_S:.0f} s", mend)
        return
    height, width = images[0].shape[:2]
    rate = f", {(len(images) - 1) / seconds:.1f} a second" if seconds > 0 else ""
    yield Finding("pictures", True, f"{width} x {height}{rate}")
    light = mean(float(np.mean(image[::4, ::4])) for image in images)
    mends = {True: "light the lane, or open the shutter for longer", False: "shade or close it"}
    well = DARK <= light <= BRIGHT
    yield Finding("light", well, f"{light:.0f} of 255", "" if well else mends[light < DARK])


def plates_in(images: Sequence[Image], reader: Recogniser) -> Finding:
    """How large the plates are that can be read."""
    readings = [one for shown in reader.read(list(images[-FRAMES_READ:])) for one in shown]
    if not readings:
        return Finding("plates", True, "none in view just now; test again when a vehicle passes")
    across = max(one.box[2] - one.box[0] for one in readings)
    well = across >= SMALL_PLATE
    mend = "" if well else "zoom in, come nearer, or choose the larger stream"
    return Finding("plates", well, f"{across:.0f} pixels across", mend)
