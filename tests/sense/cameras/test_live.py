"""The newest picture wins, and only what is taken is decoded."""

import threading

import numpy as np
import pytest

from morina.sense.cameras.frames import Frame, Image, SourceError, Waiting
from morina.sense.cameras.live import MOST_DAMAGED, Pace, live

FAST = Pace(frames_per_s=1000, stall_s=600)


class Scripted:
    """A connection whose pictures come when the test says so."""

    def __init__(self, damaged: bool = False) -> None:
        self.number = 0
        self.decoded: list[int] = []
        self.closed = threading.Event()
        self.ends = False
        self._damaged = damaged
        self._may = threading.Semaphore(0)
        self._came = threading.Semaphore(0)

    def comes(self, count: int = 1) -> None:
        """So many pictures come; returns once the last is being looked at."""
        for _ in range(count):
            self._may.release()
            self._came.acquire(timeout=1)

    def next(self) -> None:
        self._may.acquire()
        self._came.release()
        if self.ends:
            raise SourceError("over")
        self.number += 1

    def image(self) -> Image | None:
        self.decoded.append(self.number)
        return None if self._damaged else np.zeros((2, 2, 3), np.uint8)

    def close(self) -> None:
        self.closed.set()


def frame_of(frames: object) -> Frame:
    """The next frame."""
    return next(item for item in frames if isinstance(item, Frame))  # type: ignore[attr-defined]


def feeding(camera: Scripted, stop: threading.Event) -> threading.Thread:
    def feed() -> None:
        while not stop.is_set():
            camera.comes()
            stop.wait(0.002)

    thread = threading.Thread(target=feed)
    thread.start()
    return thread


def test_while_the_reader_is_busy_pictures_are_dropped_undecoded_and_counted() -> None:
    camera, stop = Scripted(), threading.Event()
    frames = live(lambda: camera, FAST)
    thread = feeding(camera, stop)
    frame_of(frames)
    seen = camera.number
    while camera.number < seen + 50:
        pass
    second = frame_of(frames)
    assert 1 <= second.dropped <= camera.number
    assert len(camera.decoded) == 2
    assert camera.decoded[1] > seen + 49
    stop.set()
    thread.join()


def test_a_slow_pace_drops_nothing() -> None:
    camera, stop = Scripted(), threading.Event()
    frames = live(lambda: camera, Pace(frames_per_s=0.001, stall_s=600))
    thread = feeding(camera, stop)
    assert frame_of(frames).dropped == 0
    seen = camera.number
    while camera.number < seen + 50:
        assert isinstance(next(frames), Waiting)
    assert camera.decoded == [int(camera.decoded[0])]
    stop.set()
    thread.join()


def test_a_connection_that_ends_says_so_and_is_closed() -> None:
    camera = Scripted()
    camera.ends = True
    frames = live(lambda: camera, FAST)
    threading.Thread(target=camera.comes).start()
    with pytest.raises(SourceError, match="over"):
        frame_of(frames)
    assert camera.closed.wait(120)


def test_damaged_pictures_one_after_another_are_a_failure() -> None:
    camera = Scripted(damaged=True)
    frames = live(lambda: camera, FAST)
    stop = threading.Event()
    thread = feeding(camera, stop)
    with pytest.raises(SourceError, match="damaged"):
        frame_of(frames)
    stop.set()
    thread.join()
    assert len(camera.decoded) == MOST_DAMAGED + 1


def test_silence_is_a_stall() -> None:
    frames = live(Scripted, Pace(frames_per_s=5, stall_s=-3))
    with pytest.raises(SourceError, match="no picture for"):
        frame_of(frames)


def test_nobody_looking_any_more_lets_go_of_the_camera() -> None:
    camera, stop = Scripted(), threading.Event()
    frames = live(lambda: camera, FAST)
    thread = feeding(camera, stop)
    frame_of(frames)
    frames.close()  # type: ignore[attr-defined]
    assert camera.closed.wait(120)
    stop.set()
    thread.join()
