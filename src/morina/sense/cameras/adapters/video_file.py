"""A recorded video played as if it were live."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import cv2
import numpy as np

from morina.sense.cameras.frames import Frame, SourceError
from morina.sense.containers import holds_pictures

FALLBACK_FPS = 25.0
PAUSE_BETWEEN_ROUNDS_S = 5.0


@dataclass(frozen=True, slots=True)
class VideoFile:
    """A video file at its own speed; frames the reader has no time for are dropped."""

    path: Path
    loop: bool = False

    @classmethod
    def of(cls, source: str) -> "VideoFile":
        """From a ``file:///folder/clip.avi`` URL; ``?loop=1`` starts again at the end."""
        parts = urlsplit(source)
        return cls(Path(unquote(parts.path)), parse_qs(parts.query).get("loop") == ["1"])

    def frames(self) -> Iterator[Frame | None]:
        """See FrameSource. A round ends with None."""
        while True:
            yield from self._round()
            yield None
            if not self.loop:
                return
            time.sleep(PAUSE_BETWEEN_ROUNDS_S)

    def _round(self) -> Iterator[Frame]:
        if self.path.is_file() and not holds_pictures(self.path):
            raise SourceError(f"{self.path} is no video; give MP4, MOV, MKV, TS or AVI")
        video = cv2.VideoCapture(str(self.path))
        try:
            if not video.isOpened():
                raise SourceError(f"{self.path} cannot be played; give a video file that exists")
            yield from self._played(video, video.get(cv2.CAP_PROP_FPS) or FALLBACK_FPS)
        finally:
            video.release()

    def _played(self, video: cv2.VideoCapture, fps: float) -> Iterator[Frame]:
        started, began = datetime.now(UTC), time.monotonic()
        index = 0
        while video.grab():
            due = index / fps
            index += 1
            early = due - (time.monotonic() - began)
            if early > 0:
                time.sleep(early)
            elif -early > 1 / fps:
                continue
            done, image = video.retrieve()
            if done:
                yield Frame(image.astype(np.uint8, copy=False), started + timedelta(seconds=due))
