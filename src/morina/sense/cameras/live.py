"""The newest picture of a connection, and nothing kept behind it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Protocol

from morina.sense.cameras.frames import WAITING, Frame, Image, SourceError, Waiting

LOOK_EVERY_S = 0.5
CONNECT_WITHIN_S = 30.0
"""Name, address, login and the first picture: a connection must not take longer."""
PATIENCE_S = 3.0
"""How much longer than the connection's own limit it may take to say that it stalled."""
MOST_DAMAGED = 20


@dataclass(frozen=True, slots=True)
class Pace:
    """How many frames a second are taken at most, and after how long without one it is a stall."""

    frames_per_s: float = 8.0
    stall_s: float = 10.0


class Arrivals(Protocol):
    """An open connection; one thread uses it."""

    def next(self) -> None:
        """Wait for the next picture, without making its pixels; SourceError when none comes."""

    def image(self) -> Image | None:
        """The pixels of the picture that came last; None when it is damaged."""

    def close(self) -> None:
        """Let go of it."""


def live(connect: Callable[[], Arrivals], pace: Pace) -> Iterator[Frame | Waiting]:
    """Frames of a connection until it fails, which it does with SourceError.

    A thread of its own receives, so that the connection never waits for the reader; pixels are
    made only of pictures that are taken.
    """
    place = _Place(1 / pace.frames_per_s)
    name = "receiving"
    threading.Thread(target=_receive, args=(connect, place), name=name, daemon=True).start()
    try:
        while True:
            frame = place.take(LOOK_EVERY_S)
            if frame is None and place.silent_s() > pace.stall_s + PATIENCE_S:
                raise SourceError(f"no picture for {pace.stall_s:.0f} s; look at camera and link")
            yield frame or WAITING
    finally:
        place.stopped = True


def _receive(connect: Callable[[], Arrivals], place: "_Place") -> None:
    damaged = 0
    try:
        arrivals = connect()
        place.heard()
        try:
            while not place.stopped:
                arrivals.next()
                at = datetime.now(UTC)
                if not place.wants():
                    continue
                image = arrivals.image()
                damaged = damaged + 1 if image is None else 0
                if damaged > MOST_DAMAGED:
                    raise SourceError("its pictures are damaged; look at the link to the camera")
                if image is not None:
                    place.give(image, at)
        finally:
            arrivals.close()
    except SourceError as error:
        place.fail(error)


class _Place:
    """Room for one frame between the thread that receives and the one that reads.

    A picture is due each ``period_s``. One that is due when the reader has no time stays owed, and
    the next to come is given for it; when another gets due meanwhile, one was dropped.
    """

    def __init__(self, period_s: float) -> None:
        self.stopped = False
        self._period_s = period_s
        self._changed = threading.Condition()
        self._wanted = False
        self._owed = False
        self._due_at = 0.0
        self._dropped = 0
        self._heard_at = monotonic() + CONNECT_WITHIN_S
        self._frame: Frame | None = None
        self._error: SourceError | None = None

    def heard(self) -> None:
        """The camera is there."""
        with self._changed:
            self._heard_at = monotonic()

    def wants(self) -> bool:
        """A picture came: whether it is to be given."""
        now = monotonic()
        with self._changed:
            self._heard_at = now
            if now >= self._due_at:
                next_at = self._due_at + self._period_s
                self._due_at = next_at if next_at > now else now + self._period_s
                self._dropped += self._owed
                self._owed = True
            return self._owed and self._wanted

    def give(self, image: Image, at: datetime) -> None:
        """The pixels of the picture that was wanted."""
        with self._changed:
            self._frame = Frame(image, at, self._dropped)
            self._dropped, self._owed, self._wanted = 0, False, False
            self._changed.notify()

    def fail(self, error: SourceError) -> None:
        """No more will come."""
        with self._changed:
            self._error = error
            self._changed.notify()

    def take(self, within_s: float) -> Frame | None:
        """The next frame, None when none comes in time; SourceError when none will."""
        with self._changed:
            self._wanted = True
            self._changed.wait_for(lambda: self._frame or self._error, within_s)
            frame, self._frame = self._frame, None
            if frame is None and self._error:
                raise self._error
            return frame

    def silent_s(self) -> float:
        """How long ago the last picture came."""
        with self._changed:
            return monotonic() - self._heard_at
