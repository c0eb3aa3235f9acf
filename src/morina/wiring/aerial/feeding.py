"""Hands live video on to a process that looks through it, and never waits for it.

What that process does not take in time is left out, all of it, so that it goes on with the newest.
Messages: a line of JSON once, then pieces, each behind its length (4 bytes, big-endian).
"""

import json
import logging
import os
import select
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import IO, BinaryIO
from uuid import UUID

from morina.sense.aerial.sources.klv_live import Before
from morina.sense.aerial.stated import FilmKind

log = logging.getLogger(__name__)

MOST_BYTES = 8 << 20
"""About eight seconds of 8 Mbit/s."""

STUCK_S = 30.0
"""A process that takes nothing for so long is ended and begun anew."""

AGAIN_S = 5.0
ENDS_WITHIN_S = 10.0
BROKEN, LEFT_OUT = 0, 0xFFFFFFFF
"""In place of a length: the link broke, or bytes were left out."""


class StuckError(OSError):
    """It takes nothing any more."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What the process is told first: the sortie, how its time counts on, and by what a person
    states it is filmed."""

    sortie_id: UUID
    before: Before | None
    film: FilmKind | None = None

    def line(self) -> bytes:
        """As it is sent."""
        before = self.before and asdict(self.before)
        told = {"sortie_id": str(self.sortie_id), "before": before, "film": self.film}
        return json.dumps(told).encode() + b"\n"

    @classmethod
    def of(cls, line: bytes) -> "Begun":
        """As it came."""
        told = json.loads(line)
        before = Before(**told["before"]) if told["before"] else None
        film = FilmKind(told["film"]) if told["film"] else None
        return cls(UUID(told["sortie_id"]), before, film)


def pieces(stream: BinaryIO) -> Iterator[bytes | int]:
    """What was sent: bytes, BROKEN or LEFT_OUT, until the stream ends."""
    while len(head := stream.read(4)) == 4:
        length = int.from_bytes(head, "big")
        if length in (BROKEN, LEFT_OUT):
            yield length
        elif len(piece := stream.read(length)) == length:
            yield piece


class Feed:
    """To a process of ``command``, which is begun anew when it ends; ``begun`` is asked each time.

    ``put`` and ``again`` are called by the thread that records, and return at once.
    """

    def __init__(
        self, command: Sequence[str], begun: Callable[[], Begun], most_bytes: int = MOST_BYTES
    ) -> None:
        self._command, self._begun, self._most = command, begun, most_bytes
        self._has = threading.Condition()
        self._waiting = deque[bytes | int]()
        self._bytes = 0
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Bytes that wait to be taken."""
        return self._bytes

    def put(self, chunk: bytes) -> None:
        """The next bytes; where too many wait, all that wait are left out."""
        with self._has:
            if self._bytes + len(chunk) > self._most:
                self._leave_out()
            self._waiting.append(chunk)
            self._bytes += len(chunk)
            self._has.notify()

    def again(self) -> None:
        """The link broke."""
        with self._has:
            self._waiting.append(BROKEN)
            self._has.notify()

    def close(self) -> None:
        """No more bytes; returns when the process has ended."""
        self._closed.set()
        with self._has:
            self._has.notify()
        self._thread.join()

    def _leave_out(self) -> None:
        broken = BROKEN in self._waiting
        self._waiting.clear()
        self._waiting.append(BROKEN if broken else LEFT_OUT)
        self._bytes = 0

    def _run(self) -> None:
        while not self._closed.is_set():
            process = subprocess.Popen(self._command, stdin=subprocess.PIPE)  # noqa: S603 - our own
            assert process.stdin is not None  # noqa: S101 - it is a pipe
            try:
                self._fed(process.stdin)
            except OSError as error:
                log.warning("live video is not looked through for a moment (%s)", error)
            with suppress(OSError):
                process.stdin.close()
            _end(process)
            with self._has:
                self._leave_out()
            self._closed.wait(AGAIN_S)

    def _fed(self, into: IO[bytes]) -> None:
        """Until it is closed. OSError where it cannot be, StuckError among them."""
        os.set_blocking(into.fileno(), False)
        _write(into, self._begun().line())
        while not self._closed.is_set():
            _write(into, self._next())

    def _next(self) -> bytes:
        with self._has:
            self._has.wait_for(lambda: self._waiting or self._closed.is_set())
            taken = list(self._waiting)
            self._waiting.clear()
            self._bytes = 0
        return b"".join(map(_framed, taken))


def _framed(piece: bytes | int) -> bytes:
    if isinstance(piece, int):
        return piece.to_bytes(4, "big")
    return len(piece).to_bytes(4, "big") + piece


def _write(into: IO[bytes], content: bytes) -> None:
    left = memoryview(content)
    while left:
        if not select.select([], [into], [], STUCK_S)[1]:
            raise StuckError(f"it took nothing for {STUCK_S:.0f} s")
        left = left[os.write(into.fileno(), left) :]


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
