"""How many frames a second one core follows of one 1080p camera, read, tracked and voted.

A road is rendered, enlarged to 1920 x 1080 (the renderer's own grain ends at 1600 pixels) and
filmed into a temporary file. A process held to one core then reads the file as `morina read` does
and as the node follows a camera: decoding, motion, finding, reading, tracking, voting. Frames in
which nothing moves are not read; the target is set for those that are. The file is read as fast as
it can be, not at the camera's pace.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, TypeVar

import cv2
import numpy as np

from morina.demo import CameraScript, Heading, Passing, Scene, write_video
from morina.plates import Plate
from morina.sense.recogniser.files import PassageRead, read_file
from morina.sense.recogniser.reading import Image, PlateReading, Recogniser
from morina.wiring.recogniser import recogniser

TARGET_FPS = 10.0
FILMED_FPS = 15.0
FULL_HD = (1920, 1080)
PLATES = (
    ("LN67KTE", "GB"),
    ("AB508KT", "AL"),
    ("01234AB", "XK"),
    ("SK4821AB", "MK"),
    ("PGAB123", "ME"),
    ("AD21XYZ", "GB"),
)
_BETWEEN_S = 5.0

Given = TypeVar("Given")
Done = TypeVar("Done")


@dataclass(slots=True)
class Counting:
    """A Recogniser that counts what it is asked."""

    inner: Recogniser
    asked: int = 0

    def read(self, images: Sequence[Image], *rest: Any, **named: Any) -> list[list[PlateReading]]:
        """See Recogniser."""
        self.asked += len(images)
        return self.inner.read(images, *rest, **named)


@dataclass(slots=True)
class Followed:
    """Seconds each frame took, those that were read apart from those in which nothing moved."""

    read_s: list[float] = field(default_factory=list)
    skipped_s: list[float] = field(default_factory=list)
    read_cpu_s: float = 0.0
    """Of the core's time, all frames read together: less than their seconds on a busy machine."""
    texts: list[str] = field(default_factory=list)
    """The voted reads, in order; empty for an unread passage."""


def filmed(path: Path, plates: Sequence[tuple[str, str]]) -> None:
    """A road in Full HD, a vehicle with each of these plates passing every five seconds."""
    passings = tuple(
        Passing(plate=Plate(*plate), at_s=_BETWEEN_S * (place + 0.6))
        for place, plate in enumerate(plates)
    )
    script = CameraScript(
        camera_id="bench",
        name="bench",
        site="bench",
        latitude=0.0,
        longitude=0.0,
        bearing=0.0,
        heading=Heading.APPROACHING,
        scene=Scene(),
        passings=passings,
    )
    small = path.with_name("small.avi")
    write_video(small, script, FILMED_FPS, _BETWEEN_S * len(plates))
    enlarged(small, path)


def enlarged(small: Path, path: Path) -> None:
    """The same film in Full HD, Motion JPEG as well."""
    film = cv2.VideoCapture(str(small))
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FILMED_FPS, FULL_HD)
    there, frame = film.read()
    while there:
        writer.write(cv2.resize(frame, FULL_HD, interpolation=cv2.INTER_CUBIC))
        there, frame = film.read()
    writer.release()


def followed(path: str) -> Followed:
    """Read a video on one thread."""
    cv2.setNumThreads(1)
    counting = Counting(recogniser())
    counting.inner.read([np.zeros((*FULL_HD[::-1], 3), np.uint8)])
    found, asked, before, worked = Followed(), 0, perf_counter(), process_time()

    def progress(_: float) -> None:
        nonlocal asked, before, worked
        now, work = perf_counter(), process_time()
        if counting.asked > asked:
            found.read_cpu_s += work - worked
        (found.read_s if counting.asked > asked else found.skipped_s).append(now - before)
        asked, before, worked = counting.asked, now, work

    for result in read_file(path, counting, lambda: b"", progress):
        if isinstance(result, PassageRead):
            plate = result.passage.plate
            found.texts.append(plate.text if plate else "")
    return found


def on_one_core(work: Callable[[Given], Done], given: Given) -> Done:
    """The work done in a process that has only one core."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            return pool.submit(work, given).result()
    finally:
        os.sched_setaffinity(0, allowed)


def figures(found: Followed, passed: Sequence[str]) -> dict[str, float]:
    """Frames a second and how many of the vehicles that ``passed`` were read exactly."""
    every = found.read_s + found.skipped_s
    return {
        "frames": len(every),
        "frames_read": len(found.read_s),
        "frames_skipped": len(found.skipped_s),
        "fps_while_something_moves": round(len(found.read_s) / max(sum(found.read_s), 1e-9), 1),
        "fps_all_frames": round(len(every) / max(sum(every), 1e-9), 1),
        "cpu_ms_a_frame_read": round(found.read_cpu_s * 1000 / max(len(found.read_s), 1), 1),
        "ms_a_frame_read_median": round(_ms(found.read_s, 50), 1),
        "ms_a_frame_read_p95": round(_ms(found.read_s, 95), 1),
        "ms_a_frame_skipped_median": round(_ms(found.skipped_s, 50), 1),
        "vehicles": len(passed),
        "read_exactly": sum(text in found.texts for text in passed),
        "other_reads": sum(bool(text) and text not in passed for text in found.texts),
        "unread_passages": found.texts.count(""),
    }


def _ms(times: Sequence[float], percent: float) -> float:
    return float(np.percentile(times, percent)) * 1000 if times else 0.0


def missed(found: Mapping[str, float]) -> list[str]:
    """The targets not reached."""
    fps = found["fps_while_something_moves"]
    return [] if fps >= TARGET_FPS else [f"fps_while_something_moves {fps} < {TARGET_FPS}"]


def main() -> None:
    """Film, measure, print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="one object; missed: failed targets")
    parser.add_argument("--quick", action="store_true", help="two vehicles only")
    given = parser.parse_args()
    if not hasattr(os, "sched_setaffinity"):
        sys.exit("this machine cannot hold a process to one core; run it on Linux")
    plates = PLATES[:2] if given.quick else PLATES
    with tempfile.TemporaryDirectory(prefix="morina-video-") as folder:
        path = Path(folder) / "road.avi"
        filmed(path, plates)
        found = figures(on_one_core(followed, str(path)), [text for text, _ in plates])
    if given.json:
        print(json.dumps(found | {"missed": missed(found)}))
        return
    for name, value in found.items():
        print(f"{name:28}{value:>10}")
    print("missed: " + ("; ".join(missed(found)) or "nothing"))


if __name__ == "__main__":
    main()
