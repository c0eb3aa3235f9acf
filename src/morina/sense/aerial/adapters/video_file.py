"""The pictures of a video file of a sortie, MPEG-TS among them, through OpenCV's FFmpeg."""

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.looking.pictures import Due, Picture, VideoError
from morina.sense.containers import holds_pictures

MOST_PIXELS = 50_000_000
BACK_S = 1.0
"""A time that goes back further than this is a video joined of several."""

_GIVE = "give MPEG-TS, MP4, MOV or MKV with H.264 or H.265"


@dataclass(frozen=True, slots=True)
class About:
    """What a video says of itself; 0 where it does not."""

    width: int
    height: int
    frames: int
    frames_per_s: float

    @property
    def seconds(self) -> float:
        """Its length as it says."""
        return self.frames / self.frames_per_s if self.frames_per_s else 0.0


@dataclass(frozen=True, slots=True)
class VideoFile:
    """``name`` stands in errors. Decoded by ``threads`` threads."""

    path: Path
    name: str
    threads: int = 1

    def about(self) -> About:
        """VideoError where it is no video."""
        video = self._opened()
        try:
            return _about(video)
        finally:
            video.release()

    def pictures(self, per_s: float = 0.0) -> Iterator[Picture]:
        """Those due ``per_s``, all where that is 0, each with its own time in the stream. It counts
        from the first picture sent: of a recording that begins between two whole pictures those
        at its beginning cannot be decoded.

        VideoError where it cannot be read, and after the last picture of one that is cut short.
        """
        video = self._opened()
        try:
            yield from self._played(video, per_s)
        finally:
            video.release()

    def _played(self, video: cv2.VideoCapture, per_s: float) -> Iterator[Picture]:
        about, due = _about(video), Due(per_s)
        frame, last = 0, -math.inf
        while _grabbed(video):
            at_s = video.get(cv2.CAP_PROP_POS_MSEC) / 1000
            if at_s < last - BACK_S:
                raise VideoError(
                    f"{self.name}: after {_clock(last)} its time goes back to {_clock(at_s)}; "
                    "cut it there and give each part with its own telemetry"
                )
            if at_s > last and due.at(at_s) and (image := _image(video)) is not None:
                yield Picture(frame, at_s, image)
            frame, last = frame + 1, max(last, at_s)
        self._refuse_short(about, frame, last)

    def _refuse_short(self, about: About, frames: int, last: float) -> None:
        if frames == 0:
            raise VideoError(f"{self.name}: no picture can be decoded; {_GIVE}")
        if about.frames_per_s and last + 1 / about.frames_per_s < 0.98 * about.seconds - 1:
            raise VideoError(
                f"{self.name}: ends at {_clock(last)} of {_clock(about.seconds)}, cut short or "
                "damaged there; what was seen until then is kept; copy the file again"
            )

    def _opened(self) -> cv2.VideoCapture:
        os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
        if not self.path.is_file():
            raise VideoError(f"{self.name}: there is no such file; hand it in again")
        if not holds_pictures(self.path):
            raise VideoError(f"{self.name}: no video; {_GIVE}")
        options = [cv2.CAP_PROP_N_THREADS, self.threads]
        try:
            video = cv2.VideoCapture(str(self.path), cv2.CAP_FFMPEG, options)
        except cv2.error as error:
            raise VideoError(f"{self.name}: no video; {_GIVE}") from error
        if not video.isOpened():
            raise VideoError(f"{self.name}: no video, or its beginning is missing; {_GIVE}")
        about = _about(video)
        if about.width * about.height > MOST_PIXELS:
            video.release()
            raise VideoError(f"{self.name}: {about.width} x {about.height} is too large")
        return video


def _about(video: cv2.VideoCapture) -> About:
    def said(what: int) -> float:
        number = video.get(what)
        return number if math.isfinite(number) and number > 0 else 0.0

    width, height = said(cv2.CAP_PROP_FRAME_WIDTH), said(cv2.CAP_PROP_FRAME_HEIGHT)
    frames = said(cv2.CAP_PROP_FRAME_COUNT)
    return About(int(width), int(height), int(frames), said(cv2.CAP_PROP_FPS))


def _grabbed(video: cv2.VideoCapture) -> bool:
    try:
        return video.grab()
    except cv2.error:
        return False


def _image(video: cv2.VideoCapture) -> NDArray[np.uint8] | None:
    try:
        there, image = video.retrieve()
    except cv2.error:
        return None
    return image.astype(np.uint8, copy=False) if there and image.ndim == 3 else None


def _clock(at_s: float) -> str:
    return f"{int(at_s) // 60}:{at_s % 60:04.1f}"
