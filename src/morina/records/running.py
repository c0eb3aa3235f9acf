"""One question while it is answered: how far it is, and why it must stop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol

from morina.records.questions import Limits, Stop


@dataclass(slots=True)
class Running:
    """Shared by the one who asks, who may cancel and see how far it is, and the one who answers."""

    limits: Limits = field(default_factory=Limits)
    share: float = 0.0
    began: float = field(default_factory=monotonic)
    cancelled: bool = False

    @property
    def left_s(self) -> float:
        """Seconds of looking that are left."""
        return max(0.0, self.limits.seconds - (monotonic() - self.began))

    @property
    def must_stop(self) -> Stop | None:
        """Why no further part may be begun, None while all is well."""
        if self.cancelled:
            return Stop.CANCELLED
        return None if self.left_s else Stop.TIME

    def cancel(self) -> None:
        """Nobody wants the answer any more; what runs in the engine is ended within a second."""
        self.cancelled = True


class StoppedError(Exception):
    """A statement was ended by its limit of time or because it was cancelled: ``why``."""

    def __init__(self, why: Stop) -> None:
        super().__init__(why.value)
        self.why = why


class Rows(Protocol):
    """What answers statements about reads."""

    async def rows(
        self, sql: str, parameters: Mapping[str, Any], running: Running
    ) -> Sequence[Sequence[Any]]:
        """The rows of one SELECT; StoppedError when ``running`` has to stop meanwhile."""
