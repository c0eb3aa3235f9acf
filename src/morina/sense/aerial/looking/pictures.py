"""Pictures of a video in time order, taken ahead by a thread of their own."""

import math
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Thread

import numpy as np
from numpy.typing import NDArray

_LOOK_UP_S = 0.2
"""How often a waiting thread looks whether it is still wanted."""

_Waiting = Queue["Picture | Exception | None"]


class VideoError(ValueError):
    """A video that cannot be read, or no further: where it breaks off and what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """``frame`` counts all pictures of the video from 0, ``at_s`` the time from its first one;
    ``image`` as OpenCV has it."""

    frame: int
    at_s: float
    image: NDArray[np.uint8]


class Due:
    """The first at or after each tick of a clock of ``per_s``; all where that is 0."""

    def __init__(self, per_s: float) -> None:
        self._per_s = per_s
        self._next = -math.inf

    def at(self, at_s: float) -> bool:
        """Whether one is due; then the next is due a tick later."""
        tick = math.floor(at_s * self._per_s + 1e-6)
        if self._per_s and tick < self._next:
            return False
        self._next = tick + 1
        return True


def ahead(pictures: Iterable[Picture], most: int) -> Iterator[Picture]:
    """The same pictures, ``most`` of them read while the earlier are still looked at.

    What the source raises is raised here, after the pictures before it. Whoever stops taking stops
    the thread, and the source is closed in it.
    """
    waiting = _Waiting(most)
    stop = Event()
    reader = Thread(target=_read, args=(pictures, waiting, stop), name="pictures", daemon=True)
    reader.start()
    try:
        while (one := waiting.get()) is not None:
            if isinstance(one, Exception):
                raise one
            yield one
    finally:
        stop.set()
        with suppress(Empty):
            while True:
                waiting.get_nowait()
        reader.join()


def _read(pictures: Iterable[Picture], waiting: _Waiting, stop: Event) -> None:
    source = iter(pictures)
    last: Exception | None = None
    try:
        for picture in source:
            if not _put(waiting, picture, stop):
                break
    except Exception as error:  # noqa: BLE001  whatever it is, it is raised where they are taken
        last = error
    finally:
        close = getattr(source, "close", None)
        if close is not None:
            close()
    _put(waiting, last, stop)


def _put(waiting: _Waiting, one: Picture | Exception | None, stop: Event) -> bool:
    while not stop.is_set():
        with suppress(Full):
            waiting.put(one, timeout=_LOOK_UP_S)
            return True
    return False
