"""RTSP through OpenCV's FFmpeg: H.264 and H.265, over TCP where the camera has it."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from urllib.parse import quote

import cv2
import numpy as np

from morina.sense.cameras.frames import Frame, Image, SourceError, Waiting
from morina.sense.cameras.live import Pace, live
from morina.sense.cameras.sources import Source
from morina.sense.cameras.stills import MOST_PIXELS

OPEN_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class OpenCvStream:
    """An RTSP or RTSPS camera. ``why`` asks a camera that cannot be opened for the reason."""

    source: Source
    pace: Pace
    why: Callable[[Source], str]

    def frames(self) -> Iterator[Frame | Waiting]:
        """See FrameSource."""
        return live(self._connect, self.pace)

    def _connect(self) -> "Grabbing":
        video = opened(
            lambda: cv2.VideoCapture(_with_login(self.source), cv2.CAP_FFMPEG, self._limits())
        )
        if video is None:
            raise SourceError(f"{self.source.shown}: {self.why(self.source)}")
        return Grabbing(video, self.source.shown, self.pace.stall_s)

    def _limits(self) -> list[int]:
        return [
            cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, int(OPEN_WITHIN_S * 1000),
            cv2.CAP_PROP_READ_TIMEOUT_MSEC, int(self.pace.stall_s * 1000),
            cv2.CAP_PROP_N_THREADS, 1,
        ]  # fmt: skip


class Grabbing:
    """The role Arrivals over an open video of OpenCV."""

    def __init__(self, video: cv2.VideoCapture, shown: str, stall_s: float) -> None:
        self._video = video
        self._shown = shown
        self._stall_s = stall_s
        width, height = video.get(cv2.CAP_PROP_FRAME_WIDTH), video.get(cv2.CAP_PROP_FRAME_HEIGHT)
        if width * height > MOST_PIXELS:
            video.release()
            raise SourceError(f"{shown}: {width:.0f} x {height:.0f} is too large; set it smaller")

    def next(self) -> None:
        """See Arrivals. FFmpeg decodes each picture, later ones being told by their difference."""
        began = monotonic()
        if not self.there():
            waited = monotonic() - began
            stalled = waited > 0.8 * self._stall_s
            what = f"sent nothing for {waited:.0f} s" if stalled else "ended the stream"
            raise SourceError(f"{self._shown}: the camera {what}")

    def there(self) -> bool:
        """Go on to the next picture; whether there is one."""
        try:
            return self._video.grab()
        except cv2.error:
            return False

    def image(self) -> Image | None:
        """See Arrivals."""
        try:
            there, image = self._video.retrieve()
        except cv2.error:
            return None
        return image.astype(np.uint8, copy=False) if there and image.ndim == 3 else None

    def frames_per_s(self) -> float:
        """As the camera says; 0 where it does not."""
        said = self._video.get(cv2.CAP_PROP_FPS)
        return said if math.isfinite(said) and said > 0 else 0.0

    def close(self) -> None:
        """See Arrivals."""
        self._video.release()


def opened(video: Callable[[], cv2.VideoCapture]) -> cv2.VideoCapture | None:
    """An open video, None when it cannot be opened."""
    try:
        made = video()
    except cv2.error:
        return None
    return made if made.isOpened() else None


def _with_login(source: Source) -> str:
    """The address FFmpeg wants."""
    if not source.user:
        return source.address
    scheme, _, rest = source.address.partition("://")
    return f"{scheme}://{quote(source.user, safe='')}:{quote(source.password, safe='')}@{rest}"
