"""Pictures of a transport stream that is still being sent, through OpenCV's FFmpeg and a pipe."""

import os
import threading
from collections.abc import Callable
from contextlib import suppress

import cv2
import numpy as np

from morina.sense.aerial.looking.pictures import Due, Picture
from morina.sense.aerial.sources.klv_live import Following

SOON = "analyzeduration;500000"
"""FFmpeg looks at half a second of a stream before it gives its first picture, not at five."""

MOST_PIXELS = 50_000_000


class StreamBrokenError(OSError):
    """The stream cannot be decoded on; begin anew with what comes next."""


class LivePictures:
    """Fed with bytes, it gives pictures due ``per_s`` to ``put``, from a thread of its own.

    ``clock`` turns times by the stream's own clock into those of the flight.
    """

    def __init__(self, per_s: float, clock: Following, put: Callable[[Picture], None]) -> None:
        self._due, self._clock, self._put = Due(per_s), clock, put
        self._frame = 0
        read, self._write = os.pipe()
        self._thread = threading.Thread(target=self._decode, args=(read,), daemon=True)
        self._thread.start()

    def feed(self, chunk: bytes) -> None:
        """Waits while the decoder is busy. StreamBrokenError."""
        try:
            left = memoryview(chunk)
            while left:
                left = left[os.write(self._write, left) :]
        except BrokenPipeError as error:
            raise StreamBrokenError("the video cannot be decoded on") from error

    def close(self) -> None:
        """No more bytes; what is left is decoded."""
        with suppress(OSError):
            os.close(self._write)
        self._thread.join()

    def _decode(self, read: int) -> None:
        os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = SOON
        options = [cv2.CAP_PROP_N_THREADS, 1]
        try:
            video = cv2.VideoCapture(f"pipe:{read}", cv2.CAP_FFMPEG, options)
            if video.isOpened() and _size(video) <= MOST_PIXELS:
                self._play(video)
            video.release()
        except cv2.error:
            pass  # what feeds it is told by the closed pipe
        finally:
            with suppress(OSError):
                os.close(read)

    def _play(self, video: cv2.VideoCapture) -> None:
        per_s = video.get(cv2.CAP_PROP_FPS) or 25.0
        while video.grab():
            at_s = self._at_s(video, per_s)
            self._frame += 1
            if at_s is None or not self._due.at(at_s):
                continue
            there, image = video.retrieve()
            if there and image is not None and image.ndim == 3:
                self._put(Picture(self._frame, at_s, image.astype(np.uint8, copy=False)))

    def _at_s(self, video: cv2.VideoCapture, per_s: float) -> float | None:
        """FFmpeg does not tell the stream's own time of every codec; then it is told from the first
        picture that was fed, which may be a later one than FFmpeg's."""
        pts_s = video.get(cv2.CAP_PROP_PTS) / per_s
        if pts_s >= 0:
            return self._clock.time_of(pts_s)
        begins_s = self._clock.begins_pts_s
        if begins_s is None:
            return None
        return self._clock.time_of(begins_s + video.get(cv2.CAP_PROP_POS_MSEC) / 1000)


def _size(video: cv2.VideoCapture) -> float:
    return video.get(cv2.CAP_PROP_FRAME_WIDTH) * video.get(cv2.CAP_PROP_FRAME_HEIGHT)
