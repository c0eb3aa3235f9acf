"""Traffic past a camera, from a script, as a video file with its ground truth."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import cv2

from morina.demo.marks import Picture
from morina.demo.plates import Look
from morina.demo.scenes import Appearance, Scene, Stage, appear
from morina.demo.vehicles import Corners, Drawn, Heading, Kind, plate_corners_at
from morina.plates import Plate

READABLE_PX = 60.0
"""A plate narrower than this in the picture is not expected to be read."""

SHUTTER_S = 1 / 500
_FARTHEST_M = 70.0
_CODEC = "MJPG"


class VideoWriteError(OSError):
    """The video file cannot be written; check the folder and the free space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """One vehicle passing: its plate is nearest the camera ``at_s`` into the clip."""

    plate: Plate
    at_s: float
    kind: Kind = Kind.CAR
    paint: str = "silver"
    speed_ms: float = 5.0
    look: Look = field(default_factory=Look)
    unreadable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraScript:
    """A camera of the demo and what passes it. Coordinates are illustrative, WGS 84 degrees."""

    camera_id: str
    name: str
    site: str
    latitude: float
    longitude: float
    bearing: float
    heading: Heading
    scene: Scene
    passings: tuple[Passing, ...]
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """When a passing's plate could be read: first and last frame it was wide enough and whole.

    ``corners`` are those of its plate in the frame at ``best_s``, where it is widest. A passing
    whose plate was never wide enough is not seen.
    """

    passing: Passing
    first_seen_s: float
    last_seen_s: float
    best_s: float
    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Clip:
    """A video written, and what it shows."""

    path: Path
    fps: float
    frames: int
    seen: tuple[Seen, ...]


def distance_at(script: CameraScript, passing: Passing, at_s: float) -> float:
    """How far ahead of the camera the vehicle's near end is, metres; negative once past it."""
    travelled = passing.speed_ms * (at_s - passing.at_s)
    nearest = 4.0 if passing.kind is Kind.CAR else 4.4
    return nearest + travelled * (-1 if script.heading is Heading.APPROACHING else 1)


def write_video(path: Path, script: CameraScript, fps: float = 8.0, seconds: float = 60.0) -> Clip:
    """Render a script into a Motion JPEG ``.avi``; VideoWriteError when it cannot be written."""
    view = script.scene.view
    writer = cv2.VideoWriter(
        str(path), cv2.VideoWriter.fourcc(*_CODEC), fps, (view.width, view.height)
    )
    if not writer.isOpened():
        raise VideoWriteError(f"cannot write {path}; is the folder there and the disk not full?")
    frames = round(fps * seconds)
    try:
        for picture in _frames(script, fps, frames):
            writer.write(picture)
    finally:
        writer.release()
    return Clip(path, fps, frames, what_is_seen(script, fps, frames))


def write_videos(
    folder: Path, scripts: Mapping[str, CameraScript], fps: float = 8.0, seconds: float = 60.0
) -> dict[str, Clip]:
    """Each camera's video as ``folder/<camera_id>.avi``, one process for each camera."""
    with ProcessPoolExecutor(len(scripts), mp_context=get_context("spawn")) as pool:
        jobs = {
            camera_id: pool.submit(write_video, folder / f"{camera_id}.avi", script, fps, seconds)
            for camera_id, script in scripts.items()
        }
        return {camera_id: job.result() for camera_id, job in jobs.items()}


def what_is_seen(script: CameraScript, fps: float, frames: int) -> tuple[Seen, ...]:
    """The ground truth of a clip, by passing, in the order of the script."""
    seen = (_seen(script, passing, fps, frames) for passing in script.passings)
    return tuple(found for found in seen if found is not None)


def _frames(script: CameraScript, fps: float, frames: int) -> Iterator[Picture]:
    stage = Stage(script.scene, script.seed)
    drawn = [_drawn(script, passing) for passing in script.passings]
    for index in range(frames):
        standing = []
        for passing, vehicle in zip(script.passings, drawn, strict=True):
            distance = distance_at(script, passing, index / fps)
            if -vehicle.body.length < distance < _FARTHEST_M:
                standing.append((vehicle, distance, passing.speed_ms * SHUTTER_S))
        yield stage.frame(standing)


def _drawn(script: CameraScript, passing: Passing) -> Drawn:
    vehicle = Appearance(
        plate=passing.plate,
        kind=passing.kind,
        paint=passing.paint,
        look=passing.look,
        muddy=passing.unreadable,
    )
    return appear(script.scene, vehicle, script.heading, script.seed)


def _seen(script: CameraScript, passing: Passing, fps: float, frames: int) -> Seen | None:
    vehicle = _drawn(script, passing)
    readable: list[tuple[float, float, Corners]] = []
    for index in range(frames):
        at_s = index / fps
        distance = distance_at(script, passing, at_s)
        corners = plate_corners_at(vehicle, script.scene.view, distance)
        if corners is None or not _whole(corners, script.scene):
            continue
        wide = float(corners[1, 0] - corners[0, 0])
        if wide >= READABLE_PX:
            readable.append((wide, at_s, corners))
    if not readable:
        return None
    _, best_s, corners = max(readable, key=lambda found: found[0])
    points = tuple((float(x), float(y)) for x, y in corners)
    return Seen(passing, readable[0][1], readable[-1][1], best_s, points)


def _whole(corners: Corners, scene: Scene) -> bool:
    size = (scene.view.width, scene.view.height)
    return bool((corners >= 0).all() and (corners < size).all())
