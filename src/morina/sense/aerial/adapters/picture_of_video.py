"""Gives pictures of videos, in a process of its own with bounded memory: run as a script.

On stdin: JSON lines with ``file``, ``at_s`` and ``across``. On stdout: for each the length of a
JPEG (4 bytes, big-endian, 0 where there is no picture then), and the JPEG. The last video stays
open, so that playing on is quick. Imports nothing of Morina.
"""

import json
import os
import resource
import sys
from pathlib import Path

MEMORY_BYTES = 4_000_000_000
"""Address space; a frame of 50 million pixels takes 150 MB, several times over."""

WALKED_S = 6.0
"""Pictures up to so far ahead are passed over one by one; further ones, and earlier, are sought."""

BACK_S = (1.0, 10.0, None)
"""How far before the moment wanted is sought, for some videos can be sought only roughly; at last
from the beginning."""

os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", "50000000")

import cv2  # noqa: E402 - after its limit is set


class Video:
    """One open video, which may still be written. Times count from the first picture sent, as where
    it is worked through, though the first that can be decoded may be a later one."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.at_s, self.size = 0.0, 0
        self._open()

    def jpeg(self, at_s: float, across: int) -> bytes:
        """The picture nearest to that moment, empty where there is none."""
        made = self._jpeg(at_s, across)
        if not made and Path(self.file).stat().st_size != self.size:
            self._open()
            made = self._jpeg(at_s, across)
        return made

    def _jpeg(self, at_s: float, across: int) -> bytes:
        half = 0.5 / self.per_s + 1e-6
        if not -half <= at_s - self.at_s <= WALKED_S:
            self._seek(at_s, half)
        while self.there and self.at_s < at_s - half:
            self._grab()
        there, image = self.video.retrieve() if self.there else (False, None)
        return _jpeg(image, across) if there and image is not None else b""

    def _open(self) -> None:
        self.size = Path(self.file).stat().st_size
        self.video = cv2.VideoCapture(self.file, cv2.CAP_FFMPEG)
        self.per_s = self.video.get(cv2.CAP_PROP_FPS) or 25.0
        self._grab()

    def _seek(self, at_s: float, half: float) -> None:
        for back in BACK_S:
            if back is None or at_s <= back:
                return self._open()
            self.video.set(cv2.CAP_PROP_POS_FRAMES, round((at_s - back) * self.per_s))
            self._grab()
            if self.there and self.at_s <= at_s + half:
                return None
        return None

    def _grab(self) -> None:
        self.there = self.video.grab()
        self.at_s = self.video.get(cv2.CAP_PROP_POS_MSEC) / 1000


def _jpeg(image: "cv2.typing.MatLike", across: int) -> bytes:
    if image.shape[1] > across:
        down = round(image.shape[0] * across / image.shape[1])
        image = cv2.resize(image, (across, max(down, 1)), interpolation=cv2.INTER_AREA)
    done, jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 85])
    return jpeg.tobytes() if done else b""


def bound() -> None:
    """From here on: so much memory, and no file is written, no core left."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(kind, (0, 0))


def serve() -> None:
    """Give pictures until nobody asks any more."""
    bound()
    video: Video | None = None
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        if video is None or video.file != asked["file"]:
            video = Video(asked["file"])
        try:
            jpeg = video.jpeg(asked["at_s"], asked["across"])
        except (cv2.error, MemoryError):
            jpeg, video = b"", None
        sys.stdout.buffer.write(len(jpeg).to_bytes(4, "big") + jpeg)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    cv2.setNumThreads(1)
    serve()
