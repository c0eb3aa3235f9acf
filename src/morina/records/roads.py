"""Which cameras follow which, how often and how fast, as the reads themselves show. Pure.

Counts and times by pairs of cameras; no plate is in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEAST_TRAVELS = 20
"""A pair with fewer says nothing. Own choice."""

LEAST_PASSED = 50
"""A camera with fewer passages cannot tell what follows them. Own choice."""

LONGEST_S = 4 * 3600
"""A vehicle not read again for so long has arrived somewhere. Own choice."""


@dataclass(frozen=True, slots=True)
class Link:
    """From one camera to the next: how many vehicles, and the median and 90th percentile of
    their travel times, seconds."""

    from_id: str
    to_id: str
    travels: int
    usual_s: float
    slow_s: float


@dataclass(frozen=True, slots=True)
class Next:
    """A camera that usually follows: with what share of ``passed`` vehicles, after how long."""

    camera_id: str
    share: float
    travels: int
    passed: int
    usual_s: float
    slow_s: float


@dataclass(frozen=True, slots=True)
class Roads:
    """The graph of cameras. ``passed`` counts by camera the passages followed for LONGEST_S;
    ``still_learning`` where not all days it is made of were looked at yet."""

    links: Mapping[tuple[str, str], Link]
    passed: Mapping[str, int]
    still_learning: bool = False

    @classmethod
    def of(cls, links: Iterable[Link], passed: Mapping[str, int]) -> "Roads":
        """The graph of those links that have support."""
        kept = {(one.from_id, one.to_id): one for one in links if one.travels >= LEAST_TRAVELS}
        return cls(kept, dict(passed))

    def link(self, from_id: str, to_id: str) -> Link | None:
        """What is usual between two cameras; None where too little is known."""
        return self.links.get((from_id, to_id))

    def after(self, camera_id: str) -> tuple[Next, ...] | None:
        """Where vehicles of a camera are read next, most often first; None: not known.

        The shares add up to less than 1: the others were not read again, or where few are.
        """
        passed = self.passed.get(camera_id, 0)
        if passed < LEAST_PASSED:
            return None
        following = [
            Next(one.to_id, one.travels / passed, one.travels, passed, one.usual_s, one.slow_s)
            for one in self.links.values()
            if one.from_id == camera_id
        ]
        return tuple(sorted(following, key=lambda one: (-one.travels, one.camera_id)))
