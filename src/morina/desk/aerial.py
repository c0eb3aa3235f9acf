"""What the desk is given of drone flights; None in Services where a node keeps none."""

from dataclasses import dataclass

from morina.sense.aerial.fleet.roles import Fleet
from morina.sense.aerial.giving.allowed import GivesTracks
from morina.sense.aerial.ground import Ground
from morina.sense.aerial.roles import Reviews, Sorties, Tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class AerialServices:
    """Roles the pages and routes of sorties call. A part that is None is not kept at this node, and
    the pages that show it say so. ``keep_days``: how long video and tracks are kept.
    ``rescue_after_s``: a rescue nobody has taken for so long is shown louder. ``reach_m``: nothing
    a camera sees lies further from it. ``live_airframes``: those whose video comes in live."""

    sorties: Sorties
    ground: Ground | None = None
    reviews: Reviews | None = None
    tasks: Tasks | None = None
    given: GivesTracks | None = None
    fleet: Fleet | None = None
    keep_days: int = 30
    rescue_after_s: float = 300.0
    reach_m: float = 15_000.0
    live_airframes: frozenset[str] = frozenset()
