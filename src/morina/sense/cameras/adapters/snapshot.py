"""Snapshots: a camera asked over HTTP for one picture after another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, sleep

import httpx

from morina.sense.cameras.adapters import web
from morina.sense.cameras.frames import WAITING, Frame, SourceError, Waiting
from morina.sense.cameras.live import LOOK_EVERY_S, Pace
from morina.sense.cameras.sources import Source
from morina.sense.cameras.stills import MOST_BYTES, pixels

FROZEN_AFTER = 20
"""Pictures that are the same to the last byte: a living sensor never sends two."""


@dataclass(frozen=True, slots=True)
class Snapshots:
    """``http+snapshot://camera/image.jpg?every=2``; 5 seconds where ``every`` is not given."""

    source: Source
    pace: Pace

    def frames(self) -> Iterator[Frame | Waiting]:
        """See FrameSource."""
        last, same = b"", 0
        with web.client(self.source, self.pace.stall_s) as asking:
            due = monotonic()
            while True:
                content, at = self._asked(asking)
                same = same + 1 if content == last else 0
                if same >= FROZEN_AFTER:
                    raise SourceError(
                        f"{self.source.shown}: the same picture {same} times; restart the camera"
                    )
                if not same:
                    dropped = int((monotonic() - due) / self.source.every_s)
                    yield self._frame(content, at, dropped)
                last, due = content, max(due + self.source.every_s, monotonic())
                yield from _until(due)

    def _asked(self, asking: httpx.Client) -> tuple[bytes, datetime]:
        content = bytearray()
        with web.answer(asking, self.source) as response:
            at = datetime.now(UTC)
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MOST_BYTES:
                    raise SourceError(f"{self.source.shown}: what it sends has no end")
        return bytes(content), at

    def _frame(self, content: bytes, at: datetime, dropped: int) -> Frame:
        image = pixels(content)
        if image is None:
            raise SourceError(
                f"{self.source.shown}: it sends no picture; ask for another path, or write +mjpeg "
                "for a stream"
            )
        return Frame(image, at, dropped)


def _until(due: float) -> Iterator[Waiting]:
    while (left := due - monotonic()) > 0:
        yield WAITING
        sleep(min(left, LOOK_EVERY_S))
