"""Motion JPEG over HTTP: pictures one after another in one answer that never ends."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx

from morina.sense.cameras.adapters import web
from morina.sense.cameras.frames import Frame, Image, SourceError, Waiting
from morina.sense.cameras.live import Pace, live
from morina.sense.cameras.mjpeg_parts import MjpegParts, boundary_of
from morina.sense.cameras.sources import Source
from morina.sense.cameras.stills import pixels


@dataclass(frozen=True, slots=True)
class MjpegStream:
    """A camera's ``multipart/x-mixed-replace`` answer; only pictures taken are decoded."""

    source: Source
    pace: Pace

    def frames(self) -> Iterator[Frame | Waiting]:
        """See FrameSource."""
        return live(self._connect, self.pace)

    def _connect(self) -> "_Answer":
        return _Answer(self.source, self.pace.stall_s)


class _Answer:
    def __init__(self, source: Source, stall_s: float) -> None:
        self._source = source
        self._newest = b""
        with ExitStack() as stack:
            asking = stack.enter_context(web.client(source, stall_s))
            response = stack.enter_context(web.answer(asking, source))
            boundary = boundary_of(response.headers.get("content-type", ""))
            if boundary is None:
                raise SourceError(
                    f"{source.shown}: it sends no motion JPEG; ask for another path, or write "
                    "+snapshot for a single picture"
                )
            self._parts = MjpegParts(boundary)
            self._chunks = response.iter_raw()
            self._open = stack.pop_all()

    def next(self) -> None:
        """See Arrivals."""
        while not (whole := self._parts.taken()):
            self._parts.feed(self._chunk())
        self._newest = whole

    def _chunk(self) -> bytes:
        try:
            return next(self._chunks)
        except StopIteration:
            raise SourceError(f"{self._source.shown}: the camera ended the stream") from None
        except httpx.HTTPError as error:
            raise SourceError(f"{self._source.shown}: {web.in_words(error)}") from None

    def image(self) -> Image | None:
        """See Arrivals."""
        return pixels(self._newest)

    def close(self) -> None:
        """See Arrivals."""
        self._open.close()
