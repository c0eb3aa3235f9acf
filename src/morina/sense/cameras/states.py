"""How each followed camera's source is: connected or not, and what comes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Protocol

from morina.sense.cameras.condition import Sight
from morina.sense.cameras.frames import Filmed, Frame, Picture
from morina.sense.cameras.sight import sight_in, sight_of

SEEN_EVERY_S = 5.0
"""How often a picture's brightness is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What the process that follows a camera last said of its source.

    ``connected_at`` is None while nothing comes. ``frames`` and ``dropped`` count since the
    process began; dropped are frames that were due and for which it had no time.
    ``last_error`` is in words, without secrets, and stays after the source came back. ``light``
    and ``spread`` are the ``Sight`` of one of the newest pictures.
    """

    camera_id: str
    reported_at: datetime
    connected_at: datetime | None = None
    last_frame_at: datetime | None = None
    frames_per_s: float = 0.0
    frames: int = 0
    dropped: int = 0
    connections: int = 0
    last_error: str = ""
    last_error_at: datetime | None = None
    light: float | None = None
    spread: float | None = None

    @property
    def sight(self) -> Sight | None:
        """How the picture looks; None when none was measured."""
        if self.light is None or self.spread is None:
            return None
        return Sight(self.light, self.spread)


class CameraStates(Protocol):
    """The newest state of every followed camera."""

    async def keep(self, states: Sequence[SourceState]) -> None:
        """Replace what was known of these cameras."""

    async def states(self) -> dict[str, SourceState]:
        """By camera id, of cameras there are; one never followed is absent."""


class Meter:
    """Counts what a source gives. One thread tells it, another asks for the state."""

    def __init__(self, camera_id: str) -> None:
        self._camera_id = camera_id
        self._connected_at: datetime | None = None
        self._last_frame_at: datetime | None = None
        self._frames = 0
        self._dropped = 0
        self._connections = 0
        self._error = ""
        self._error_at: datetime | None = None
        self._counted = (monotonic(), 0)
        self._sight: Sight | None = None
        self._sees_at = 0.0

    @property
    def frames(self) -> int:
        """How many frames and pictures came."""
        return self._frames

    def told(self, filmed: Filmed) -> None:
        """Something came of the source."""
        if isinstance(filmed, Frame):
            self._came(filmed.dropped)
            self._see(lambda: sight_in(filmed.image))
        elif isinstance(filmed, Picture):
            self._came(0)
            self._see(lambda: sight_of(filmed.content))

    def _see(self, sight: Callable[[], Sight | None]) -> None:
        now = monotonic()
        if now >= self._sees_at:
            self._sight, self._sees_at = sight(), now + SEEN_EVERY_S

    def _came(self, dropped: int) -> None:
        now = datetime.now(UTC)
        if self._connected_at is None:
            self._connected_at = now
            self._connections += 1
        self._last_frame_at = now
        self._frames += 1
        self._dropped += dropped

    def failed(self, error: str) -> None:
        """The source failed, and why."""
        self._connected_at = None
        self._error, self._error_at = error, datetime.now(UTC)

    def ended(self) -> None:
        """The source came to its end."""
        self._connected_at = None

    def state(self) -> SourceState:
        """As it is; the frames a second are those since the last call."""
        at, before = self._counted
        self._counted = now, frames = monotonic(), self._frames
        sight = self._sight
        return SourceState(
            camera_id=self._camera_id,
            reported_at=datetime.now(UTC),
            connected_at=self._connected_at,
            last_frame_at=self._last_frame_at,
            frames_per_s=(frames - before) / max(now - at, 1e-3),
            frames=frames,
            dropped=self._dropped,
            connections=self._connections,
            last_error=self._error,
            last_error_at=self._error_at,
            light=sight.light if sight else None,
            spread=sight.spread if sight else None,
        )
