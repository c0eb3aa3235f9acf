"""A quiet and a busy lane in Full HD, encoded as a camera does, and a server that plays them.

Rendered at 720p (the renderer's grain ends at 1600 pixels) and enlarged; 25 frames a second, H.264
of 4 Mbit/s without B-frames, a key frame every two seconds. A film begins as it ends, so that it
can be played again and again.
"""

import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from morina.demo import CameraScript, Heading, Passing, Scene, write_video
from morina.plates import Plate
from running import free_port

FPS = 25
PLACES = 8
"""Parts of a film apart from each other, at which the server's cameras begin it."""
SPEED_MS = 14.0
_PLATES = (
    ("LN67KTE", "GB"), ("AB508KT", "AL"), ("01234AB", "XK"), ("SK4821AB", "MK"),
    ("PGAB123", "ME"), ("AD21XYZ", "GB"), ("AA123KX", "AL"), ("02568CD", "XK"),
    ("BT19WKN", "GB"), ("KU2057AC", "MK"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lane:
    """A film's length and how many vehicles pass in it, evenly, at 50 km/h."""

    name: str
    seconds: float
    vehicles: int

    @property
    def plates(self) -> Sequence[tuple[str, str]]:
        """Text and country of those that pass."""
        return _PLATES[: self.vehicles]


@dataclass(frozen=True, slots=True)
class Playing:
    """A server that plays a lane."""

    port: int

    def source(self, camera: int) -> str:
        """The camera's address; neighbours see other parts of the film."""
        return f"rtsp://127.0.0.1:{self.port}/{camera % PLACES}"


def filmed(folder: Path, lanes: Sequence[Lane]) -> None:
    """Each lane's access units, a file each, in a folder of its name."""
    with ProcessPoolExecutor(len(lanes), mp_context=get_context("spawn")) as pool:
        for made in [pool.submit(_film, folder, lane) for lane in lanes]:
            made.result()


def _film(folder: Path, lane: Lane) -> None:
    rendered, units = folder / f"{lane.name}.avi", folder / lane.name
    units.mkdir()
    write_video(rendered, _script(lane), FPS, lane.seconds)
    encode = "-vf scale=1920:1080:flags=bicubic -c:v libx264 -preset veryfast -pix_fmt yuv420p "
    encode += f"-bf 0 -g {2 * FPS} -b:v 4M -maxrate 4M -bufsize 4M -threads 1 -f image2"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", rendered, *encode.split(), units / "%05d.h264"],  # noqa: S607
        check=True,
    )
    rendered.unlink()


def _script(lane: Lane) -> CameraScript:
    between = lane.seconds / lane.vehicles
    passings = [
        Passing(plate=Plate(*plate), at_s=between * (place + 0.9) + again, speed_ms=SPEED_MS)
        for again in (-lane.seconds, 0.0, lane.seconds)
        for place, plate in enumerate(lane.plates)
    ]
    return CameraScript(
        camera_id=lane.name,
        name=lane.name,
        site="bench",
        latitude=0.0,
        longitude=0.0,
        bearing=0.0,
        heading=Heading.APPROACHING,
        scene=Scene(),
        passings=tuple(passings),
    )


@contextmanager
def played(units: Path) -> Iterator[Playing]:
    """A server of a lane's film, held to the cores that the caller is held to."""
    port = free_port()
    script = Path(__file__).with_name("clip_server.py")
    process = subprocess.Popen(
        ["/usr/bin/python3", "-W", "ignore", script, str(port), units, str(FPS), str(PLACES)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert "ready" in said, "no RTSP server: tools/ensure-cameras installs it"
        try:
            yield Playing(port)
        finally:
            process.kill()
