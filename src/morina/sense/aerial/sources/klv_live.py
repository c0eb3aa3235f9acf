"""A flight as it comes: telemetry of a live stream, one moment after the other."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from morina.sense.aerial.sources.klv import Passed, usable
from morina.sense.aerial.sources.klv_moment import SPREAD, moment
from morina.sense.aerial.sources.klv_transport import Carried, Parted, Picture
from morina.sense.aerial.telemetry import Spread, Telemetry

_JUMP_S = 10.0
"""A clock of a stream that after a break went back, or on for longer than the break, by more than
this began anew."""


@dataclass(frozen=True, slots=True)
class Before:
    """Of a recording that is gone on with: its first picture's time by the stream's own clock, how
    long it is, and for how long nothing was recorded."""

    first_s: float
    last_s: float
    away_s: float


class Following:
    """Takes the stream in pieces and gives moments, their time counted from the first picture.

    ``passed`` counts what could not be used. Telemetry before the first picture is not given.
    ``begins_pts_s``: when the first picture since bytes were last missing is shown, by the stream's
    own clock; None before it.
    """

    def __init__(
        self, spread: Spread = SPREAD, before: Before | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.passed = Passed()
        self.begins_pts_s: float | None = None
        self._spread, self._clock = spread, clock
        self._parted = Parted()
        self._first = before.first_s if before else None
        self._last = before.last_s if before else 0.0
        self._heard = clock() - (before.away_s if before else 0.0)
        self._broken = before is not None

    def again(self) -> None:
        """The link broke and a new one was made: nothing half received is put together."""
        self.skipped()
        self._broken = True

    def skipped(self) -> None:
        """Bytes were left out of a stream that goes on."""
        self._parted, self.begins_pts_s = Parted(), None

    def time_of(self, pts_s: float) -> float | None:
        """Of a time by the stream's own clock; None until a picture came, since a break as well."""
        return None if self._first is None or self._broken else pts_s - self._first

    def before(self) -> Before | None:
        """For another that begins to read now; None before the first picture."""
        first = self._first
        return None if first is None else Before(first, self._last, self._clock() - self._heard)

    def feed(self, chunk: bytes) -> Iterator[Telemetry]:
        """TelemetryError where the stream is too damaged to go on: begin ``again``."""
        for piece in self._parted.feed(chunk):
            match piece:
                case Picture(pts_s):
                    self._shown(pts_s)
                case Carried(pts_s, _, klv):
                    yield from self._moments(pts_s, klv)

    def _shown(self, pts_s: float) -> None:
        if self._first is None:
            self._first = pts_s
        elif self._broken and self._began_anew(pts_s - self._first - self._last):
            self._first = pts_s - self._last
        self._broken, self._heard = False, self._clock()
        if self.begins_pts_s is None:
            self.begins_pts_s = pts_s
        self._last = max(self._last, pts_s - self._first)

    def _began_anew(self, on_s: float) -> bool:
        """Whether a clock that went on by so much over a break is another."""
        return not -_JUMP_S <= on_s <= self._clock() - self._heard + _JUMP_S

    def _moments(self, pts_s: float | None, klv: bytes) -> Iterator[Telemetry]:
        if pts_s is None or self._first is None or self._broken:
            return
        where = f"{pts_s:.1f} s of its clock"
        for items in usable([klv], self.passed, where):
            yield moment(items, pts_s - self._first, self._spread)
