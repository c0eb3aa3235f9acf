"""Reads plates in picture and video files, one result after another."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np

from morina.sense.recogniser.evidence import NotAPictureError, decoded
from morina.sense.recogniser.passages import Passage, PassageFollower
from morina.sense.recogniser.reading import Image, PlateReading, Recogniser

PICTURES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
VIDEOS = frozenset({".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ts", ".webm"})
STDIN = "-"

_USUAL_FRAMES_PER_S = 25.0
_QUIET = {"OPENCV_FFMPEG_LOGLEVEL": "-8", "OPENCV_LOG_LEVEL": "SILENT"}


class UnreadableFileError(Exception):
    """A file cannot be read; the message names it, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class PictureRead:
    """What one photograph holds. ``ms`` is how long finding and reading its plates took."""

    file: str
    width: int
    height: int
    ms: float
    reads: tuple[PlateReading, ...]
    image: Image = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class PassageRead:
    """One passage in a video; ``number`` counts from 1 within the file."""

    file: str
    number: int
    passage: Passage


Result = PictureRead | PassageRead
Progress = Callable[[float], None]
"""Told, while a file is read, which part of it (0 to 1) is done."""


def files_of(names: Sequence[str]) -> list[str]:
    """``names`` with each folder replaced by the pictures and videos below it, by name."""
    files: list[str] = []
    for name in names:
        if name != STDIN and Path(name).is_dir():
            below = sorted(path for path in Path(name).rglob("*") if _is_offered(path))
            files.extend(str(path) for path in below)
        else:
            files.append(name)
    return files


def read_file(
    name: str, recogniser: Recogniser, stdin: Callable[[], bytes], progress: Progress
) -> Iterator[Result]:
    """The results of one picture or video, or of the picture on standard input (``-``).

    Raises UnreadableFileError, for a video perhaps after some results.
    """
    if name != STDIN and Path(name).suffix.lower() in VIDEOS:
        yield from _read_video(name, recogniser, progress)
    else:
        yield _read_picture(name, stdin() if name == STDIN else _bytes_of(name), recogniser)


def _is_offered(path: Path) -> bool:
    return path.suffix.lower() in PICTURES | VIDEOS and path.is_file()


def _bytes_of(name: str, most: int = -1) -> bytes:
    """The file's content, or its first ``most`` bytes."""
    try:
        with Path(name).open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise UnreadableFileError(
            f"{name}: {error.strerror or error}; check the name and that you may read it"
        ) from error


def _read_picture(name: str, content: bytes, recogniser: Recogniser) -> PictureRead:
    try:
        image = decoded(content)
    except NotAPictureError as error:
        wrong = "it is empty" if not content else "it is no picture this program knows, or damaged"
        raise UnreadableFileError(
            f"{name}: {wrong}; give a whole JPEG, PNG, WebP, TIFF or BMP, or a video"
        ) from error
    began = perf_counter()
    reads = tuple(recogniser.read([image])[0])
    height, width = image.shape[:2]
    return PictureRead(name, width, height, (perf_counter() - began) * 1000, reads, image)


def _read_video(name: str, recogniser: Recogniser, progress: Progress) -> Iterator[PassageRead]:
    if not _bytes_of(name, 1):
        raise UnreadableFileError(f"{name}: it is empty; copy the video again")
    follower = PassageFollower(recogniser)
    number = 0
    for image, at_s, done in _frames(name):
        for passage in follower.frame(image, at_s):
            number += 1
            yield PassageRead(name, number, passage)
        progress(done)
    for passage in follower.end():
        number += 1
        yield PassageRead(name, number, passage)


def _frames(name: str) -> Iterator[tuple[Image, float, float]]:
    """Each frame, its time in seconds and the part of the video done."""
    for setting, value in _QUIET.items():
        os.environ.setdefault(setting, value)
    video = cv2.VideoCapture(name)
    try:
        rate = video.get(cv2.CAP_PROP_FPS)
        rate = rate if isfinite(rate) and rate > 0 else _USUAL_FRAMES_PER_S
        frames = max(video.get(cv2.CAP_PROP_FRAME_COUNT), 1.0)
        index = 0
        while True:
            there, image = video.read()
            if not there:
                break
            yield image.astype(np.uint8, copy=False), index / rate, min(1.0, index / frames)
            index += 1
    finally:
        video.release()
    if index == 0:
        raise UnreadableFileError(
            f"{name}: no frame can be decoded; give an MP4, MKV, AVI, MOV or WebM video that plays"
        )
