"""How a site is: what waits, what was dropped, what its clock says."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteState:
    """One look at a site. Counts marked "ever" are kept across restarts.

    ``linked`` says the node answered the last question; ``clock_offset_s`` is to be added to the
    site's clock to get the node's, known to half of ``round_trip_s``. ``wrong_clocks`` are cameras
    by how many seconds their clock is behind, ``captures_waiting`` by camera what the site has not
    read yet, cameras with none left out. ``hotlist_entries`` is None without a hotlist.
    Of pushing cameras since the start: ``reports`` counts passages by camera, ``knocks`` the pushes
    of unknown ones and ``knocking`` says who those were, newest first; ``bad_payloads`` is by
    camera what was last wrong. ``forgotten`` counts passages that were no hits, by camera of which
    only hits are kept, since the start.
    """

    site: str
    at: datetime
    linked: bool
    reads_waiting: int
    reads_waiting_bytes: int
    oldest_waiting_at: datetime | None
    pictures_waiting: int
    pictures_bytes: int
    reads_sent: int
    pictures_sent: int
    reads_dropped: int
    pictures_dropped: int
    disk_bytes: int
    clock_offset_s: float | None = None
    round_trip_s: float | None = None
    wrong_clocks: dict[str, float] = field(default_factory=dict)
    captures_waiting: dict[str, int] = field(default_factory=dict)
    hotlist_entries: int | None = None
    hotlist_until: datetime | None = None
    alarms: int = 0
    reports: dict[str, int] = field(default_factory=dict)
    knocks: int = 0
    knocking: dict[str, int] = field(default_factory=dict)
    bad_payloads: dict[str, str] = field(default_factory=dict)
    forgotten: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Ledger:
    """What a site must not forget when it is killed.

    ``stream`` tells one incarnation of the local stream from the next; ``sent_to`` is the number
    of the last read in it that the node has acknowledged. The rest are counts ever.
    """

    stream: str = ""
    sent_to: int = 0
    reads_sent: int = 0
    reads_dropped: int = 0
    pictures_sent: int = 0
    pictures_dropped: int = 0
    hotlist_version: int = 0
    latest_at: datetime | None = None


CONNECTED_WITHIN = timedelta(seconds=30)
"""A site tells how it is about every ten seconds; three that fail say the link is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHeard:
    """A site as its node knows it; what it last told of itself, at ``heard_at``, None before."""

    site: str
    scope: tuple[str, ...] = ()
    heard_at: datetime | None = None
    state: SiteState | None = None

    def connected_at(self, now: datetime) -> bool:
        """Whether it was heard of lately."""
        return self.heard_at is not None and now - self.heard_at < CONNECTED_WITHIN
